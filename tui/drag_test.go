package tui

import (
	"strings"
	"testing"

	"github.com/rivo/tview"
)

// dragged holds the button at one place and lets go at another.
func (r *rig) dragged(fromX, fromY, x, y int) *rig {
	r.text()
	r.mouseAction(tview.MouseLeftDown, fromX, fromY)
	r.mouseAction(tview.MouseMove, x, y)
	r.mouseAction(tview.MouseLeftUp, x, y)
	return r
}

// head is where a text stands in a row of the screen.
func (r *rig) head(row int, text string) int {
	r.t.Helper()
	line := strings.Split(r.text(), "\n")[row]
	at := strings.Index(line, text)
	if at < 0 {
		r.t.Fatalf("%q is not in %q", text, line)
	}
	return len([]rune(line[:at]))
}

// The edge of a head is dragged by the gap behind it: what follows moves along.
func TestDragTheEdgeOfAColumn(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 24, snap: rows(40), status: fileStatus()})
	from, to := r.head(3, "From"), r.head(3, "To")
	r.dragged(to-1, 3, to-1+6, 3)
	if got := r.head(3, "To"); got != to+6 || r.head(3, "From") != from {
		t.Errorf("To begins at %d, want %d", got, to+6)
	}
	if r.calls.order.key.column != "number" {
		t.Errorf("dragging sorts by %s", r.calls.order.key.column)
	}
	r.mouseAction(tview.MouseMove, 5, 3)
	if got := r.head(3, "To"); got != to+6 {
		t.Error("it follows the mouse after the button")
	}
	r.dragged(to+5, 3, 0, 3)
	if got := r.head(3, "To"); got != from+leastDragged+1 {
		t.Errorf("To begins at %d after the least width", got)
	}
	for _, w := range []int{60, 80, 120} { // what is always shown stays on the screen
		r.sim.SetSize(120, 24)
		r.dragged(r.head(3, "To")-1, 3, 5000, 3)
		r.sim.SetSize(w, 24)
		r.has("State", "From", "To")
	}
	r.sim.SetSize(120, 24)
	r.press(":").typeText("columns default").press("Enter")
	if got := r.head(3, "To"); got != to {
		t.Errorf("To begins at %d when the columns are as they come, want %d", got, to)
	}
	r.dragged(30, 8, 50, 8) // a row is no edge
	r.press("F8").dragged(to-1, 3, 5, 3)
}

// The border of the preview moves with the mouse, beside and below the ladder.
func TestDragTheBorderOfThePreview(t *testing.T) {
	r := newRig(t, rigOptions{w: 160, h: 40, snap: rows(3), status: fileStatus()})
	r.press("Enter").text()
	v := r.top().(*flowView)
	x := v.border.x
	r.dragged(x, 10, x-12, 10).text()
	if v.border.x != x-12 {
		t.Errorf("the bar is at %d, want %d", v.border.x, x-12)
	}
	r.dragged(x-12, 10, 2, 10).text()
	if v.border.x < 50 {
		t.Errorf("the ladder has %d cells", v.border.x)
	}
	r.sim.SetSize(80, 24)
	r.press("T", "t").text()
	y := v.border.y
	if y < 0 {
		t.Fatal("there is no preview below")
	}
	r.dragged(20, y, 20, y+4).text()
	if v.border.y != y+4 {
		t.Errorf("the rule is at %d, want %d", v.border.y, y+4)
	}
}

// The head of a column is dragged to another place.
func TestDragAColumnOfTheLadder(t *testing.T) {
	r := ownCapture(t, "proxies", 117, 30)
	r.press("Home", "Enter").text()
	v := r.top().(*flowView)
	n := len(v.l.Participants)
	if n < 3 {
		t.Fatalf("%d columns", n)
	}
	first, second, third := v.l.Participants[0].Addr, v.l.Participants[1].Addr, v.l.Participants[2].Addr
	g := v.drawn
	r.dragged(g.Left, 1, g.Left+2*g.Span, 1)
	if p := v.l.Participants; p[0].Addr != second || p[1].Addr != third || p[2].Addr != first {
		t.Errorf("the columns are %v %v %v", p[0].Addr, p[1].Addr, p[2].Addr)
	}
	r.has(first.String())
	r.dragged(g.Left, v.bodyTop+1, g.Left+g.Span, v.bodyTop+1) // a row is no head
	if v.l.Participants[0].Addr != second {
		t.Error("a row was dragged")
	}
}
