package pipeline_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"testing"
	"time"

	"sipsniff/correlate/metrics"
	"sipsniff/internal/allowance"
	"sipsniff/pcaps/gen"
)

// TestMetricsEqualTheTruth makes captures with every outcome that the
// generator knows and compares all aggregates, in total, for each pair of
// hosts and for each window, with what follows from the generator's log of
// messages. One of them is cut off, so that calls are pending and up.
func TestMetricsEqualTheTruth(t *testing.T) {
	mix := gen.EverydayMix()
	mix.Moved, mix.Timeout = 3, 3
	base := gen.Options{Calls: 2500, Rate: 5, Length: 20 * time.Second, RegisterShare: 0.15, RegisterFail: 0.2, Mix: mix,
		NoMedia: true, Retransmit: 0.1, Log: true}
	for name, change := range map[string]func(*gen.Options) (keep float64){
		"plain": func(*gen.Options) float64 { return 1 },
		"cut":   func(o *gen.Options) float64 { o.Seed = 1; return 0.6 },
		"two legs": func(o *gen.Options) float64 {
			o.Seed, o.Legs, o.Calls, o.Rate = 2, 2, 1500, 20
			return 1
		},
		"many in a second": func(o *gen.Options) float64 {
			o.Seed, o.Rate, o.IPv6, o.TCP, o.CaptureDuplicates = 3, 100, 0.2, 0.2, 0.05
			return 0.9
		},
	} {
		if allowance.RaceDetector && name != "two legs" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			o := base
			keep := change(&o)
			var b bytes.Buffer
			truth, err := gen.Write(&b, o)
			if err != nil {
				t.Fatal(err)
			}
			capture, last := cutCapture(b.Bytes(), keep)
			s := analyse(t, fromStdin(t, bytes.NewReader(capture)), false).Snapshot
			if s.Last != last {
				t.Fatalf("the capture ends at %d, not at %d", s.Last, last)
			}
			r := metrics.Of(s)
			calls := 0
			for _, c := range truth.Calls {
				if c.Method == "INVITE" && c.Started.UnixNano() <= last {
					calls++
				}
			}
			if got := r.Total.Attempts + r.Total.Pending; got != calls || calls < 1200 {
				t.Errorf("%d attempts, want %d", got, calls)
			}
			compareSpan(t, "all", truth, &r.Span, s.First, last)
			for i := range r.Windows {
				w := &r.Windows[i]
				compareSpan(t, w.Length.String(), truth, &w.Span, last-int64(w.Length), last)
			}
			t.Logf("%d calls, %d pairs, %d windows, %d pending, %d up", calls, len(r.Pairs), len(r.Windows), r.Total.Pending, r.Total.Up)
		})
	}
}

// cutCapture keeps a part of the frames of a pcap file, whole groups of those
// of one time, and tells the time of the last one.
func cutCapture(b []byte, keep float64) (kept []byte, last int64) {
	const header, record = 24, 16
	at := header
	for at < len(b) {
		nanos := int64(binary.LittleEndian.Uint32(b[at:]))*1e9 + int64(binary.LittleEndian.Uint32(b[at+4:]))*1e3
		if float64(at) >= keep*float64(len(b)) && nanos > last {
			break
		}
		last = nanos
		at += record + int(binary.LittleEndian.Uint32(b[at+8:]))
	}
	return b[:at], last
}

// expected is the metrics of some calls as they follow from the log.
type expected struct {
	attempts, pending, answered, redirected, cancelled, timedOut, completed, up int
	effective, ineffective, network                                             int
	registrations, registrationsFailed, registrationsPending                    int
	finals                                                                      map[int]int
	delays                                                                      map[string][]int64
	responses                                                                   map[string][]int64
	requests                                                                    map[string]int
	messages, again                                                             [2]int // sent by the caller, by the callee
	begins                                                                      []int64
	spans                                                                       [][2]int64 // of calls that were up
	concurrentEnd                                                               int
}

