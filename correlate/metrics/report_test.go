package metrics

import (
	"testing"
	"time"
)

// A check compares ratios and counts with what was counted by hand.
type check struct {
	t *testing.T
	s *Summary
}

func (c check) ratio(name string, got Ratio, part, whole int) {
	c.t.Helper()
	if got != (Ratio{part, whole}) {
		c.t.Errorf("%s is %d of %d, want %d of %d", name, got.Part, got.Whole, part, whole)
	}
}

func (c check) count(name string, got, want int) {
	c.t.Helper()
	if got != want {
		c.t.Errorf("%s: %d, want %d", name, got, want)
	}
}

// values compares a distribution with all its values in ms, ascending.
func (c check) values(name string, d *Distribution, want ...int64) {
	c.t.Helper()
	if len(d.values) != len(want) {
		c.t.Errorf("%s: %d values %v, want %v", name, len(d.values), d.values, want)
		return
	}
	for i, v := range d.values {
		if v != want[i]*1e6 {
			c.t.Errorf("%s: %v, want %v ms", name, d.values, want)
			return
		}
	}
}

// The example of spec §4.4, without its RTP.
func TestWorkedExample(t *testing.T) {
	r := Of(snapshot(t, `
		0.000 A>B INVITE 1 x
		0.040 B>A 407 INVITE 1 x
		0.041 A>B ACK 1 x nack
		0.050 A>B INVITE 2 x
		0.070 B>A 100 INVITE 2 x
		1.250 B>A 183 INVITE 2 x
		2.000 B>A 180 INVITE 2 x
		8.000 B>A 200 INVITE 2 x
		8.060 A>B ACK 2 x
		68.000 B>A BYE 1 x
		68.045 A>B 200 BYE 1 x`))
	c := check{t, &r.Total}
	for _, ratio := range []Ratio{c.s.EstablishmentRatio(), c.s.EffectivenessRatio(), c.s.CompletionRatio(), c.s.AnswerSeizureRatio(), c.s.NetworkEffectivenessRatio()} {
		c.ratio("one attempt", ratio, 1, 1)
	}
	c.ratio("ISA", c.s.IneffectiveAttempts(), 0, 1)
	c.values("SRD", &c.s.RequestDelay, 1200)
	c.values("SRD failed", &c.s.RequestDelayFailed)
	c.values("PDD", &c.s.PostDialDelay, 1250)
	c.values("ring", &c.s.Ring, 6000)
	c.values("setup", &c.s.Setup, 8000)
	c.values("talk", &c.s.Talk, 60_000)
	c.values("SDD", &c.s.DisconnectDelay, 45)
	c.values("ACK RTT", &c.s.AnswerToACK, 60)
	c.values("INVITE", &c.s.response("INVITE", false).Distribution, 20, 40)
	c.values("BYE", &c.s.response("BYE", true).Distribution, 45)
	c.count("forward", c.s.Forward.Messages, 5)
	c.count("backward", c.s.Backward.Messages, 6)
	if len(r.Pairs) != 1 || r.Pairs[0].Source != host("A") || r.Pairs[0].Destination != host("B") {
		t.Errorf("%d pairs", len(r.Pairs))
	}
	if len(r.Windows) != 1 || r.Windows[0].Length != time.Minute || r.Windows[0].Total.Attempts != 0 || r.Windows[0].Total.Rate.ConcurrentPeak != 1 {
		t.Errorf("windows %+v", r.Windows)
	}
}

