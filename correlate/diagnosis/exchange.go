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

// exchangeKey tells the exchanges of a call apart.
type exchangeKey struct {
	client, server netip.AddrPort
	branch, method string
	number         uint32
}

// maxExchanges bounds the exchanges of one call.
const maxExchanges = 5000

// Exchanges are the transactions of the call in the order of their first
// messages; packets captured twice are left out.
func (c *Case) Exchanges() []*Exchange {
	if c.listed {
		return c.exchanges
	}
	c.listed = true
	index := make(map[exchangeKey]*Exchange)
	for _, m := range c.Call.Messages {
		if m.Duplicate {
			continue
		}
		key := keyOf(m)
		x := index[key]
		if x == nil {
			if m.Method == "ACK" {
				if x = index[key.ofInvite()]; x != nil && x.Status() >= 300 {
					x.ACK = m
					continue
				}
				x = nil
			}
			if len(c.exchanges) == maxExchanges {
				continue
			}
			x = &Exchange{Method: key.method, Number: key.number, Branch: key.branch, Client: key.client, Server: key.server}
			index[key] = x
			c.exchanges = append(c.exchanges, x)
		}
		x.add(m)
	}
	return c.exchanges
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
	key := exchangeKey{client: m.Src, server: m.Dst, branch: m.Branch, method: m.CSeq.Method, number: m.CSeq.Number}
	if m.Method == "" {
		key.client, key.server = m.Dst, m.Src
	} else {
		key.method = m.Method
	}
	return key
}

func (k exchangeKey) ofInvite() exchangeKey {
	k.method = "INVITE"
	return k
}