func newExpected() *expected {
	return &expected{finals: map[int]int{}, delays: map[string][]int64{}, responses: map[string][]int64{}, requests: map[string]int{}}
}

func (x *expected) delay(name string, from, to int64) {
	x.delays[name] = append(x.delays[name], to-from)
}

func compareSpan(t *testing.T, name string, truth *gen.Truth, s *metrics.Span, since, last int64) {
	t.Helper()
	total := newExpected()
	pairs := make(map[string]*expected)
	for _, c := range truth.Calls {
		source, destination := netip.MustParseAddrPort(c.Source), netip.MustParseAddrPort(c.Destination)
		key := source.Addr().String() + ">" + destination.Addr().String()
		if pairs[key] == nil {
			pairs[key] = newExpected()
		}
		for _, x := range []*expected{total, pairs[key]} {
			x.add(c, since, last)
		}
	}
	total.compare(t, name+" total", &s.Total, since, last)
	seen := 0
	for i := range s.Pairs {
		p := &s.Pairs[i]
		key := p.Source.String() + ">" + p.Destination.String()
		if pairs[key] == nil {
			t.Errorf("%s: pair %s is in no call", name, key)
			continue
		}
		pairs[key].compare(t, name+" "+key, &p.Summary, since, last)
		seen++
	}
	for key, x := range pairs {
		if x.messages != [2]int{} {
			seen--
		} else if slices.ContainsFunc(s.Pairs, func(r metrics.Row) bool { return r.Source.String()+">"+r.Destination.String() == key }) && len(x.spans) == 0 {
			t.Errorf("%s: pair %s has a row for nothing", name, key)
		}
	}
	if seen < 0 {
		t.Errorf("%s: %d pairs have no row", name, -seen)
	}
}

// add takes the messages of a call up to the end of the capture.
func (x *expected) add(c *gen.Call, since, last int64) {
	var log []gen.Message
	for _, m := range c.Log {
		if m.At.UnixNano() <= last {
			log = append(log, m)
		}
	}
	if len(log) == 0 {
		return
	}
	x.traffic(log, since)
	if c.Method == "REGISTER" {
		x.registration(log, since, last)
	} else {
		x.call(log, since, last)
	}
}

func (x *expected) traffic(log []gen.Message, since int64) {
	for i, m := range log {
		at := m.At.UnixNano()
		if at < since || at == since && !firstOfAll(at) {
			continue
		}
		side := 1
		if m.FromCaller {
			side = 0
		}
		x.messages[side]++
		if m.Again {
			x.again[side]++
		}
		if m.Status != 0 || m.Again || m.Method == "ACK" {
			continue
		}
		key := fmt.Sprint(m.Method, " ", !m.FromCaller)
		x.requests[key]++
		for _, r := range log[i:] {
			if r.Status != 0 && r.Method == m.Method && r.CSeq == m.CSeq {
				x.responses[key] = append(x.responses[key], r.At.UnixNano()-at)
				break
			}
		}
	}
}

// firstOfAll reports whether a moment is that of the first frame of all
// captures here, which belongs to the capture as a whole.
func firstOfAll(nanos int64) bool {
	return nanos == time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC).UnixNano()
}

func (x *expected) registration(log []gen.Message, since, last int64) {
	if at := log[0].At.UnixNano(); at < since || at == since && !firstOfAll(at) {
		return
	}
	end, sent := log[len(log)-1], int64(0)
	for _, m := range log {
		if m.Status == 0 {
			sent = m.At.UnixNano()
		}
	}
	switch end.Status {
	case 200:
		x.registrations++
		x.delay("RRD", sent, end.At.UnixNano())
	case 403:
		x.registrations++
		x.registrationsFailed++
	default: // cut off
		x.registrationsPending++
	}
}

