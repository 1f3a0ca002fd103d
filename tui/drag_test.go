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

// The edges of columns are dragged in every list.
func TestDragColumnsOfOtherLists(t *testing.T) {
	for key, heads := range map[string][2]string{"2": {"AoR", "Contact"}, "3": {"Source", "Destination"}, "5": {"Calls", "Last"}} {
		r := callScreens(t, "../pcaps/demo.pcap", 140, 24)
		r.press(key).text()
		from, next := r.head(3, heads[0]), r.head(3, heads[1])
		edge := next - 1
		if heads[1] == "Last" { // its title stands at the right
			edge = from + len(heads[0])
		}
		r.dragged(edge, 3, edge+4, 3)
		if got := r.head(3, heads[1]); got != next+4 {
			t.Errorf("view %s: %s begins at %d, want %d", key, heads[1], got, next+4)
		}
		r.press("1", key)
		if got := r.head(3, heads[1]); got != next+4 {
			t.Errorf("view %s: %s begins at %d after another view, want %d", key, heads[1], got, next+4)
		}
		r.press(":").typeText("columns widths").press("Enter").has("usual widths")
		if got := r.head(3, heads[1]); got != next {
			t.Errorf("view %s: %s begins at %d in its usual place, want %d", key, heads[1], got, next)
		}
		r.press(":").typeText("columns widths").press("Enter").has("no width of this list was dragged")
	}
}

// The border of the pane that says why moves with the mouse, and stays where
// it is on other screens.
func TestDragTheBorderOfTheReasons(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 30, snap: rows(40), status: fileStatus()})
	r.found = handMade(r.snap.Calls[0])
	r.press("Home", "W").text()
	rule := func(line string) int {
		t.Helper()
		for y, l := range strings.Split(r.text(), "\n") {
			if strings.HasPrefix(l, line) {
				return y
			}
		}
		t.Fatalf("no %q\n%s", line, r.text())
		return 0
	}
	y := rule("── Why")
	r.dragged(20, y, 20, y-3)
	if got := rule("── Why"); got != y-3 {
		t.Errorf("the border is at %d, want %d", got, y-3)
	}
	r.dragged(20, y-3, 20, y+4)
	if got := rule("── Why"); got != y+4 {
		t.Errorf("the border is at %d, want %d", got, y+4)
	}
	r.dragged(20, y+4, 20, 0)
	if got := rule("── Why"); got < 6 {
		t.Errorf("the list has no rows left: the border is at %d", got)
	}
	r.press("Enter", "W").text()
	in := rule("── Why")
	r.dragged(20, in, 20, 22)
	if got := rule("── Why"); got != 22 {
		t.Errorf("the border in the ladder is at %d, want 22", got)
	}
	r.press("T")
	if got := rule("── Why"); got == 22 {
		t.Error("T does not give the pane its usual size")
	}
}
