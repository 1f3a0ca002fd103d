package tui

import (
	"errors"
	"slices"
	"testing"

	"sipsniff/correlate"
)

// What was typed in earlier runs comes back with the keys that bring back what
// was typed in this one, and what is typed now is kept.
func TestHistoryOfEarlierRuns(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 30})
	var kept []string
	var failure error
	u, err := newUI(Config{Snapshot: func() *correlate.Snapshot { return rows(10) }, Status: fileStatus,
		Past: Past{Filters: []string{"code:404", "code:486"}, Commands: []string{"theme mono", "goto 7"}},
		Remember: func(command bool, text string) error {
			kept = append(kept, map[bool]string{true: ":", false: "/"}[command]+text)
			return failure
		}}, r.sim, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.UI = u
	r.press("/", "Up").has("/ code:486").press("Up").has("/ code:404").press("Enter", "Esc")
	r.press(":").has("goto 7", "theme mono").press("Esc")
	r.press(":").typeText("goto 3").press("Enter")
	if want := []string{"/code:404", ":goto 3"}; !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q", kept, want)
	}
	failure = errors.New("disk full")
	r.press(":").typeText("goto 4").press("Enter").has("cannot be kept for later: disk full")
	r.press(":").typeText("goto 5").press("Enter").hasNot("disk full")
}
