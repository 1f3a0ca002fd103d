package diagnosis

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

// sipMarkingRules are about the priority of SIP.
func sipMarkingRules() []*Rule {
	return []*Rule{{
		Code: "INF-11", Name: "sip-marking", Title: "SIP is not marked for priority",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Means:      "SIP comes with a DSCP other than 24 (CS3), 26 (AF31), 40 (CS5) or 46 (EF), or those that were set. What stays within one machine (127.0.0.0/8, ::1) is left out.",
		Advice:     "Set the marking in the devices, or let the first switch or router do it, and see that none on the way takes it away.",
		References: []string{"RFC 4594 §4.2"},
		Lists:      []List{{"dscp", []string{"24", "26", "40", "46"}, "markings of SIP"}},
		Survey:     sipMarking,
	}}
}

// markings are the DSCPs of a list of a rule.
func (o *Options) markings(r *Rule) (set [64]bool) {
	for _, word := range o.words(r, "dscp") {
		if n, err := strconv.Atoi(word); err == nil && n >= 0 && n < len(set) {
			set[n] = true
		}
	}
	return set
}

// A marker is a host and a marking of what it sends.
type marker struct {
	host netip.Addr
	dscp uint8
}

// A mark is the marking of one message; the zero value is none that counts.
type mark struct {
	src   netip.AddrPort
	nanos int64
	frame int
	dscp  uint8
}

// markOf is the mark of a message. What an agent reports and what stays within
// one machine has none.
func markOf(m *correlate.Message) mark {
	if m.Agent || m.Dst.Addr().Unmap().IsLoopback() {
		return mark{}
	}
	return mark{m.Src, m.Nanos, m.Frame, m.DSCP}
}

// sipMarking is INF-11: one finding for each DSCP, by the first message of each
// side of each call.
func sipMarking(s *Survey) {
	marked := s.options.markings(s.rule)
	first := make(map[marker]mark)
	counts := make(map[marker]int)
	examples := make(map[uint8][]int)
	for i, c := range s.Calls {
		for _, m := range s.rows[i].beginning().marks {
			if m == (mark{}) || marked[m.dscp&63] {
				continue
			}
			key := marker{m.src.Addr(), m.dscp}
			if counts[key]++; counts[key] == 1 {
				first[key] = m
			}
			if list := examples[m.dscp]; len(list) < maxExamples && (len(list) == 0 || list[len(list)-1] != c.Index) {
				examples[m.dscp] = append(list, c.Index)
			}
		}
	}
	byDSCP := make(map[uint8][]marker)
	for key := range first {
		byDSCP[key.dscp] = append(byDSCP[key.dscp], key)
	}
	for dscp := range uint8(64) {
		hosts := byDSCP[dscp]
		if len(hosts) == 0 {
			continue
		}
		slices.SortFunc(hosts, func(a, b marker) int { return cmp.Or(first[a].frame-first[b].frame, a.host.Compare(b.host)) })
		s.markedAs(dscp, hosts, first, counts, examples[dscp])
	}
}

func (s *Survey) markedAs(dscp uint8, hosts []marker, first map[marker]mark, counts map[marker]int, calls []int) {
	names := make([]string, 0, 4)
	for _, h := range hosts[:min(len(hosts), 3)] {
		names = append(names, h.host.String())
	}
	if len(hosts) > 3 {
		names = append(names, amount.Of(len(hosts)-3, "more host"))
	}
	who := strings.Join(names, ", ")
	var d *Draft
	if dscp == 0 {
		d = s.Find("SIP from %s is not marked at all (DSCP 0).", who)
	} else {
		d = s.Find("SIP from %s is marked with DSCP %d.", who, dscp)
	}
	d.About = who
	for _, h := range hosts {
		d.Count += counts[h]
		m := first[h]
		d.Frame(m.frame, m.nanos, "DSCP %d from %s", m.dscp, m.src)
	}
	d.Involve(slices.Sorted(slices.Values(calls))...)
}
