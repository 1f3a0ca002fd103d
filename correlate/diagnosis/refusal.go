package diagnosis

import (
	"sipsniff/correlate"
)

// A requestKey is what the copies of one request on several hops have in
// common.
type requestKey struct {
	method  string
	number  uint32
	fromTag string
}

// Refusals are the exchanges whose final response is one that match wants. Of
// a request that went over several hops, or to several targets, it is the hop
// where that response came first: there it was made.
func (c *Case) Refusals(match func(x *Exchange) bool) []*Exchange {
	var list []*Exchange
	at := make(map[requestKey]int)
	for _, x := range c.Exchanges() {
		if x.Final == nil || x.Status() < 300 || !match(x) {
			continue
		}
		key := requestKey{x.Method, x.Number, x.Final.FromTag}
		i, known := at[key]
		switch {
		case !known:
			at[key] = len(list)
			list = append(list, x)
		case x.Final.Nanos < list[i].Final.Nanos:
			list[i] = x
		}
	}
	return list
}

// Origin is the exchange where the response that decided the call was made:
// the earliest final one with its status. Nil when it was not captured.
func (c *Case) Origin(method string, status int) *Exchange {
	var origin *Exchange
	for _, x := range c.Exchanges() {
		if x.Method == method && x.Status() == status && (origin == nil || x.Final.Nanos <= origin.Final.Nanos) {
			origin = x
		}
	}
	return origin
}

// refusedWith adds a request and what refused it to the evidence.
func (d *Draft) refusedWith(x *Exchange) *Draft {
	if m := x.Request(); m != nil {
		d.Message(m, "%s to %s", m.Method, m.Dst)
	}
	d.Message(x.Final, "%d %s from %s", x.Final.StatusCode, x.Final.Reason, x.Final.Src)
	d.Nanos = x.Final.Nanos
	return d
}

// answered reports whether the call was set up after all.
func (c *Case) answered() bool { return c.Call.Answered != 0 }

// decided reports whether the call is one that an INVITE began and that ended
// without an answer, with the status.
func (c *Case) decided(statuses ...int) bool {
	if c.Call.Method != "INVITE" || c.answered() || !c.Call.State.Terminal() {
		return false
	}
	for _, s := range statuses {
		if c.Call.FinalStatus == s {
			return true
		}
	}
	return false
}

// pairCalls are the first calls between the two ends of a call that an INVITE
// began, as many as are compared.
func (x *sharing) pairCalls(of *correlate.Call) []*correlate.Call {
	x.paired = true
	if x.pairs == nil {
		x.pairs = make(map[way][]*correlate.Call)
		for _, c := range x.snap.Calls {
			if c.Method == "INVITE" {
				w := hostsOf(c)
				if list := x.pairs[w]; len(list) < comparedCalls {
					x.pairs[w] = append(list, c)
				}
			}
		}
	}
	return x.pairs[hostsOf(of)]
}

// A dialler is who makes calls between two hosts.
type dialler struct {
	way
	from string
}

// callsOf are the calls between the two ends of a call that the same caller
// made, in order of time.
func (x *sharing) callsOf(of *correlate.Call) []*correlate.Call {
	x.paired = true
	if x.diallers == nil {
		x.diallers = make(map[dialler][]*correlate.Call)
		for _, c := range x.snap.Calls {
			if c.Method == "INVITE" {
				d := dialler{hostsOf(c), c.From}
				x.diallers[d] = append(x.diallers[d], c)
			}
		}
	}
	return x.diallers[dialler{hostsOf(of), of.From}]
}
