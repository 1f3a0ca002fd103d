package tui

import (
	"strings"
	"testing"
)

// The title of the preview says how large the message is and in which order its
// text stands, also where there is no room for addresses.
func TestPreviewTitleFits(t *testing.T) {
	r := bridged(t, 120, 40)
	title := func() string { return strings.TrimSpace(strings.Split(r.text(), "\n")[1][70:]) }
	if got := title(); !strings.Contains(got, " │ INVITE · frame 101 · UDP ") || !strings.HasSuffix(got, " B · key") {
		t.Errorf("the title of the preview is %q", got)
	}
	if r.press("\\"); !strings.HasSuffix(title(), " B · wire") {
		t.Errorf("as on the wire it is %q", title())
	}
	r = bridged(t, 200, 60)
	if got := title(); !strings.Contains(got, "→192.0.2.10 UDP ") {
		t.Errorf("on a wide screen it is %q", got)
	}
}

// At 80x24 the preview has the lower half of the screen, title included, down
// to the hints (tui.md 2.3).
func TestPreviewHasHalfTheScreen(t *testing.T) {
	r := bridged(t, 80, 24)
	lines := strings.Split(r.press("t").text(), "\n")
	if !strings.HasPrefix(lines[11], "── INVITE · frame ") {
		t.Errorf("row 11 is %q", lines[11])
	}
}

// The pane that says why stands between the ladder and the row that tells all
// of the message.
func TestWhyStandsAboveTheStatus(t *testing.T) {
	r := bridged(t, 160, 50)
	lines := strings.Split(r.press("W").text(), "\n")
	if !strings.HasPrefix(lines[48], " INVITE sdp ") {
		t.Errorf("the row above the hints is %q", lines[48])
	}
	for y, line := range lines[:47] {
		if strings.HasPrefix(line, "── Why ") {
			if y == 0 || strings.Contains(line, " │ ") {
				t.Errorf("row %d is %q", y, line)
			}
			return
		}
	}
	t.Error("there is no pane that says why")
}
