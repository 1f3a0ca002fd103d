package b2bua

import (
	"fmt"
	"slices"
)

// A path is one end-to-end call while it is being written.
type path struct {
	*network
	s      *Scene
	number int
	helper Helper

	caller, callee number
	ids            [2]string // of RFC 7989: of the caller, of the callee
	legs           []*leg    // from the caller to the callee; forks are apart
}

// How often things happen.
const (
	fromCompany  = 0.30 // the caller shows the main number of a company
	toHotline    = 0.25 // many call the same number at a time
	anonymous    = 0.05 // no caller number in From
	translated   = 0.08 // the last leg goes to a number of its own
	toPhone      = 0.35 // the last leg goes to a telephone with a short number
	lookedUp     = 0.06 // a host asks a data base before it goes on
	rejected     = 0.08 // besides: the border controller refuses
	answeredByIt = 0.05 // besides: the PBX answers by itself
	rerouted     = 0.02 // the first gateway is out of order
	forked       = 0.02 // two telephones ring
	redialled    = 0.06 // the caller tries again soon after a failure
	twins        = 0.01 // another call between the same numbers at the same time
)

// hop makes the next leg of a call, sent at a time. The hosts are its own.
func (p *path) hop(from, to *host, nanos int64) *leg {
	l := &leg{n: p.network, s: p.s, from: from, to: to, callID: from.callID(p.r, from),
		fromTag: hexes(p.r, 10), toTag: hexes(p.r, 10), forwards: from.hops, invited: nanos}
	l.media = [2]int{from.port(), to.port()}
	l.callee = p.callee.in(from.style)
	l.request = l.callee
	l.caller = fmt.Sprintf("<%s>", l.uri(p.caller.in(from.style), from))
	if p.helper == SessionID {
		l.helper = "Session-ID: " + p.ids[0] + ";remote=" + p.ids[1] + "\r\n"
		l.answerHelper = "Session-ID: " + p.ids[1] + ";remote=" + p.ids[0] + "\r\n"
	}
	p.s.Calls[l.callID] = p.number
	return l
}

// hide takes the caller's number from From; hosts that trust each other say it
// in another header.
func (p *path) hide(l *leg, trusted bool) {
	shown := p.caller.in(l.from.style)
	l.caller = `"Anonymous" <sip:anonymous@anonymous.invalid>`
	l.extra += "Privacy: id\r\n"
	if trusted {
		l.extra += fmt.Sprintf("P-Asserted-Identity: <sip:%s@%s>\r\n", shown, l.from.addr.Addr())
	}
}

// follows names the leg before where the hosts do so, and counts hops.
func (p *path) follows(l, before *leg) {
	if p.helper == XCID {
		l.extra += "X-CID: " + before.callID + "\r\n"
	}
	if l.from.reduces {
		l.forwards = before.forwards - 1
	}
}

// think is how long a host takes until the next leg begins.
func (p *path) think(median int64) int64 {
	if p.chance(lookedUp) {
		return p.about(350*ms, 0.5)
	}
	return p.about(median, 0.7)
}

// write makes a call that begins at a time, over border controller and PBX,
// and returns when the caller might try again: 0 when there is no reason to.
func (p *path) write(nanos int64) (again int64) {
	hidden := p.chance(anonymous)
	carrier := pick(p.r, p.carriers)
	outside := p.borders[0]
	if p.chance(0.15) {
		outside = p.borders[1]
	}
	a := p.hop(carrier, outside[0], nanos)
	switch {
	case hidden:
		p.hide(a, true)
	case p.chance(0.7):
		a.extra += fmt.Sprintf("P-Asserted-Identity: <sip:%s@%s;user=phone>\r\n", p.caller.in(carrier.style), carrier.addr.Addr())
	}
	a.invite(nanos)
	p.legs = []*leg{a}
	if p.chance(rejected / (1 + rejected + answeredByIt)) {
		return p.refuse()
	}
	nanos += p.think(8 * ms)
	b := p.hop(outside[1], p.pbx, nanos)
	if hidden {
		p.hide(b, p.chance(0.5))
	}
	p.follows(b, a)
	b.invite(nanos)
	p.legs = append(p.legs, b)
	if p.chance(answeredByIt) {
		p.answer(nanos + p.about(120*ms, 0.5))
		return 0
	}
	return p.deliver(nanos+p.think(25*ms), hidden)
}

// refuse is a border controller that does not pass the call on.
func (p *path) refuse() int64 {
	a := p.legs[0]
	code := pick(p.r, []int{403, 404, 488, 503})
	end := a.invited + p.about(15*ms, 0.7)
	a.fail(end, code, reasonOf(code))
	return end
}

// last makes the last leg.
func (p *path) last(to *host, nanos int64, hidden bool) *leg {
	l := p.hop(p.pbx, to, nanos)
	if hidden {
		p.hide(l, false)
	}
	p.follows(l, p.legs[1])
	return l
}

