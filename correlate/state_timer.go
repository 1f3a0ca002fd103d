package correlate

// mediaGone is how long no RTP must be seen before a call counts as silent;
// idleCall how long no SIP when there is no session timer (spec §3.6).
const (
	mediaGone = 300 * second
	idleCall  = 4 * 3600 * second
)

// legDelay is how long a BYE may take from one leg to the next.
const legDelay = second / 2

const (
	redirectWait = 10 * second  // how long a new INVITE may follow a 3xx
	silentSetup  = 300 * second // timer C and a margin
)

// timer is a moment and what happens then.
type timer struct {
	at   int64 // Unix ns
	fire func(*callMachine, int64)
}

func (c *callMachine) advance(now int64) {
	for {
		t := c.next()
		if t.fire == nil || t.at > now {
			return
		}
		c.fired = t.at
		t.fire(c, t.at)
	}
}

// next is the timer of the present state; its fire is nil when there is none.
func (c *callMachine) next() timer {
	switch c.state {
	case StateNew, StateTrying, StateRinging, StateEarly, StateQueued:
		if c.provoked || c.lastInvite == 0 {
			return timer{c.last + silentSetup, (*callMachine).stuck}
		}
		return timer{c.lastInvite + timeout64T1, (*callMachine).unanswered}
	case StateAuth:
		return timer{c.final + timeout64T1, (*callMachine).unauthorized}
	case StateRedirected:
		return timer{c.final + redirectWait, (*callMachine).moved}
	case StateCancelling:
		return timer{c.cancelled + timeout64T1, (*callMachine).cancelUnanswered}
	case StateEnding:
		return timer{c.ended + timeout64T1, (*callMachine).byeUnanswered}
	case StateAnswered:
		if c.unacknowledged() {
			return timer{max(c.answered+answerGivenUp, c.repeated), (*callMachine).neverAcknowledged}
		}
	}
	if c.distant != nil && c.up() {
		return timer{c.distant.nanos + legDelay, (*callMachine).distantBye}
	}
	if c.changing() && c.up() {
		return c.changeTimer()
	}
	return timer{}
}

func (c *callMachine) changeTimer() timer {
	var first timer
	for _, r := range c.changes {
		if r == nil {
			continue
		}
		wait := timeout64T1
		if r.provoked {
			wait = silentSetup
		}
		if at := r.since + wait; r.active && (first.fire == nil || at < first.at) {
			first = timer{at, func(c *callMachine, nanos int64) { c.changeUnanswered(r, nanos) }}
		}
	}
	return first
}

// changeUnanswered gives a change up that nobody answered.
func (c *callMachine) changeUnanswered(r *renegotiation, nanos int64) {
	r.active = false
	c.story.add(Step{Kind: StepRenegotiationRefused, By: c.sideOf(r).other(), Nanos: nanos, Frames: [2]int{r.frame, 0}, More: r.method})
	c.state = c.inCallState()
}

func (c *callMachine) stuck(nanos int64) {
	c.tellTimer(StepNoFinalResponse, nanos, SideCallee)
	c.flags |= flagStuckEarly
	c.state = StateTimeout
}

func (c *callMachine) unanswered(nanos int64) {
	c.tellTimer(StepNoResponse, nanos, SideCallee)
	c.flags |= flagNoResponse
	c.state = StateTimeout
}

func (c *callMachine) unauthorized(nanos int64) {
	c.tellTimer(StepChallengeGivenUp, nanos, SideCaller)
	if c.finalStatus == 422 {
		c.finish(StateFailed, c.final, byNetwork)
		return
	}
	c.finish(StateAuthFailed, c.final, byNetwork)
}

func (c *callMachine) moved(int64) {
	c.finish(StateMoved, c.final, byNetwork)
}

func (c *callMachine) cancelUnanswered(nanos int64) {
	c.tellTimer(StepCancelUnanswered, nanos, SideCallee)
	c.flags |= flagCancelUnanswered
	c.finish(StateCancelled, c.cancelled, c.endedBy)
}

func (c *callMachine) byeUnanswered(nanos int64) {
	if c.bye.nanos != 0 {
		c.tellTimer(StepByeUnanswered, nanos, sideNamed(c.endedBy).other())
		c.flags |= flagByeUnanswered
	}
	c.finish(StateCompleted, c.ended, c.endedBy)
}

func (c *callMachine) neverAcknowledged(nanos int64) {
	c.tellTimer(StepNotAcknowledged, nanos, SideCaller)
	c.flags |= flagNoAck
	c.finish(StateDropped, 0, "")
}

// deadline is when the outcome changes next if no message comes.
func (c *callMachine) deadline(now int64, m media) int64 {
	at := int64(0)
	if t := c.next(); t.fire != nil {
		at = t.at
	}
	if !c.up() {
		return at
	}
	for _, review := range [...]int64{c.idleSince() + 1, m.last + mediaGone + 1} {
		if review > now && (at == 0 || review < at) {
			at = review
		}
	}
	return at
}

// idleSince is when a call that is up counts as dropped, provided that there
// is no media either: when its session timer ran out (RFC 4028), else after
// hours without a message.
func (c *callMachine) idleSince() int64 {
	if c.interval > 0 {
		return c.refreshed + c.interval
	}
	return c.last + idleCall
}

// outcome adds to the state what only the media, or their absence, tell. That
// is never kept, because the next message may show that the call goes on.
func (c *callMachine) outcome(now int64, m media) outcome {
	o := c.attempt.outcome
	if m.firstCallee != 0 && m.firstCallee >= o.invited && (o.alerted == 0 || m.firstCallee < o.alerted) {
		o.alerted = m.firstCallee // a ringback tone before any response
	}
	switch {
	case c.setup():
		o.earlyMedia(m)
		c.undeliverable(&o, m)
	case c.state == StateTimeout:
		c.undeliverable(&o, m)
	case c.up():
		c.judgeMedia(&o, now, m)
	}
	if c.hold[callerSide] && c.up() {
		o.flags |= flagHoldByCaller
	}
	if c.hold[calleeSide] && c.up() {
		o.flags |= flagHoldByCallee
	}
	if o.answered != 0 && !c.acked && o.state != StateAnswered && o.flags&flagNoAck == 0 {
		o.flags |= flagAckNotSeen
	}
	return o
}

// undeliverable ends an attempt of which ICMP says that nobody is there. Where one
// hop answered, another one that does not is its business.
func (c *callMachine) undeliverable(o *outcome, m media) {
	if c.provoked || o.state != StateNew && o.flags&flagNoResponse == 0 {
		return
	}
	sent := o.invited
	for i := range c.branches {
		sent = max(sent, c.branches[i].told.Sent)
	}
	o.refuse(m, sent)
}

// earlyMedia takes RTP from the callee before the answer for early media.
func (o *outcome) earlyMedia(m media) {
	if m.firstCallee != 0 && m.firstCallee >= o.invited {
		o.state = StateEarly
		o.flags |= flagEarlyMedia
	}
}

func (c *callMachine) judgeMedia(o *outcome, now int64, m media) {
	if o.state == StateAnswered && m.bothWays() {
		o.state = StateInCall
	}
	if m.last != 0 && now-m.last <= mediaGone {
		return
	}
	if now > c.idleSince() {
		o.state = StateDropped
		if c.interval > 0 {
			o.flags |= flagSessionExpired
		} else {
			o.flags |= flagSilent
		}
		return
	}
	if m.bothWays() && now-c.last > mediaGone && c.interval == 0 {
		o.flags |= flagMediaGone
	}
}
