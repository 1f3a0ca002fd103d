package correlate

// cancel takes a CANCEL. One that a proxy sends to its own branches does not
// concern the caller's INVITE.
func (c *callMachine) cancel(e *event) {
	if c.state == StateUnknown {
		c.adopt(e)
		c.caller, c.callee = e.message.Src, e.message.Dst
	}
	if !c.pending() || e.number != c.number || c.hops.far(e) || c.answeredBranch(e) {
		return
	}
	c.state, c.cancelled, c.ringEnded = StateCancelling, e.nanos, e.nanos
	c.flags &^= flagNoResponse | flagStuckEarly
	c.ended, c.endedBy = 0, byCaller
	c.tell(e, Step{Kind: StepCancel, By: SideCaller, Detail: e.cause})
	c.explain(e)
}

// cancelResponse takes a response to a CANCEL. It tells only where the CANCEL
// itself was not captured.
func (c *callMachine) cancelResponse(e *event) {
	if c.state != StateUnknown {
		return
	}
	c.adopt(e)
	c.state, c.cancelled, c.endedBy = StateCancelling, e.nanos, byCaller
	c.tell(e, Step{Kind: StepCancel, By: SideCaller})
}

// answeredBranch reports whether a CANCEL comes too late for its own branch.
func (c *callMachine) answeredBranch(e *event) bool {
	b := c.branchOf(e)
	return b != nil && b.final != nil
}

// ack takes an ACK: that to a 2xx puts the call through, that to a failure
// only tells of a response that was not captured. Without unique branches the
// two look alike; then the 2xx is believed. Under another From tag than the
// INVITE's it belongs to another leg, and proves nothing.
func (c *callMachine) ack(e *event) {
	if c.state == StateUnknown {
		c.midCall(e)
		return
	}
	if e.number != c.number || c.hops.far(e) {
		c.lateAnswer(e)
		return
	}
	b := c.branchOf(e)
	switch {
	case c.state == StateAnswered && e.message.ToTag == c.calleeTag:
		c.acked = true
		c.media.acknowledged(e)
		c.tell(e, Step{Kind: StepAcknowledged, By: SideCaller})
		c.through()
	case b != nil && b.final == nil && c.setup() && magicBranch(e.message.Branch):
		c.flags |= flagFinalNotSeen
		c.tell(e, Step{Kind: StepFailureNotSeen})
		c.finish(StateFailed, e.nanos, "")
	case b != nil && b.final == nil && c.state == StateCancelling:
		c.tell(e, Step{Kind: StepCancelled, By: sideNamed(c.endedBy)})
		c.finish(StateCancelled, e.nanos, c.endedBy)
	case c.pending() && e.message.FromTag == c.fromTag && (b == nil || !magicBranch(e.message.Branch)):
		c.assumeAnswer(e)
		c.acked = true
	}
}

// assumeAnswer puts the call through when a message proves a 2xx that was not
// captured. When it was answered stays unknown.
func (c *callMachine) assumeAnswer(e *event) {
	c.flags |= flagAnswerNotSeen
	c.tell(e, Step{Kind: StepAnswerNotSeen})
	c.flags &^= flagNoResponse | flagStuckEarly | flagCancelNotSeen
	c.ended, c.endedBy, c.finalStatus, c.finalReason = 0, "", 0, ""
	c.calleeTag = c.otherTag(e.message)
	c.dialogs.confirm(c.callerTag, c.calleeTag)
	c.through()
}

// otherTag is the tag of a message that is not the caller's.
func (c *callMachine) otherTag(m *Message) string {
	if m.FromTag == c.callerTag {
		return m.ToTag
	}
	return m.FromTag
}
