package quality

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// voice sends packets of 20 ms with 160 octets; numbers for which skip holds
// never arrive.
func voice(a *Account, from, to int, skip func(i int) bool) {
	for i := from; i < to; i++ {
		if skip == nil || !skip(i) {
			a.Add(&Packet{Arrival: start + int64(i)*20*ms, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(i), Octets: 160})
		}
	}
}

const start = int64(1_700_000_000) * 1_000_000_000

func all(r *Report) []Second {
	list := make([]Second, r.SecondCount())
	for i := range list {
		list[i] = *r.Second(i)
	}
	return list
}

// 10 s of G.711, of which numbers 55 to 59 and 205 are lost: 5 of the 50 of
// the second second, 1 of the fifth.
func TestSeconds(t *testing.T) {
	var a Account
	voice(&a, 0, 500, func(i int) bool { return i >= 55 && i < 60 || i == 205 })
	r := a.Report()
	if r.SecondCount() != 10 || r.SecondWidth != time.Second || r.SecondStart != start {
		t.Fatalf("%d of %v from %d", r.SecondCount(), r.SecondWidth, r.SecondStart)
	}
	for i, s := range all(&r) {
		lost := map[int]uint16{1: 5, 4: 1}[i]
		if s.Expected != 50 || s.Lost != lost || s.Marks != MarkMedia {
			t.Errorf("second %d: %+v, want %d of 50 lost", i, s, lost)
		}
		if want := uint16((50 - int(lost)) * 160 * 8 / 1000); i < 9 && s.Rate != want {
			t.Errorf("second %d: %d kbit/s, want %d", i, s.Rate, want)
		}
		if skew, ok := s.Skew(); skew != 0 || !ok {
			t.Errorf("second %d: skew %g", i, skew)
		}
		if want := map[int]float64{1: 120, 4: 40}[i]; want != 0 && s.Delta() != want {
			t.Errorf("second %d: delta %g ms, want %g", i, s.Delta(), want)
		}
	}
	if share, ok := r.Second(1).LostShare(); share != 0.1 || !ok {
		t.Errorf("share %g", share)
	}
}

// Packets 100 to 349 are missing: five seconds in which nothing came. Where
// numbers go on after comfort noise, nothing is lost.
func TestSecondsOfOutageAndPause(t *testing.T) {
	var a Account
	voice(&a, 0, 500, func(i int) bool { return i >= 100 && i < 350 })
	r := a.Report()
	lost := 0
	for i, s := range all(&r) {
		outage := i >= 2 && i < 7
		if (s.Marks == MarkOutage) != outage || outage && (s.Expected < 49 || s.Expected > 51 || s.Lost != s.Expected) {
			t.Errorf("second %d: %+v", i, s)
		}
		lost += int(s.Lost)
	}
	if lost != 250 {
		t.Errorf("%d lost in all, want 250", lost)
	}
	var quiet Account
	voice(&quiet, 0, 100, nil)
	quiet.Add(&Packet{Arrival: start + 2000*ms, Timestamp: 16000, ClockRate: 8000, SequenceNumber: 100, Role: Comfort})
	for i := range 50 {
		quiet.Add(&Packet{Arrival: start + int64(6000+i*20)*ms, Timestamp: uint32(48000 + i*160), ClockRate: 8000, SequenceNumber: uint16(101 + i), Marker: i == 0})
	}
	r = quiet.Report()
	for i, s := range all(&r) {
		if silent := i >= 3 && i < 6; (s.Marks == MarkSilent) != silent || s.Lost != 0 || silent && s.Expected != 0 {
			t.Errorf("paused, second %d: %+v", i, s)
		}
	}
}

// Number 49 comes after number 52, in the next second: it was lost there for a
// while and is not any more.
func TestSecondsWithLatePacket(t *testing.T) {
	var a Account
	voice(&a, 0, 53, func(i int) bool { return i == 49 })
	a.Add(&Packet{Arrival: start + 1045*ms, Timestamp: 49 * 160, ClockRate: 8000, SequenceNumber: 49})
	voice(&a, 53, 150, nil)
	r := a.Report()
	for i, s := range all(&r) {
		if s.Lost != 0 {
			t.Errorf("second %d: %+v", i, s)
		}
	}
}

// 70 ms late is too late for a buffer of 60 ms, in time for one of 200.
func TestSecondsDiscards(t *testing.T) {
	var a Account
	for i := range 200 {
		late := int64(0)
		if i >= 60 && i < 70 && i%2 == 0 {
			late = 70 * ms
		}
		a.Add(&Packet{Arrival: start + int64(i)*20*ms + late, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(i)})
	}
	r := a.Report()
	if got := r.Second(1).Discarded(BufferFixed60); math.Abs(got-0.1) > 0.005 || r.Second(1).Discarded(BufferFixed200) != 0 || r.Second(2).Discarded(BufferFixed60) != 0 {
		t.Errorf("f60 threw away %g of second 1, want 5 of 50; f200 %g; f60 of second 2 %g", got, r.Second(1).Discarded(BufferFixed200), r.Second(2).Discarded(BufferFixed60))
	}
	if j := r.Second(1).Jitter(); j < 5 || j > r.JitterMax+0.1 {
		t.Errorf("jitter %g, highest of the stream %g", j, r.JitterMax)
	}
}

