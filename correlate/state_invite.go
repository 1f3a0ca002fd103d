package correlate

import "cmp"

// The upper half of the table in spec §3.6 goes from the INVITE to its final
// response: here are the INVITEs without a To tag.

// invite takes an INVITE without a To tag.
func (c *callMachine) invite(e *event) {
	if !c.hops.counts(e) {
		c.addBranch(e)
		return
	}
	switch {
	case c.state == StateUnknown:
		c.begin(e)
	case c.up() || c.state == StateEnding:
		c.lateInvite(e)
	case e.number == c.number && e.message.FromTag == c.fromTag:
		c.sameInvite(e)
	case c.retries(e):
		c.retry(e)
	case c.state.Terminal() && c.fresh(e):
		c.again(e)
	}
}

// lateInvite takes an INVITE without a To tag while the call is up: a peer
// without tags asks for another session; of others nothing is made.
func (c *callMachine) lateInvite(e *event) {
	switch {
	case c.state == StatePartialInCall:
		c.begin(e)
	case c.calleeTag == "" && c.answered != 0 && e.number != c.number:
		c.reinvite(e)
	}
}

// sameInvite takes the INVITE on a further branch: forked in parallel it
// changes nothing, sent elsewhere after a failure it opens the call again.
func (c *callMachine) sameInvite(e *event) {
	switch {
	case c.state == StateAuth || c.state == StateRedirected:
		c.retry(e)
	case c.setup():
		c.lastInvite = e.nanos
	case c.state == StateCancelling || c.state.Terminal() && !c.over():
		c.flags |= flagSerialAttempt
		c.reopen(e)
	case c.over() && c.fresh(e):
		c.again(e)
	}
	c.addBranch(e)
}

// retries reports whether the INVITE answers a challenge or a redirection, so
// that it belongs to the same attempt.
func (c *callMachine) retries(e *event) bool {
	switch {
	case c.state == StateAuth, c.state == StateRedirected:
		return true
	case e.number <= c.number || e.message.FromTag != c.fromTag:
		return false
	case c.setup(): // the challenge was not captured
		return true
	}
	return c.flags&flagFinalNotSeen != 0 && e.credentials
}

// fresh reports whether an INVITE after the end is a new attempt and not a
// straggler.
func (c *callMachine) fresh(e *event) bool {
	return e.message.FromTag != c.fromTag || e.number > c.number || e.nanos-max(c.ended, c.last) >= timeout64T1
}

// begin starts the first attempt, or forgets what was before.
func (c *callMachine) begin(e *event) { c.beginAs(e, StepInvite) }

func (c *callMachine) beginAs(e *event, kind StepKind) {
	flags := c.flags & flagSerialAttempt
	c.attempts++
	c.attempt = attempt{outcome: outcome{flags: flags, invited: e.nanos}, lowest: e.number}
	c.caller, c.callee, c.known = e.message.Src, e.message.Dst, true
	c.tellInvite(e, kind)
	c.start(e)
}

// again starts another attempt after one that is over.
func (c *callMachine) again(e *event) {
	serial := c.answered == 0 && e.message.FromTag == c.fromTag
	c.closeHolds(c.ended)
	kind := StepInvite
	if serial {
		kind = StepInviteAgain
	}
	invited := c.conclude(serial)
	c.beginAs(e, kind)
	c.invited = cmp.Or(invited, c.invited)
	if serial {
		c.flags |= flagSerialAttempt
	} else {
		c.flags |= flagCallIDReuse
	}
}

// retry goes on with the same attempt (spec §4.1).
func (c *callMachine) retry(e *event) {
	c.redirected()
	c.branches = nil
	c.tellRetry(e)
	c.start(e)
}

// start is what begin and retry share: a new INVITE on its way.
func (c *callMachine) start(e *event) {
	c.number, c.fromTag, c.callerTag = e.number, e.message.FromTag, e.message.FromTag
	c.credited, c.progressed = e.nanos, 0
	c.flags &^= flagFinalNotSeen
	c.replaces = e.replaces
	c.media.offer, c.media.byPeer = e.message.SDP, false
	c.reopen(e)
	c.addBranch(e)
}

// reopen waits for responses again.
func (c *callMachine) reopen(e *event) {
	c.state, c.lastInvite = StateNew, e.nanos
	c.flags &^= flagNoResponse | flagStuckEarly | flagCancelUnanswered
	c.ended, c.endedBy, c.final, c.cancelled = 0, "", 0, 0
	c.ringEnded, c.provoked = 0, false
	c.finalStatus, c.finalReason, c.cause = 0, "", ""
}

func (c *callMachine) addBranch(e *event) {
	if e.number != c.number || e.message.FromTag != c.fromTag || len(c.branches) >= maxHops {
		return
	}
	if c.branchOf(e) == nil {
		c.branches = append(c.branches, branch{
			key: e.hop, vias: e.vias, source: requestSource(e.message),
			told: Branch{Target: e.uri, Sent: e.nanos, Frames: [2]int{e.frame, 0}},
		})
		c.fork(e, &c.branches[len(c.branches)-1])
	}
}

func (c *callMachine) branchOf(e *event) *branch {
	for i := range c.branches {
		if c.branches[i].key == e.hop {
			return &c.branches[i]
		}
	}
	return nil
}
