package tui

import (
	"fmt"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/internal/sample"
)

// Of hosts and programs that are too long for their column the middle goes,
// also at the edge of the screen: the ends tell them apart.
func TestHeadsKeepTheirEnds(t *testing.T) {
	b := sample.New(1, "long", "sip:a@b", "sip:c@d", 0)
	address := func(n int) string { return fmt.Sprintf("[2001:db8:f037:2:a00:27ff:feb9:%d]:5060", n) }
	agent := func(n int) string {
		return fmt.Sprintf("User-Agent: Some-Very-Long-Session-Border-Controller/12.4.%d", n)
	}
	b.Request(address(1521), address(3519), "INVITE", agent(1))
	b.After(5).Request(address(3519), address(4222), "INVITE", agent(2))
	b.After(5).Response(address(4222), address(3519), 486, "Busy Here", "INVITE", agent(3))
	for width := leastWidth; width < 160; width++ {
		r := newRig(t, rigOptions{w: width, h: 40, snap: &correlate.Snapshot{Calls: []*correlate.Call{&b.Call}}, status: fileStatus()})
		r.press("Enter")
		lines := strings.Split(r.text(), "\n")
		v := r.top().(*flowView)
		for i := range v.drawn.Count {
			p := &v.l.Participants[v.drawn.First+i]
			from, to := v.headRoom(v.drawn, i)
			for y, whole := range []string{p.Names()[1], p.Agent} {
				shown := strings.TrimSpace(strings.Join(strings.Split(cells.PadRight(lines[1+y], width, ""), "")[from:to+1], ""))
				if end := whole[len(whole)-4:]; !strings.HasSuffix(shown, end) {
					t.Errorf("at %d columns the head %q of %q has lost its end", width, shown, whole)
				}
				if cells.Width(shown) > v.headWidth(v.drawn, i) {
					t.Errorf("at %d columns %q is longer than %d cells", width, shown, v.headWidth(v.drawn, i))
				}
			}
		}
	}
}
