package tui

import (
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// On a tall screen all legs have what was found out about them below, until the
// user closes that (tui.md 2.0).
func TestLegsAreExplainedOnATallScreen(t *testing.T) {
	for _, h := range []int{40, 50} {
		r := ownCapture(t, "bridged", 160, h)
		index := r.calls.current().Index
		r.found = &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{index: {{Severity: correlate.Warning, Title: "Something is odd"}}}}}
		r.press("Enter").hasNot("── Why ")
		if r.press("F4"); h < tallScreen {
			r.hasNot("── Why ")
			continue
		}
		r.has("── Why ", "⚠ #", "Something is odd")
		r.press("F4").hasNot("── Why ").press("F4").has("── Why ")
		r.press("W").hasNot("── Why ").press("F4", "F4").hasNot("── Why ")
		r.press("W").has("── Why ").press("F4").has("── Why ") // asked for
	}
}
