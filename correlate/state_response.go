package correlate

import "slices"

// realRinging is how long a phone must ring for a refusal to count as "no
// answer" (spec §3.6).
const realRinging = 1 * second

// inviteResponse takes a response to an INVITE that is not a re-INVITE.
func (c *callMachine) inviteResponse(e *event) {
	c.followDialog(e)
	switch {
	case c.state == StateUnknown:
		c.adopt(e)
	case e.number > c.number && !c.up() && !c.over():
		c.adopt(e)
	case c.answersEarlier(e):
		c.number = e.number
	case !c.answersInvite(e) || c.state == StatePartialInCall:
		return
	}
	c.branchResponse(e)
	if !c.hops.counts(e) {
		return
	}
	switch status := e.message.StatusCode; {
	case status >= 300:
		c.failure(e)
	case status >= 200:
		c.answer(e)
	case status >= 100:
		c.progress(e)
	}
}

// answersInvite reports whether a response is to the INVITE of the attempt:
// by its From tag or, of elements that do not keep that, by its branch.
func (c *callMachine) answersInvite(e *event) bool {
	return e.number == c.number && (e.message.FromTag == c.fromTag || c.branchOf(e) != nil)
}

// answersEarlier reports whether a 2xx is to an INVITE that the caller did not
// wait for: some send one after another, to cancel all but the fastest.
func (c *callMachine) answersEarlier(e *event) bool {
	return e.message.StatusCode/100 == 2 && c.setup() && e.number < c.number && e.number >= c.lowest && e.message.FromTag == c.fromTag
}

// adopt begins with a response whose INVITE was not captured.
func (c *callMachine) adopt(e *event) {
	c.attempts = max(c.attempts, 1)
	c.number, c.fromTag, c.callerTag = e.number, e.message.FromTag, e.message.FromTag
	c.caller, c.callee, c.known = e.message.Dst, e.message.Src, true
	c.branches = nil
	c.reopen(e)
	c.lastInvite = 0
	c.flags |= flagNoRequestSeen
	c.tell(e, Step{Kind: StepInviteNotSeen})
}

// followDialog keeps the dialogs by the responses of all hops: each branch of
// a fork is one.
func (c *callMachine) followDialog(e *event) {
	m := e.message
	switch {
	case m.StatusCode == 199:
		c.dialogs.endEarly(m.ToTag)
	case m.StatusCode > 100 && m.StatusCode < 200:
		c.dialogs.early(m.FromTag, m.ToTag)
		if e.rseq != 0 && len(c.reliable) < maxReliable {
			c.reliable = append(c.reliable, reliable{e.rseq, e.number})
		}
	case m.StatusCode >= 200 && m.StatusCode < 300:
		c.dialogs.confirm(m.FromTag, m.ToTag)
	case m.StatusCode >= 300 && m.ToTag != "":
		c.dialogs.endEarly(m.ToTag)
	}
}

// progress takes a provisional response.
func (c *callMachine) progress(e *event) {
	if !c.pending() {
		return
	}
	status := e.message.StatusCode
	if c.state == StateTimeout {
		c.reopen(e)
	}
	c.tellProgress(e)
	c.provoked = true
	if status > 100 && c.progressed == 0 {
		c.progressed = e.nanos
	}
	if status >= 180 && status <= 183 {
		c.alert(e)
	}
	if status == 180 && c.ringing == 0 {
		c.ringing = e.nanos
	}
	if status == 181 {
		c.flags |= flagForwarded
	}
	c.state = c.provisionalState(status, e.message.SDP != nil)
	if c.state == StateEarly {
		c.flags |= flagEarlyMedia
	}
}

// alert notes the first response that tells the caller something (spec §4.3).
func (c *callMachine) alert(e *event) {
	if c.alerted == 0 {
		c.alerted = e.nanos
	}
}

// asksAgain reports whether a final response only wants the INVITE to be sent
// again, with credentials or a longer interval.
func asksAgain(status int) bool { return status == 401 || status == 407 || status == 422 }

// provisionalState is the state after a 1xx (spec §3.6). Ringing and early
// media are not lost again to a response that says less.
func (c *callMachine) provisionalState(status int, sdp bool) State {
	switch {
	case sdp && status > 100:
		return StateEarly
	case status == 180:
		return StateRinging
	case c.state == StateRinging || c.state == StateEarly:
		return c.state
	case status == 182 || c.state == StateQueued:
		return StateQueued
	}
	return StateTrying
}

