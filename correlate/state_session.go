package correlate

// This file is the lower half of the table in spec §3.6: what happens inside
// an answered call, and its end.

// A session is what may change while a call is up.
type session struct {
	partial      bool              // the capture began inside the call
	confirmed    bool              // the ACK came, or something that only follows it
	changes      [2]*renegotiation // by who asks, nil while nobody did
	media        mediaState
	hold         holdSides
	transferring bool
	refer        refer
	refreshed    int64 // Unix ns, latest refresh of the session timer
	interval     int64 // ns, Session-Expires of that refresh; 0 when there is no timer
	toldInterval int32 // s, the latest that the story has
	requests     requestRing
	glared       [2]int64 // Unix ns, when a change of each side met one of the other
}

type refer struct {
	number uint32
	noSub  bool
}

// The sides as indices of holdSides.
const (
	callerSide = 0
	calleeSide = 1
)

// midCall begins with a message inside a dialog whose start was not captured.
// Who is the caller is not known; the sender of the first message stands in.
// Requests that also stand alone say nothing of a call.
func (c *callMachine) midCall(e *event) {
	m := e.message
	switch e.method {
	case "REGISTER", "OPTIONS", "MESSAGE", "PUBLISH", "SUBSCRIBE":
		return
	}
	if m.Method == "" && m.ToTag == "" {
		return
	}
	c.attempts = 1
	c.state, c.partial = StatePartialInCall, true
	c.callerTag, c.calleeTag, c.fromTag = m.FromTag, m.ToTag, m.FromTag
	c.caller, c.callee = m.Src, m.Dst
	if m.Method == "" {
		c.caller, c.callee = m.Dst, m.Src
		c.flags |= flagNoRequestSeen
	}
	c.dialogs.confirm(m.FromTag, m.ToTag)
	c.tell(e, Step{Kind: StepBeganBefore})
}

// through notes that the caller knows of the answer.
func (c *callMachine) through() {
	c.confirmed = true
	c.state = c.inCallState()
}

// inCallState is the state of a call that is up, with what is going on in it.
func (c *callMachine) inCallState() State {
	switch {
	case c.partial:
		return StatePartialInCall
	case c.changing():
		return StateRenegotiating
	case c.transferring:
		return StateTransferring
	case c.hold[callerSide] || c.hold[calleeSide]:
		return StateHold
	case c.confirmed:
		return StateInCall
	}
	return StateAnswered
}

// reinvite takes an INVITE inside a dialog. A few clients keep the To tag of
// the challenge in the INVITE that answers it.
func (c *callMachine) reinvite(e *event) {
	switch {
	case c.state == StateUnknown:
		c.midCall(e)
	case c.state == StateAuth || c.state == StateRedirected:
		c.retry(e)
		return
	case c.pending() && e.number > c.number && c.fromCaller(e.message):
		c.assumeAnswer(e)
	case c.lost():
		c.revive(e)
	}
	c.renegotiate(e)
}

// refresh notes the session timer that a 2xx agrees on (RFC 4028 §9).
func (c *callMachine) refresh(e *event) {
	c.refreshed, c.interval = e.nanos, int64(e.sessionExpires)*second
	c.tellSessionTimer(e)
}

// inDialog takes the requests that change no state, or only for a while.
func (c *callMachine) inDialog(e *event) {
	m := e.message
	if m.ToTag == "" {
		return // not of this dialog
	}
	switch {
	case c.state == StateUnknown:
		c.midCall(e)
	case c.lost():
		c.revive(e)
	}
	_, first := c.requests.take(e, c.sender(m))
	switch e.verb() {
	case "PRACK":
		c.prack(e)
		return
	case "UPDATE":
		if m.SDP != nil {
			c.renegotiate(e)
		}
		return
	case "REFER":
		c.transferring = c.up()
		c.refer = refer{number: e.number, noSub: e.noReferSub}
		if first {
			c.askTransfer(e)
		}
	case "NOTIFY":
		c.transferProgress(e, first)
	case "INFO":
		if few := e.few(); first {
			s := few.infoStep()
			s.By = c.sender(m)
			c.tell(e, s)
		}
	}
	if c.state == StateAnswered && c.fromCaller(m) {
		c.confirmed = true // only a caller who knows of the answer sends it
	}
	if c.up() {
		c.state = c.inCallState()
	}
}

// prack matches a PRACK with a reliable response by RSeq and CSeq (RFC 3262 §7.2).
func (c *callMachine) prack(e *event) {
	if s := e.message.SDP; s != nil && c.media.offer != nil && c.media.byPeer {
		c.media.acknowledged(e)
	}
	for _, r := range c.reliable {
		if r.rseq == e.rackRSeq && r.number == e.rackCSeq {
			return
		}
	}
	if len(c.reliable) > 0 && len(c.reliable) < maxReliable {
		c.flags |= flagPrackUnmatched
	}
}

// inDialogResponse takes the responses to all but INVITE, CANCEL and BYE.
func (c *callMachine) inDialogResponse(e *event) {
	if c.state == StateUnknown {
		c.midCall(e)
	}
	status, method := e.message.StatusCode, e.method
	asked := c.requests.answer(e)
	if c.changeOf(e) != nil {
		c.renegotiated(e)
		return
	}
	if asked != nil {
		c.tellResponse(e, asked)
	}
	if !c.up() || status < 200 {
		return
	}
	switch method {
	case "REFER":
		if e.number == c.refer.number {
			c.referred(e)
		}
	case "UPDATE":
		if status < 300 {
			c.refresh(e)
		}
	case "NOTIFY", "SUBSCRIBE", "PRACK":
		return // these end their own usage of the dialog only (RFC 5057 §5)
	}
	if status == 481 || status == 408 {
		c.lose(e)
	}
}

// lose ends a call whose peer does not know it any more (RFC 5057 §5.1).
func (c *callMachine) lose(e *event) {
	if d := c.dialogs.find(e.message.FromTag, e.message.ToTag); d == nil || !c.up() || c.otherTag(e.message) != c.calleeTag {
		return
	}
	c.flags |= flagDialogLost
	c.tell(e, Step{Kind: StepDialogLost, By: c.sender(e.message), Status: uint16(e.message.StatusCode), More: e.method})
	c.finish(StateCompleted, e.nanos, "")
}

// lost reports whether the call ended by lose, and not by a BYE.
func (c *callMachine) lost() bool {
	return c.state == StateCompleted && c.flags&flagDialogLost != 0 && c.bye.nanos == 0
}

// revive takes back what lose did: the dialog is in use again.
func (c *callMachine) revive(e *event) {
	c.flags &^= flagDialogLost
	c.ended = 0
	c.tell(e, Step{Kind: StepDialogGoesOn, By: c.sender(e.message)})
	if d := c.dialogs.find(e.message.FromTag, e.message.ToTag); d != nil {
		d.State = dialogConfirmed
	}
	c.state = c.inCallState()
}

// replaced notes that another call took the place of this one (RFC 3891).
func (c *callMachine) replaced(e *event) {
	if !c.up() {
		return
	}
	c.flags |= flagReplaced
	c.tell(e, Step{Kind: StepReplaced, Detail: e.uri})
	c.state, c.ended, c.endedBy = StateEnding, e.nanos, ""
}
