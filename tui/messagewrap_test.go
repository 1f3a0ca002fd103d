package tui

import "testing"

// Long lines of a message are folded; z leaves them whole, and then the arrows
// scroll sideways.
func TestMessageWithoutFolding(t *testing.T) {
	r := ownCapture(t, "call-auth", 80, 24)
	r.flowOf(1).press("Down", "Down", "Down", "Enter").has("qop=auth").press("Right").has("z leaves them whole")
	r.press("z").has(`Proxy-Authorization: Digest username="carol", realm=`, "wrap off (z)").hasNot("qop=auth")
	r.press("Right", "l").hasNot("Proxy-Authorization: D").has(`◂on: Digest username="carol", realm="example.com", nonce`)
	for range 40 {
		r.press("Right")
	}
	r.has("nc=00000001").hasNot("Digest").press("z").has("From: <sip:carol@example.com>", "qop=auth")
	ownCapture(t, "call-auth", 160, 40).flowOf(1).press("Enter").has("warnings: none", "wrap on (z)").press("z").has("←→ scroll · wrap off (z)")
}

// What is searched for is marked where it stands, also when the line begins at the
// left of the screen.
func TestSearchInScrolledLine(t *testing.T) {
	r := ownCapture(t, "call-auth", 80, 24)
	r.flowOf(1).press("Down", "Down", "Down", "Enter", "z", "Right").text()
	r.press("/").typeText("realm").press("Enter").has("realm=")
	if v := r.top().(*messageView); v.scroll.hit < 0 {
		t.Error("nothing was found")
	}
	r.press("/", "^U").typeText("nc=0").press("Enter").has("nc=00000001").hasNot("Proxy-Auth")
	r.press("/", "^U").typeText("from:").press("Enter").has("From: <sip:carol")
}

// Of all messages at once it is not said that nothing is wrong with them.
func TestAllMessagesHaveNoWarnings(t *testing.T) {
	ownCapture(t, "call-auth", 160, 40).press("Home", "r").has("All 16 messages", "y copy message").hasNot("warnings:")
}

// A line that is scrolled begins where it should, whatever its spans, and keeps its
// place where half of a wide character is cut.
func TestScrolledLines(t *testing.T) {
	line := textLine{{"Contact", rolePlain}, {":", roleStrong}, {" <sip:a@b>", roleUser}, {";x", rolePlain}}
	whole := line.String()
	for n := range len(whole) + 2 {
		if got := line.from(n).String(); got != whole[min(n, len(whole)):] {
			t.Errorf("from cell %d on: %q", n, got)
		}
	}
	if got := (textLine{{"ab日本", rolePlain}}).from(3).String(); got != " 本" {
		t.Errorf("half of a character was cut: %q", got)
	}
}