// answer takes a 2xx.
func (c *callMachine) answer(e *event) {
	if c.up() || c.over() {
		if c.answered != 0 && e.message.ToTag != c.calleeTag && len(c.answers) < maxHops {
			if !slices.Contains(c.answers, e.message.ToTag) {
				c.tellAnsweredAlso(e)
			}
			c.flags |= flagMultiple2xx
			c.answers = append(c.answers, e.message.ToTag)
		}
		return
	}
	if c.state == StateCancelling || c.state == StateCancelled {
		c.flags |= flagGlareCancel
	}
	c.flags &^= flagNoResponse | flagStuckEarly | flagCancelNotSeen | flagCancelUnanswered
	c.state, c.answered, c.repeated = StateAnswered, e.nanos, e.nanos
	c.ended, c.endedBy, c.cause = 0, "", ""
	c.calleeTag, c.answerFrame = e.message.ToTag, e.frame
	if c.progressed == 0 {
		c.progressed = e.nanos
	}
	c.alert(e)
	c.ringEnded = e.nanos
	c.decide(e)
	c.cause = "" // a Reason in the 2xx ends nothing
	c.media.answers(e)
	c.tellAnswer(e)
	c.refresh(e)
}

// failure takes a final response that is not a 2xx.
func (c *callMachine) failure(e *event) {
	if b := c.branchOf(e); b != nil {
		b.final = e
		if c.forked(b) {
			return
		}
		e = c.best(b)
	}
	if c.state == StateCancelling {
		c.alert(e)
		c.ringEnded = c.cancelled
		c.decide(e)
		c.tell(e, Step{Kind: StepCancelled, By: sideNamed(c.endedBy), Status: uint16(e.message.StatusCode)})
		c.finish(StateCancelled, e.nanos, c.endedBy)
		return
	}
	if !c.pending() {
		return
	}
	if !asksAgain(e.message.StatusCode) {
		c.alert(e)
	}
	c.decide(e)
	c.final, c.ringEnded = e.nanos, e.nanos
	c.flags &^= flagNoResponse | flagStuckEarly
	if b := c.branchOf(e); b != nil {
		b.said = true
	}
	c.tellFailure(e)
	c.refuse(e)
}

// forked reports whether another branch of the same fork is still pending.
func (c *callMachine) forked(of *branch) bool {
	for i := range c.branches {
		if b := &c.branches[i]; b.final == nil && b.beside(of) {
			return true
		}
	}
	return false
}

// best is the response that the proxy passes on when all branches failed:
// 6xx first, else the lowest class (RFC 3261 §16.7), at the time of the last.
func (c *callMachine) best(of *branch) *event {
	best := of.final
	for i := range c.branches {
		b := &c.branches[i]
		if b.beside(of) && better(b.final.message.StatusCode, best.message.StatusCode) {
			best = b.final
		}
	}
	if best == of.final {
		return best
	}
	chosen := *best
	chosen.nanos = of.final.nanos
	return &chosen
}

func (b *branch) beside(o *branch) bool { return b.vias == o.vias && b.source == o.source }

func better(status, than int) bool {
	if status/100 == 6 || than/100 == 6 {
		return status/100 == 6 && than/100 != 6
	}
	return status/100 < than/100
}

// refuse sets the state for a final response (spec §3.6).
func (c *callMachine) refuse(e *event) {
	status := e.message.StatusCode
	switch {
	case asksAgain(status):
		c.state = StateAuth
		return
	case status < 400:
		c.state = StateRedirected
		return
	case status == 488 || status == 606:
		c.flags |= flagMediaRejected
	case status == 487:
		c.flags |= flagCancelNotSeen
	}
	c.finish(c.failedState(status, e.nanos), e.nanos, refusedBy(status))
}

func (c *callMachine) failedState(status int, nanos int64) State {
	switch status {
	case 486, 600:
		return StateBusy
	case 403, 603, 607, 608, 488, 606, 433, 436, 437, 438:
		return StateRejected
	case 408, 480:
		if c.ringing != 0 && nanos-c.ringing >= realRinging {
			return StateNoAnswer
		}
	case 487:
		return StateCancelled
	}
	return StateFailed
}

// refusedBy tells the answers that a person or a phone gives from those that
// servers give.
func refusedBy(status int) string {
	switch status {
	case 480, 486, 488, 600, 603, 606, 607, 433:
		return byCallee
	case 487:
		return byCaller
	}
	return byNetwork
}