// A call that is sent elsewhere (302), refused there (503), and answered at
// its third target: three requests, one of them redirected.
func TestRedirectionAndFailover(t *testing.T) {
	r := Of(snapshot(t, `
		0.000 A>B INVITE 1 x
		0.100 B>A 100 INVITE 1 x
		0.300 B>A 302 INVITE 1 x
		0.320 A>B ACK 1 x nack
		0.400 A>C INVITE 2 x
		0.500 C>A 100 INVITE 2 x
		0.700 C>A 503 INVITE 2 x
		0.720 A>C ACK 2 x nack
		0.900 A>D INVITE 3 x
		1.400 A>D INVITE 3 x
		1.450 D>A 100 INVITE 3 x
		2.400 D>A 180 INVITE 3 x
		6.400 D>A 200 INVITE 3 x
		6.430 A>D ACK 3 x
		36.400 A>D BYE 4 x
		36.430 D>A 200 BYE 4 x`))
	c := check{t, &r.Total}
	c.count("attempts", c.s.Attempts, 3)
	c.count("redirected", c.s.Redirected, 1)
	c.ratio("SER", c.s.EstablishmentRatio(), 1, 2)
	c.ratio("SEER", c.s.EffectivenessRatio(), 1, 2)
	c.ratio("ISA", c.s.IneffectiveAttempts(), 1, 3)
	c.ratio("SCR", c.s.CompletionRatio(), 1, 3)
	c.ratio("ASR", c.s.AnswerSeizureRatio(), 1, 3)
	c.ratio("NER", c.s.NetworkEffectivenessRatio(), 1, 3)
	c.values("SRD", &c.s.RequestDelay, 1500)
	c.values("SRD failed", &c.s.RequestDelayFailed, 300)
	c.values("PDD", &c.s.PostDialDelay, 700, 1500)
	c.values("setup", &c.s.Setup, 5500)
	c.values("talk", &c.s.Talk, 30_000)
	c.values("SDD", &c.s.DisconnectDelay, 30)
	c.values("INVITE", &c.s.response("INVITE", false).Distribution, 100, 100, 550)
	c.ratio("retransmissions", c.s.Forward.Rate(), 1, 8)
	if len(r.Pairs) != 3 {
		t.Fatalf("%d pairs", len(r.Pairs))
	}
	for i, want := range []struct {
		to        string
		ser       Ratio
		forward   Traffic
		ineffects int
	}{{"D", Ratio{1, 1}, Traffic{4, 1}, 0}, {"B", Ratio{0, 0}, Traffic{2, 0}, 0}, {"C", Ratio{0, 1}, Traffic{2, 0}, 1}} {
		p := &r.Pairs[i]
		if p.Source != host("A") || p.Destination != host(want.to) || p.EstablishmentRatio() != want.ser || p.Forward != want.forward || p.ineffective != want.ineffects {
			t.Errorf("pair %d: %s to %s %+v %+v %d", i, p.Source, p.Destination, p.EstablishmentRatio(), p.Forward, p.ineffective)
		}
	}
	if rows := r.BySource(); len(rows) != 1 || rows[0].Attempts != 3 || rows[0].Destination.IsValid() || rows[0].Setup.Count() != 1 {
		t.Errorf("by source: %d rows", len(rows))
	}
	if rows := r.ByDestination(); len(rows) != 3 || rows[0].Source.IsValid() || rows[0].Destination != host("D") {
		t.Errorf("by destination: %d rows", len(rows))
	}
}

// failures are calls between two hosts, one of each kind, and registrations.
const failures = `
	0.000 A>B INVITE 1 busy
	0.020 A>B REGISTER 1 reg
	0.040 B>A 401 REGISTER 1 reg
	0.050 A>B REGISTER 2 reg
	0.100 B>A 100 INVITE 1 busy
	0.100 B>A 200 REGISTER 2 reg
	1.000 B>A 180 INVITE 1 busy
	3.000 B>A 486 INVITE 1 busy
	5.000 A>B INVITE 1 cancelled
	5.200 B>A 180 INVITE 1 cancelled
	9.000 A>B CANCEL 1 cancelled
	9.050 B>A 200 CANCEL 1 cancelled
	9.060 B>A 487 INVITE 1 cancelled
	10.000 A>B INVITE 1 silent
	10.500 A>B INVITE 1 silent
	11.500 A>B INVITE 1 silent
	13.500 A>B INVITE 1 silent
	17.500 A>B INVITE 1 silent
	20.000 A>B INVITE 1 overload
	20.300 B>A 503 INVITE 1 overload
	25.500 A>B INVITE 1 silent
	30.000 A>B INVITE 1 absent
	30.200 B>A 180 INVITE 1 absent
	41.500 A>B INVITE 1 silent
	50.200 B>A 480 INVITE 1 absent
	60.000 A>B INVITE 1 declined
	60.100 B>A 180 INVITE 1 declined
	62.100 B>A 603 INVITE 1 declined
	70.000 A>B INVITE 1 unknown
	70.050 B>A 404 INVITE 1 unknown
	80.000 A>B INVITE 1 good
	80.500 B>A 180 INVITE 1 good
	84.500 B>A 200 INVITE 1 good
	84.600 A>B ACK 1 good
	90.000 A>B INVITE 1 lost
	91.000 B>A 200 INVITE 1 lost
	91.020 A>B ACK 1 lost
	95.000 A>B BYE 2 lost
	100.000 A>B REGISTER 3 reg
	100.100 B>A 403 REGISTER 3 reg
	100.500 A>B BYE 2 good
	100.530 B>A 200 BYE 2 good
	110.000 A>B REGISTER 1 unheard
	120.000 A>B REGISTER 1 wrong
	120.010 B>A 401 REGISTER 1 wrong
	120.100 A>B REGISTER 2 wrong
	120.110 B>A 401 REGISTER 2 wrong
	150.000 A>B INVITE 1 password
	150.100 B>A 401 INVITE 1 password
	150.200 A>B INVITE 2 password
	150.300 B>A 401 INVITE 2 password
	190.000 A>B INVITE 1 up
	190.400 B>A 180 INVITE 1 up
	192.400 B>A 200 INVITE 1 up
	192.500 A>B ACK 1 up
	198.000 A>B INVITE 1 early
	198.100 B>A 100 INVITE 1 early
	199.000 A>B REGISTER 1 waits
	200.000 end`

