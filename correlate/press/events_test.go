package press

import (
	"testing"

	"sipsniff/decode/dtmf"
)

const ms = int64(1e6)

// A sender plays packets of telephone-event to Events.
type sender struct {
	x     Events
	frame int
}

func (s *sender) packet(at int64, timestamp uint32, marker bool, code uint8, end bool, duration uint16) {
	s.frame++
	s.x.Add(&Packet{Arrival: at, Frame: s.frame, Timestamp: timestamp, Clock: 8000, Marker: marker}, dtmf.Event{Code: code, End: end, Volume: 10, Duration: duration})
}

// The presses of 9, 1 and 1 in the example of RFC 4733 §5.1, table 5: dialled
// "911" with packets each 50 ms, the last of each sent three times.
func TestExampleOfTheRFC(t *testing.T) {
	var s sender
	s.packet(0*ms, 0, true, 9, false, 400)
	s.packet(50*ms, 0, false, 9, false, 800)
	s.packet(100*ms, 0, false, 9, false, 1200)
	for i := range int64(3) { // the digit lasted 200 ms
		s.packet((150+50*i)*ms, 0, false, 9, true, 1600)
	}
	for i := range int64(7) { // at 400 ms, for 250 ms
		s.packet((450+50*i)*ms, 3200, i == 0, 1, i >= 4, uint16(min(400*(i+1), 2000)))
	}
	for i := range int64(5) {
		s.packet((1000+50*i)*ms, 7600, i == 0, 1, i >= 2, uint16(min(400*(i+1), 1200)))
	}
	list, dropped := s.x.Presses()
	want := []struct {
		code     uint8
		at       int64
		duration uint32
		packets  uint32
	}{{9, 0, 1600, 6}, {1, 450 * ms, 2000, 7}, {1, 1000 * ms, 1200, 5}}
	if len(list) != len(want) || dropped != 0 {
		t.Fatalf("%d presses, want %d: %+v", len(list), len(want), list)
	}
	for i, w := range want {
		if p := list[i]; p.Code != w.code || p.At != w.at || p.Duration != w.duration || p.Packets != w.packets || !p.Ended || !p.Marked || p.Doubled {
			t.Errorf("press %d: %+v, want %+v", i, p, w)
		}
	}
	if list[0].Nanos() != 200*ms {
		t.Errorf("held %d ns, want 200 ms", list[0].Nanos())
	}
}

// A key held for 20 s: two full segments of 65535 units and a rest
// (RFC 4733 §2.5.1.3), also where the packets around a border are lost.
func TestLongEvent(t *testing.T) {
	for _, lossy := range []bool{false, true} {
		var s sender
		s.packet(0, 1000, true, 5, false, 160)
		s.packet(8180*ms, 1000, false, 5, false, 65440)
		if !lossy {
			s.packet(8192*ms, 1000, false, 5, false, 65535)
		}
		s.packet(8212*ms, 1000+65535, false, 5, false, 160)
		s.packet(16384*ms, 1000+65535, false, 5, false, 65535)
		s.packet(16400*ms, 1000+2*65535, false, 5, false, 160)
		s.packet(20000*ms, 1000+2*65535, false, 5, true, 28930)
		list, _ := s.x.Presses()
		if len(list) != 1 || list[0].Duration != 2*65535+28930 || list[0].Segments != 3 || !list[0].Ended {
			t.Errorf("lossy %v: %+v", lossy, list)
		}
	}
}

func TestEventsAtLoss(t *testing.T) {
	var s sender
	s.packet(20*ms, 0, false, 3, false, 320) // the first one was lost
	s.packet(40*ms, 0, false, 3, false, 480) // and so were those with the end
	s.packet(200*ms, 1600, true, 4, true, 800)
	s.packet(210*ms, 0, false, 3, false, 640) // late, of the first
	list, _ := s.x.Presses()
	if len(list) != 2 || list[0].Marked || list[0].Ended || list[0].Duration != 640 || !list[1].Ended || list[1].Packets != 1 {
		t.Errorf("%+v", list)
	}
}

// One press that is told twice, 30 ms after each other, and one that a person
// made, 50 ms later.
func TestDoubled(t *testing.T) {
	var s sender
	s.packet(0, 0, true, 7, true, 800)
	s.packet(130*ms, 800+240, true, 7, true, 800)
	s.packet(280*ms, 1840+400, true, 7, true, 800)
	list, _ := s.x.Presses()
	if len(list) != 3 || list[0].Doubled || !list[1].Doubled || list[2].Doubled {
		t.Errorf("%+v", list)
	}
}

func TestTooManyPresses(t *testing.T) {
	var s sender
	for i := range uint32(MaxPresses + 10) {
		s.packet(int64(i)*200*ms, i*1600, true, uint8(i%10), true, 800)
	}
	if list, dropped := s.x.Presses(); len(list) != MaxPresses || dropped != 10 {
		t.Errorf("%d kept, %d dropped", len(list), dropped)
	}
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte{9, 0x87, 6, 0x40, 0, 0, 1, 9, 0x87, 6, 0x40, 0, 5, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		var x Events
		for i := 0; len(b) >= 7; i++ {
			e, _ := dtmf.ParseEvent(b)
			x.Add(&Packet{Arrival: int64(i) * ms, Frame: i, Timestamp: uint32(b[4])<<8 | uint32(b[5]), Clock: uint32(b[6] & 0x40), Marker: b[6]&1 != 0}, e)
			b = b[7:]
		}
		list, dropped := x.Presses()
		if len(list) > MaxPresses || dropped > 0 && len(list) < MaxPresses {
			t.Fatalf("%d kept, %d dropped", len(list), dropped)
		}
		for _, p := range list {
			if p.Packets == 0 || p.Last < p.At || p.Nanos() < -1 {
				t.Fatalf("%+v", p)
			}
		}
	})
}