func (x *expected) call(log []gen.Message, since, last int64) {
	find := func(method string, status int) int64 {
		for _, m := range log {
			if m.Method == method && m.Status == status {
				return m.At.UnixNano()
			}
		}
		return 0
	}
	var t0, credited, latest, final, first100, ack int64
	status := 0
	for _, m := range log {
		at := m.At.UnixNano()
		switch {
		case m.Method == "INVITE" && m.Status == 0:
			latest = at
			if t0 == 0 {
				t0 = at
			}
			if !m.Again {
				credited, final, status = at, 0, 0
			}
		case m.Method == "INVITE" && m.Status == 100 && first100 == 0:
			first100 = at
		case m.Method == "INVITE" && m.Status >= 200:
			final, status = at, m.Status
		case m.Method == "ACK" && status == 200 && ack == 0:
			ack = at
		}
	}
	ringing, bye, byeOK, cancel := find("INVITE", 180), find("BYE", 0), find("BYE", 200), find("CANCEL", 0)
	if status == 200 {
		if bye == 0 {
			x.spans = append(x.spans, [2]int64{max(final, since), math.MaxInt64})
			x.concurrentEnd++
		} else if bye > since {
			x.spans = append(x.spans, [2]int64{max(final, since), bye})
		}
	}
	if t0 < since || t0 == since && !firstOfAll(t0) {
		return
	}
	x.begins = append(x.begins, t0)
	silent := status == 0 && cancel == 0 && first100 == 0 && last-latest >= 32e9
	switch {
	case status == 0 && !silent, status == 407, status == 302 && last-final < 10e9:
		x.pending++
		return
	}
	x.attempts++
	x.finals[status]++
	if first100 != 0 {
		x.delay("trying", t0, first100)
	}
	if ringing != 0 {
		x.delay("PDD", t0, ringing)
		switch {
		case cancel != 0:
			x.delay("ring", ringing, cancel)
		case final != 0:
			x.delay("ring", ringing, final)
		}
	} else if final != 0 {
		x.delay("PDD", t0, final)
	}
	if !silent && status != 200 && status != 302 && status != 487 {
		x.delay("SRD failed", credited, final)
	}
	switch status {
	case 200:
		x.answered++
		x.effective++
		x.network++
		x.delay("setup", t0, final)
		if ringing != 0 {
			x.delay("SRD", credited, ringing)
		} else {
			x.delay("SRD", credited, final)
		}
		if ack != 0 {
			x.delay("ACK", final, ack)
		}
		if bye != 0 {
			x.delay("talk", final, bye)
		}
		if byeOK != 0 {
			x.delay("SDD", bye, byeOK)
			x.completed++
		} else {
			x.up++
		}
	case 480, 486, 603:
		x.effective++
		x.network++
	case 487:
		x.cancelled++
		x.network++
		x.delay("SRD cancelled", credited, final)
	case 503:
		x.ineffective++
	case 302:
		x.redirected++
	case 0:
		x.timedOut++
		x.ineffective++
		x.delay("SRD failed", 0, 32e9)
	}
}

