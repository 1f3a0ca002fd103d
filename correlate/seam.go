package correlate

import (
	"strings"

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

// tellReplaced ends the call that an answered INVITE with a Replaces header
// names (RFC 3891 §3).
func (t *Tracker) tellReplaced(r *callRecord) {
	c, ok := r.run.machine.(*callMachine)
	if !ok || c.replaces == "" || c.answered == 0 || r.told {
		return
	}
	r.told = true
	callID, _, _ := strings.Cut(sip.Unfold(c.replaces), ";")
	other := t.calls[strings.TrimSpace(callID)]
	if other == nil || other == r || len(other.messages) >= messageLimit {
		return
	}
	t.thaw(other)
	other.replaced = true
	other.add(event{nanos: c.answered, frame: c.answerFrame})
	other.settle(t.last)
	t.follow(other)
}
