package tui

import (
	"testing"

	"github.com/rivo/tview"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/tui/internal/sample"
)

// clicked draws the screen and clicks on it once.
func (r *rig) clicked(x, y int) *rig {
	r.text()
	r.mouseAction(tview.MouseLeftClick, x, y)
	return r
}

// doubleClicked is what tview makes of two clicks.
func (r *rig) doubleClicked(x, y int) *rig {
	r.clicked(x, y).text()
	r.mouseAction(tview.MouseLeftDoubleClick, x, y)
	return r
}

func oneBridged() *correlate.Snapshot {
	c, streams := sample.Bridged(1)
	return &correlate.Snapshot{Calls: []*correlate.Call{c}, Streams: streams, First: sample.Start.UnixNano(), Last: sample.Start.UnixNano() + 600e9}
}

// Below the rows of the table that there is room for is the chart.
func TestClickBelowTheTableOfStreams(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 16, snap: oneBridged(), status: fileStatus()})
	r.press("v").text()
	v := r.top().(*mediaView)
	if len(v.streams) <= v.tableRows {
		t.Fatalf("all %d streams have a row", len(v.streams))
	}
	v.choose(0)
	if r.clicked(20, v.tableTop+1); v.cursor != 1 {
		t.Errorf("a click on the second row chooses %d", v.cursor)
	}
	for y := v.tableTop + v.tableRows; y < 14; y++ {
		if r.clicked(20, y); v.cursor != 1 {
			t.Fatalf("a click in row %d, which is none of the table, chooses %d", y, v.cursor)
		}
	}
}

func TestClickInThePreview(t *testing.T) {
	for _, size := range [][2]int{{160, 40}, {80, 24}} {
		r := newRig(t, rigOptions{w: size[0], h: size[1], snap: oneBridged(), status: fileStatus()})
		r.press("Enter")
		if size[0] < previewColumns {
			r.press("t")
		}
		r.text()
		v := r.top().(*flowView)
		x, y := size[0]-5, size[1]-4
		if r.clicked(x, y); v.cursor != 0 || !v.focus {
			t.Errorf("%v: the cursor is on row %d, the preview has the keys: %v", size, v.cursor, v.focus)
		}
		r.has("Tab leaves")
		if r.clicked(20, v.bodyTop+2); v.cursor != 2 || v.focus {
			t.Errorf("%v: a click on the third row leads to %d, the preview has the keys: %v", size, v.cursor, v.focus)
		}
	}
}

func TestListsFollowTheMouse(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.press("3").clicked(10, 6)
	v := r.top().(*streamsView)
	if v.list.cursor != 2 {
		t.Errorf("a click on the third stream leads to %d", v.list.cursor)
	}
	if r.clicked(v.list.gutter+1, 3); streamKeys[v.key].column != "ssrc" || v.back {
		t.Errorf("a click on SSRC orders by %s", streamKeys[v.key].column)
	}
	if r.clicked(v.list.gutter+1, 3); !v.back {
		t.Error("a second click does not turn the order round")
	}
	r.doubleClicked(10, 6).has("Media #").press("Esc")

	r.press("2").clicked(10, 5)
	g := r.top().(*registrationsView)
	if g.list.cursor != 1 {
		t.Errorf("a click on the second registration leads to %d", g.list.cursor)
	}
	if r.clicked(g.list.gutter+1, 3); registrationKeys[g.key].column != "aor" {
		t.Errorf("a click on AoR orders by %q", registrationKeys[g.key].column)
	}
	r.doubleClicked(10, 4).has("Flow #").press("Esc")

	r.press("4").clicked(3, 9)
	s := r.top().(*statisticsView)
	if s.panel != responsesPanel || s.row[responsesPanel] != 1 {
		t.Errorf("a click on 2xx leads to %v of panel %d", s.row, s.panel)
	}
	r.clicked(3, 9).has("/ code:2xx")
}

func TestProblemsFollowTheMouse(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 40, snap: rows(6), status: fileStatus(), diagnose: threeKinds})
	r.press("5").clicked(10, 6)
	v := r.top().(*problemsView)
	if v.list.cursor != 2 {
		t.Errorf("a click on the third kind leads to %d", v.list.cursor)
	}
	if r.clicked(100, 5); v.list.cursor != 2 {
		t.Errorf("a click on the explanation leads to kind %d", v.list.cursor)
	}
	r.doubleClicked(10, 4).has("/ problem:one ", "[1 Dialogs")
}

// threeKinds finds something about call 5 in each of three ways, and something
// about call 6 a long time before.
func threeKinds(snap *correlate.Snapshot) *diagnosis.Result {
	at := snap.Last - 30e9
	kind := func(code, name string, severity correlate.Severity, calls ...int) diagnosis.Kind {
		return diagnosis.Kind{Code: code, Name: name, Title: name, Severity: severity, Calls: calls, Last: at}
	}
	found := func(code, name string, severity correlate.Severity, nanos int64) correlate.Finding {
		return correlate.Finding{Code: code, Name: name, Title: name, Severity: severity, Nanos: nanos}
	}
	return &diagnosis.Result{
		Kinds: []diagnosis.Kind{kind("A", "one", correlate.Error, 5, 6), kind("B", "two", correlate.Warning, 5), kind("C", "three", correlate.Info, 1, 5)},
		ByCall: map[int][]correlate.Finding{
			1: {found("C", "three", correlate.Info, at)},
			5: {found("A", "one", correlate.Error, at), found("B", "two", correlate.Warning, at), found("C", "three", correlate.Info, at)},
			6: {found("A", "one", correlate.Error, at-300e9)},
		},
	}
}

// The figures above the kinds, and the calls that Enter lists, are those of the
// window. Call 5 began before it.
func TestProblemsOfAWindow(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(6), status: fileStatus(), diagnose: threeKinds})
	r.press("5").has("2 calls with problems").press("w").has("1 call with problems", "last 1m").press("Enter")
	if got := r.calls.Len(); got != 1 || r.calls.ID(0) != 5 {
		t.Errorf("%d calls are listed:\n%s", got, r.text())
	}
	r.press("Esc").has("[5 Prob").press("w", "w", "Enter")
	if got := r.calls.Len(); got != 2 {
		t.Errorf("%d calls of the whole capture are listed", got)
	}
}

// The form, and the picker of the order, are filled in by clicks as well.
func TestDialogsFollowTheMouse(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	r.press("F7").clickOn("[x] OPTIONS").has("[ ] OPTIONS", "= !method:OPTIONS")
	r.clickOn("State    any").has("= !method:OPTIONS") // the name is no part of the choice
	r.clickOn("any").has(`state:"IN CALL"`)
	r.clickOn("[ Filter ]").has(`/ !method:OPTIONS state:"IN CALL"`)
	r.press("Esc", ">").clickOn(" from").press("Enter")
	if got := r.calls.order.key.column; got != "from" {
		t.Errorf("a click on from orders by %s", got)
	}
}

// A pane that is open but not on the screen, for the list is empty, takes no
// clicks.
func TestClickWhereThePaneWas(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(6), status: fileStatus(), diagnose: threeKinds})
	r.press("Home", "Down", "Down", "Down", "Down", "W", "W").text()
	r.press("F5", "y").has("cleared away")
	for range 30 {
		r.press("Up")
	}
	for y := range 24 {
		if r.clicked(70, y); len(r.stack) != 1 {
			t.Fatalf("a click in row %d of the empty list opens\n%s", y, r.text())
		}
	}
}
