package diagnosis

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/amount"
)

func sizeRules() []*Rule {
	return []*Rule{{
		Code: "SIG-26", Name: "too-large", Title: "Large messages do not get through",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedRequests | NeedICMP,
		Graded: "strong when only the size of what was not answered tells it",
		Means: "ICMP says that a packet was too large; or first fragments come without the others at least twice; or requests of more than 1300 octets over UDP " +
			"are sent again unanswered, at least three of them, while smaller ones to the same host are answered.",
		Advice:     "Use TCP or TLS, fewer codecs and headers, or a larger MTU; look for firewalls that drop fragments.",
		Hides:      []string{"SIG-01", "SIG-20"},
		References: []string{"RFC 3261 §18.1.1"},
		Thresholds: []Threshold{{"octets", 1300, "octets", "from which a message is large"}, {"messages", 3, "", "large ones without an answer"}, {"fragments", 2, "", "first fragments without the others"}},
		Survey:     tooLarge,
	}}
}

func tooLarge(s *Survey) {
	unanswered := make(map[way][]*Exchange)
	owner := make(map[*Exchange]int)
	cut := make(map[way][]cutMessage)
	var order, cutOrder []way
	for row, c := range s.Calls {
		for i := range c.NetworkErrors {
			if n := &c.NetworkErrors[i]; n.TooBig {
				tooBig(s, c, n)
				break
			}
		}
		if s.rows[row].traits&TraitUnanswered == 0 {
			continue
		}
		for _, m := range c.Messages() {
			if m.Cut == "ip_fragment_lost" {
				w := way{m.Src.Addr(), m.Dst.Addr()}
				if cut[w] == nil {
					cutOrder = append(cutOrder, w)
				}
				cut[w] = append(cut[w], cutMessage{c.Index, m})
			}
		}
		if c.Transport != decode.UDP || !large(c, int(s.Number("octets"))) {
			continue
		}
		k := s.caseOf(s.rows[row])
		for _, x := range k.unanswered() {
			if w := (way{x.Client.Addr(), x.Server.Addr()}); len(x.Requests) >= 2 && x.Requests[0].Size() > int(s.Number("octets")) {
				if unanswered[w] == nil {
					order = append(order, w)
				}
				unanswered[w] = append(unanswered[w], x)
				owner[x] = c.Index
			}
		}
	}
	for _, w := range cutOrder {
		if list := cut[w]; float64(len(list)) >= s.Number("fragments") {
			s.onlyFirstFragments(w, list)
		}
	}
	for _, w := range order {
		if list := unanswered[w]; float64(len(list)) >= s.Number("messages") && s.smallAnswered(w) {
			for _, x := range list {
				d := s.FindIn(owner[x], "%s requests of more than %.0f octets from %s to %s were not answered, smaller ones were; this %s has %s octets.",
					amount.Grouped(len(list)), s.Number("octets"), w.from, w.to, x.Method, amount.Grouped(x.Requests[0].Size()))
				d.Confidence = correlate.Strong
				d.Message(x.Requests[0], "%s of %s octets, sent %s", x.Method, amount.Grouped(x.Requests[0].Size()), times(len(x.Requests)))
				d.Absent(w.to, w.from, x.Last().Nanos)
			}
		}
	}
}

// A cutMessage is one of which only the first fragment came, and its call.
type cutMessage struct {
	call int
	*correlate.Message
}

// onlyFirstFragments tells each call of its messages between two hosts.
func (s *Survey) onlyFirstFragments(w way, list []cutMessage) {
	drafts := make(map[int]*Draft)
	for _, m := range list {
		d := drafts[m.call]
		if d == nil {
			d = s.FindIn(m.call, "Of %s messages from %s to %s only the first fragment came.", amount.Grouped(len(list)), w.from, w.to)
			drafts[m.call] = d
		}
		d.Message(m.Message, "first fragment only")
	}
}

func tooBig(s *Survey, c *correlate.Call, n *correlate.NetworkError) {
	fits := ""
	if n.MTU > 0 {
		fits = fmt.Sprintf("; %s octets would fit", amount.Grouped(n.MTU))
	}
	d := s.FindIn(c.Index, "%s says %s that a packet from %s to %s was too large%s.", n.From, times(n.Count), n.Src, n.Dst, fits)
	d.Frame(firstOf(n.Frames), n.First, "ICMP %s from %s", n.Text(), n.From)
}

// large reports whether a call has a request that is large.
func large(c *correlate.Call, octets int) bool {
	for _, m := range c.Messages() {
		if m.Method != "" && m.Size() > octets {
			return true
		}
	}
	return false
}

// smallAnswered reports whether at least one request that is not large was
// answered on a way.
func (s *Survey) smallAnswered(w way) bool {
	for _, c := range s.Calls {
		for _, m := range c.Messages() {
			if m.Method == "" && m.Src.Addr() == w.to && m.Dst.Addr() == w.from && !large(c, int(s.Number("octets"))) {
				return true
			}
		}
	}
	return false
}
