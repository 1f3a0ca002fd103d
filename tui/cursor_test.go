package tui

import (
	"fmt"
	"testing"

	"sipsniff/correlate"
)

// deferred lets work wait, as beside an event loop, until finish is called.
func (r *rig) deferred() (finish func()) {
	results := make(chan func(), 64)
	r.workshop.results, r.workshop.ended = results, make(chan struct{})
	return func() {
		for r.workshop.busy() {
			(<-results)()
		}
	}
}

// A filter that is typed and given up leaves the cursor where the user put it;
// one that is accepted does not.
func TestCursorComesBackAfterAFilter(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(40), status: fileStatus()})
	r.press("End", "Up", "Up")
	top := r.calls.list.top
	for _, typed := range []string{"zzzz", "idx:1..3"} {
		r.press("/").typeText(typed).press("Esc")
		if got := r.calls.list.id; got != 38 || r.calls.list.top != top {
			t.Errorf("after %s the cursor is on %d, the first row is %d", typed, got, r.calls.list.top)
		}
	}
	r.press("/").typeText("idx:1..3").press("Enter", "Enter", "Esc", "Esc")
	if got := r.calls.list.id; got != 3 {
		t.Errorf("after a filter that was accepted the cursor is on %d", got)
	}
	r.press("End", "!", "!")
	if got := r.calls.list.id; got != 40 {
		t.Errorf("after the problems the cursor is on %d", got)
	}
}

// Rows that come above and below at once leave the cursor in its row of the
// screen.
func TestCursorStaysBetweenNewRows(t *testing.T) {
	upTo := func(n int) *correlate.Snapshot {
		snap := manyCalls(n)
		for i, c := range snap.Calls {
			user := 5000 + i
			if i%2 == 0 {
				user = 5000 - i
			}
			c.From = fmt.Sprintf("sip:+49%d@a", user)
		}
		return snap
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: upTo(100), status: liveStatus(), live: true})
	from, _ := keyOfColumn("from")
	r.calls.setSort(from)
	r.calls.list.set(50)
	call, row := r.cursorAt()
	for n := 110; n <= 200; n += 10 {
		above, below := r.calls.list.cursor, r.calls.Len()-r.calls.list.cursor
		r.publish(upTo(n))
		if c, s := r.cursorAt(); c != call || s != row {
			t.Fatalf("the cursor went from #%d in row %d to #%d in row %d", call, row, c, s)
		}
		if r.calls.list.cursor != above+5 || r.calls.Len()-r.calls.list.cursor != below+5 {
			t.Fatalf("%d rows came above, %d below", r.calls.list.cursor-above, r.calls.Len()-r.calls.list.cursor-below)
		}
	}
}

// Rows that a filter had hidden are not new.
func TestRowsOfBeforeAreNotNew(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 24, snap: manyCalls(inlineCalls + 1000), status: liveStatus(), live: true})
	finish := r.deferred()
	r.press("/").typeText("idx:5..9")
	finish()
	r.press("Enter", "Esc")
	finish()
	if got := r.calls.Len(); got < inlineCalls {
		t.Fatalf("%d rows", got)
	}
	r.hasNot(" new ")
}

// The newest call is not always in the last row.
func TestFollowInEveryOrder(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	r.press("z", "A").publish(rows(15))
	if got := r.calls.list.id; got != 15 {
		t.Errorf("with the last call first, following stands on %d", got)
	}
	from, _ := keyOfColumn("from")
	r.calls.setSort(from)
	if r.publish(rows(20)); r.calls.list.id != 20 {
		t.Errorf("in order of From, following stands on %d", r.calls.list.id)
	}
}

// The next call is that behind the one on the screen, wherever that was opened.
func TestNextCallOfWhatIsShown(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(9), status: fileStatus()})
	r.press("3", "x", "]")
	if got := r.top().(*flowView).calls[0]; got != 6 {
		t.Errorf("behind call 5 comes %d", got)
	}
	if r.press("["); r.top().(*flowView).calls[0] != 5 {
		t.Errorf("before call 6 comes %d", r.top().(*flowView).calls[0])
	}
	r.press("v", "]").has("no more calls with media", "Media #5")
}

// Esc goes back to an order that was reversed, and says of it what is true.
func TestBackToAReversedOrder(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	key, _ := keyOfColumn("mos")
	r.calls.setSort(key)
	r.has("worst first").press("z").hasNot("worst first").press(">", "Esc").hasNot("worst first").press("z").has("worst first")
}

// News that come faster than streams are listed do not keep the list empty.
func TestStreamsAreListedWhileNewsCome(t *testing.T) {
	snap := &correlate.Snapshot{Streams: orphans(inlineCalls + 5), First: 1, Last: 2}
	r := newRig(t, rigOptions{w: 120, h: 24, snap: snap, status: liveStatus(), live: true})
	results := make(chan func(), 64)
	r.workshop.results, r.workshop.ended = results, make(chan struct{})
	r.press("3")
	next := *snap
	next.Streams = orphans(inlineCalls + 7)
	r.publish(&next) // while the first list is made
	(<-results)()
	v := r.top().(*streamsView)
	if v.Len() != inlineCalls+5 {
		t.Errorf("%d streams are listed", v.Len())
	}
	for v.Len() != inlineCalls+7 {
		(<-results)() // the last one comes too
	}
}

// Where new rows are not at the end, nobody is sent there.
func TestWhereNewRowsAre(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 24, snap: rows(10), status: liveStatus(), live: true})
	r.publish(rows(12)).has("+2 new ↓ (G)")
	r.press("z", "Down").publish(rows(15)).has("+3 new (A)").hasNot("(G)").press("A")
	if got := r.calls.list.id; got != 15 {
		t.Errorf("A leads to %d", got)
	}
}
