package correlate

import (
	"net/netip"
	"slices"
)

// This file is the upper half of the table in spec §3.6: from the INVITE to
// its final response.

const (
	redirectWait = 10 * second  // how long a new INVITE may follow a 3xx
	silentSetup  = 300 * second // timer C and a margin
	realRinging  = 1 * second   // ringing shorter than this is no "no answer"
)

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
func (c *callMachine) begin(e *event) {
	flags := c.flags & flagSerialAttempt
	c.attempts++
	c.attempt = attempt{outcome: outcome{flags: flags, invited: e.nanos}}
	c.caller, c.callee, c.known = e.message.Src, e.message.Dst, true
	c.start(e)
}

// again starts another attempt after one that is over.
func (c *callMachine) again(e *event) {
	serial := c.answered == 0 && e.message.FromTag == c.fromTag
	c.begin(e)
	if serial {
		c.flags |= flagSerialAttempt
	} else {
		c.flags |= flagCallIDReuse
	}
}

// retry goes on with the same attempt (spec §4.1).
func (c *callMachine) retry(e *event) {
	c.branches = nil
	c.start(e)
}

// start is what begin and retry share: a new INVITE on its way.
func (c *callMachine) start(e *event) {
	c.number, c.fromTag, c.callerTag = e.number, e.message.FromTag, e.message.FromTag
	c.credited, c.progressed = e.nanos, 0
	c.flags &^= flagFinalNotSeen
	c.replaces = e.replaces
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
		c.branches = append(c.branches, branch{key: e.hop, vias: e.vias, source: requestSource(e.message)})
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

// inviteResponse takes a response to an INVITE that is not a re-INVITE.
func (c *callMachine) inviteResponse(e *event) {
	c.followDialog(e)
	switch {
	case c.state == StateUnknown:
		c.adopt(e)
	case e.number > c.number && !c.up() && !c.over():
		c.adopt(e)
	case !c.answersInvite(e) || c.state == StatePartialInCall:
		return
	}
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

// adopt begins with a response whose INVITE was not captured.
func (c *callMachine) adopt(e *event) {
	c.attempts = max(c.attempts, 1)
	c.number, c.fromTag, c.callerTag = e.number, e.message.FromTag, e.message.FromTag
	c.caller, c.callee, c.known = e.message.Dst, e.message.Src, true
	c.branches = nil
	c.reopen(e)
	c.lastInvite = 0
	c.flags |= flagNoRequestSeen
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
	c.provoked = true
	if status > 100 && c.progressed == 0 {
		c.progressed = e.nanos
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
	c.ringEnded = e.nanos
	c.decide(e)
	c.cause = "" // a Reason in the 2xx ends nothing
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
		c.ringEnded = c.cancelled
		c.decide(e)
		c.finish(StateCancelled, e.nanos, c.endedBy)
		return
	}
	if !c.pending() {
		return
	}
	c.decide(e)
	c.final, c.ringEnded = e.nanos, e.nanos
	c.flags &^= flagNoResponse | flagStuckEarly
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
	case status == 401 || status == 407 || status == 422:
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
}

// answeredBranch reports whether a CANCEL comes too late for its own branch.
func (c *callMachine) answeredBranch(e *event) bool {
	b := c.branchOf(e)
	return b != nil && b.final != nil
}

// ack takes an ACK: that to a 2xx puts the call through, that to a failure
// only tells of a response that was not captured. Without unique branches the
// two look alike; then the 2xx is believed.
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
	case c.state == StateAnswered && !slices.Contains(c.answers, e.message.ToTag):
		c.acked = true
		c.through()
	case b != nil && b.final == nil && c.setup() && magicBranch(e.message.Branch):
		c.flags |= flagFinalNotSeen
		c.finish(StateFailed, e.nanos, "")
	case b != nil && b.final == nil && c.state == StateCancelling:
		c.finish(StateCancelled, e.nanos, c.endedBy)
	case c.pending() && (b == nil || !magicBranch(e.message.Branch)):
		c.assumeAnswer(e)
		c.acked = true
	}
}

// assumeAnswer puts the call through when a message proves a 2xx that was not
// captured. When it was answered stays unknown.
func (c *callMachine) assumeAnswer(e *event) {
	c.flags |= flagAnswerNotSeen
	c.flags &^= flagNoResponse | flagStuckEarly
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

// sameLink reports whether a message passed between the two addresses of the
// caller's hop.
func (c *callMachine) sameLink(m *Message) bool {
	a, b := m.Src.Addr(), m.Dst.Addr()
	x, y := c.caller.Addr(), c.callee.Addr()
	return x != netip.Addr{} && (a == x && b == y || a == y && b == x)
}