// Eleven attempts are decided: 486, 487, silence, 503, 480, 603, 404, three
// answers of which one is up at the end and one has no answer to its BYE, and
// one with the wrong password.
func TestFailuresCancelsAndTimeouts(t *testing.T) {
	r := Of(snapshot(t, failures))
	c := check{t, &r.Total}
	for name, n := range map[string][2]int{
		"attempts": {c.s.Attempts, 11}, "pending": {c.s.Pending, 1}, "answered": {c.s.Answered, 3}, "cancelled": {c.s.Cancelled, 1},
		"timed out": {c.s.TimedOut, 1}, "completed": {c.s.Completed, 1}, "up": {c.s.Up, 1}, "redirected": {c.s.Redirected, 0},
		"registrations": {c.s.Registrations, 4}, "failed": {c.s.RegistrationsFailed, 2}, "challenged": {c.s.RegistrationsChallenged, 1},
		"waiting": {c.s.RegistrationsPending, 1}, "busiest second": {c.s.Rate.Peak, 1}, "at once": {c.s.Rate.ConcurrentPeak, 2},
		"at the end": {c.s.Rate.ConcurrentEnd, 1}, "200s": {c.s.Finals[200], 3}, "none": {c.s.Finals[0], 1}, "401s": {c.s.Finals[401], 1},
	} {
		c.count(name, n[0], n[1])
	}
	c.ratio("SER", c.s.EstablishmentRatio(), 3, 11)
	c.ratio("SEER", c.s.EffectivenessRatio(), 6, 11)       // 3 answers, 480, 486, 603
	c.ratio("ISA", c.s.IneffectiveAttempts(), 2, 11)       // 503, silence
	c.ratio("SCR", c.s.CompletionRatio(), 1, 10)           // one is still up
	c.ratio("ASR", c.s.AnswerSeizureRatio(), 3, 11)        //
	c.ratio("NER", c.s.NetworkEffectivenessRatio(), 7, 11) // and 487
	c.ratio("IRA", c.s.IneffectiveRegistrations(), 2, 4)
	c.values("SRD", &c.s.RequestDelay, 400, 500, 1000)
	c.values("SRD failed", &c.s.RequestDelayFailed, 50, 300, 2100, 3000, 20_200, 32_000)
	c.values("SRD cancelled", &c.s.RequestDelayCancelled, 4060)
	c.values("PDD", &c.s.PostDialDelay, 50, 100, 200, 200, 300, 400, 500, 1000, 1000)
	c.values("ring", &c.s.Ring, 2000, 2000, 2000, 3800, 4000, 20_000)
	c.values("talk", &c.s.Talk, 4000, 16_000)
	c.values("SDD", &c.s.DisconnectDelay, 30)
	c.values("SDD failed", &c.s.DisconnectDelayFailed, 32_000)
	c.values("RRD", &c.s.RegistrationDelay, 50)
	c.values("REGISTER", &c.s.response("REGISTER", false).Distribution, 10, 10, 20, 50, 100)
	c.count("REGISTER", c.s.response("REGISTER", false).Requests, 7)
	c.count("copies", c.s.Forward.Retransmissions, 6)
	if d, _ := c.s.AverageDuration(); d != 10*second {
		t.Errorf("ACD %d", d)
	}
	if c.s.Rate.Mean != 12.0/200 {
		t.Errorf("%v calls a second", c.s.Rate.Mean)
	}
	if p, _ := c.s.RequestDelayFailed.Percentile(50); p != 2100e6 {
		t.Errorf("p50 %d", p)
	}
}

