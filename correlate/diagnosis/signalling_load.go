package diagnosis

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func loadRules() []*Rule {
	return []*Rule{{
		Code: "SIG-21", Name: "overload", Title: "The server is too busy",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedResponses, When: TraitFailure,
		Graded: "suspect when many failures or slow answers of a server tell it",
		Means: "503 ends a call or another request; or within a minute more than 5 % of at least 50 calls to one server end with 500 or 480; or of at least 50 calls a minute the slowest 5 % wait longer " +
			"than 0.2 s for their first response, and longer than in the minute before.",
		Advice:     "Look at load and rate limits of the server, and whether it tells its clients to slow down (Retry-After, RFC 7339).",
		References: []string{"RFC 3261 §21.5.4", "RFC 6357", "RFC 7339"},
		Thresholds: []Threshold{
			{"share", 5, "%", "of failures"}, {"calls", 50, "", "in a minute from which a share says something"}, {"delay", 0.2, "s", "that the slowest 5 % wait"},
		},
		Check: unavailable, Survey: overload,
	}, {
		Code: "SIG-25", Name: "retransmission-storm", Title: "Many messages have to be sent again",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitRepeated,
		Means: "More than 10 % retransmissions in at least 100 transactions within a minute between two hosts; or one message was sent more than 7 times (INVITE) or 11 times " +
			"(others), which no timer of the standard does.",
		Advice:     "Tell loss from slowness: do the answers come, but later than 0.5 s after the request?",
		References: []string{"RFC 3261 §17.1"},
		Thresholds: []Threshold{
			{"share", 10, "%", "of retransmissions"}, {"transactions", 100, "", "in a minute from which a share says something"},
			{"invites", 7, "", "copies of an INVITE that are normal"}, {"others", 11, "", "copies of other messages that are normal"},
		},
		Check: tooManyCopies, Survey: retransmissionStorm,
	}}
}

func unavailable(c *Case) {
	for _, x := range c.Refusals(func(x *Exchange) bool { return x.Status() == 503 }) {
		if x.Method == "INVITE" && !x.InDialog() && c.answered() {
			continue // another server took over
		}
		wait := c.Header(x.Final, "Retry-After")
		if wait != "" {
			wait = fmt.Sprintf(" It asks to try again after %s s.", wait)
		}
		c.Find("%s answered %s with 503 %s.%s", x.Final.Src, x.Method, x.Final.Reason, wait).refusedWith(x)
		return
	}
}

// minute is the time in which calls are counted.
const minute = 60 * second

// A slot counts what happens between two hosts in one minute.
type slot struct {
	calls, failures, repeated, transactions int
	delays                                  []int64
	example                                 []*correlate.Call // that failed, or had messages sent again
}

type slotKey struct {
	a, b netip.Addr
	at   int64 // minutes
}

// maxSlotPairs bounds the pairs of hosts and minutes that are counted.
const maxSlotPairs = 50_000

// countSlots goes over all calls once.
func (s *Survey) countSlots() map[slotKey]*slot {
	if s.slots != nil {
		return s.slots
	}
	s.slots = make(map[slotKey]*slot)
	for i, c := range s.Calls {
		if c.Started == 0 {
			continue
		}
		key := slotKey{c.Source.Addr(), c.Destination.Addr(), c.Started / minute}
		n := s.slots[key]
		if n == nil {
			if len(s.slots) >= maxSlotPairs {
				continue
			}
			n = new(slot)
			s.slots[key] = n
		}
		n.count(c, s.rows[i])
	}
	return s.slots
}

func (n *slot) count(c *correlate.Call, e *entry) {
	n.transactions += e.requests
	n.repeated += c.Retransmissions
	notable := c.Retransmissions > 0
	if c.Method == "INVITE" {
		n.calls++
		if c.FinalStatus == 500 || c.FinalStatus == 480 {
			n.failures++
			notable = true
		}
		if a := &c.Attempt; a.Trying != 0 && a.Invited != 0 {
			n.delays = append(n.delays, max(a.Trying-a.Invited, 0))
		}
	}
	if notable && len(n.example) < maxExamples {
		n.example = append(n.example, c)
	}
}

// sortedSlots lists the slots that want says are worth it, in order.
func (s *Survey) sortedSlots(want func(*slot) bool) (keys []slotKey) {
	for key, n := range s.countSlots() {
		if want(n) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b slotKey) int { return cmp.Or(a.a.Compare(b.a), a.b.Compare(b.b), cmp.Compare(a.at, b.at)) })
	return keys
}

func overload(s *Survey) {
	least, told := int(s.Number("calls")), map[way]bool{}
	for _, key := range s.sortedSlots(func(n *slot) bool { return n.calls >= least }) {
		n, w := s.slots[key], way{key.a, key.b}
		if told[w] {
			continue
		}
		share := 100 * float64(n.failures) / float64(n.calls)
		before, slow := s.slots[slotKey{key.a, key.b, key.at - 1}], p95(n.delays)
		var d *Draft
		switch {
		case share > s.Number("share"):
			d = s.Find("%.0f %% of %s calls in one minute to %s ended with 500 or 480.", share, amount.Grouped(n.calls), key.b)
		case before != nil && before.calls >= least && slow > int64(s.Number("delay")*1e9) && slow > p95(before.delays):
			d = s.Find("The slowest 5 %% of %s calls in one minute to %s waited more than %s for its first response, after %s in the minute before.", amount.Grouped(n.calls), key.b, span(slow), span(p95(before.delays)))
		default:
			continue
		}
		told[w] = true
		d.Confidence = correlate.Suspect
		s.exemplify(d, n, key)
	}
}

// exemplify names the hosts, the calls and some of their messages.
func (s *Survey) exemplify(d *Draft, n *slot, key slotKey) {
	d.About, d.Count = fmt.Sprintf("%s and %s", key.a, key.b), n.calls
	for _, c := range n.example {
		d.Involve(c.Index)
		if len(d.Evidence) < 5 && len(c.Messages()) > 0 {
			d.Message(c.Messages()[0], "call #%d, %s sent again", c.Index, amount.Of(c.Retransmissions, "message"))
		}
	}
	if len(d.Evidence) == 0 {
		d.Nanos = key.at * minute
	}
}

func p95(list []int64) int64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[(len(sorted)-1)*95/100]
}

func tooManyCopies(c *Case) {
	if c.Call.Retransmissions < int(c.Number("invites")) {
		return
	}
	for _, x := range c.Exchanges() {
		limit := c.Number("others")
		if x.Method == "INVITE" {
			limit = c.Number("invites")
		}
		if float64(len(x.Requests)) > limit {
			d := c.Find("%s sent the same %s %s in %s.", x.Client, x.Method, times(len(x.Requests)), span(x.Last().Nanos-x.Requests[0].Nanos))
			for i, m := range x.Requests {
				d.Message(m, "%s", nth(i, x.Method))
			}
			return
		}
	}
}

func retransmissionStorm(s *Survey) {
	least, told := int(s.Number("transactions")), map[way]bool{}
	for _, key := range s.sortedSlots(func(n *slot) bool { return n.transactions >= least && n.repeated > 0 }) {
		n, w := s.slots[key], way{key.a, key.b}
		share := 100 * float64(n.repeated) / float64(n.transactions+n.repeated)
		if told[w] || share <= s.Number("share") {
			continue
		}
		told[w] = true
		s.exemplify(s.Find("%.0f %% of the messages between %s and %s in one minute were sent again: %s, in %s transactions.", share, key.a, key.b, amount.Grouped(n.repeated), amount.Grouped(n.transactions)), n, key)
	}
}
