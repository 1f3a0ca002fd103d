package gen

import (
	"math/rand/v2"
	"time"
)

// An outcome is how a call ends; the order is that of Mix.weights.
type outcome int

const (
	answered outcome = iota
	challenged
	busy
	cancelled
	noAnswer
	rejected
	failed
	timeout
	moved
	outcomes
)

// A plan is when things happen in a call, from its first INVITE on.
type plan struct {
	outcome  outcome
	status   int // of the failure
	reason   string
	ring     time.Duration
	final    time.Duration
	talk     time.Duration
	byCallee bool
	again    bool // the first INVITE is sent twice
}

// A step is one message on the wire.
type step struct {
	at      time.Duration
	up      bool   // from the caller to the callee
	method  string // of the request, or of the request it responds to
	status  int    // 0 for a request
	reason  string
	cseq    uint32
	branch  uint32 // which transaction
	sdp     bool
	auth    bool // the request carries credentials
	repeat  bool // a retransmission of the message before
	hold    bool // over TCP it may wait for the next one, where that does not change how the call is seen to end
	toTag   bool
	talking bool // the audio starts here
}

const (
	answerDelay   = 30 * time.Millisecond // from a request to its response
	ackDelay      = 15 * time.Millisecond
	challengeTime = answerDelay + 2*ackDelay // from the challenged INVITE to the next one
	t1            = 500 * time.Millisecond   // RFC 3261 §17.1.1.1
)

// newPlan throws the dice for one call.
func newPlan(o *Options, r *rand.Rand, udp bool) plan {
	p := plan{outcome: pick(o.Mix, r), ring: 120 * time.Millisecond, byCallee: r.IntN(2) == 0}
	p.final = p.ring + about(o.Ring, r)
	p.talk = about(o.Length, r)
	p.again = udp && o.Legs == 1 && p.outcome != timeout && r.Float64() < o.Retransmit
	switch p.outcome {
	case busy:
		p.status, p.reason, p.final = 486, "Busy Here", p.ring
	case cancelled:
		p.status, p.reason = 487, "Request Terminated"
	case noAnswer:
		p.status, p.reason, p.final = 480, "Temporarily Unavailable", p.final+time.Second
	case rejected:
		p.status, p.reason = 603, "Decline"
	case moved:
		p.status, p.reason, p.final = 302, "Moved Temporarily", p.ring
	case failed:
		p.status, p.reason, p.final = 404, "Not Found", p.ring
		if r.IntN(2) == 0 {
			p.status, p.reason = 503, "Service Unavailable"
		}
	}
	return p
}

// about returns a duration up to a fifth longer or shorter than d.
func about(d time.Duration, r *rand.Rand) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*r.Float64())).Truncate(time.Microsecond)
}

func pick(m Mix, r *rand.Rand) outcome {
	n := r.IntN(m.total())
	for i, w := range m.weights() {
		if n < w {
			return outcome(i)
		}
		n -= w
	}
	return answered
}

// state is the name that the report gives to a call that ended like this.
func (o outcome) state() string {
	return [outcomes]string{"completed", "completed", "busy", "cancelled", "no_answer", "rejected", "failed", "timeout", "moved"}[o]
}

// steps writes out the messages of the plan.
func (p *plan) steps(udp bool) []step {
	if p.outcome == timeout {
		return silence(udp)
	}
	var s script
	if p.outcome == challenged {
		s.challenge()
	}
	s.invite(p.outcome == challenged, p.again)
	ring := s.begun + p.ring
	if p.outcome != busy && p.outcome != failed && p.outcome != moved {
		s.add(step{at: ring, method: "INVITE", status: 180, reason: "Ringing", toTag: true, hold: p.outcome != noAnswer})
	}
	final := s.begun + p.final
	switch p.outcome {
	case answered, challenged:
		s.talk(final, p.talk, p.byCallee)
	case cancelled:
		s.cancel(final)
	default:
		s.refuse(final, p.status, p.reason)
	}
	return s.steps
}

// A script collects steps.
type script struct {
	steps  []step
	begun  time.Duration // when the INVITE was sent that counts
	cseq   uint32
	branch uint32
}

// add appends a step of the running transaction.
func (s *script) add(n step) {
	n.cseq, n.branch = s.cseq, s.branch
	s.steps = append(s.steps, n)
}

func (s *script) request(n step) {
	s.branch++
	n.up = n.up || n.method != "BYE"
	s.add(n)
}

func (s *script) challenge() {
	s.cseq = 1
	s.request(step{method: "INVITE", sdp: true})
	s.add(step{at: answerDelay, method: "INVITE", status: 407, reason: "Proxy Authentication Required", toTag: true})
	s.add(step{at: answerDelay + ackDelay, up: true, method: "ACK", toTag: true})
	s.begun = challengeTime
}

// invite adds the INVITE and 100; again makes the 100 late and the INVITE come twice.
func (s *script) invite(auth, again bool) {
	s.cseq++
	first := step{at: s.begun, method: "INVITE", sdp: true, auth: auth}
	s.request(first)
	if again {
		first.at += t1
		first.up, first.repeat = true, true
		s.add(first)
		s.begun += t1
	}
	s.add(step{at: s.begun + answerDelay, method: "INVITE", status: 100, reason: "Trying", hold: true})
}

func (s *script) talk(final, length time.Duration, byCallee bool) {
	s.add(step{at: final, method: "INVITE", status: 200, reason: "OK", sdp: true, toTag: true})
	s.request(step{at: final + ackDelay, method: "ACK", toTag: true, talking: true})
	bye := final + ackDelay + length
	s.cseq++
	s.request(step{at: bye, up: !byCallee, method: "BYE", toTag: true})
	s.add(step{at: bye + answerDelay, up: byCallee, method: "BYE", status: 200, reason: "OK", toTag: true})
}

func (s *script) cancel(at time.Duration) {
	s.add(step{at: at, up: true, method: "CANCEL"})
	s.add(step{at: at + answerDelay, method: "CANCEL", status: 200, reason: "OK", toTag: true})
	s.refuse(at+answerDelay+time.Millisecond, 487, "Request Terminated")
}

// refuse ends the call; the ACK belongs to the INVITE transaction (RFC 3261 §17.1.1.3).
func (s *script) refuse(at time.Duration, status int, reason string) {
	s.add(step{at: at, method: "INVITE", status: status, reason: reason, toTag: true})
	s.add(step{at: at + ackDelay, up: true, method: "ACK", toTag: true})
}

// silence is an INVITE that nobody answers: seven copies over UDP (RFC 3261
// §17.1.1.2, timer A doubling until timer B ends it), one over TCP.
func silence(udp bool) []step {
	var s script
	s.invite(false, false)
	s.steps = s.steps[:1]
	if udp {
		for at, wait := t1, 2*t1; at < 64*t1; at, wait = at+wait, 2*wait {
			again := s.steps[0]
			again.at, again.repeat = at, true
			s.steps = append(s.steps, again)
		}
	}
	return s.steps
}

// registration is REGISTER, challenged once, then accepted or refused.
func registration(status int, reason string) []step {
	var s script
	s.cseq = 1
	s.request(step{method: "REGISTER"})
	s.add(step{at: answerDelay, method: "REGISTER", status: 401, reason: "Unauthorized", toTag: true})
	s.cseq = 2
	s.request(step{at: answerDelay + ackDelay, method: "REGISTER", auth: true})
	s.add(step{at: 2*answerDelay + ackDelay, method: "REGISTER", status: status, reason: reason, toTag: true})
	return s.steps
}