func (x *expected) compare(t *testing.T, name string, s *metrics.Summary, since, last int64) {
	t.Helper()
	got := [...]int{s.Attempts, s.Pending, s.Answered, s.Redirected, s.Cancelled, s.TimedOut, s.Completed, s.Up, s.Undetermined, s.EndUnknown,
		s.Registrations, s.RegistrationsFailed, s.RegistrationsPending, s.RegistrationsChallenged,
		s.Forward.Messages, s.Backward.Messages, s.Forward.Retransmissions, s.Backward.Retransmissions,
		s.Rate.Peak, s.Rate.ConcurrentPeak, s.Rate.ConcurrentEnd}
	want := [...]int{x.attempts, x.pending, x.answered, x.redirected, x.cancelled, x.timedOut, x.completed, x.up, 0, 0,
		x.registrations, x.registrationsFailed, x.registrationsPending, 0,
		x.messages[0], x.messages[1], x.again[0], x.again[1],
		x.busiest(), x.mostAtOnce(), x.concurrentEnd}
	if got != want {
		t.Errorf("%s: counts\n%v, want\n%v", name, got, want)
	}
	ratios := [...][2]metrics.Ratio{
		{s.EstablishmentRatio(), {Part: x.answered, Whole: x.attempts - x.redirected}},
		{s.EffectivenessRatio(), {Part: x.effective, Whole: x.attempts - x.redirected}},
		{s.IneffectiveAttempts(), {Part: x.ineffective, Whole: x.attempts}},
		{s.CompletionRatio(), {Part: x.completed, Whole: x.attempts - x.up}},
		{s.AnswerSeizureRatio(), {Part: x.answered, Whole: x.attempts}},
		{s.NetworkEffectivenessRatio(), {Part: x.network, Whole: x.attempts}},
		{s.IneffectiveRegistrations(), {Part: x.registrationsFailed, Whole: x.registrations}},
	}
	for i, r := range ratios {
		if r[0] != r[1] {
			t.Errorf("%s: ratio %d is %v, want %v", name, i, r[0], r[1])
		}
	}
	for status, n := range x.finals {
		if s.Finals[status] != n {
			t.Errorf("%s: %d attempts ended with %d, want %d", name, s.Finals[status], status, n)
		}
	}
	if mean := float64(len(x.begins)) / (float64(last-since) / 1e9); math.Abs(s.Rate.Mean-mean) > 1e-9 {
		t.Errorf("%s: %v calls a second, want %v", name, s.Rate.Mean, mean)
	}
	for what, d := range map[string]*metrics.Distribution{"PDD": &s.PostDialDelay, "trying": &s.TryingDelay, "SRD": &s.RequestDelay,
		"SRD failed": &s.RequestDelayFailed, "SRD cancelled": &s.RequestDelayCancelled, "ring": &s.Ring, "setup": &s.Setup, "ACK": &s.AnswerToACK,
		"talk": &s.Talk, "SDD": &s.DisconnectDelay, "SDD failed": &s.DisconnectDelayFailed, "RRD": &s.RegistrationDelay} {
		compareDistribution(t, name+" "+what, d, x.delays[what])
	}
	for i := range s.Responses {
		r := &s.Responses[i]
		key := fmt.Sprint(r.Method, " ", r.Back)
		if r.Requests != x.requests[key] {
			t.Errorf("%s: %d requests %s, want %d", name, r.Requests, key, x.requests[key])
		}
		compareDistribution(t, name+" "+key, &r.Distribution, x.responses[key])
		delete(x.requests, key)
	}
	if len(x.requests) > 0 {
		t.Errorf("%s: requests %v are not there", name, x.requests)
	}
}

func compareDistribution(t *testing.T, name string, d *metrics.Distribution, values []int64) {
	t.Helper()
	if d.Count() != len(values) {
		t.Errorf("%s: %d values, want %d", name, d.Count(), len(values))
		return
	}
	if len(values) == 0 {
		return
	}
	slices.Sort(values)
	sum := int64(0)
	for _, v := range values {
		sum += v
	}
	if mean, _ := d.Mean(); mean != int64(math.Round(float64(sum)/float64(len(values)))) {
		t.Errorf("%s: mean %d, want %d", name, mean, sum/int64(len(values)))
	}
	for _, p := range []float64{50, 90, 95, 99, 100} {
		want := values[int(math.Ceil(p/100*float64(len(values))))-1]
		if got, ok := d.Percentile(p); !ok || got != want {
			t.Errorf("%s: p%v is %d, want %d", name, p, got, want)
		}
	}
}

func (x *expected) busiest() (most int) {
	seconds := make(map[int64]int)
	for _, at := range x.begins {
		seconds[at/1e9]++
		most = max(most, seconds[at/1e9])
	}
	return most
}

// mostAtOnce asks at the beginning of each call how many are up.
func (x *expected) mostAtOnce() (most int) {
	for _, a := range x.spans {
		n := 0
		for _, b := range x.spans {
			if b[0] <= a[0] && a[0] < b[1] {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