// deliver goes on from the PBX.
func (p *path) deliver(nanos int64, hidden bool) int64 {
	phone := p.chance(toPhone)
	to := pick(p.r, p.gateways)
	if phone {
		to = pick(p.r, p.phones)
	}
	c := p.last(to, nanos, hidden)
	switch {
	case p.chance(translated):
		agent := pick(p.r, p.lines)
		c.callee = agent.in(p.pbx.style)
		c.request = c.callee
	case phone:
		local := p.callee.local
		c.request = local[len(local)-4:]
		if p.chance(0.5) {
			c.callee = c.request
		}
	}
	c.invite(nanos)
	if !phone && p.chance(rerouted) {
		end := nanos + p.about(40*ms, 0.7)
		c.fail(end, 503, reasonOf(503))
		nanos = end + p.about(20*ms, 0.7)
		again := p.last(pick(p.r, p.gateways), nanos, hidden)
		again.callee, again.request = c.callee, c.request
		again.invite(nanos)
		c = again
	}
	p.legs = append(p.legs, c)
	if phone && p.chance(forked/toPhone) {
		return p.fork(hidden)
	}
	return p.outcome(nil)
}

// fork rings a second telephone, which loses.
func (p *path) fork(hidden bool) int64 {
	c := p.legs[2]
	nanos := c.invited + p.about(3*ms, 0.5)
	d := p.last(pick(p.r, p.phones), nanos, hidden)
	d.callee, d.request = c.callee, c.request
	d.invite(nanos)
	d.respond(nanos+p.about(400*ms, 0.5), 180, "Ringing", false)
	return p.outcome(d)
}

// outcome lets the callee ring, answer, refuse or be given up.
func (p *path) outcome(fork *leg) (again int64) {
	rings := p.legs[len(p.legs)-1].invited + p.about(600*ms, 0.8)
	early := p.chance(0.3)
	end := rings + 300*ms + p.about(7*second, 0.7)
	dice := p.r.Float64()
	if fork != nil {
		defer func() { fork.cancel(end + p.about(10*ms, 0.5)) }()
	}
	switch {
	case dice < 0.09: // busy at once
		end = p.legs[len(p.legs)-1].invited + p.about(120*ms, 0.6)
		p.back(end, p.failure(486))
		return end
	case dice < 0.13:
		end = p.legs[len(p.legs)-1].invited + p.about(60*ms, 0.8)
		p.back(end, p.failure(pick(p.r, []int{404, 480, 503})))
		return end
	}
	p.back(rings, func(l *leg, at int64) {
		if early {
			l.respond(at, 183, "Session Progress", true)
		} else {
			l.respond(at, 180, "Ringing", false)
		}
	})
	switch {
	case dice < 0.28:
		p.giveUp(end)
		return end
	case dice < 0.32:
		p.back(end, p.failure(480))
		return end
	}
	p.answer(end)
	return 0
}

// back runs something on each leg from the callee's to the caller's, with the
// time that the hosts between them take.
func (p *path) back(nanos int64, do func(l *leg, at int64)) (last int64) {
	for _, l := range slices.Backward(p.legs) {
		do(l, nanos)
		last = nanos
		nanos += p.about(4*ms, 0.8)
	}
	return last
}

// failure answers with a code; the border controller has words of its own for
// some of them.
func (p *path) failure(code int) func(l *leg, at int64) {
	return func(l *leg, at int64) {
		if code == 503 && l == p.legs[0] {
			code = 500
		}
		l.fail(at, code, reasonOf(code))
	}
}

// giveUp is the caller who hangs up while it rings. Each host answers by
// itself before it passes the CANCEL on.
func (p *path) giveUp(nanos int64) {
	for _, l := range p.legs {
		l.cancel(nanos)
		nanos += p.about(4*ms, 0.8)
	}
}

// answer connects the call, and ends it later from one of the sides.
func (p *path) answer(nanos int64) {
	connected := p.back(nanos, func(l *leg, at int64) {
		l.respond(at, 200, "OK", true)
		l.ack(at+p.about(8*ms, 0.6), 200)
	})
	nanos = connected + 500*ms + p.about(40*second, 1)
	byCaller := p.chance(0.55)
	if byCaller {
		for _, l := range p.legs {
			l.bye(nanos, true)
			nanos += p.about(4*ms, 0.8)
		}
		return
	}
	p.back(nanos, func(l *leg, at int64) { l.bye(at, false) })
}

func reasonOf(code int) string {
	return map[int]string{403: "Forbidden", 404: "Not Found", 480: "Temporarily Unavailable", 486: "Busy Here",
		488: "Not Acceptable Here", 500: "Server Internal Error", 503: "Service Unavailable"}[code]
}
