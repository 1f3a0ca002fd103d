package tui

import (
	"context"
	"testing"

	"sipsniff/correlate"
)

// Many calls are counted beside the event loop, and only when something changed.
func TestSaveOfManyIsCountedBeside(t *testing.T) {
	s := &recordingSaver{}
	snap := manyCalls(inlineCalls + 1000)
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: liveStatus(), live: true, save: s.saver()})
	finish := r.deferred()
	r.press("Space")
	r.press("F2").has("counting…", "( ) 3,000 listed", "[x] related legs  ").press("Enter").has("still being counted", "Save (F2)")
	finish()
	r.has("(•) 1 marked", "related legs (+0)").hasNot("counting")
	d := r.dialog.(*saveDialog)
	d.form.focusOn(d.form.items[0])
	r.press("Right", "Right").has("counting…")
	finish()
	r.has("(•) 3,000 listed").hasNot("counting")
	if len(d.tally.calls) != 3000 {
		t.Errorf("%d calls are counted", len(d.tally.calls))
	}
	for range 3 { // nothing is counted again for a key, or for news of this moment
		next := *snap
		r.publish(&next).text()
		for r.calls.working {
			(<-r.workshop.results)()
		}
		if r.press("Down", "Up").text(); d.counting {
			t.Fatal("it is counted again")
		}
	}
	if tally := d.tally; tally.of.snap == r.UI.snap {
		t.Error("the test counts nothing anew")
	}
	r.clock = r.clock.Add(recountEvery)
	r.text()
	finish()
	if d.tally.of.snap != r.UI.snap {
		t.Error("after a while it is not counted again")
	}
}

// What came after everything was saved is not saved.
func TestSavedUntilMoreComes(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true, save: s.saver()})
	for _, c := range []struct {
		format int // steps from pcapng
		saved  bool
	}{{0, true}, {2, false}} { // a text holds no packets
		r.savedAll = nil
		r.saveIn(t.TempDir(), "a.x")
		d := r.dialog.(*saveDialog)
		d.scope, d.format = saveAll, c.format
		r.press("Enter").has("saved 10 calls")
		if r.unsaved() == c.saved {
			t.Errorf("format %d: everything is saved: %v", c.format, !r.unsaved())
		}
	}
	r.savedAll = r.UI.latest
	if r.publish(rows(12)); !r.unsaved() {
		t.Error("two calls that came later count as saved")
	}
}

// While a file is written F2 shows it again, q asks, and the end waits until
// nothing of it is left.
func TestEndWhileAFileIsWritten(t *testing.T) {
	save := emptySaver()
	began, left := make(chan struct{}), true
	save.Run = func(ctx context.Context, _ SaveRequest, _ func(float64)) (SaveResult, error) {
		close(began)
		<-ctx.Done()
		left = false // the file beside its place is removed
		return SaveResult{}, ctx.Err()
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), save: save})
	r.workshop.open(make(chan struct{}))
	r.saveIn(t.TempDir(), "a.pcap").press("Enter")
	<-began
	r.has("Saving").press("Enter").hasNot("Saving").press("F2").has("Saving").press("Enter")
	r.press("q").has("is being written", "a.pcap", "[ Quit ]   [ Stay ]").press("Esc")
	if r.ended != nil {
		t.Fatal("it quits")
	}
	r.press("q", "Enter")
	if r.ended == nil {
		t.Error("it does not quit")
	}
	if r.endSaving(); left {
		t.Error("the program ends before the file is gone")
	}
}

func TestMarkedCallsThatLeft(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true, save: emptySaver()})
	r.press("Space")
	later := *rows(10)
	later.Calls = later.Calls[3:]
	r.publish(&later).press("F2").has("( ) 0 marked", "(•) this call #4")
	r.publish(&correlate.Snapshot{}).press("Esc", "F2").has("there is no call to save")
}
