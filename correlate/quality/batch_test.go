package quality

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// Batched or not, accounts say the same: at the end, and whenever they are asked.
func TestBatched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pool Batches
		const streams = 3
		var batched, plain [streams]Account
		var number, timestamp [streams]uint16
		var arrival int64
		for i := range batched {
			batched[i].Batches = &pool
			number[i] = uint16(rapid.IntRange(0, 65535).Draw(t, "number"))
		}
		for frame := range rapid.IntRange(1, 400).Draw(t, "packets") {
			i := rapid.IntRange(0, streams-1).Draw(t, "stream")
			arrival += rapid.Int64Range(-1e6, 30e6).Draw(t, "passed")
			step := 1
			if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
				step = rapid.SampledFrom([]int{-101, -20, -1, 0, 2, 5, 200, 2999, 3001, 20000}).Draw(t, "step")
			}
			number[i] += uint16(step)
			timestamp[i] += uint16(160 * step)
			p := Packet{
				Arrival: arrival, Frame: frame, Timestamp: uint32(timestamp[i]), ClockRate: 8000, SequenceNumber: number[i], Octets: 160,
				PayloadType: uint8(rapid.SampledFrom([]int{0, 0, 0, 0, 0, 8, 13}).Draw(t, "type")), Marker: rapid.IntRange(0, 19).Draw(t, "mark") == 0,
			}
			if p.PayloadType == 13 {
				p.Role = Comfort
			}
			if got, want := batched[i].Add(&p), plain[i].Add(&p); got != want {
				t.Fatalf("packet %d is %v, alone %v", frame, got, want)
			}
			switch rapid.IntRange(0, 30).Draw(t, "also") {
			case 0:
				if got, want := batched[i].Step(8000), plain[i].Step(8000); got != want {
					t.Fatalf("step %d, alone %d", got, want)
				}
			case 1:
				batched[i].Rest()
			case 2:
				back := int64(rapid.IntRange(1, 60).Draw(t, "back"))
				if got, want := batched[i].Recover(batched[i].highest-back), plain[i].Recover(plain[i].highest-back); got != want {
					t.Fatalf("recovered %v, alone %v", got, want)
				}
			case 3:
				compareReports(t, &batched[i], &plain[i])
			}
		}
		for i := range batched {
			compareReports(t, &batched[i], &plain[i])
			batched[i].Rest()
		}
		if n := pool.Memory(); n != 0 {
			t.Errorf("%d octets are in use by nobody", n)
		}
	})
}

func compareReports(t *rapid.T, batched, plain *Account) {
	if got, want := batched.Report(), plain.Report(); !reflect.DeepEqual(got, want) {
		t.Fatalf("batched:\n%+v\nalone:\n%+v", got, want)
	}
}

// When all batches are in use, one that rests changes hands, and nothing of what
// waited in it is lost.
func TestBatchesChangeHands(t *testing.T) {
	var pool Batches
	accounts := make([]Account, mostBatches+10)
	packets := uint64(0)
	for n := range uint16(5) {
		for i := range accounts {
			a := &accounts[i]
			a.Batches = &pool
			p := Packet{Arrival: int64(n) * 20e6, Frame: int(packets), Timestamp: uint32(n) * 160, ClockRate: 8000, SequenceNumber: 7 + n, Octets: 160}
			a.Add(&p)
			packets++
		}
	}
	if len(pool.all) != mostBatches {
		t.Errorf("%d batches", len(pool.all))
	}
	for i := range accounts {
		if r := accounts[i].Report(); r.DeltaMean != 20 || r.Unique != 5 {
			t.Fatalf("stream %d: %+v", i, r)
		}
	}
}
