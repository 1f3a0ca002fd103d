package tui

import (
	"strings"
	"testing"

	"github.com/rivo/tview"
)

// A plainView is a view that other tests hang into tabs.
type plainView struct {
	at    Context
	focus Context
	moved []motion
	news  int
}

func (v *plainView) context() Context { return v.at }
func (v *plainView) pane() Context    { return v.focus }
func (v *plainView) refresh()         { v.news++ }
func (v *plainView) move(m motion)    { v.moved = append(v.moved, m) }
func (v *plainView) draw(canvas)      {}

// topView is a plain view with the title bar and the tabs above it.
type topView struct {
	plainView
	u *UI
}

func (v *topView) draw(c canvas) { v.u.drawTop(c) }

// withTabs gives the rig a view in each tab, with the counts of the mock-up.
func withTabs(r *rig) *rig {
	contexts := []Context{InCalls, InRegistrations, InStreams, InStatistics, InProblems, InCapture}
	counts := []int{0, 1204, 71, -1, 68, -1}
	for i := 1; i < len(r.tabs); i++ {
		r.tabs[i].count = func(*UI) int { return counts[i] }
		r.tabs[i].open = func(u *UI) view { return &topView{plainView{at: contexts[i]}, u} }
		r.tabs[i].view = nil
	}
	return r
}

func TestTabRow(t *testing.T) {
	for _, tt := range []struct {
		w    int
		want string
	}{
		{60, " [1 Dialogs 3] 2 Reg 1,204 3 Str 71 4 Stat 5 Prob 68 6 Cap"},
		{80, " [1 Dialogs 3]  2 Reg 1,204   3 Streams 71   4 Stats   5 Prob 68   6 Cap"},
		{120, " [1 Dialogs 3]   2 Registrations 1,204    3 Streams 71    4 Statistics    5 Problems 68    6 Capture"},
		{200, " [1 Dialogs 3]   2 Registrations 1,204    3 Streams 71    4 Statistics    5 Problems 68    6 Capture"},
	} {
		r := withTabs(newRig(t, rigOptions{w: tt.w, h: 24, snap: rows(3), status: liveStatus(), live: true}))
		if row := strings.TrimRight(strings.Split(r.text(), "\n")[1], " "); row != tt.want {
			t.Errorf("%d cells:\n%s\nwant\n%s", tt.w, row, tt.want)
		}
	}
}

func TestTabKeys(t *testing.T) {
	r := withTabs(newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true}))
	r.press("3").has("  1 Dialogs 3   2 Reg 1,204  [3 Streams 71]")
	streams := r.top()
	r.press("4").has("[4 Stats]").press("Esc").has("[4 Stats]") // no view of this test knows Esc
	r.press("3")
	if r.top() != streams {
		t.Error("a tab forgets its view")
	}
	r.press("1").has("[1 Dialogs 3]").press("Enter", "i").has("[4 Stats]")
	r.back()
	r.has("Flow #1")
	r.press("6").has("[6 Cap]").press("2", "Down")
	if v := r.top().(*topView); v.at != InRegistrations || len(v.moved) != 1 || v.moved[0] != down {
		t.Errorf("%v, moved %v", v.at, v.moved)
	}
}

func TestTabsAreClicked(t *testing.T) {
	r := withTabs(newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true}))
	r.text()
	at := strings.Index(strings.Split(r.text(), "\n")[1], "5 Prob")
	r.mouseAction(tview.MouseLeftClick, at, 1)
	r.has("[5 Prob 68]")
	r.mouseAction(tview.MouseLeftClick, 3, 1)
	r.has("[1 Dialogs 3]")
	at = strings.Index(strings.Split(r.text(), "\n")[23], "Flow")
	r.mouseAction(tview.MouseLeftClick, at, 23)
	r.has("Flow #1")
}

func TestATabWithoutAScreenIsNotThere(t *testing.T) {
	r := withTabs(newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true}))
	r.tabs[tabStreams].open = nil
	r.hasNot("Streams").press("3").has("[1 Dialogs 3]")
}

// The pane that has the focus gets the key; the view gets what it leaves.
func TestPaneBeforeView(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true})
	ran := ""
	act := func(id string, c Context, key string) Action {
		return Action{ID: id, Title: id, Help: id, Contexts: c, Keys: []string{key}, Rank: 1, Run: func(*UI) { ran = id }}
	}
	keys, err := customKeyTable([]Action{act("pane.up", InWhy, "Up"), act("view.up", InStreams, "Up"), act("view.x", InStreams, "x")}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &plainView{at: InStreams}
	r.keys = keys
	r.push(v)
	for _, tt := range []struct {
		focus Context
		key   string
		want  string
	}{{0, "Up", "view.up"}, {InWhy, "Up", "pane.up"}, {InWhy, "x", "view.x"}} {
		v.focus, ran = tt.focus, ""
		if r.press(tt.key); ran != tt.want {
			t.Errorf("%s runs %q, want %q", tt.key, ran, tt.want)
		}
	}
	v.focus = InWhy
	r.has("pane.up").hasNot("view.x")
}
