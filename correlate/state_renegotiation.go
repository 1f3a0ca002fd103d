package correlate

import (
	"net/netip"

	"sipsniff/decode/sdp"
)

// A renegotiation is a re-INVITE or an UPDATE with an offer.
type renegotiation struct {
	method   string
	number   uint32
	fromTag  string
	hop      uint64
	since    int64
	frame    int
	caller   bool // sent by the caller
	provoked bool
	active   bool
	offer    *sdp.Session // nil when the 2xx makes the offer
	late     *sdp.Session // the offer of the 2xx, answered in the ACK
	others   bool         // it lists other formats than the side did before
	told     bool         // what that offer alone changes was told

	movedFrom, movedTo netip.AddrPort   // valid when the offer moves the media of its side
	places             []netip.AddrPort // where they were
}

// changing reports whether a change has no final response yet.
func (c *callMachine) changing() bool {
	return c.changes[callerSide].pending() || c.changes[calleeSide].pending()
}

// changeOf is the change that an event belongs to, nil when there is none.
func (c *callMachine) changeOf(e *event) *renegotiation {
	for _, r := range c.changes {
		if r != nil && r.of(e) {
			return r
		}
	}
	return nil
}

func (r *renegotiation) pending() bool { return r != nil && r.active }

// renegotiate begins to change the session.
func (c *callMachine) renegotiate(e *event) {
	if !c.up() || c.changeOf(e) != nil {
		return
	}
	c.confirmed = true
	caller := c.fromCaller(e.message)
	r := &renegotiation{
		method: e.method, number: e.number, fromTag: e.message.FromTag, hop: e.hop,
		since: e.nanos, frame: e.frame, caller: caller, active: true, offer: e.message.SDP,
	}
	c.changes[sideIndex(caller)] = r
	c.noteMove(r, caller, r.offer)
	r.others = !c.media.sameFormats(caller, r.offer)
	c.tellGlareRetried(e, r)
	c.state = c.inCallState()
}

// noteMove notes whether the offer of a change moves the media of its side.
func (c *callMachine) noteMove(r *renegotiation, caller bool, offer *sdp.Session) {
	places := c.media.places[sideIndex(caller)]
	if from, to, moved := c.media.moves(caller, offer); moved {
		r.movedFrom, r.movedTo, r.places = from, to, places
	}
}

// of reports whether an event belongs to this change.
func (r *renegotiation) of(e *event) bool {
	return r.method == e.method && r.number == e.number &&
		(r.fromTag == e.message.FromTag || r.hop == e.hop)
}

// renegotiated takes a response to the change: success brings the new media,
// failure leaves the call as it was (RFC 3261 §14.1).
func (c *callMachine) renegotiated(e *event) {
	r := c.changeOf(e)
	status := e.message.StatusCode
	switch {
	case r == nil || !r.active || status < 100:
		return
	case status < 200:
		r.provoked = true
		return
	}
	r.active = false
	switch {
	case status < 300:
		c.accept(e, r)
	case status == 481 || status == 408:
		c.lose(e)
		return
	default:
		c.tellRefused(e, r)
	}
	if c.up() {
		c.state = c.inCallState()
	}
}

// accept takes the 2xx to a change.
func (c *callMachine) accept(e *event, r *renegotiation) {
	defer c.refresh(e) // what the timer tells comes last
	if r.offer != nil {
		c.apply(e, r, r.caller, r.offer, e.message.SDP)
		return
	}
	r.late = e.message.SDP
	if r.late == nil {
		c.tell(e, Step{Kind: StepRefreshed, By: c.sideOf(r), Frames: [2]int{r.frame, 0}})
		return
	}
	c.noteMove(r, !r.caller, r.late)
	r.told = c.applyHold(e, r, !r.caller, r.late, nil)
}

// lateAnswer takes the ACK that answers the offer of a 2xx.
func (c *callMachine) lateAnswer(e *event) {
	r := c.changes[sideIndex(c.fromCaller(e.message))]
	if r == nil || r.late == nil || e.message.SDP == nil || r.number != e.number || !c.up() {
		return
	}
	c.apply(e, r, !r.caller, r.late, e.message.SDP)
	r.late = nil
	c.state = c.inCallState()
}
