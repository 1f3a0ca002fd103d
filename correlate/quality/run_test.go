package quality

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Packets that come each after the other are accounted as one by one, in runs of
// any length, whatever comes between them.
func TestRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var together, alone Account
		s := newRunSource(t)
		for range rapid.IntRange(1, 20).Draw(t, "runs") {
			p := s.between()
			together.Add(&p)
			alone.Add(&p)
			if together.Newest() != s.number {
				continue // a jump in probation
			}
			r := s.run()
			for i := range r.Packets {
				p := r.packet(i, s.number-uint16(len(r.Packets)-1-i))
				alone.Add(&p)
			}
			if got := together.Run(&r); got != alone.highest {
				t.Fatalf("the last is %d, alone %d", got, alone.highest)
			}
			compareReports(t, &together, &alone)
		}
	})
}

// packet is one of a run, with its sequence number.
func (r *Run) packet(i int, number uint16) Packet {
	w := &r.Packets[i]
	return Packet{Arrival: r.Arrival + int64(w.After), Frame: r.Frame + int(w.Frames), Timestamp: w.Timestamp, ClockRate: r.ClockRate,
		SequenceNumber: number, Octets: w.Octets, PayloadType: r.PayloadType, Marker: w.Marker}
}

// A runSource sends a stream that is steady for a while, now and then.
type runSource struct {
	t         *rapid.T
	clock     uint32
	number    uint16
	timestamp uint32
	arrival   int64
	frame     int
}

func newRunSource(t *rapid.T) *runSource {
	return &runSource{
		t: t, clock: rapid.SampledFrom([]uint32{8000, 8000, 44100, 90000}).Draw(t, "clock"),
		number: uint16(rapid.IntRange(0, 65535).Draw(t, "number")), timestamp: rapid.Uint32().Draw(t, "timestamp"),
		arrival: rapid.SampledFrom([]int64{0, 1e18, -1e18, 9e18}).Draw(t, "begin"),
	}
}

// move goes on to the next packet.
func (s *runSource) move(odd bool) (marker bool) {
	s.arrival += max(0, 20e6+rapid.Int64Range(-30e6, 30e6).Draw(s.t, "late"))
	s.frame += rapid.IntRange(1, 3).Draw(s.t, "frames")
	s.number++
	s.timestamp += s.clock / 50
	if !odd {
		return false
	}
	s.arrival += rapid.SampledFrom([]int64{0, 0, 120e6, 700e6}).Draw(s.t, "apart")
	s.timestamp += rapid.SampledFrom([]uint32{0, 1, -(s.clock / 50), -(s.clock / 25), s.clock / 50, 3 * s.clock, 1 << 31}).Draw(s.t, "jump")
	return rapid.Bool().Draw(s.t, "marker")
}

// between is a packet that may be anything, behind a loss or not.
func (s *runSource) between() Packet {
	marker := s.move(true)
	s.number += uint16(max(0, rapid.IntRange(-60, 60).Draw(s.t, "lost")))
	p := Packet{Arrival: s.arrival, Frame: s.frame, Timestamp: s.timestamp, ClockRate: s.clock, SequenceNumber: s.number, Octets: 160, Marker: marker}
	switch rapid.IntRange(0, 5).Draw(s.t, "kind") {
	case 0:
		p.Role, p.PayloadType = Event, 101
	case 1:
		p.Role, p.PayloadType = Comfort, 13
	}
	return p
}

func (s *runSource) run() Run {
	marker := s.move(false)
	r := Run{Arrival: s.arrival, Frame: s.frame, ClockRate: s.clock}
	for more := rapid.IntRange(0, 59).Draw(s.t, "more"); ; more-- {
		r.Packets = append(r.Packets, Steady{After: uint32(s.arrival - r.Arrival), Timestamp: s.timestamp, Frames: uint32(s.frame - r.Frame), Octets: 160, Marker: marker})
		if more == 0 || s.arrival-r.Arrival > 3e9 {
			return r
		}
		marker = s.move(rapid.IntRange(0, 30).Draw(s.t, "odd") == 0)
	}
}

// Of a telephone call only the packets at the ends of seconds and intervals are
// looked at by themselves.
func TestSteady(t *testing.T) {
	const all, ptime = 10_000, 20e6
	var a Account
	r := Run{ClockRate: 8000, Packets: make([]Steady, 25)}
	single := 0
	for i := 0; i < all; {
		r.Arrival, r.Frame = int64(i)*ptime, i
		for k := range r.Packets {
			r.Packets[k] = Steady{After: uint32(k) * ptime, Timestamp: uint32(i+k) * 160, Frames: uint32(k), Octets: 160}
		}
		if n := a.timing.steady(&r, r.Packets, a.highest, &a.Sequence); n > 0 {
			a.Sequence.run(n)
			i += n
			continue
		}
		single++
		p := r.packet(0, uint16(i))
		a.Add(&p)
		i++
	}
	if single > all/40 {
		t.Errorf("%d of %d packets are looked at by themselves", single, all)
	}
}

// BenchmarkRun accounts a call in runs of 25 packets, of which each comes up to
// 5 ms late.
func BenchmarkRun(b *testing.B) {
	const ptime, runs = 20e6, 4000
	var a Account
	random := rand.New(rand.NewPCG(1, 2))
	late := make([]uint32, 25*64)
	for i := range late {
		late[i] = random.Uint32N(5e6)
	}
	r := Run{ClockRate: 8000, Packets: make([]Steady, 25)}
	packets := 0
	for b.Loop() {
		if packets%(25*runs) == 0 {
			a = Account{}
			a.Add(&Packet{ClockRate: 8000})
		}
		r.Arrival, r.Frame = int64(packets+1)*ptime, packets+1
		for k := range r.Packets {
			packets++
			r.Packets[k] = Steady{After: uint32(k)*ptime + late[packets%len(late)], Timestamp: uint32(packets) * 160, Frames: uint32(k), Octets: 160}
		}
		a.Run(&r)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(packets), "ns/packet")
}