func TestWindow(t *testing.T) {
	r := Of(snapshot(t, failures))
	if len(r.Windows) != 1 { // 200 s long
		t.Fatalf("%d windows", len(r.Windows))
	}
	w := &r.Windows[0].Total // from 140 s on
	c := check{t, w}
	c.count("attempts", w.Attempts, 2)
	c.count("pending", w.Pending, 1)
	c.count("up at the end", w.Rate.ConcurrentEnd, 1)
	c.count("up at once", w.Rate.ConcurrentPeak, 1)
	c.count("registrations", w.Registrations+w.RegistrationsPending, 1)
	c.ratio("SER", w.EstablishmentRatio(), 1, 2)
	c.ratio("SCR", w.CompletionRatio(), 0, 1)
	c.count("messages", w.Forward.Messages+w.Backward.Messages, 11)
	if w.Rate.Mean != 3.0/60 {
		t.Errorf("%v calls a second", w.Rate.Mean)
	}
}

// Where the capture shows one side only, silence is no failure (spec §9.1).
func TestOneSide(t *testing.T) {
	r := Of(snapshot(t, `
		0.000 A>B INVITE 1 x
		1.000 A>B ACK 1 x
		5.000 A>B BYE 2 x
		10.00 A>B INVITE 1 y
		11.00 A>B ACK 1 y
		12.00 A>B BYE 2 y
		20.00 A>B INVITE 1 z
		20.10 A>B REGISTER 1 r
		99.00 end`))
	s := &r.Total
	c := check{t, s}
	if r.Pairs[0].OneSided != "requests" {
		t.Fatalf("one-sided %q", r.Pairs[0].OneSided)
	}
	c.ratio("SER", s.EstablishmentRatio(), 2, 2) // the ACKs prove it
	c.ratio("SCR", s.CompletionRatio(), 0, 0)
	c.ratio("ISA", s.IneffectiveAttempts(), 0, 2)
	c.ratio("IRA", s.IneffectiveRegistrations(), 0, 0)
	c.count("undetermined", s.Undetermined, 1)
	c.values("SDD failed", &s.DisconnectDelayFailed)
}

// A leg on two hops counts once, on the caller's; each hop has its messages.
func TestTwoHops(t *testing.T) {
	r := Of(snapshot(t, `
		0.000 A>P INVITE 1 x
		0.005 P>B INVITE 1 x
		0.010 P>A 100 INVITE 1 x
		0.500 B>P 180 INVITE 1 x
		0.510 P>A 180 INVITE 1 x
		2.000 B>P 200 INVITE 1 x
		2.010 P>A 200 INVITE 1 x
		2.020 A>P ACK 1 x
		2.030 P>B ACK 1 x
		9.000 A>P BYE 2 x
		9.005 P>B BYE 2 x
		9.050 B>P 200 BYE 2 x
		9.060 P>A 200 BYE 2 x`))
	c := check{t, &r.Total}
	c.count("attempts", c.s.Attempts, 1)
	if len(r.Pairs) != 2 || r.Pairs[0].Destination != host("P") || r.Pairs[1].Source != host("P") || r.Pairs[1].Attempts != 0 {
		t.Fatalf("%d pairs", len(r.Pairs))
	}
	c.values("SDD", &c.s.DisconnectDelay, 60)
	c.values("BYE at the proxy", &r.Pairs[0].response("BYE", false).Distribution, 60)
	c.values("BYE at the callee", &r.Pairs[1].response("BYE", false).Distribution, 45)
	c.values("INVITE at the callee", &r.Pairs[1].response("INVITE", false).Distribution, 495)
}

func TestNothing(t *testing.T) {
	r := Of(snapshot(t, "0 end"))
	if len(r.Pairs) != 0 || len(r.Windows) != 0 || r.Total.Attempts != 0 || r.Total.Rate.HasMean {
		t.Errorf("%+v", r)
	}
	for _, ratio := range []Ratio{r.Total.EstablishmentRatio(), r.Total.CompletionRatio(), r.Total.IneffectiveRegistrations(), r.Total.Forward.Rate()} {
		if _, ok := ratio.Percent(); ok {
			t.Error("a ratio of nothing is known")
		}
	}
}
