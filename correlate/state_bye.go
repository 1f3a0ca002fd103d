package correlate

import (
	"net/netip"
	"slices"
)

// answerRepeats is how long a 2xx must have been sent again before its
// missing ACK, and not the capture, is the reason that a call was dropped: the
// server gives up after 64*T1 and its last copy is sent up to T2 before that
// (RFC 3261 §13.3.1.4).
const (
	answerRepeats = 27 * second
	answerGivenUp = 36 * second
)

// byeRequest takes a BYE. The call ends with its first copy (spec §3.5), with
// the copy on the caller's link when that is seen as well (spec §9.13).
func (c *callMachine) byeRequest(e *event) {
	if c.state == StateUnknown {
		c.midCall(e)
	}
	if c.sameBye(e) {
		return
	}
	switch {
	case c.pending() && c.provoked && c.fromCaller(e.message):
		c.earlyBye(e)
		return
	case c.pending(), c.state == StateFailed && c.flags&flagFinalNotSeen != 0, c.otherAnswered(e):
		c.flags &^= flagFinalNotSeen
		c.assumeAnswer(e)
	case c.up(), c.lost(), c.state == StateDropped, c.state == StateEnding && c.bye.nanos == 0:
	default:
		return
	}
	if !c.otherBranch(e) {
		c.hangUp(e)
	}
}

// distantBye ends the call by the BYE of another leg, because ours was not
// captured. Whose it is cannot be told.
func (c *callMachine) distantBye(int64) {
	e := c.distant
	c.distant = nil
	if !c.up() {
		return
	}
	c.bye = bye{nanos: e.nanos, number: e.number, fromTag: e.message.FromTag, near: true}
	c.explain(e)
	c.tell(e, Step{Kind: StepBye, Detail: e.cause})
	c.dialogs.endAll()
	c.state, c.ended, c.endedBy = StateEnding, e.nanos, ""
}

// sameBye takes further copies of the BYE that ended the call.
func (c *callMachine) sameBye(e *event) bool {
	b := &c.bye
	if b.nanos == 0 || b.number != e.number || b.fromTag != e.message.FromTag {
		return false
	}
	if !b.near && c.sameLink(e.message) && c.over() {
		b.near, b.nanos, c.ended = true, e.nanos, e.nanos
	}
	return true
}

// earlyBye takes a BYE of the caller before the answer: a CANCEL of one
// early dialog (RFC 3261 §15).
func (c *callMachine) earlyBye(e *event) {
	c.flags |= flagByeBeforeAnswer
	c.state, c.cancelled, c.ringEnded = StateCancelling, e.nanos, e.nanos
	c.ended, c.endedBy = 0, byCaller
	c.tell(e, Step{Kind: StepEarlyBye, By: SideCaller, Detail: e.cause})
	c.explain(e)
}

// otherBranch takes a BYE that ends only one of several answered branches of
// a fork. When it is the main one, another takes its place.
func (c *callMachine) otherBranch(e *event) bool {
	other := c.otherTag(e.message)
	if i := slices.Index(c.answers, other); i >= 0 {
		c.answers = slices.Delete(c.answers, i, i+1)
	} else if other == c.calleeTag && len(c.answers) > 0 {
		c.calleeTag, c.answers = c.answers[0], c.answers[1:]
	} else if c.flags&flagMultiple2xx != 0 && other != c.calleeTag {
		return true // the same BYE on a further hop
	} else {
		return false
	}
	c.dialogs.end(c.callerTag, other)
	c.tell(e, Step{Kind: StepBranchEnded, By: c.sender(e.message)})
	return true
}

// otherAnswered reports whether a BYE tells of an answer that was not captured:
// what was heard of a fork began with the failure of another branch.
func (c *callMachine) otherAnswered(e *event) bool {
	return c.flags&flagNoRequestSeen != 0 && c.finalStatus >= 300 && !c.up() && !c.over() && c.otherTag(e.message) != c.decidedTag
}

// hangUp ends the call.
func (c *callMachine) hangUp(e *event) {
	m := e.message
	c.bye = bye{nanos: e.nanos, number: e.number, fromTag: m.FromTag, near: c.sameLink(m)}
	c.flags &^= flagDialogLost
	c.cause = ""
	c.explain(e)
	by := ""
	if c.known {
		by = side(c.fromCaller(m))
	}
	if c.unacknowledged() && c.flags&flagNoAck == 0 {
		c.tell(e, Step{Kind: StepNotAcknowledged, By: SideCaller})
	}
	c.tell(e, Step{Kind: StepBye, By: c.sender(m), Detail: e.cause})
	if c.unacknowledged() || c.flags&flagNoAck != 0 {
		c.flags |= flagNoAck
		c.finish(StateDropped, e.nanos, by)
		return
	}
	c.dialogs.end(m.FromTag, m.ToTag)
	c.state, c.ended, c.endedBy = StateEnding, e.nanos, by
}

// unacknowledged reports whether the callee sent its 2xx again until it gave
// up, and no ACK came.
func (c *callMachine) unacknowledged() bool {
	return c.state == StateAnswered && !c.acked && c.repeated-c.answered >= answerRepeats
}

// byeResponse takes a response to a BYE.
func (c *callMachine) byeResponse(e *event) {
	status := e.message.StatusCode
	if status < 200 || status == 401 || status == 407 {
		return // a challenged BYE is sent again
	}
	if c.state == StateUnknown {
		c.midCall(e)
	}
	switch {
	case c.state == StateEnding:
		if status >= 300 {
			c.flags |= flagByeFailed
			c.tell(e, Step{Kind: StepByeFailed, By: c.sender(e.message), Status: uint16(status), Detail: e.message.Reason})
		}
		c.finish(StateCompleted, c.ended, c.endedBy)
		c.explain(e)
	case c.up() && c.bye.nanos == 0 && c.otherTag(e.message) == c.calleeTag:
		c.unseenBye(e)
	}
}

// unseenBye ends a call by the response to a BYE that was not captured.
func (c *callMachine) unseenBye(e *event) {
	c.flags |= flagNoRequestSeen
	by := ""
	if c.known {
		by = side(!c.fromCaller(e.message))
	}
	c.tell(e, Step{Kind: StepByeNotSeen, By: c.sender(e.message).other()})
	c.finish(StateCompleted, e.nanos, by)
	c.explain(e)
}

// sameLink reports whether a message passed between the two addresses of the
// caller's hop.
func (c *callMachine) sameLink(m *Message) bool {
	a, b := m.Src.Addr(), m.Dst.Addr()
	x, y := c.caller.Addr(), c.callee.Addr()
	return x != netip.Addr{} && (a == x && b == y || a == y && b == x)
}
