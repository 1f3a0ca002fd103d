package tui

import (
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/tui/internal/sample"
)

// wideCalls are calls whose parties are called by wide characters.
func wideCalls(n int) *correlate.Snapshot {
	snap := &correlate.Snapshot{First: 1, Last: 2}
	for i := range n {
		name := strings.Repeat("a", i%2) + strings.Repeat("日", 60)
		b := sample.New(i+1, "wide", "sip:"+name+"@h", "sip:"+name+"@h", float64(i))
		b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE")
		snap.Calls = append(snap.Calls, &b.Call)
	}
	return snap
}

// A dialog covers both halves of the wide characters that its border is drawn
// over.
func TestBorderOverWideCharacters(t *testing.T) {
	for width := 60; width < 100; width++ {
		r := newRig(t, rigOptions{w: width, h: 24, snap: wideCalls(20), status: fileStatus()})
		r.press("F10").text()
		lines := strings.Split(r.text(), "\n")
		p := &presser{rig: r}
		p.grid = p.gridOf(r.sim)
		if len(p.boxes(&p.grid)) == 0 {
			t.Fatalf("at %d cells the dialog has no closed border:\n%s", width, strings.Join(lines, "\n"))
		}
	}
}
