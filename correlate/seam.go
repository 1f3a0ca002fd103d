package correlate

import (
	"slices"

	"sipsniff/decode/sip"
)

// This file is where calls and streams meet, and calls that name each other.

// announceSession tells the streams of a session description. Retransmissions
// say nothing new.
func (t *Tracker) announceSession(r *callRecord, m *Message, copied bool) {
	if m.SDP == nil || m.Retransmission || copied {
		return
	}
	r.announced = true
	t.claimSessions(r, m.SDP, r.fromCaller(m))
	t.streams.announce(announcement{
		ref: r.ref, dialog: dialogKey(m), fromCaller: r.fromCaller(m),
		session: m.SDP, signalling: m.Src.Addr(), nanos: m.Nanos,
	})
}

// named is the call of a Call-ID, for what is said to belong to it; nil when
// there is none.
func (t *Tracker) named(callID string) *CallRef {
	r := t.calls[callID]
	if r == nil {
		return nil
	}
	r.announced = true
	return r.ref
}

// dialogKey names a dialog by its two tags in alphabetical order; it is empty
// before there are two.
func dialogKey(m *Message) string {
	switch {
	case m.ToTag == "":
		return ""
	case m.FromTag < m.ToTag:
		return m.FromTag + "\x00" + m.ToTag
	}
	return m.ToTag + "\x00" + m.FromTag
}

func (r *callRecord) fromCaller(m *Message) bool {
	if r.run.machine == nil {
		return m.Method != ""
	}
	return r.run.machine.fromCaller(m)
}

// tellEnd tells the streams, once, that a call is over: at its BYE or its
// failure. Silence proves nothing, because a capture may show one side only.
func (t *Tracker) tellEnd(r *callRecord) {
	if !r.announced || r.run.machine == nil {
		return
	}
	o := r.run.machine.outcome(r.latest, r.media)
	over := o.ended != 0 && o.flags&flagDialogLost == 0
	if over && !r.ending {
		t.streams.callEnded(r.ref, o.ended)
	}
	r.ending = over
}

// A replacement is the end of a call that another took the place of.
type replacement struct {
	of    *callRecord
	nanos int64
	frame int
}

// tellReplaced ends the call that an answered INVITE with a Replaces header
// names, by its Call-ID and the tags of one of its dialogs (RFC 3891 §3). It
// takes that back when an earlier message shows that it was not so.
func (t *Tracker) tellReplaced(r *callRecord) {
	c, ok := r.run.machine.(*callMachine)
	if !ok || c.replaces == "" && r.replacing.of == nil {
		return
	}
	now := t.replacementBy(r, c)
	if before := r.replacing; before != now {
		r.replacing = now
		if before.of != nil && !before.of.evicted {
			t.thaw(before.of)
			before.of.withdraw(r.ref.CallID)
			t.catchUp(before.of)
		}
		if now.of != nil {
			t.thaw(now.of)
			now.of.replaced = true
			now.of.add(event{nanos: now.nanos, frame: now.frame, facts: facts{uri: r.ref.CallID}})
			t.catchUp(now.of)
		}
	}
}

func (t *Tracker) catchUp(r *callRecord) {
	r.settle(t.nowOf(r))
	t.follow(r)
}

// replacementBy is the call that r takes the place of, as it looks now.
func (t *Tracker) replacementBy(r *callRecord, c *callMachine) replacement {
	if c.replaces == "" || c.answered == 0 {
		return replacement{}
	}
	named := sip.ParseReplaces(sip.Unfold(c.replaces))
	other := t.calls[named.CallID]
	if other == nil || other.holds() >= messageLimit || !other.earlier(r) || !t.hasDialog(other, named) {
		return replacement{}
	}
	return replacement{of: other, nanos: c.answered, frame: c.answerFrame}
}

// earlier reports whether a call began before another: only such a call can
// be replaced by that one, and none replaces itself by a detour.
func (r *callRecord) earlier(o *callRecord) bool {
	nanos, frame := r.first()
	otherNanos, otherFrame := o.first()
	return nanos < otherNanos || nanos == otherNanos && frame < otherFrame
}

// first is the time and the frame of the first message.
func (r *callRecord) first() (nanos int64, frame int) {
	if r.following != nil {
		for i := range r.events {
			if e := &r.events[i]; e.message != nil {
				return e.nanos, e.frame
			}
		}
	}
	if r.packed != nil {
		return r.opened.nanos, r.opened.frame
	}
	if len(r.messages) == 0 {
		return 0, 0
	}
	return r.messages[0].Nanos, r.messages[0].Frame
}

// withdraw takes back that the call was replaced by another.
func (r *callRecord) withdraw(callID string) {
	i := slices.IndexFunc(r.events, func(e event) bool { return e.message == nil && e.uri == callID })
	if i < 0 {
		return
	}
	r.events = slices.Delete(r.events, i, i+1)
	if i < r.lead {
		r.lead--
	}
	r.stale = true
}

// hasDialog reports whether a call has the dialog that a Replaces header
// names. Its tags are from the view of who receives it, but only one view
// exists in which there is such a dialog. A tag of 0 stands for none
// (RFC 3891 §6.1).
func (t *Tracker) hasDialog(r *callRecord, named sip.Replaces) bool {
	var list dialogTable
	switch view := t.views[r.position]; {
	case r.following != nil:
		list = r.run.dialogs
	case view != nil:
		list.list = view.Dialogs
	}
	for _, tag := range [...]*string{&named.ToTag, &named.FromTag} {
		if *tag == "0" && list.find(named.ToTag, named.FromTag) == nil {
			*tag = ""
		}
	}
	return list.find(named.ToTag, named.FromTag) != nil
}

// maxReplacers bounds the calls that are tried as replacement of one.
const maxReplacers = 16

// tellReplacers lets calls that name this one try again, because the dialog
// that they name may be known now.
func (t *Tracker) tellReplacers(r *callRecord) {
	if r.relations == nil || !r.relations.named {
		return
	}
	list := t.relations.facts[t.hash.factKey(factNames, r.ref.CallID)]
	for _, f := range list[:min(len(list), maxReplacers)] {
		if !f.joins && f.of.following != nil {
			t.tellReplaced(f.of)
		}
	}
}
