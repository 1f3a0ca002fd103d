package diagnosis

import (
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

// floodRules are about more than a server should have to bear.
func floodRules() []*Rule {
	return []*Rule{{
		Code: "SEC-06", Name: "flood", Title: "Someone floods a server with requests",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedRequests,
		Means:      "One source sends more requests in a second than that, or in a minute more than so many times what it sent on average in the hour before, and they come to nothing: what is answered well is a busy trunk.",
		Advice:     "Limit the rate of requests per source (firewall, pike of Kamailio), and find out what the source is.",
		Thresholds: []Threshold{{"rate", 50, "", "requests in a second"}, {"times", 10, "", "times the average of the hour before"}, {"minute", 60, "", "requests in a minute from which that counts"}},
		Survey:     floods,
	}}
}

// floods is SEC-06.
func floods(s *Survey) {
	for _, a := range sourcesOf(s.troubles(), 1) {
		list := s.troubles()[a]
		if requests := requestsOf(list); float64(requests) > min(s.Number("rate"), s.Number("minute")) {
			s.floodFrom(a, list)
		}
	}
}

func requestsOf(list []*correlate.Call) (n int) {
	for _, c := range list {
		n += c.MessageCount
	}
	return n
}

// floodFrom counts what one source sends in calls that come to nothing, every
// copy.
func (s *Survey) floodFrom(a netip.Addr, list []*correlate.Call) {
	const second = int64(1e9)
	seconds, minutes := make(map[int64]int), make(map[int64]int)
	for _, c := range list {
		for _, m := range c.Messages() {
			if m.Method != "" && !m.Duplicate && m.Src.Addr() == a {
				seconds[m.Nanos/second]++
				minutes[m.Nanos/minuteNanos]++
			}
		}
	}
	if at, n := most(seconds); float64(n) > s.Number("rate") {
		s.flooded(a, list, at*second, (at+1)*second, n, "%s sent %s requests in one second that came to nothing.", a, amount.Grouped(n))
		return
	}
	for at, n := range minutes {
		before, known := 0, at-60 >= s.snap.First/minuteNanos
		for m := at - 60; m < at; m++ {
			before += minutes[m]
		}
		if known && float64(n) >= s.Number("minute") && float64(n)*60 > s.Number("times")*float64(before) {
			if first, best := most(minutes); first == at {
				s.flooded(a, list, at*minuteNanos, (at+1)*minuteNanos, best, "%s sent %s requests in one minute that came to nothing; in the hour before it were %s.", a, amount.Grouped(best), amount.Grouped(before))
				return
			}
		}
	}
}

// most is the key with the highest count, the first of them.
func most(counts map[int64]int) (key int64, n int) {
	for k, c := range counts {
		if c > n || c == n && k < key {
			key, n = k, c
		}
	}
	return key, n
}

func (s *Survey) flooded(a netip.Addr, list []*correlate.Call, from, to int64, n int, text string, args ...any) {
	var some []*correlate.Call
	for _, c := range list {
		if c.Started >= from && c.Started < to && len(some) < maxEvidence {
			some = append(some, c)
		}
	}
	if len(some) == 0 {
		some = list[:1]
	}
	d := s.Find(text, args...)
	d.About, d.Count = a.String(), n
	d.callsIn(some)
}
