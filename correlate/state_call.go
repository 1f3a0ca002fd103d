package correlate

import "net/netip"

// A callMachine is the state machine of spec §3.6 for the calls of one
// Call-ID: one attempt after the other, and in each the INVITE, the session
// and the BYE.
type callMachine struct {
	hops    *hopTable
	dialogs *dialogTable

	attempts int
	past     []Attempt // those before, see conclude; append-only
	pastLost int       // more of them
	attempt

	// What is kept of all attempts.
	story      story
	holds      []Hold
	transfers  []Transfer
	redirects  []Redirect
	diversions []Diversion
	focus      string // URI of the conference that the call is part of
	fired      int64  // Unix ns, latest timer that ran out
}

// An attempt is one try to set up a call. A challenge, a redirection and an
// interval too small are answered within the same attempt.
type attempt struct {
	outcome

	number     uint32 // CSeq of the INVITE
	lowest     uint32 // that of the first one of the attempt
	fromTag    string // From tag of that INVITE
	callerTag  string
	calleeTag  string         // To tag of the 2xx
	decidedTag string         // To tag of the final response that decided
	caller     netip.AddrPort // sender of the INVITE
	callee     netip.AddrPort // where it was sent
	known      bool           // the roles are known, not guessed
	branches   []branch

	lastInvite  int64 // latest copy of the INVITE
	last        int64 // latest message of the call
	final       int64 // time of the final response that is waiting for a retry
	cancelled   int64
	repeated    int64 // latest copy of the 2xx
	bye         bye
	distant     *event // BYE of another leg, while that of ours is not seen
	answerFrame int
	led         string   // Request-URI of the INVITE that followed a redirection
	rang        []string // To tags of 180s
	answers     []string // To tags of further branches that answered
	acked       bool
	provoked    bool   // a provisional response came
	replaces    string // Replaces of the INVITE
	reliable    []reliable

	session
	moments
}

// A branch is one INVITE at one hop with its final response.
type branch struct {
	key    uint64
	vias   uint8
	source netip.AddrPort
	final  *event // nil while it is pending
	told   Branch
	said   bool // the story has its failure
}

// A bye is the first BYE of a call.
type bye struct {
	nanos   int64
	number  uint32
	fromTag string
	near    bool // seen on the caller's link
}

// reliable is a provisional response that wants a PRACK (RFC 3262).
type reliable struct {
	rseq, number uint32
}

// maxReliable bounds the reliable responses that PRACKs are matched with.
const maxReliable = 64

func newCallMachine(hops *hopTable, dialogs *dialogTable) *callMachine {
	return &callMachine{hops: hops, dialogs: dialogs}
}

// restarted forgets everything, to run again from the start.
func (c *callMachine) restarted() *callMachine {
	*c = callMachine{hops: c.hops, dialogs: c.dialogs, story: c.story.emptied()}
	return c
}

// setup reports whether the INVITE has no final response yet.
func (c *callMachine) setup() bool {
	switch c.state {
	case StateNew, StateTrying, StateRinging, StateEarly, StateQueued:
		return true
	}
	return false
}

// pending is setup, also after it was given up for silence: a late message
// takes it up again.
func (c *callMachine) pending() bool { return c.setup() || c.state == StateTimeout }

// up reports whether the call was answered and has not ended.
func (c *callMachine) up() bool {
	switch c.state {
	case StateAnswered, StateInCall, StateHold, StateRenegotiating, StateTransferring, StatePartialInCall:
		return true
	}
	return false
}

// over reports whether the call was up and has ended, or is about to.
func (c *callMachine) over() bool {
	return c.state == StateEnding || c.state == StateCompleted || c.state == StateDropped
}

func (c *callMachine) step(e *event) {
	c.advance(e.nanos)
	m := e.message
	switch {
	case m == nil:
		c.replaced(e)
	case m.Retransmission:
		c.repetition(e)
	case m.Method != "":
		c.request(e)
	default:
		c.response(e)
	}
	if m != nil && !m.Retransmission && !c.foreign(m) {
		c.listen(e)
	}
	c.watch(e)
	c.last = max(c.last, e.nanos)
}

// repetition counts a copy: it changes no state but moves the timers.
func (c *callMachine) repetition(e *event) {
	if e.method != "INVITE" || e.number != c.number {
		return
	}
	if e.verb() == "INVITE" && c.setup() {
		c.lastInvite = e.nanos
	}
	if e.message.StatusCode/100 == 2 && c.state == StateAnswered {
		c.repeated = e.nanos
	}
}

// foreign reports whether a message inside a dialog has the tags of another
// leg: a border controller may keep the Call-ID and change the tags. What it
// passes on of our leg is seen there as well.
func (c *callMachine) foreign(m *Message) bool {
	return c.known && c.callerTag != "" && m.ToTag != "" && m.FromTag != c.callerTag && m.ToTag != c.callerTag
}

func (c *callMachine) request(e *event) {
	foreign := c.foreign(e.message)
	switch e.verb() {
	case "INVITE":
		if e.message.ToTag == "" {
			c.invite(e)
		} else if !foreign || c.state == StateUnknown {
			c.reinvite(e)
		}
	case "ACK":
		c.ack(e)
	case "CANCEL":
		c.cancel(e)
	case "BYE":
		if foreign && c.up() && c.distant == nil {
			c.distant = e
			return
		}
		c.byeRequest(e)
	default:
		if !foreign {
			c.inDialog(e)
		}
	}
}

func (c *callMachine) response(e *event) {
	switch e.method {
	case "INVITE":
		if c.changeOf(e) != nil {
			c.renegotiated(e)
			return
		}
		c.inviteResponse(e)
	case "BYE":
		c.byeResponse(e)
	case "CANCEL":
		c.cancelResponse(e)
	case "ACK":
	default:
		if !c.foreign(e.message) {
			c.inDialogResponse(e)
		}
	}
}

// fromCaller decides by the tags, which tell the sides apart whatever way the
// message took; peers without tags are told by address.
func (c *callMachine) fromCaller(m *Message) bool {
	request := m.Method != ""
	if c.attempts == 0 {
		return request
	}
	if m.FromTag != m.ToTag {
		switch {
		case m.FromTag == c.callerTag:
			return request
		case m.ToTag != "" && m.ToTag == c.callerTag, m.FromTag != "" && m.FromTag == c.calleeTag:
			return !request
		}
	}
	switch {
	case m.Src == c.caller || m.Dst == c.callee:
		return true
	case m.Src == c.callee || m.Dst == c.caller:
		return false
	}
	return request
}

// finish ends the call at a moment; who ended it is told apart from it.
func (c *callMachine) finish(s State, nanos int64, by string) {
	c.state, c.ended, c.endedBy = s, nanos, by
	c.dialogs.endAll()
}

// decide keeps the final response that decided the state.
func (c *callMachine) decide(e *event) {
	c.finalStatus, c.finalReason, c.decided = e.message.StatusCode, e.message.Reason, e.nanos
	c.decidedTag = e.message.ToTag
	c.explain(e)
}

// explain keeps the Reason header of a message that ends the call.
func (c *callMachine) explain(e *event) {
	if e.cause != "" && c.cause == "" {
		c.cause = e.cause
	}
}
