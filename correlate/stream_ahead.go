package correlate

// An outlook is what the packets will need that come next. With a thousand streams
// hardly anything of one is in the cache when its turn comes, and one thing leads
// to the next. Looked at side by side for many of them they come from memory
// together.
type outlook struct {
	lanes []*lane // that will be settled
	sum   uint64  // of what was looked at: what nobody uses is not fetched
}

// manyLanes is with how many of them that helps: fewer stay in the cache.
const manyLanes = 64

// LooksAhead reports whether it is worth saying what comes next.
func (t *Tracker) LooksAhead() bool { return t.streams.lanes.busy() >= manyLanes }

// Expect says what packet comes next, and may be called for some hundred before
// Media is. It changes nothing.
func (t *Tracker) Expect(p *Plain) {
	ends := endsOf(p)
	l := t.streams.lanes.find(&ends)
	if p.lane = l; l == nil {
		return
	}
	if l.count == laneSize-1 || p.Nanos-l.beaten >= touchInterval {
		t.ahead.lanes = append(t.ahead.lanes, l)
	}
}

// Fetch looks at the streams that expected packets will have accounted. It ends a
// row of Expect: Media is told nothing in between.
func (t *Tracker) Fetch() {
	a := &t.ahead
	for _, l := range a.lanes {
		f := l.flow
		a.sum += f.wire + f.octets + f.types[0].packets + uint64(f.class) + uint64(f.pulse.since) + f.account.Look()
	}
	for _, l := range a.lanes {
		a.sum += l.flow.call.epoch + l.flow.account.LookAtTimes()
	}
	a.lanes = a.lanes[:0]
}
