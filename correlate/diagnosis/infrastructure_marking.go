package diagnosis

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
)

// sipMarkingRules are about the priority of SIP.
func sipMarkingRules() []*Rule {
	return []*Rule{{
		Code: "INF-11", Name: "sip-marking", Title: "SIP is not marked for priority",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Means:      "SIP comes with a DSCP other than 24 (CS3), 26 (AF31), 40 (CS5) or 46 (EF).",
		Advice:     "Set the marking in the devices, or let the first switch or router do it, and see that none on the way takes it away.",
		References: []string{"RFC 4594 §4.2"},
		Survey:     sipMarking,
	}}
}

// marked reports whether a DSCP is one of signalling.
func marked(dscp uint8) bool { return dscp == 24 || dscp == 26 || dscp == 40 || dscp == 46 }

// A marker is a host and a marking of what it sends.
type marker struct {
	host netip.Addr
	dscp uint8
}

// sipMarking is INF-11: one finding for each DSCP, by the first message of each
// side of each call.
func sipMarking(s *Survey) {
	first := make(map[marker]*correlate.Message)
	counts := make(map[marker]int)
	examples := make(map[uint8][]int)
	note := func(c *correlate.Call, m *correlate.Message) {
		if m == nil || m.Agent || marked(m.DSCP) {
			return
		}
		key := marker{m.Src.Addr(), m.DSCP}
		if first[key] == nil {
			first[key] = m
		}
		counts[key]++
		if list := examples[m.DSCP]; len(list) < maxExamples && (len(list) == 0 || list[len(list)-1] != c.Index) {
			examples[m.DSCP] = append(list, c.Index)
		}
	}
	for _, c := range s.Calls {
		if len(c.Messages) == 0 {
			continue
		}
		note(c, c.Messages[0])
		if _, response := opening(c); response != nil {
			note(c, response)
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
		slices.SortFunc(hosts, func(a, b marker) int { return cmp.Or(first[a].Frame-first[b].Frame, a.host.Compare(b.host)) })
		s.markedAs(dscp, hosts, first, counts, examples[dscp])
	}
}

func (s *Survey) markedAs(dscp uint8, hosts []marker, first map[marker]*correlate.Message, counts map[marker]int, calls []int) {
	names := make([]string, 0, 4)
	for _, h := range hosts[:min(len(hosts), 3)] {
		names = append(names, h.host.String())
	}
	if len(hosts) > 3 {
		names = append(names, plural(len(hosts)-3, "more host"))
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
		d.Message(m, "DSCP %d from %s", m.DSCP, m.Src)
	}
	d.Involve(slices.Sorted(slices.Values(calls))...)
}
