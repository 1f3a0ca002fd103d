package gen

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// An exchange is the signalling of one call leg or registration: an actor
// that walks through its steps.
type exchange struct {
	number  int
	inside  bool // the leg behind a B2BUA
	hidden  bool // the callee is behind NAT
	random  *rand.Rand
	call    *Call
	token   string // makes tags, branches and nonces its own
	from    party
	to      party
	extra   string // header lines in every message
	padding string // header lines that make requests large

	caller, callee           netip.AddrPort
	callerMedia, calleeMedia netip.AddrPort
	codec                    codec
	up, down                 path
	connection               *connection // nil over UDP
	waiting                  []step      // over TCP: written into text, not sent yet
	text                     []byte

	steps []step
	next  int
	began int64
}

// A party is one side of an exchange as it names itself.
type party struct {
	user, display, uri string
}

const (
	maxCalls  = 200_000_000
	hosts     = 250   // of each kind
	portSlots = 12500 // pairs of media ports on each host, before they come again
)

// begin starts exchange n (from 1) at a time: one leg, or two.
func begin(g *generator, n int, at int64) {
	r := g.random(uint64(n))
	udp := r.Float64() >= g.o.TCP
	v6 := r.Float64() < g.o.IPv6
	registers := r.Float64() < g.o.RegisterShare
	p := newPlan(&g.o, r, udp)
	x := newExchange(g, n, r, udp, v6)
	if registers {
		x.register(g.o.RegisterFail)
		g.enter(x, at)
		return
	}
	if g.o.Legs == 2 {
		b, later := x.outbound(g, p)
		g.enter(b, at+int64(later))
	}
	x.invite(p)
	g.enter(x, at)
}

// enter puts an exchange on the time line.
func (g *generator) enter(x *exchange, at int64) {
	x.began = at
	x.call.open = 1
	g.start(x, at)
}

func newExchange(g *generator, n int, r *rand.Rand, udp, v6 bool) *exchange {
	x := &exchange{number: n, random: r, hidden: g.o.OneWay && !v6, codec: g.codecOf(n), token: fmt.Sprintf("%07x%08x", n, r.Uint32())}
	x.from, x.to = newParty(n, r.IntN(len(names))), newParty(n+500_000_000, r.IntN(len(names)))
	if g.o.Evil {
		x.extra = makeEvil(x, n)
	}
	if r.Float64() < g.o.Large {
		x.padding = strings.Repeat("X-Padding: "+strings.Repeat("0123456789", 9)+"\r\n", 25)
	}
	h, slot := (n-1)%hosts, uint16((n-1)/hosts%portSlots)
	x.connect(g, address(v6, callers, h), address(v6, callees, h), 10_000+2*slot, 10_000+2*slot, udp)
	return x
}

// connect settles who talks to whom, over what.
func (x *exchange) connect(g *generator, caller, callee netip.Addr, callerPort, calleePort uint16, udp bool) {
	x.caller, x.callee = netip.AddrPortFrom(caller, 5060), netip.AddrPortFrom(callee, 5060)
	x.callerMedia, x.calleeMedia = netip.AddrPortFrom(caller, callerPort), netip.AddrPortFrom(callee, calleePort)
	transport := "udp"
	if !udp {
		transport = "tcp"
		x.caller = netip.AddrPortFrom(caller, uint16(20_000+(x.number*7+len(x.token))%40_000))
	}
	x.up = path{source: x.caller, destination: x.callee, vlan: g.o.VLAN, id: x.random.Uint32(), flow: x.random.Uint32()}
	x.down = x.up.reversed()
	if !udp {
		x.connection = newConnection(x)
	}
	x.call = &Call{
		CallID: x.token + "@" + domain, Transport: transport, From: x.from.uri, To: x.to.uri,
		Source: x.caller.String(), Destination: x.callee.String(),
	}
}

func (x *exchange) invite(p plan) {
	x.call.Method, x.call.State, x.call.FinalStatus = "INVITE", p.outcome.state(), p.status
	x.steps = p.steps(x.connection == nil)
	if p.outcome <= challenged {
		x.call.FinalStatus, x.call.EndedBy = 200, "caller"
		if p.byCallee {
			x.call.EndedBy = "callee"
		}
	}
}

func (x *exchange) register(fail float64) {
	x.call.Method, x.call.State, x.call.FinalStatus = "REGISTER", "registered", 200
	x.to = x.from
	x.call.To = x.to.uri
	x.steps = registration(200, "OK")
	if fail > 0 && x.random.Float64() < fail {
		x.call.State, x.call.FinalStatus = "failed", 403
		x.steps = registration(403, "Forbidden")
	}
}

// outbound makes the leg from the B2BUA to the callee out of the leg from
// the caller, which from then on ends at the B2BUA, and tells how much later
// it begins.
func (x *exchange) outbound(g *generator, p plan) (*exchange, time.Duration) {
	udp := x.connection == nil
	v6 := x.caller.Addr().Is6()
	h := (x.number - 1) % hosts
	slot := x.callerMedia.Port()
	middle, far := address(v6, exchanges, h), x.callee.Addr()
	b := &exchange{number: x.number, inside: true, random: g.random(1<<40 + uint64(x.number)), codec: x.codec, token: x.token + "2", from: x.from, to: x.to, extra: x.extra}
	b.connect(g, middle, far, slot+25_000, slot, udp)
	x.connect(g, x.caller.Addr(), middle, slot, slot, udp)
	x.call.Legs, b.call.Legs = []string{b.call.CallID}, []string{x.call.CallID}
	later := ackDelay
	if p.outcome == challenged { // by the B2BUA, before it goes on
		p.outcome = answered
		later += challengeTime
	}
	b.invite(p.inside())
	return b, later
}

