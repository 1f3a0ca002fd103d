package diagnosis

import (
	"fmt"
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/amount"
)

// trunkRules are about peers that are asked whether they are there.
func trunkRules() []*Rule {
	return []*Rule{{
		Code: "INF-01", Name: "trunk-down", Title: "A trunk or server does not answer",
		Severity: correlate.Critical, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses,
		Graded:     "proven when it answers 503 or 408, or when ICMP says that nobody is there",
		Means:      "As many OPTIONS outside of calls in a row have no answer from a destination, or an OPTIONS is answered 503 or 408. One that answers again later is told of as past.",
		Advice:     "Check whether the peer runs and listens, the route to it and the firewalls, and whether calls to it still work.",
		Thresholds: []Threshold{{"unanswered", 3, "", "OPTIONS in a row without an answer"}, {"wait", 32, "s", "that an answer is waited for"}},
		References: []string{"RFC 3261 §11"},
		Survey:     trunksDown,
	}}
}

// A trunk is a destination that is asked, and who asks. Connections have a
// new port each time, so the port of who asks does not count.
type trunk struct {
	from      netip.Addr
	to        netip.AddrPort
	transport decode.Transport
}

// trunkState is what is known of one.
type trunkState struct {
	missed  []*correlate.Message // unanswered in a row
	refused *correlate.Message   // 503 or 408, the first of a row
	worst   []*correlate.Message // the longest row
	network *correlate.NetworkError
	back    *correlate.Message // that answered after the row
	calls   map[int]bool
	asked   int
}

// trunksDown is INF-01.
func trunksDown(s *Survey) {
	states := make(map[trunk]*trunkState)
	var order []trunk
	wait := int64(s.Number("wait") * 1e9)
	for _, c := range s.Calls {
		if c.Method != "OPTIONS" {
			continue
		}
		for _, p := range pingsOf(c) {
			key := trunk{p.request.Src.Addr(), p.request.Dst, p.request.Transport}
			st := states[key]
			if st == nil {
				st = &trunkState{calls: make(map[int]bool)}
				states[key] = st
				order = append(order, key)
			}
			st.take(s, c, &p, wait)
		}
	}
	for _, key := range order {
		s.trunkDown(key, states[key])
	}
}

// A ping is one OPTIONS outside of a dialog, and its final response.
type ping struct{ request, final *correlate.Message }

func pingsOf(c *correlate.Call) (list []ping) {
	for _, m := range c.Messages() {
		switch {
		case m.First != nil || m.CSeq.Method != "OPTIONS":
		case m.Method != "" && m.ToTag == "":
			list = append(list, ping{request: m})
		case m.StatusCode >= 200:
			for i := len(list) - 1; i >= 0; i-- {
				if p := &list[i]; p.final == nil && p.request.Branch == m.Branch && p.request.CSeq.Number == m.CSeq.Number && p.request.Src == m.Dst {
					p.final = m
					break
				}
			}
		}
	}
	return list
}

func (st *trunkState) take(s *Survey, c *correlate.Call, p *ping, wait int64) {
	st.asked++
	switch {
	case p.final == nil && s.Now-p.request.Nanos < wait && !notDelivered(c):
		return // it may still come
	case p.final == nil:
		st.missed = append(st.missed, p.request)
		st.calls[c.Index] = true
		if len(st.missed) > len(st.worst) {
			st.worst, st.back = st.missed, nil
		}
		if st.network == nil && len(c.NetworkErrors) > 0 {
			st.network = &c.NetworkErrors[0]
		}
	case p.final.StatusCode == 503 || p.final.StatusCode == 408:
		if st.refused == nil {
			st.refused = p.final
		}
		st.calls[c.Index] = true
		st.missed, st.back = nil, nil
	default:
		if st.back == nil && (len(st.worst) > 0 || st.refused != nil) {
			st.back = p.final
		}
		st.missed = nil
	}
}

func notDelivered(c *correlate.Call) bool {
	for i := range c.NetworkErrors {
		if c.NetworkErrors[i].Unreachable {
			return true
		}
	}
	return false
}

// trunkDown says what is to be said of one trunk.
func (s *Survey) trunkDown(key trunk, st *trunkState) {
	silent := float64(len(st.worst)) >= s.Number("unanswered")
	if !silent && st.refused == nil {
		return
	}
	until := ""
	if st.back != nil {
		until = fmt.Sprintf(" It answered again later (frame %d).", st.back.Frame)
	}
	var d *Draft
	if silent {
		d = s.Find("%s did not answer %s in a row from %s.%s", key.to, amount.Of(len(st.worst), "OPTIONS request"), key.from, until)
		for _, m := range st.worst {
			d.Message(m, "OPTIONS to %s, no answer", m.Dst)
		}
		if st.network != nil {
			d.Confidence = correlate.Proven
			d.Explanation += fmt.Sprintf(" %s says %s.", st.network.From, st.network.Text())
			d.Frame(st.network.Frames[0], st.network.First, "ICMP: %s", st.network.Text())
		} else {
			d.Absent(key.to.Addr(), key.from, st.worst[0].Nanos)
		}
		d.Count = len(st.worst)
	} else {
		d = s.Find("%s answered OPTIONS from %s with %d %s: it is there, but takes no calls.%s", key.to, key.from, st.refused.StatusCode, st.refused.Reason, until)
		d.Message(st.refused, "%d %s", st.refused.StatusCode, st.refused.Reason)
		d.Confidence, d.Count = correlate.Proven, len(st.calls)
	}
	if st.back != nil {
		d.Severity = correlate.Error
	}
	d.About = key.to.String()
	d.Involve(sortedKeys(st.calls)...)
}
