package tui

import (
	"fmt"
	"path/filepath"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// ownCapture opens the screens on a capture of pcaps/, without the rules: what
// they say has its own tests.
func ownCapture(t *testing.T, name string, w, h int) *rig {
	t.Helper()
	r := callScreens(t, filepath.Join("..", "pcaps", name+".pcap"), w, h)
	r.config.Diagnose, r.found = nil, nil
	return r
}

// handMade is what rules could say of a call that nobody answered.
func handMade(c *correlate.Call) *findings {
	first, last := c.Messages()[0], c.Messages()[len(c.Messages())-1]
	return &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{c.Index: {
		{
			Code: "SIG-01", Name: "no-answer", Severity: correlate.Error, Title: "Nobody answered", Explanation: "The INVITE was sent again and again, and no response of any kind came back from the other side in half a minute.",
			Likely: "The other side is down, or a firewall in between drops what is sent to it.", Advice: "Look whether the address is right and whether SIP arrives there.",
			Evidence: []correlate.Evidence{{Frame: first.Frame, Nanos: first.Nanos, Text: "INVITE"}, {Frame: last.Frame, Nanos: last.Nanos, Text: "the last of its copies"}},
		},
		{Code: "SIG-99", Name: "note", Severity: correlate.Info, Confidence: correlate.Suspect, Title: "The phone says nothing of itself"},
	}}}}
}

// The screens of one call at three sizes, as texts to be read.
func TestCallScreensGolden(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		w, h := size[0], size[1]
		t.Run(fmt.Sprintf("%dx%d", w, h), func(t *testing.T) {
			name := func(what string) string { return fmt.Sprintf("%s-%dx%d", what, w, h) }
			r := ownCapture(t, "b2bua-xcid", w, h)
			r.press("Home", "F4").golden(name("flow-legs"))
			r.press("d").golden(name("flow-legs-address")).press("d", "d").golden(name("flow-legs-classic")).press("d")
			r.press("=").golden(name("diff")).press("D").golden(name("diff-all")).press("D", "Esc", "Esc")
			r.press("Home", "Space", "Down", "=").golden(name("diff-calls"))

			r = ownCapture(t, "call-lossy", w, h)
			r.press("Home", "v").golden(name("media"))
			r.press("d").golden(name("media-delta")).press("d").golden(name("media-rate")).press("d", "b").golden(name("media-buffer"))
			r.press("n", "Enter").golden(name("packets"))

			r = ownCapture(t, "timeout", w, h)
			r.found = handMade(r.snap.Calls[0])
			r.press("Home", "Enter", "W").golden(name("flow-why")).press("Tab", "Down").golden(name("flow-why-focus"))
			r.press("Esc", "Esc", "W").has("── Why", "Nobody answered", "[1] f1")
		})
	}
}
