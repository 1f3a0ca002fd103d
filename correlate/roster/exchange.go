package roster

import (
	"cmp"
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// An exchange is a request with its final response, on the hop where it was
// seen first (spec §9.13).
type exchange struct {
	call    *correlate.Call
	request *correlate.Message // nil when only the response was seen
	final   *correlate.Message // nil while there is none
	method  string
	number  uint32
	copies  int // retransmissions of the request
	hidden  bool
	further netip.AddrPort // where the last forwarded copy went
}

// lead is the request, or the response while there is none.
func (x *exchange) lead() *correlate.Message {
	if x.request != nil {
		return x.request
	}
	return x.final
}

func (x *exchange) at() int64 { return x.lead().Nanos }

// ends are the client and the server of the exchange.
func (x *exchange) ends() (client, server netip.AddrPort) {
	if x.request != nil {
		return x.request.Src, x.request.Dst
	}
	return x.final.Dst, x.final.Src
}

// delay is from the request to the final response, -1 when one is not there.
func (x *exchange) delay() int64 {
	if x.request == nil || x.final == nil {
		return -1
	}
	return max(x.final.Nanos-x.request.Nanos, 0)
}

// status is that of the final response, 0 when there is none.
func (x *exchange) status() int {
	if x.final == nil {
		return 0
	}
	return x.final.StatusCode
}

// unanswered says how an exchange without final response stands: Pending
// while its time has not run out, Unknown when the answer may have gone where
// the capture does not see it.
func (x *exchange) unanswered(now int64) State {
	switch {
	case now < x.at()+timeout:
		return Pending
	case x.hidden:
		return Unknown
	}
	return NoReply
}

// frames are those of the request and of the final response.
func (x *exchange) frames(list []int, left *int) []int {
	for _, m := range [...]*correlate.Message{x.request, x.final} {
		if m != nil {
			list = tail(list, m.Frame, maxFrames, left)
		}
	}
	return list
}

// callIn adds the call to a list, when it is not the one that was added last.
func (x *exchange) callIn(list []*correlate.Call) []*correlate.Call {
	if n := len(list); n > 0 && list[n-1] == x.call {
		return list
	}
	return tail(list, x.call, maxFrames, new(int))
}

// earlier orders exchanges by time.
func earlier(a, b *exchange) int {
	return cmp.Or(cmp.Compare(a.at(), b.at()), cmp.Compare(a.lead().Frame, b.lead().Frame))
}

// A transaction is the key of an exchange on one link; a hop is the key of the
// same request on all of them.
type transaction struct {
	hop
	branch string
	link   link
}

type hop struct {
	method, fromTag string
	number          uint32
}

// A collector goes through the calls once and keeps their exchanges by method.
type collector struct {
	now    int64
	hidden map[link]bool

	register, options, publish, message []*exchange

	subscriptions []*Subscription
	unsolicited   map[unsolicitedKey]*Subscription
	omitted       int

	// Of one call.
	open    map[transaction]*exchange
	first   map[hop]*exchange
	latest  *exchange   // that began with a request
	notices []*exchange // SUBSCRIBE, NOTIFY and REFER

	parsed sip.Message
}

// parse reads a message. The result is good until the next call; its strings
// are for good.
func (c *collector) parse(m *correlate.Message) *sip.Message {
	m.SIPInto(&c.parsed)
	return &c.parsed
}

// concerns reports whether a method is one of spec §3.7.
func concerns(method string) bool {
	switch method {
	case "REGISTER", "OPTIONS", "SUBSCRIBE", "NOTIFY", "PUBLISH", "MESSAGE", "REFER", "BENOTIFY":
		return true
	}
	return false
}

func (c *collector) call(call *correlate.Call) {
	clear(c.open)
	clear(c.first)
	c.notices = c.notices[:0]
	for _, m := range call.Messages() {
		method := m.Method
		if method == "" {
			method = m.CSeq.Method
		}
		switch {
		case m.Duplicate:
		case concerns(method):
			c.take(call, m, method)
		case method == "":
			c.bare(m)
		}
	}
	c.latest = nil
	if len(c.notices) > 0 {
		c.subscribe(call)
	}
}

// bare takes a response that does not say what it answers: the latest request
// the other way, if that has no answer yet.
func (c *collector) bare(m *correlate.Message) {
	if x := c.latest; x != nil && x.final == nil && m.StatusCode >= 200 && x.request.Src == m.Dst && x.request.Dst == m.Src {
		x.final = m
	}
}

// take files a message under its exchange.
func (c *collector) take(call *correlate.Call, m *correlate.Message, method string) {
	key := transaction{hop: hop{method: method, fromTag: m.FromTag, number: m.CSeq.Number}, branch: m.Branch, link: linkOf(m.Src.Addr(), m.Dst.Addr())}
	x := c.open[key]
	switch {
	case m.Method != "" && x != nil && x.request != nil && !x.over(m):
		x.copies++
	case m.Method != "":
		c.begin(key, &exchange{call: call, request: m, method: method, number: m.CSeq.Number})
	case m.StatusCode < 200: // provisional, or no number of a response
	case x != nil && x.final == nil:
		x.final = m
	case x == nil:
		c.begin(key, &exchange{call: call, final: m, method: method, number: m.CSeq.Number})
	}
}

// over reports whether a request is a new one, although it looks like this
// one: monitors exist that send the same message again and again, and programs
// that give their requests no branch.
func (x *exchange) over(m *correlate.Message) bool {
	switch {
	case x.final == nil:
		return m.Nanos > x.at()+linger
	case m.Branch == "" && m.Text() != x.request.Text():
		return true
	}
	return m.Nanos > x.final.Nanos+linger
}

// begin files a new exchange, unless it is another hop of one that is there.
func (c *collector) begin(key transaction, x *exchange) {
	if c.open == nil {
		c.open, c.first = make(map[transaction]*exchange), make(map[hop]*exchange)
	}
	c.open[key] = x
	if x.request != nil {
		c.latest = x
	}
	x.hidden = c.hidden[key.link]
	if x.method == "OPTIONS" { // each hop is a trunk by itself
		c.options = append(c.options, x)
		return
	}
	group := key.hop
	if before := c.first[group]; before != nil && before.sameRequest(x) {
		before.join(x)
		return
	}
	c.first[group] = x
	c.keep(x)
}

// sameRequest reports whether x is the same request on another way.
func (x *exchange) sameRequest(other *exchange) bool {
	client, server := x.ends()
	c, s := other.ends()
	return (client != c || server != s) && other.at()-x.at() < timeout
}

// join takes what another hop of the same request adds. A response alone is
// one that came back on another way.
func (x *exchange) join(other *exchange) {
	switch {
	case other.request != nil:
		x.further = other.request.Dst
	case x.final == nil:
		x.final = other.final
	}
}

func (c *collector) keep(x *exchange) {
	switch x.method {
	case "REGISTER":
		c.register = append(c.register, x)
	case "PUBLISH":
		c.publish = append(c.publish, x)
	case "MESSAGE":
		c.message = append(c.message, x)
	default:
		c.notices = append(c.notices, x)
	}
}

// inOrder sorts exchanges, which mostly are in order already.
func inOrder(list []*exchange) []*exchange {
	slices.SortStableFunc(list, earlier)
	return list
}
