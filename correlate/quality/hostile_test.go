package quality

import (
	"math"
	"testing"
	"time"
)

// Times of a capture are what its author wrote: hundreds of years may pass
// between two packets, and that takes no longer than a moment.
func TestCenturies(t *testing.T) {
	for name, last := range map[string]int64{
		"a century":     100 * 365 * 24 * 3600 * second,
		"nearly all":    math.MaxInt64 - 1,
		"back from far": math.MinInt64 / 2,
	} {
		t.Run(name, func(t *testing.T) {
			done := make(chan Report, 1)
			go func() {
				var a Account
				for i, arrival := range []int64{0, last, last, 0, last} {
					a.Add(&Packet{Arrival: arrival, Timestamp: uint32(i) * 160, ClockRate: 8000, SequenceNumber: uint16(i)})
				}
				done <- a.Report()
			}()
			select {
			case r := <-done:
				if r.Unique != 5 || r.IntervalCount() > maxIntervals+maxBorders+1 {
					t.Errorf("%d packets in %d intervals", r.Unique, r.IntervalCount())
				}
			case <-time.After(5 * time.Second):
				t.Fatal("still busy after 5 s")
			}
		})
	}
}

// A packet that came before the one that was captured first may have a number
// below 0; that the buffers threw it away says nothing of other packets.
func TestDiscardBelowZero(t *testing.T) {
	var a Account
	add := func(number uint16, arrival int64) {
		a.Add(&Packet{Arrival: arrival, Timestamp: uint32(int32(int16(number))) * 160, ClockRate: 8000, SequenceNumber: number})
	}
	add(2, 0)
	add(3, 20*millisecond)
	add(math.MaxUint16-2, 40*millisecond) // -3, 140 ms late: neither of the short buffers plays it
	for i := range 200 {
		add(uint16(4+i), int64(i+2)*20*millisecond)
	}
	r := a.Report()
	// -2, -1, 0 and 1 never came.
	for i := range r.Buffers {
		b := &r.Buffers[i]
		if want := b.Late + b.Overflowed + 4; b.Bursts.Lost != want || b.Bursts.Packets != 207 {
			t.Errorf("%s: %d of %d not played, want %d of 207", b.Model, b.Bursts.Lost, b.Bursts.Packets, want)
		}
	}
	if r.Buffers[BufferFixed60].Late != 1 {
		t.Errorf("%d late", r.Buffers[BufferFixed60].Late)
	}
}
