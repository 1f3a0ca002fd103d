package correlate

import (
	"slices"
	"time"
	"unsafe"
)

// A Listener hears how calls go on, so that they need not be kept. Its methods
// are called by the goroutine that feeds the Tracker, and hold it up.
type Listener interface {
	// Changed tells of a call that is published anew; before is nil when it
	// is published for the first time.
	Changed(before, now *Call)

	// Finished tells of every call once: some time after it has ended, see
	// Config.Linger, or when it has to leave, or at the end of the capture.
	Finished(*Ending)
}

// An Ending is a call that nothing more is expected of.
type Ending struct {
	Call *Call

	// Snapshot is what was published when the call ended, of an Evicted one
	// before that, with the call and its streams and no others.
	Snapshot *Snapshot

	// Octets is the estimate of the memory that it takes.
	Octets int64

	// Evicted is set when the call had to make room for others.
	Evicted bool
}

// DefaultLinger is as long as anything is expected after the end of a call.
const DefaultLinger = time.Duration(settledAfter)

// lingering is the state of a Tracker that lets go of the calls it has told
// its Listener of.
type lingering struct {
	progress
	told   recordList // finished, and the listener knows
	looked int64      // when somebody looked last, by now
}

// lookForEnds is how much packet time passes between two looks.
const lookForEnds = second

// retire tells the listener of the calls that have ended and lets go of those
// that have been silent since.
func (t *Tracker) retire() {
	if t.ends.now-t.ends.looked < lookForEnds {
		return
	}
	t.ends.looked = t.ends.now
	if len(t.changed) > 0 || t.lingered(t.firstFinished()) {
		t.Publish()
	}
	for r := t.firstFinished(); t.lingered(r); r = t.firstFinished() {
		t.unrank(r)
		t.ends.told.push(r)
		t.tellFinished(r, t.views[r.position], false)
	}
	for r := t.ends.told.first; r != nil && t.ends.now-r.heard > settledAfter; r = t.ends.told.first {
		t.letGo(r)
	}
}

// letGo forgets a call that its listener knows. Nobody misses it.
func (t *Tracker) letGo(r *callRecord) {
	calls, streams := t.evicted, t.streams.evicted
	t.evict(r)
	t.evicted, t.streams.evicted = calls, streams
}

func (t *Tracker) lingered(r *callRecord) bool {
	return r != nil && t.ends.now-r.heard > int64(t.config.Linger)
}

// tellRest tells the listener of the calls that are left at the end of a
// capture, in the order of their first messages.
func (t *Tracker) tellRest() {
	t.Publish()
	for i, r := range t.order {
		if !r.evicted {
			t.tellFinished(r, t.views[i], false)
		}
	}
}

func byID(a, b *Stream) int { return a.ID - b.ID }

// tellEvicted tells the listener of a call that has to leave.
func (t *Tracker) tellEvicted(r *callRecord) {
	if t.config.Listener == nil || r.told || r.holds() == 0 {
		return
	}
	t.refresh(r)
	t.tellFinished(r, t.build(r), true)
}

func (t *Tracker) tellFinished(r *callRecord, c *Call, evicted bool) {
	if r.told || c == nil {
		return
	}
	r.told = true
	s := *t.Snapshot()
	s.Calls, s.Streams, s.MSRP = []*Call{c}, t.streams.viewsOf(r.index), nil
	slices.SortFunc(s.Streams, byID)
	octets := r.bytes
	for _, st := range s.Streams {
		octets += int64(unsafe.Sizeof(*st)) + int64(len(st.Quality.Intervals))*int64(unsafe.Sizeof(st.Quality.Intervals[0]))
	}
	t.config.Listener.Finished(&Ending{Call: c, Snapshot: &s, Octets: octets, Evicted: evicted})
}

// tellChanged tells the listener what a record is published as.
func (t *Tracker) tellChanged(before, now *Call) {
	if t.config.Listener != nil {
		t.config.Listener.Changed(before, now)
	}
}