// What the seconds hold adds up to the totals of the stream.
func TestSecondsAddUp(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for round := range 50 {
		var a Account
		down := false
		voice(&a, 0, 1000+rnd.IntN(3000), func(int) bool {
			if rnd.IntN(40) == 0 {
				down = !down
			}
			return down && rnd.IntN(2) == 0
		})
		r := a.Report()
		var expected, lost uint64
		for _, s := range all(&r) {
			expected, lost = expected+uint64(s.Expected), lost+uint64(s.Lost)
		}
		if expected != r.Expected || lost != r.Lost {
			t.Fatalf("round %d: %d expected, %d lost; the stream has %d and %d", round, expected, lost, r.Expected, r.Lost)
		}
	}
}

// Two hours and a second: an hour in seconds, then in twos, then in fours.
func TestSecondsHalve(t *testing.T) {
	var a Account
	const hours = 7204
	var shared []Second
	var before Second
	for i := range hours {
		for k := range 2 {
			n := 2*i + k
			a.Add(&Packet{Arrival: start + int64(n)*500*ms, Timestamp: uint32(n * 4000), ClockRate: 8000, SequenceNumber: uint16(n), Octets: 1000})
		}
		if i == 3000 {
			r := a.Report()
			shared, before = r.Seconds, r.Seconds[17]
		}
	}
	r := a.Report()
	if r.SecondWidth != 4*time.Second || r.SecondCount() != hours/4 {
		t.Fatalf("%d of %v", r.SecondCount(), r.SecondWidth)
	}
	for i, s := range all(&r) {
		if s.Expected != 8 || s.Lost != 0 || i < hours/4-1 && s.Rate != 16 {
			t.Fatalf("second %d: %+v", i, s)
		}
	}
	if shared[17] != before || len(shared) != 2999 {
		t.Error("what was published changed")
	}
	if size := r.HistorySize(); size > 64<<10+4096*28 {
		t.Errorf("%d octets", size)
	}
}

// A capture says what it wants of time.
func TestSecondsOfHostileClocks(t *testing.T) {
	var a Account
	for i, at := range []int64{math.MinInt64 / 2, 0, 5, math.MaxInt64 - 3, -1, math.MaxInt64, 7} {
		a.Add(&Packet{Arrival: at, Timestamp: uint32(i), ClockRate: 8000, SequenceNumber: uint16(i * 1000)})
	}
	if r := a.Report(); r.SecondCount() > maxSeconds+1 {
		t.Errorf("%d seconds", r.SecondCount())
	}
}

// 34.24 s without a packet, while numbers and timestamps go on in step with the
// clock, and three losses elsewhere. A gap in which the sender stood still is
// none, nor is a second of a pause.
func TestOutages(t *testing.T) {
	var a Account
	voice(&a, 0, 2500, func(i int) bool { return i >= 200 && i < 1912 || i == 50 || i == 2000 || i == 2002 })
	r := a.Report()
	want := Outage{Start: start + 199*20*ms, End: start + 1912*20*ms, Lost: 1712}
	if len(r.Outages) != 1 || r.Outages[0] != want || r.OutageLost != 1712 || r.Lost != 1715 {
		t.Errorf("%+v, %d of %d lost in it", r.Outages, r.OutageLost, r.Lost)
	}
	var still Account
	voice(&still, 0, 100, nil)
	for i := range 100 { // five seconds later numbers went on by ten packets, timestamps too
		still.Add(&Packet{Arrival: start + 7000*ms + int64(i)*20*ms, Timestamp: uint32((110 + i) * 160), ClockRate: 8000, SequenceNumber: uint16(110 + i)})
	}
	voice(&still, 1000, 1010, nil)
	if r = still.Report(); r.OutageLost != 0 && r.Outages[0].Start < start+7000*ms {
		t.Errorf("the sender stood still: %+v", r.Outages)
	}
	var many Account
	for i := range 30 {
		voice(&many, i*100, i*100+10, nil)
	}
	if r = many.Report(); len(r.Outages) != maxOutages || r.OutageLost != 29*90 {
		t.Errorf("%d listed, %d lost", len(r.Outages), r.OutageLost)
	}
}

// Our clock is set forward by ten minutes, or the sender stood still for so long:
// his numbers and timestamps go on where they were, so nothing is an outage. When
// his timestamps went on too, he was there and was not heard.
func TestNoOutageWhenTheSenderStood(t *testing.T) {
	for name, spoke := range map[string]bool{"stood": false, "spoke": true} {
		t.Run(name, func(t *testing.T) {
			const passed = 600 // s
			var a Account
			voice(&a, 0, 500, nil)
			for i := 500; i < 1000; i++ {
				p := Packet{Arrival: start + int64(i)*20*ms + passed*1000*ms, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(i), Octets: 160}
				if spoke {
					p.Timestamp += passed * 8000
				}
				a.Add(&p)
			}
			r := a.Report()
			seconds, intervals := 0, 0
			for _, s := range all(&r) {
				if s.Marks&MarkOutage != 0 {
					seconds++
				}
			}
			for i := range r.IntervalCount() {
				if r.Interval(i).Outage {
					intervals++
				}
			}
			if got := seconds > 0 || intervals > 0; got != spoke {
				t.Errorf("outage in %d seconds and %d intervals", seconds, intervals)
			}
		})
	}
}