// inside is the plan of the leg behind a B2BUA, which begins 15 ms later: what
// the callee does is seen there 10 ms earlier, what the caller does 15 ms later.
func (p plan) inside() plan {
	const earlier = 25 * time.Millisecond
	p.ring -= earlier
	if p.outcome != cancelled {
		p.final -= earlier
	}
	if p.byCallee {
		p.talk -= 5 * time.Millisecond
	} else {
		p.talk += earlier
	}
	return p
}

// act sends the next message; over TCP it opens the connection before the
// first one and closes it after the last one.
func (x *exchange) act(g *generator, now int64) (int64, error) {
	if x.connection != nil && !x.connection.open {
		return now + int64(handshakeTime), x.connection.handshake(g, now)
	}
	if x.next == len(x.steps) { // only a connection has something left to do
		if err := x.connection.close(g, now); err != nil {
			return 0, err
		}
		return done, g.release(x.call)
	}
	s := x.steps[x.next]
	x.next++
	if err := x.send(g, now, s); err != nil {
		return 0, err
	}
	if s.talking {
		x.answer(g, now)
	}
	switch {
	case x.next < len(x.steps):
		return x.time(x.steps[x.next].at), nil
	case x.connection != nil:
		return now + int64(closeDelay), nil
	}
	return done, g.release(x.call)
}

func (x *exchange) time(at time.Duration) int64 {
	if x.connection != nil {
		at += handshakeTime
	}
	return x.began + int64(at)
}

// send puts the message of a step on the wire and into the truth.
func (x *exchange) send(g *generator, now int64, s step) error {
	if x.connection != nil {
		return x.stream(g, now, s)
	}
	g.scratch = x.message(g.scratch[:0], s)
	at, copies, err := x.datagram(g, now, s, g.scratch)
	x.count(g, at, s, copies)
	return err
}

// stream sends the message of a step over TCP, or keeps it back to go out
// together with the next one.
func (x *exchange) stream(g *generator, now int64, s step) error {
	x.waiting = append(x.waiting, s)
	x.text = x.message(x.text, s)
	if s.hold && x.next < len(x.steps) && x.steps[x.next].up == s.up && x.random.Float64() < g.o.Coalesce {
		return nil
	}
	at, err := x.connection.send(g, now, s.up, x.text)
	for _, w := range x.waiting {
		x.count(g, at, w, 0)
	}
	x.waiting, x.text = x.waiting[:0], x.text[:0]
	return err
}

func (x *exchange) count(g *generator, at int64, s step, copies int) {
	c, t := x.call, &g.truth.Totals
	if c.Messages == 0 {
		c.Started = moment(at)
	}
	if c.Answered.IsZero() && s.method == "INVITE" && s.status == 200 {
		c.Answered = moment(at)
	}
	c.Ended = moment(at)
	c.Messages++
	c.Duplicates += copies
	if s.repeat {
		c.Retransmissions++
	}
	if g.o.Log {
		c.Log = append(c.Log, Message{At: moment(at), FromCaller: s.up, Method: s.method, CSeq: s.cseq, Status: s.status, Again: s.repeat})
	}
	n := uint64(1 + copies)
	t.SIPMessages += n
	t.Transports[c.Transport] += n
	if s.status == 0 {
		t.Methods[s.method] += n
	} else {
		t.Responses[strconv.Itoa(s.status)] += n
	}
}

// datagram sends a message in one UDP packet, or in fragments.
func (x *exchange) datagram(g *generator, now int64, s step, text []byte) (int64, int, error) {
	p := &x.down
	if s.up {
		p = &x.up
	}
	if p.ipHeaderLength()+8+len(text) > g.o.MTU {
		return x.fragmented(g, now, p, text)
	}
	b := p.appendEthernet(nil)
	b = p.appendIP(b, 8+len(text), protocolUDP, dscpSignal)
	b = p.appendUDP(b, text)
	return g.writeUDP(now, b, x.random)
}

// fragmented sends a message in several packets; of every fourth the last
// comes first. The message is there when its last piece is.
func (x *exchange) fragmented(g *generator, now int64, p *path, text []byte) (int64, int, error) {
	frames := p.fragments(p.appendUDP(nil, text), protocolUDP, dscpSignal, g.o.MTU)
	if x.random.IntN(4) == 0 {
		last := len(frames) - 1
		frames[0], frames[last] = frames[last], frames[0]
	}
	g.truth.Totals.FragmentedPDUs++
	g.truth.Totals.Fragments += uint64(len(frames))
	at := now
	for _, f := range frames {
		var err error
		if at, err = g.write(at+3000, f); err != nil {
			return at, 0, err
		}
	}
	return at, 0, nil
}

// answer starts the audio both ways; it stops before the BYE.
func (x *exchange) answer(g *generator, now int64) {
	if g.o.NoMedia {
		return
	}
	length := x.time(x.steps[x.next].at) - now
	a := newStream(g, x, true, now, length)
	b := newStream(g, x, false, now, length)
	a.peer, b.peer = b, a
	heard := []*stream{a, b}
	if x.hidden {
		heard = heard[:1]
	}
	for _, s := range heard {
		x.call.open++
		x.call.Streams = append(x.call.Streams, s.truth)
		g.start(s, s.first)
		if g.o.RTCP {
			x.call.open++
			g.start(&reporter{stream: s, call: x.call, end: now + length}, s.first+int64(reportInterval)/2)
		}
	}
}
