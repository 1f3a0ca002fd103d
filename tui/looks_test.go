package tui

import (
	"strings"
	"testing"

	custom "sipsniff/internal/column"
)

// Text that was written before is written anew with other characters.
func TestOtherCharactersEverywhere(t *testing.T) {
	for name, keys := range map[string][]string{
		"message": {"Enter", "Enter"}, "preview": {"Enter", "t"}, "all raw": {"r"}, "why": {"W"}, "media": {"v"},
	} {
		r := newRig(t, rigOptions{w: 80, h: 24, snap: oneBridged(), status: fileStatus(), diagnose: threeKinds})
		r.press(keys...).text()
		r.press(":").typeText("lines ascii").press("Enter")
		for _, c := range r.press("End").text() {
			if c > '~' {
				t.Errorf("%s: %q stands on an ASCII screen:\n%s", name, c, r.text())
				break
			}
		}
	}
}

// Neither does what was said of the order.
func TestWhatWasSaidInOtherCharacters(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(8), status: fileStatus()})
	key, _ := keyOfColumn("mos")
	r.calls.setSort(key)
	r.has("worst first (z reverses) ·").press(":").typeText("lines ascii").press("Enter")
	r.toast = ""
	r.hasNot("·")
}

func TestComparisonOfCallsInASCII(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(8), status: fileStatus(), charset: "US-ASCII"})
	r.press("Down", "Down", "Space", "End", "Space", "=").has("Compare", "times count as the same")
	for _, c := range r.text() {
		if c > '~' {
			t.Errorf("%q stands on an ASCII screen", c)
		}
	}
	v := r.top().(*diffView)
	v.body.height = 1
	for at, line := range v.body.lines { // a heading begins as what is only in A does
		if at == 0 || line[0].role != roleDim {
			continue
		}
		v.body.top = at - 1
		if v.next(1); v.body.top == at {
			t.Errorf("the next change is the heading %q", line)
		}
	}
}

// A choice of columns keeps those of --column.
func TestChosenCustomColumns(t *testing.T) {
	c, err := custom.Parse("Account=header:X-Account")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, rigOptions{w: 260, h: 40, snap: rows(10), status: fileStatus(), columns: custom.Set{c}})
	r.has("Account").press("F10", "Down", "Space", "Enter").has("Account").hasNot(" Time ")
}

// A note that was written with the characters of one set goes when another is
// chosen.
func TestNotesFollowTheCharacters(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	r.calls.sortBy("mos")
	r.has("sorted by MOS")
	r.press(":").typeText("lines ascii").press("Enter", "K", "K")
	for i, c := range r.text() {
		if c != '\n' && (c < ' ' || c > '~') {
			t.Fatalf("%q at %d on an ASCII screen:\n%s", c, i, r.text())
		}
	}
}

// Arrows of streams are those of the characters that are chosen, on the media
// screen and above the packets.
func TestStreamsFollowTheCharacters(t *testing.T) {
	r := ownCapture(t, "call-lossy", 120, 30)
	r.press("Home", "v")
	for _, key := range []string{"", "Enter", "Esc"} {
		if key != "" {
			r.press(key)
		}
		for _, lines := range []string{"ascii", "unicode"} {
			r.press(":").typeText("lines "+lines).press("Enter", "K", "K")
			ascii := strings.IndexFunc(r.text(), func(c rune) bool { return c > '~' }) < 0
			if ascii != (lines == "ascii") {
				t.Fatalf("after %q with %s characters:\n%s", key, lines, r.text())
			}
		}
	}
}
