package correlate

import (
	"net/netip"
	"slices"
	"strings"

	"sipsniff/decode/sdp"
)

// following is the working memory of a call: what it takes to go on when
// another message comes.
type following struct {
	events []event // in time order
	late   late    // those that came out of order since the run was done last

	// What does not depend on the order of the messages.
	hops    hopTable
	kind    exchangeKind
	lead    int  // place in events of the first request, of the first message while there is none
	led     bool // there is a request
	invites bool // there is an INVITE without To tag, a response to an INVITE, or a BYE
	bodies  bodyCache

	run   run
	stale bool         // the run has to be done again from the start
	spare *callMachine // of a call before, empty; nil when there is none
}

// asked is what is kept of a request to know its response by.
type asked struct {
	method string
	number uint32
	from   netip.AddrPort
	serial uint64 // counts requests, without retransmissions
}

// A run is one pass of a state machine over the events.
type run struct {
	done            int // events that were taken
	machine         stateMachine
	dialogs         dialogTable
	seen            hashTable[sightings]
	transactions    transactionTable
	distinct        int // messages and retransmissions
	retransmissions int
	duplicates      int
	modified        bool
	request         asked // latest, for responses that do not say what they answer
}

// add files an event at its place in time. When that is in front of others,
// the run has to be done again; but after messages were dropped it cannot be,
// and events count in the order in which they come.
func (r *callRecord) add(e event) {
	if r.isLate(&e) {
		r.addLate(e)
		return
	}
	at := len(r.events)
	for at > 0 && r.precedes(&e, &r.events[at-1]) && !r.dropped {
		at--
	}
	r.stale = r.stale || at < len(r.events) || r.undoes(&e)
	if len(r.events) > 0 && at <= r.lead {
		r.lead++
	}
	r.events = slices.Insert(r.events, at, e)
	r.latest = max(r.latest, e.nanos)
	if e.message != nil {
		r.leading(e.message, at)
		r.learn(&r.events[at])
	}
}

// undoes reports whether an event is from before the latest timer of the machine
// ran out, which changes everything after it. One that live comes from long
// before that came after a clock was set back.
func (r *callRecord) undoes(e *event) bool {
	c, ok := r.run.machine.(*callMachine)
	return ok && e.nanos < c.fired && !(r.live && apart(c.fired, e.nanos))
}

// leading keeps the place of the first request, or of the first message while
// there is no request.
func (r *callRecord) leading(m *Message, at int) {
	request := m.Method != ""
	if len(r.events) == 1 || request && (!r.led || at < r.lead) || !request && !r.led && at < r.lead {
		r.lead, r.led = at, request
	}
}

// learn keeps what is true of the call whatever the order of its messages.
func (r *callRecord) learn(e *event) {
	m := e.message
	if e.method == "INVITE" && (m.Method == "" || m.ToTag == "") || e.method == "BYE" {
		r.invites = true
	}
	switch r.hops.learn(e) {
	case judgeAll:
		r.stale = true
	case judgeHop:
		r.stale = r.stale || r.others(e)
	}
	if kind := r.kindNow(); kind != r.kind || r.run.machine == nil {
		r.kind, r.stale = kind, true
	}
}

// others reports whether other events were seen on the hop of e.
func (r *callRecord) others(e *event) bool {
	for i := range r.events {
		if o := &r.events[i]; o != e && o.message != nil && o.hop == e.hop {
			return true
		}
	}
	return false
}

// kindNow tells by the first request, or by the first response while there
// is no request, which machine follows the call. An INVITE makes any exchange
// a call.
func (r *callRecord) kindNow() exchangeKind {
	if r.invites {
		return kindCall
	}
	lead := r.leader()
	first := lead.message
	switch lead.method {
	case "REGISTER":
		return kindRegistration
	case "SUBSCRIBE", "NOTIFY":
		return kindSubscription
	case "INVITE", "ACK", "BYE", "CANCEL", "PRACK":
		return kindCall
	case "UPDATE", "INFO", "REFER":
		if first.ToTag != "" {
			return kindCall
		}
	}
	return kindOther
}

// settle takes the events that the machine has not seen, all of them again
// when their order changed, and fires the timers up to now.
func (r *callRecord) settle(now int64) {
	r.file()
	if r.stale {
		r.restart()
	}
	for r.run.done < len(r.events) {
		r.take(&r.events[r.run.done])
		r.run.done++
	}
	if r.run.machine != nil {
		r.run.machine.advance(now)
	}
}

// restart forgets the run. The list of messages begins anew as well, because
// the old one is published. After messages were dropped nothing can be done
// again.
func (r *callRecord) restart() {
	r.stale = false
	if r.dropped && r.run.machine != nil {
		return
	}
	before, _ := r.run.machine.(*callMachine)
	r.run = r.run.emptied()
	r.messages = make([]*Message, 0, len(r.events)+4)
	switch {
	case r.kind == kindCall && before != nil:
		r.run.machine = before.restarted()
	case r.kind == kindCall && r.spare != nil:
		r.run.machine, r.spare = r.spare, nil
	case r.kind == kindCall:
		r.run.machine = newCallMachine(&r.hops, &r.run.dialogs)
	default:
		r.run.machine = newExchangeMachine(r.kind, &r.run.dialogs)
	}
}

// take puts one event through classification, transactions and the machine.
func (r *callRecord) take(e *event) {
	u := &r.run
	if e.message == nil {
		u.machine.step(e)
		return
	}
	e.answers(u.request)
	classify(&u.seen, e)
	r.messages = append(r.messages, e.message)
	if e.message.Duplicate {
		u.duplicates++
		return
	}
	if e.verb() != "" && e.verb() != "ACK" && e.verb() != "CANCEL" && !e.message.Retransmission {
		u.request = asked{method: e.method, number: e.number, from: e.message.Src, serial: u.request.serial + 1}
	}
	u.distinct++
	if e.message.Retransmission {
		u.retransmissions++
	}
	if u.transactions.add(e).modified {
		u.modified = true
	}
	u.machine.step(e)
}

// bodyCache keeps the last two descriptions of a call, because every hop and
// every retransmission repeats them.
type bodyCache [2]struct {
	text    string
	session *sdp.Session
}

// parse reads a description, or finds it among the last two. The octets are
// those that it takes anew.
func (c *bodyCache) parse(text string) (s *sdp.Session, octets int) {
	for i := range c {
		if c[i].session != nil && c[i].text == text {
			return c[i].session, 0
		}
	}
	text = strings.Clone(text) // the description outlives the message
	c[1] = c[0]
	c[0].text, c[0].session = text, sdp.Parse(text)
	return c[0].session, sessionSize(c[0].session) + len(text)
}
