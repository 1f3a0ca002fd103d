package correlate

import (
	"cmp"
	"slices"
)

// Publish makes a Snapshot of what is known now and returns it. Calls and
// streams that did not change are shared with the Snapshot before. Only the
// goroutine that feeds the Tracker may call it.
func (t *Tracker) Publish() *Snapshot {
	before := t.published.Load()
	if !t.touched {
		return before
	}
	streams := t.streams.publish()
	t.markStreams(before.Streams, streams)
	for _, ref := range t.streams.takeMoved() {
		if r := t.records[ref.Index]; r != nil {
			t.mark(r)
		}
	}
	t.publishCalls()
	t.publishLegs()
	s := &Snapshot{
		Generation: before.Generation + 1,
		Calls:      t.listCalls(),
		Streams:    streams,
		First:      t.first, Last: t.last,
		EvictedCalls: t.evicted, EvictedStreams: t.streams.evicted, Orphans: t.streams.orphans, Mistaken: t.streams.mistaken, Datagrams: t.streams.datagrams,
		LimitReached: cmp.Or(t.limit, t.streams.limit),
		Links:        t.links.publish(), Input: t.input, NetworkErrors: t.streams.errors.publish(t.concerned),
		Bindings: t.bindings.publish(),
		MSRP:     t.msrp.publish(), EvictedMSRP: t.msrp.evicted,
	}
	t.totals.copy(s)
	t.streams.count(&s.Totals)
	t.touched = false
	t.published.Store(s)
	return s
}

// publishCalls makes new Calls of the records that changed. Settling one may
// change another, which then is at the end of the list.
func (t *Tracker) publishCalls() {
	for i := 0; i < len(t.changed); i++ {
		r := t.changed[i]
		if r.evicted {
			continue
		}
		before := t.views[r.position]
		switch {
		case r.built:
		case r.following == nil:
			t.views[r.position] = t.rebuild(r)
		default:
			t.refresh(r)
			t.follow(r)
			t.views[r.position] = t.build(r)
		}
		t.putLeg(r, t.views[r.position])
		r.dirty, r.built = false, false
		t.tellChanged(before, t.views[r.position])
	}
	clear(t.changed)
	t.changed = t.changed[:0]
}

// refresh brings a record up to now.
func (t *Tracker) refresh(r *callRecord) {
	if r.announced {
		unreachable := r.media.unreachable
		r.media = mediaFrom(t.streams.mediaOf(r.ref))
		r.media.unreachable = unreachable
	}
	r.settle(t.nowOf(r))
}

func mediaFrom(f mediaFacts) media {
	var m media
	if f.fromCaller {
		m.firstCaller = f.firstFromCaller
	}
	if f.fromCallee {
		m.firstCallee = f.firstFromCallee
	}
	m.last = f.last
	return m
}

// markStreams marks the calls whose streams changed since the last Snapshot.
// Both lists are in the order of their IDs.
func (t *Tracker) markStreams(before, now []*Stream) {
	i := 0
	for _, s := range now {
		for i < len(before) && before[i].ID < s.ID {
			t.markStream(before[i])
			i++
		}
		if i < len(before) && before[i].ID == s.ID {
			if before[i] == s {
				i++
				continue
			}
			t.markStream(before[i]) // it may have belonged to another call
			i++
		}
		t.markStream(s)
	}
	for ; i < len(before); i++ {
		t.markStream(before[i])
	}
}

func (t *Tracker) markStream(s *Stream) {
	if s.Call == nil {
		return
	}
	if r := t.records[s.Call.Index]; r != nil {
		t.mark(r)
	}
}

// listCalls is the published calls in the order of their first messages.
func (t *Tracker) listCalls() []*Call {
	if t.unsorted {
		t.sort()
	}
	if t.gone == 0 {
		return slices.Clone(t.views)
	}
	calls := make([]*Call, 0, t.live)
	for _, c := range t.views {
		if c != nil {
			calls = append(calls, c)
		}
	}
	return calls
}

// sort puts the calls in order after one began before one in front of it.
func (t *Tracker) sort() {
	t.compact()
	views := slices.Clone(t.views)
	slices.SortFunc(t.order, func(a, b *callRecord) int {
		return cmp.Or(cmp.Compare(a.began(), b.began()), a.index-b.index)
	})
	for i, r := range t.order {
		t.views[i] = views[r.position]
		r.position = i
	}
	t.unsorted = false
}

