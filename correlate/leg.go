package correlate

import (
	"net/netip"

	"sipsniff/correlate/legs"
	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// A Leg is one call of an end-to-end call that runs over several: a
// back-to-back user agent ends one and begins another.
type Leg struct {
	Ref      CallRef
	With     CallRef  // the earlier leg that it was joined with; zero for the first leg
	Score    int      // 0 to 100, see docs/LEGS.md
	Reasons  []string // in words
	Possible bool     // not joined, because the score is not enough
}

// A legOrigin is the message that the facts of a leg began with.
type legOrigin struct {
	moment
	request bool
	fromTag string
}

// noteLeg reads what may tell the other legs of a call, from an INVITE, its
// responses, a REFER and any description.
func (t *Tracker) noteLeg(r *callRecord, p *decode.Packet, kept *Message, m *sip.Message) {
	if r.pair != nil || kept.Duplicate {
		return
	}
	switch methodOf(m) {
	case "INVITE":
		t.noteInvite(r, kept, m)
	case "REFER":
		if r.leg != nil {
			t.legReader.Message(r.leg, m)
		}
	}
	if r.leg != nil && len(p.Correlation) > 0 {
		r.leg.Correlated(string(p.Correlation[:min(len(p.Correlation), legs.MaxKey)]))
	}
	if r.leg != nil && kept.SDP != nil {
		fromCaller := m.IsRequest() == (m.From.Tag == r.legFrom.fromTag)
		r.leg.Description(kept.SDP, kept.Src.Addr(), fromCaller)
	}
}

// noteInvite begins the facts of a leg with its first INVITE. A response
// stands in for one that was not captured.
func (t *Tracker) noteInvite(r *callRecord, kept *Message, m *sip.Message) {
	sender, receiver := kept.Src.Addr(), kept.Dst.Addr()
	initial := m.IsRequest() && m.To.Tag == ""
	switch {
	case initial && (r.leg == nil || !r.legFrom.request || kept.before(r.legFrom.moment) && !(r.live && apart(kept.Nanos, r.legFrom.nanos))):
		t.beginLeg(r, kept, m, sender, receiver)
	case r.leg == nil && !m.IsRequest():
		t.beginLeg(r, kept, m, receiver, sender)
	case r.leg != nil:
		if initial {
			r.leg.Receive(receiver)
		}
		t.legReader.Message(r.leg, m)
	}
}

func (t *Tracker) beginLeg(r *callRecord, kept *Message, m *sip.Message, sender, receiver netip.Addr) {
	f := t.legReader.Invite(m, r.index, kept.Nanos, sender, receiver)
	f.CallID = r.ref.CallID // the same, and not a part of the message
	if r.leg != nil {
		if kept.SDP != nil {
			f.Description(kept.SDP, sender, true)
		}
		f.Merge(r.leg)
	}
	r.leg, r.legFrom = f, legOrigin{moment{kept.Nanos, kept.Frame}, kept.Method != "", kept.FromTag}
	t.weighLeg(r)
}

// weighLeg counts the memory behind the facts of a leg as they are now.
func (t *Tracker) weighLeg(r *callRecord) {
	size := r.leg.Size()
	t.account(r, size-r.legSize)
	r.legSize = size
}

// before orders messages by capture time, then by place in the capture.
func (m *Message) before(o moment) bool {
	return m.Nanos < o.nanos || m.Nanos == o.nanos && m.Frame < o.frame
}

// putLeg tells the linker how a call stands.
func (t *Tracker) putLeg(r *callRecord, c *Call) {
	f := r.leg
	if f == nil {
		return
	}
	f.Status, f.Ended, f.Final, f.Bye = c.FinalStatus, c.Ended, c.Ended, 0
	if c.Answered != 0 {
		f.Final = c.Answered
		if c.State == StateEnding || c.State == StateCompleted {
			f.Bye = c.Ended
		}
	}
	if r.announced {
		t.legStreams(r.ref, f)
	}
	t.linker.Put(f)
	t.weighLeg(r)
}

// legStreams notes the streams of a call as far as they can be compared with
// those of another: sources that began their numbers anew are left out. The
// list before it is the linker's.
func (t *Tracker) legStreams(ref *CallRef, f *legs.Facts) {
	f.ForgetStreams()
	c := t.streams.calls[ref.Index]
	if c == nil {
		return
	}
	t.streams.settleCall(c)
	for _, s := range c.flows {
		if first, last, ok := s.account.Sequence.Range(); ok && !s.gone {
			f.AddStream(legs.Stream{SSRC: s.key.ssrc, FirstNumber: first, LastNumber: last, First: s.first, Last: s.last})
		}
	}
}

// publishLegs finds the joins that changed and makes new Calls of those for
// which others are legs than before.
func (t *Tracker) publishLegs() {
	link := t.linker.Link
	if t.flushed {
		link, t.flushed = t.linker.LinkAll, false
	}
	shared := make(map[*legs.Member][]Leg) // the legs of one call share a list
	for _, id := range link() {
		r := t.records[id]
		if r == nil || t.views[r.position] == nil {
			continue
		}
		r.legs = t.legsOf(t.linker.Legs(id), shared)
		c := *t.views[r.position]
		c.Legs = r.legs
		t.views[r.position] = &c
	}
}

func (t *Tracker) legsOf(members []legs.Member, shared map[*legs.Member][]Leg) []Leg {
	if len(members) == 0 {
		return nil
	}
	list := shared[&members[0]]
	if list == nil {
		list = make([]Leg, 0, len(members))
		for _, m := range members {
			l := Leg{Ref: t.refOf(m.ID), Score: m.Score, Reasons: m.Reasons, Possible: m.Possible}
			if m.With != 0 {
				l.With = t.refOf(m.With)
			}
			list = append(list, l)
		}
		shared[&members[0]] = list
	}
	return list
}

func (t *Tracker) refOf(index int) CallRef {
	if r := t.records[index]; r != nil {
		return *r.ref
	}
	return CallRef{Index: index}
}

// LegCount is how many calls make up the end-to-end call of c.
func (c *Call) LegCount() int {
	n := 0
	for i := range c.Legs {
		if !c.Legs[i].Possible {
			n++
		}
	}
	return max(n, 1)
}

// Joined returns the indexes of the calls that make up the end-to-end call of
// c, in the order of their INVITEs; c alone when there are no others.
func (c *Call) Joined() []int {
	list := make([]int, 0, len(c.Legs)+1)
	for i := range c.Legs {
		if l := &c.Legs[i]; !l.Possible {
			list = append(list, l.Ref.Index)
		}
	}
	if len(list) == 0 {
		list = append(list, c.Index)
	}
	return list
}
