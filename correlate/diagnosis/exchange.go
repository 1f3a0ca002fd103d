package diagnosis

import (
	"net/netip"

	"sipsniff/correlate"
)

// An Exchange is a request with its copies and responses on one hop: a
// transaction (RFC 3261 §17) as far as it was captured. The ACK to a failure
// is in that of its INVITE, the ACK to a 2xx is one of its own.
type Exchange struct {
	Method         string
	Number         uint32
	Branch         string
	Client, Server netip.AddrPort // who asks, who is asked

	Requests  []*correlate.Message // with retransmissions; empty when only responses were seen
	Responses []*correlate.Message // likewise
	ACK       *correlate.Message   // to a failure
	Final     *correlate.Message   // the first final response, nil when there is none
}

// First is the request, or the first response when it was not captured.
func (x *Exchange) First() *correlate.Message {
	if len(x.Requests) > 0 {
		return x.Requests[0]
	}
	return x.Responses[0]
}

// Request is the request, nil when it was not captured.
func (x *Exchange) Request() *correlate.Message {
	if len(x.Requests) == 0 {
		return nil
	}
	return x.Requests[0]
}

// Status is that of the final response, 0 when there is none.
func (x *Exchange) Status() int {
	if x.Final == nil {
		return 0
	}
	return x.Final.StatusCode
}

// InDialog reports whether the request is within a dialog: it has a To tag.
func (x *Exchange) InDialog() bool { return len(x.Requests) > 0 && x.Requests[0].ToTag != "" }

// exchangeKey tells the exchanges of a call apart. Ports are not in it: a
// response goes to where the Via says, which need not be where the request came
// from.
type exchangeKey struct {
	client, server netip.Addr
	branch, method string
	number         uint32
}

// maxExchanges bounds the exchanges of one call.
const maxExchanges = 2000

// Exchanges are the transactions of the call in the order of their first
// messages; packets captured twice are left out.
func (c *Case) Exchanges() []*Exchange {
	if c.listed {
		return c.exchanges
	}
	c.listed = true
	index := make(map[exchangeKey]*Exchange, len(c.Messages())/2)
	for _, m := range c.Messages() {
		if m.Duplicate {
			continue
		}
		x := c.exchangeOf(index, m)
		if x != nil {
			x.add(m)
		}
	}
	return c.exchanges
}

// exchangeOf finds the exchange of a message, or begins it; nil when there is
// no room for it, or the message is an ACK that was filed.
func (c *Case) exchangeOf(index map[exchangeKey]*Exchange, m *correlate.Message) *Exchange {
	key := keyOf(m)
	if x := index[key]; x != nil {
		return x
	}
	elsewhere := key // a response that came from another address of the server
	elsewhere.server = netip.Addr{}
	switch {
	case m.Method == "ACK":
		invite := key
		invite.method = "INVITE"
		if x := index[invite]; x != nil && x.Status() >= 300 {
			x.ACK = m
			return nil
		}
	case m.Method == "" && m.Branch != "" && index[elsewhere] != nil:
		return index[elsewhere]
	}
	if len(c.exchanges) == maxExchanges {
		return nil
	}
	x := &Exchange{Method: key.method, Number: key.number, Branch: key.branch, Client: m.Src, Server: m.Dst}
	if m.Method == "" {
		x.Client, x.Server = m.Dst, m.Src
	}
	index[key], index[elsewhere] = x, x
	c.exchanges = append(c.exchanges, x)
	return x
}

func (x *Exchange) add(m *correlate.Message) {
	if m.Method != "" {
		x.Requests = append(x.Requests, m)
		return
	}
	x.Responses = append(x.Responses, m)
	if m.StatusCode >= 200 && x.Final == nil {
		x.Final = m
	}
}

func keyOf(m *correlate.Message) exchangeKey {
	key := exchangeKey{client: m.Src.Addr(), server: m.Dst.Addr(), branch: m.Branch, method: m.CSeq.Method, number: m.CSeq.Number}
	if m.Method == "" {
		key.client, key.server = key.server, key.client
	} else {
		key.method = m.Method
	}
	return key
}

// Last is the latest request.
func (x *Exchange) Last() *correlate.Message { return x.Requests[len(x.Requests)-1] }