// finished reports whether nothing more is expected of the call.
func (r *callRecord) finished() bool {
	return r.run.machine != nil && r.run.machine.outcome(r.latest, r.media).state.Terminal()
}

// opening is the first request, or the first message while there is none.
// When the INVITE was not captured but responses to it were, one of those
// stands in for it.
func (r *callRecord) opening() *event {
	first, lead := &r.events[0], r.leader()
	if r.kind == kindCall && first.message != nil && first.method == "INVITE" && lead.method != "INVITE" {
		return first
	}
	return lead
}

// build makes the Call of a record.
func (t *Tracker) build(r *callRecord) *Call {
	c := &Call{Index: r.index, CallID: r.ref.CallID, HasCallID: r.pair == nil, Method: r.opening().spelled()}
	r.identify(c)
	o := r.run.machine.outcome(t.nowOf(r), r.media)
	o.apply(c)
	r.attempts(c)
	if r.run.modified {
		o.flags |= flagModified
	}
	c.Flags = (r.remarks | o.flags).names()
	c.Started = r.began()
	r.tellStory(c, &o)
	c.MessageCount = r.run.distinct
	c.Retransmissions = r.run.retransmissions
	c.Duplicates = r.run.duplicates
	c.Dialogs = append([]Dialog(nil), r.run.dialogs.list...)
	if c.packed = r.packed; c.packed == nil {
		c.messages = r.messages[:len(r.messages):len(r.messages)]
		c.descriptions = r.descriptions()
	}
	t.attachStreams(r, c)
	t.attachRelations(r, c)
	c.Legs = r.legs
	return c
}

func (t *Tracker) attachStreams(r *callRecord, c *Call) {
	c.MSRP, c.NetworkErrors = r.msrp.publish(), r.errors.publish()
	var streams []*Stream
	c.DeviceReports = t.deviceReportsOf(r)
	if r.announced {
		streams = t.streams.viewsOf(r.index)
		c.StreamIDs, _ = t.streams.idsOf(r.index)
		c.Score = scoreCall(&t.config.Scorer, c, streams)
		c.EncryptedMedia = t.streams.mediaOf(r.ref).encrypted
		c.PathChecks, c.Handshakes = t.streams.pathsOf(r.index), t.streams.handshakesOf(r.index)
		c.SharedPorts = t.streams.sharedOf(r.index)
		t.noteMusic(r, c)
		t.streams.timeMedia(r.index, &c.Attempt)
	}
	c.DTMF = r.digitsOf(streams)
}

// apply puts an outcome into a Call.
func (o *outcome) apply(c *Call) {
	c.State, c.EndedBy = o.state, o.endedBy
	c.Answered, c.Ended = o.answered, o.ended
	c.Ring = -1
	if o.ringing != 0 {
		c.Ring = between(o.ringing, o.ringEnded)
	}
	c.SessionRequestDelay = between(o.credited, o.progressed)
	c.PostDialDelay = between(o.invited, o.alerted)
	c.Setup = between(o.invited, o.answered)
	c.Duration = between(o.answered, o.ended)
	c.FinalStatus, c.FinalReason, c.Cause = o.finalStatus, o.finalReason, o.cause
}

// spelled is the method as a request has it on the wire.
func (e *event) spelled() string {
	if e.message.Method != "" {
		return e.message.Method
	}
	return e.method
}

// identify fills in who called whom, from the first request or from the
// first message while there is none. What that says is read once.
func (r *callRecord) identify(c *Call) {
	first := r.opening().message
	c.Transport = first.Transport
	c.Source, c.Destination = first.Src, first.Dst
	if first.Method == "" {
		c.Source, c.Destination = first.Dst, first.Src
	}
	if r.identity.of != first {
		r.identity.take(first, first.SIP())
	}
	id := &r.identity
	c.From, c.To, c.FromDisplay, c.ToDisplay, c.RequestURI = id.from, id.to, id.fromDisplay, id.toDisplay, id.requestURI
	c.UserAgent = id.agent(first.FromTag)
}
