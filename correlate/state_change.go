package correlate

import (
	"net/netip"

	"sipsniff/decode/sdp"
)

// This file tells what a re-INVITE or an UPDATE meant.

// sideOf is who asked for a change.
func (c *callMachine) sideOf(r *renegotiation) Side {
	if r.caller {
		return SideCaller
	}
	return SideCallee
}

// apply takes an accepted offer with its answer, nil when it was not seen,
// and tells everything that it changes.
func (c *callMachine) apply(e *event, r *renegotiation, callerOffers bool, offer, answer *sdp.Session) {
	known := c.media.now.known
	told := c.applyHold(e, r, callerOffers, offer, answer) || r.told
	fax := c.media.now.fax()
	told = c.tellChange(e, r, agree(offer, answer)) || told
	if moved := c.tellMoved(e, r, callerOffers, answer, fax == c.media.now.fax()); moved {
		told = true
	}
	if told {
		return
	}
	kind := StepRefreshed
	if !known || r.others {
		kind = StepRenegotiated
	}
	c.tell(e, Step{Kind: kind, By: c.sideOf(r), Frames: [2]int{r.frame, 0}, More: r.method})
}

// tellMoved tells of media that are wanted at another address. The switch to
// fax and back brings a port of its own and tells enough.
func (c *callMachine) tellMoved(e *event, r *renegotiation, callerOffers bool, answer *sdp.Session, loud bool) (told bool) {
	offerer := SideCallee
	if callerOffers {
		offerer = SideCaller
	}
	tell := func(by Side, from, to netip.AddrPort) {
		if told = told || loud; !loud {
			return
		}
		c.tell(e, Step{Kind: StepMediaMoved, By: by, Frames: [2]int{r.frame, 0}, Detail: to.String(), More: from.String()})
	}
	if r.movedTo.IsValid() {
		tell(offerer, r.movedFrom, r.movedTo)
	}
	if from, to, moved := c.media.moves(!callerOffers, answer); moved {
		tell(offerer.other(), from, to)
	}
	return told
}

// applyHold keeps who holds whom and tells what changed.
func (c *callMachine) applyHold(e *event, r *renegotiation, callerOffers bool, offer, answer *sdp.Session) (told bool) {
	before := c.hold
	c.hold.negotiate(callerOffers, offer, answer)
	for _, side := range [...]Side{c.sideOf(r), c.sideOf(r).other()} {
		i := sideIndex(side == SideCaller)
		if c.hold[i] == before[i] {
			continue
		}
		told = true
		if c.hold[i] {
			own := offer
			if callerOffers != (side == SideCaller) {
				own = answer
			}
			c.beginHold(e, r, side, holdMethod(own))
		} else {
			c.endHold(e, r, side)
		}
	}
	return told
}

func (c *callMachine) beginHold(e *event, r *renegotiation, by Side, method string) {
	c.tell(e, Step{Kind: StepHold, By: by, Detail: method, Frames: [2]int{r.frame, 0}})
	if len(c.holds) < maxHolds {
		c.holds = append(c.holds, Hold{By: by, Method: method, From: e.nanos, Frames: [2]int{r.frame, 0}})
	}
}

func (c *callMachine) endHold(e *event, r *renegotiation, by Side) {
	s := Step{Kind: StepResume, By: by, Frames: [2]int{r.frame, 0}}
	for i := len(c.holds) - 1; i >= 0; i-- {
		if h := &c.holds[i]; h.By == by && h.To == 0 {
			h.To, h.Frames[1] = e.nanos, r.frame
			s.Value = h.To - h.From
			break
		}
	}
	c.tell(e, s)
}

// closeHolds ends the list of an earlier call under the Call-ID.
func (c *callMachine) closeHolds(nanos int64) {
	for i := range c.holds {
		if c.holds[i].To == 0 {
			c.holds[i].To = nanos
		}
	}
}

// tellRefused tells of a change that was refused.
func (c *callMachine) tellRefused(e *event, r *renegotiation) {
	status := e.message.StatusCode
	s := Step{
		Kind: StepRenegotiationRefused, By: c.sideOf(r).other(), Status: uint16(status),
		Frames: [2]int{r.frame, 0}, Detail: e.message.Reason, More: r.method,
	}
	if r.movedTo.IsValid() {
		c.media.places[sideIndex(r.caller)] = r.places
	}
	switch {
	case status == 401 || status == 407:
		s.Kind, s.By, s.Detail = StepChallenged, SideNetwork, ""
	case status == 491:
		c.glared[sideIndex(r.caller)] = e.nanos
		s.Kind, s.By, s.Detail = StepGlare, c.sideOf(r), ""
	case c.asksFax(r):
		s.Kind = StepFaxRefused
	}
	c.tell(e, s)
}

func (c *callMachine) asksFax(r *renegotiation) bool {
	wanted := agree(r.offer, nil)
	return wanted.fax() && !c.media.now.fax()
}

// glareRetry is how long after a 491 a change counts as its retry: 4 s at
// most, and some time on the way (RFC 3261 §14.1).
const glareRetry = 6 * second

func (c *callMachine) tellGlareRetried(e *event, r *renegotiation) {
	at := &c.glared[sideIndex(r.caller)]
	if *at != 0 && e.nanos-*at <= glareRetry {
		c.tell(e, Step{Kind: StepGlareRetried, By: c.sideOf(r), Value: e.nanos - *at, More: r.method})
	}
	*at = 0
}
