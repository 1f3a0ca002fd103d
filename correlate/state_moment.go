package correlate

import "net/netip"

// moments are what only the metrics need of an attempt, beside what its
// states depend on (spec §4.1). Times are Unix ns, 0 unknown.
type moments struct {
	counted      int64 // the INVITE that counts as a request of its own
	from, to     netip.AddrPort
	trying       int64
	indication   int // status of the response that alerted the caller
	described    int64
	decided      int64
	acknowledged int64
	copies       int
	farewell     farewell

	held      int64 // ns on hold, until heldSince
	heldSince int64 // 0 when it is not on hold
}

// A farewell is the BYE of a session with its final response on the same link
// (spec §9.13).
type farewell struct {
	sent, decided int64
	number        uint32
	transaction   uint64
	status        int
	challenged    bool
}

// maxAttempts bounds the attempts that are kept of one call.
const maxAttempts = 1000

// watch notes the times of an event that the machine has taken.
func (c *callMachine) watch(e *event) {
	c.watchHold(e.nanos)
	if c.indication == 0 && c.alerted != 0 && e.message != nil {
		c.indication = e.message.StatusCode
	}
	switch m := e.message; {
	case m == nil:
	case m.Retransmission:
		if e.verb() == "INVITE" && e.number == c.number && c.setup() && !c.provoked && c.hops.counts(e) {
			c.copies++
		}
	case e.verb() == "INVITE":
		if c.counted == 0 && c.invited != 0 && e.number == c.number && c.state == StateNew {
			c.counted, c.from, c.to = e.nanos, m.Src, m.Dst
		}
	case e.verb() == "ACK":
		if c.acked && c.acknowledged == 0 {
			c.acknowledged = e.nanos
		}
	case e.method == "BYE":
		c.watchBye(e)
	case e.method == "INVITE" && m.StatusCode > 0 && m.StatusCode < 200 && c.setup() && c.answersInvite(e) && c.hops.counts(e):
		c.provisional(e)
	}
}

// watchHold adds up the time that either side holds the other: from the 2xx
// that agrees to it, to the one that resumes or to the end.
func (c *callMachine) watchHold(nanos int64) {
	switch holds := c.up() && (c.hold[callerSide] || c.hold[calleeSide]); {
	case holds && c.heldSince == 0:
		c.heldSince = nanos
	case !holds && c.heldSince != 0:
		c.held += nanos - c.heldSince
		c.heldSince = 0
	}
}

// provisional notes the first of each provisional response.
func (m *moments) provisional(e *event) {
	status := e.message.StatusCode
	if status == 100 && m.trying == 0 {
		m.trying = e.nanos
	}
	if status >= 180 && status < 190 && e.message.SDP != nil && m.described == 0 {
		m.described = e.nanos
	}
}

// watchBye notes the BYE that ended the call, in a repeated one that answers
// a challenge, and the response on its link.
func (c *callMachine) watchBye(e *event) {
	f, status := &c.farewell, e.message.StatusCode
	switch {
	case e.verb() == "BYE":
		ends := c.bye.nanos == e.nanos && c.bye.number == e.number
		if ends || f.challenged && e.number > f.number && e.message.FromTag == c.bye.fromTag {
			*f = farewell{sent: e.nanos, number: e.number, transaction: e.transaction}
		}
	case status < 200 || f.status != 0 || f.sent != 0 && e.transaction != f.transaction:
	case status == 401 || status == 407:
		f.challenged = f.sent != 0
	case c.over():
		f.decided, f.status = e.nanos, status
	}
}

// conclude keeps the attempt that is over, before another one begins. After
// glare (491) the other one goes on with it, so its time is returned (spec §4.2).
func (c *callMachine) conclude(serial bool) (invited int64) {
	if serial && c.finalStatus == 491 {
		return c.invited
	}
	c.shelve(c.attemptNow())
	return 0
}

// redirected keeps the attempt that a 3xx ended. The caller still waits, so
// t0 goes to the attempt that follows.
func (c *callMachine) redirected() {
	if c.state != StateRedirected {
		return
	}
	a := c.attemptNow()
	c.shelve(Attempt{
		Source: a.Source, Destination: a.Destination, State: StateMoved, Redirected: true, FinalStatus: a.FinalStatus,
		Counted: a.Counted, Credited: a.Credited, Decided: a.Decided, Ended: a.Decided,
	})
	c.counted, c.alerted, c.indication = 0, 0, 0
}

func (c *callMachine) shelve(a Attempt) {
	if !a.Known() {
		return
	}
	if len(c.past) >= maxAttempts {
		c.pastLost++
		return
	}
	c.past = append(c.past, a)
}

// attemptNow is the attempt as it stands, without what its media tells.
func (c *callMachine) attemptNow() Attempt {
	if c.attempts == 0 || c.partial || c.state == StateUnknown {
		return Attempt{}
	}
	a := Attempt{
		Source: c.from, Destination: c.to, State: c.state, FinalStatus: c.finalStatus,
		Redirected: c.state == StateMoved,
		Answered:   c.answered != 0 || c.finalStatus/100 == 2 || c.flags&flagAnswerNotSeen != 0,
		Repeated:   c.copies,
		Invited:    c.invited, Counted: c.counted, Credited: c.credited, Trying: c.trying, Progressed: c.progressed,
		Alerted: c.alerted, Alert: c.indication, Ringing: c.ringing, RingEnded: c.ringEnded, Described: c.described,
		Connected: c.answered, Acknowledged: c.acknowledged, Cancelled: c.cancelled, Ended: c.ended,
		Bye: c.bye.nanos, ByeStatus: c.farewell.status, ByeCredited: c.farewell.sent, ByeDecided: c.farewell.decided, Held: c.held,
	}
	if c.finalStatus != 0 {
		a.Decided = c.decided
	}
	if c.heldSince != 0 && c.ended > c.heldSince {
		a.Held += c.ended - c.heldSince // a timer ended the call
	}
	if !a.Source.IsValid() {
		a.Source, a.Destination = c.caller, c.callee
	}
	return a
}

// attempts puts the attempts of a call into its Call, which has an outcome.
func (r *callRecord) attempts(c *Call) {
	m, ok := r.run.machine.(*callMachine)
	if !ok {
		return
	}
	c.EarlierAttempts, c.AttemptsLost = m.past[:len(m.past):len(m.past)], m.pastLost
	if c.Attempt = m.attemptNow(); c.Attempt.Known() {
		c.Attempt.State, c.Attempt.Ended = c.State, c.Ended
	}
}

// timeMedia gives an attempt the times of the streams that were not over when
// it began.
func (t *streamTable) timeMedia(callIndex int, a *Attempt) {
	c := t.calls[callIndex]
	if c == nil || !a.Known() {
		return
	}
	a.FirstFromCaller, a.FirstFromCallee, a.LastMedia = 0, 0, 0
	t.settleCall(c)
	for _, f := range c.flows {
		if f.last < a.Invited {
			continue
		}
		first := &a.FirstFromCallee
		if f.fromCaller {
			first = &a.FirstFromCaller
		}
		if *first == 0 || f.first < *first {
			*first = f.first
		}
		a.LastMedia = max(a.LastMedia, f.last)
	}
}
