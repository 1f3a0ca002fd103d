package quality

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"sipsniff/internal/allowance"
)

// Whatever the packets, a report in between changes nothing, and the pattern
// of losses that the buffers see adds up: what was not played is what was lost
// on the way, what came late and what overflowed.
func TestReportChangesNothing(t *testing.T) {
	for seed := range uint64(allowance.Share(300, 30)) {
		r := rand.New(rand.NewPCG(seed, 1))
		var a, b Account
		number, stamp, arrival := uint16(r.Uint32()), r.Uint32(), int64(0)
		for range 3000 {
			p := Packet{Arrival: arrival, Timestamp: stamp, ClockRate: 8000, SequenceNumber: number, Marker: r.IntN(50) == 0}
			switch r.IntN(60) {
			case 0:
				p.SequenceNumber -= uint16(r.IntN(90)) // late, or twice
				p.Arrival += int64(r.IntN(300)) * millisecond
			case 1:
				number += uint16(r.IntN(200))
			case 2:
				if r.IntN(10) == 0 {
					number += uint16(r.IntN(1 << 16)) // another range
				}
			case 3:
				arrival += int64(r.IntN(8)) * second
			case 4:
				stamp += r.Uint32() >> r.IntN(32)
			}
			a.Add(&p)
			b.Add(&p)
			if r.IntN(20) == 0 {
				b.Report()
			}
			number, stamp, arrival = number+1, stamp+160, arrival+20*millisecond
		}
		x, y := a.Report(), b.Report()
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("seed %d: with reports in between\n%+v\nwithout\n%+v", seed, y, x)
		}
		for i := range x.Buffers {
			if u := &x.Buffers[i]; u.Bursts.Packets != u.Bursts.GapPackets+u.Bursts.BurstPackets || u.Bursts.Lost < x.Lost && x.Restarts == 0 {
				t.Fatalf("seed %d: %+v of %d lost", seed, u, x.Lost)
			} else if x.Restarts == 0 && u.Bursts.Packets != x.Expected {
				t.Fatalf("seed %d: buffer read %d numbers of %d", seed, u.Bursts.Packets, x.Expected)
			}
		}
	}
}
