package recording

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"sipsniff/correlate"
)

// Numbers that wrap, packets that come late, early, twice and out of order:
// the samples are those that were sent, in their order, without a seam.
func TestInOrder(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	k := newTalker(c, 1, true, "L16", 8000)
	var sent []correlate.MediaPacket
	for n := range 150 {
		k.m.Payload = numbered(n)
		sent = append(sent, k.m)
		k.skip()
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range sent {
		sent[i].Nanos += rnd.Int64N(35 * msec)
	}
	sent = append(sent, sent[17], sent[100])
	slices.SortStableFunc(sent, func(a, b correlate.MediaPacket) int { return int(a.Nanos - b.Nanos) })
	for i := range sent {
		c.Media(&sent[i])
	}
	r, caller, callee := hear(t, c, Options{})
	wantCount(t, caller, 0, 150*160, 1)
	wantSilence(t, callee, 0, len(callee))
	if s := r.Sides[Caller].Sources[0]; len(caller) != 150*160 || s.Packets != 150 || s.Lost != 0 || s.Concealed != 0 || s.Overlapped != 0 {
		t.Errorf("%d samples, %+v", len(caller), s)
	}
}

// A loss of 100 ms: 60 ms fade out and 40 ms are silent, or all of it is; what
// comes after is where it belongs.
func TestLoss(t *testing.T) {
	for _, silence := range []bool{false, true} {
		c := NewCollector(nil, 1<<20)
		k := newTalker(c, 1, true, "L16", 8000)
		for n := range 20 {
			if n >= 10 && n < 15 {
				k.skip()
			} else {
				k.say(numbered(n))
			}
		}
		r, caller, _ := hear(t, c, Options{Silence: silence})
		wantCount(t, caller, 0, 1600, 1)
		wantCount(t, caller, 2400, 3200, 2401)
		s := r.Sides[Caller].Sources[0]
		if silence {
			wantSilence(t, caller, 1600, 2400)
			if s.Lost != 5 || s.Concealed != 0 || s.Silenced != 100 {
				t.Errorf("%+v", s)
			}
			continue
		}
		// Sample i of the loss repeats one of 1441…1600, times (480−i)/480.
		for i := range 480 {
			if want := int16((1441 + i%160) * (480 - i) / 480); caller[1600+i] != want {
				t.Fatalf("sample %d of the loss is %d, want %d", i, caller[1600+i], want)
			}
		}
		wantSilence(t, caller, 2080, 2400)
		if s.Lost != 5 || s.Concealed != 60 || s.Silenced != 40 {
			t.Errorf("%+v", s)
		}
	}
}

// A source that says nothing for two seconds, and says so by its timestamps,
// lost nothing; nor did one that sent telephone events instead.
func TestPause(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	k := newTalker(c, 1, true, "L16", 8000)
	for n := range 10 {
		k.say(numbered(n))
	}
	k.m.Timestamp += 16000
	k.m.Nanos += 2000 * msec
	for n := range 10 {
		k.say(numbered(n))
	}
	k.m.Codec, k.m.PayloadType = "telephone-event", 101
	for range 5 {
		k.say([]byte{1, 0, 0, 0})
		k.m.Timestamp -= k.step
	}
	k.m.Codec, k.m.PayloadType, k.m.Timestamp = "L16", 0, k.m.Timestamp+5*k.step
	k.say(numbered(0))
	r, caller, _ := hear(t, c, Options{})
	wantCount(t, caller, 0, 1600, 1)
	wantSilence(t, caller, 1600, 17600)
	wantCount(t, caller, 17600, 19200, 1)
	wantSilence(t, caller, 19200, 20000)
	wantCount(t, caller, 20000, 20160, 1)
	if s := r.Sides[Caller].Sources[0]; s.Lost != 0 || s.Concealed+s.Silenced != 0 {
		t.Errorf("%+v", s)
	}
}

// The callee begins 300 ms after the caller: so does the right channel.
func TestSides(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	a, b := newTalker(c, 1, true, "L16", 8000), newTalker(c, 2, false, "L16", 8000)
	b.m.Nanos += 300 * msec
	for n := range 50 {
		a.say(numbered(n))
		b.say(numbered(n))
	}
	r, caller, callee := hear(t, c, Options{})
	wantCount(t, caller, 0, 8000, 1)
	wantSilence(t, callee, 0, 2400)
	wantCount(t, callee, 2400, 10400, 1)
	wantSilence(t, caller, 8000, 10400)
	if r.Start != 1e18 || r.Duration != 1.3 {
		t.Errorf("%+v", r)
	}
}

// A source begins anew with other numbers, as after a re-INVITE: what it says
// goes on where it arrived, and a stray packet between changes nothing.
func TestRestart(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	k := newTalker(c, 1, true, "L16", 8000)
	for n := range 10 {
		k.say(numbered(n))
	}
	stray := k.m
	stray.SequenceNumber, stray.Payload = 30000, numbered(99)
	c.Media(&stray)
	k.m.SequenceNumber, k.m.Timestamp = 10000, 5
	for n := range 10 {
		k.say(numbered(n + 10))
	}
	r, caller, _ := hear(t, c, Options{})
	wantCount(t, caller, 0, 3200, 1)
	if s := r.Sides[Caller].Sources[0]; s.Packets != 20 || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
}

// A clock that is 400 ppm slow is 120 ms behind after five minutes: the
// recording follows, and is never more than 50 ms off.
func TestDrift(t *testing.T) {
	for _, ppm := range []int64{400, -400} {
		c := NewCollector(nil, 1<<24)
		k := newTalker(c, 1, true, "L16", 8000)
		k.perPacket += k.perPacket * ppm / 1e6
		const packets = 15000
		for n := range packets {
			k.say(slices.Repeat([]byte{byte(n >> 8), byte(n)}, 160))
		}
		_, caller, _ := hear(t, c, Options{})
		for n := 1; n < packets; n++ {
			arrival := float64(n) * float64(k.perPacket) / 1e9
			at := slices.Index(caller[max(0, int(arrival*8000)-1000):], int16(n))
			if at < 0 { // it may be dropped where the recording was moved back
				continue
			}
			at += max(0, int(arrival*8000)-1000)
			if off := float64(at)/8000 - arrival; off > 0.05 || off < -0.05 {
				t.Fatalf("%d ppm: packet %d is %.1f ms off", ppm, n, 1000*off)
			}
		}
	}
}

// Two codecs: the recording has the higher rate, in which that side is exact,
// and the other side is as long as it should be.
func TestRates(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	a, b := newTalker(c, 1, true, "L16", 8000), newTalker(c, 2, false, "L16", 16000)
	for n := range 50 {
		a.say(numbered(50))
		b.say(append(numbered(2*n), numbered(2*n+1)...))
	}
	r, caller, callee := hear(t, c, Options{})
	wantCount(t, callee, 0, 16000, 1)
	if r.Rate != 16000 || len(caller) != 16000 || caller[1600] == 0 {
		t.Errorf("rate %d, %d samples", r.Rate, len(caller))
	}
}

// G.722 counts octets; some count samples. Both are heard without a seam.
func TestG722Clock(t *testing.T) {
	var heard [2][]int16
	for i, step := range []uint32{160, 320} {
		c := NewCollector(nil, 1<<20)
		k := newTalker(c, 1, true, "G722", 8000)
		k.step = step
		for n := range 150 {
			k.say(slices.Repeat([]byte{byte(n), byte(3 * n)}, 80))
		}
		var r *Recording
		r, heard[i], _ = hear(t, c, Options{})
		if len(heard[i]) != 150*320 || r.Sides[Caller].Sources[0].Overlapped != 0 {
			t.Errorf("%d ticks: %d samples", step, len(heard[i]))
		}
	}
	if !slices.Equal(heard[0], heard[1]) {
		t.Error("they differ")
	}
}

// What a relay sends on is the same sound a moment later: it is heard once.
func TestRelay(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	a, b := newTalker(c, 1, true, "L16", 8000), newTalker(c, 2, true, "L16", 8000)
	b.m.Src, b.m.Dst = netip.MustParseAddrPort("192.0.2.2:5000"), netip.MustParseAddrPort("192.0.2.3:4000")
	b.m.Nanos += 7 * msec
	for n := range 10 {
		a.say(numbered(n))
		b.say(numbered(n))
	}
	r, caller, _ := hear(t, c, Options{})
	wantCount(t, caller, 0, 1600, 1)
	if s := r.Sides[Caller].Sources; len(s) != 2 || s[1].Left != LeftRelay {
		t.Errorf("%+v", s)
	}
}

// Who speaks at the same time on one side is heard together, up to the limit.
func TestSum(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	a, b := newTalker(c, 1, true, "L16", 8000), newTalker(c, 2, true, "L16", 8000)
	b.m.Src = netip.MustParseAddrPort("192.0.2.9:4000")
	for range 10 {
		a.say(slices.Repeat([]byte{0x40, 0x01}, 160))
		b.say(slices.Repeat([]byte{0x40, 0x02}, 160))
	}
	_, caller, _ := hear(t, c, Options{})
	if caller[0] != 32767 {
		t.Errorf("%d", caller[0])
	}
}

// What could not be decrypted, and codecs that are not decoded, are said.
func TestLeft(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	a, b := newTalker(c, 1, true, "PCMU", 8000), newTalker(c, 2, false, "G729", 8000)
	for range 10 {
		a.say(nil)
		b.say(make([]byte, 20))
	}
	r, _, _ := hear(t, c, Options{})
	x, y := r.Sides[Caller].Sources, r.Sides[Callee].Sources
	if r.Rate != 0 || len(x) != 1 || len(y) != 1 || x[0].Left != LeftKeys || x[0].Unreadable != 10 || y[0].Left != LeftCodec || y[0].Codec != "G729" {
		t.Errorf("%+v", r)
	}
}

func TestLimit(t *testing.T) {
	c := NewCollector([]int{1}, 20*(320+packetSize))
	k := newTalker(c, 1, true, "L16", 8000)
	for n := range 30 {
		k.say(numbered(n))
	}
	k.m.Call = &correlate.CallRef{Index: 2}
	k.say(numbered(0))
	r, caller, _ := hear(t, c, Options{})
	wantCount(t, caller, 0, 3200, 1)
	if !c.Calls()[0].Cut || r.Frames != 3200 {
		t.Errorf("%d frames", r.Frames)
	}
}

// Both sides are silent for a while, and a level is what it should be:
// a square wave of 3276.8 is −20 dBov.
func TestDeadAir(t *testing.T) {
	c := NewCollector(nil, 1<<22)
	a, b := newTalker(c, 1, true, "L16", 8000), newTalker(c, 2, false, "L16", 8000)
	loud, still := slices.Repeat([]byte{0x0C, 0xCD, 0xF3, 0x33}, 80), make([]byte, 320)
	for n := range 1000 { // the caller for 10 s, then nobody for 5 s but 1 s of the callee
		if n < 500 {
			a.say(loud)
		} else {
			a.say(still)
		}
		if n >= 700 && n < 750 {
			b.say(loud)
		} else {
			b.say(still)
		}
	}
	r, _, _ := hear(t, c, Options{})
	if r.DeadAir.From != 15 || r.DeadAir.Length < 4.99 || r.DeadAir.Length > 5.01 {
		t.Errorf("%+v", r.DeadAir)
	}
	if l := r.Sides[Caller].Levels; l.Frames != 1000 || l.Silent != 500 || l.Active < -20.01 || l.Active > -19.99 {
		t.Errorf("%+v", l)
	}
}

// FuzzRecording gives any packets of any codecs: it ends, and is not longer
// than a file can be.
func FuzzRecording(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 10, 0, 1, 0, 160, 20, 10, 1, 9, 0, 200, 20, 10})
	f.Add(slices.Repeat([]byte{1, 1, 0, 160, 20, 33}, 30))
	codecs := []string{"PCMU", "G722", "GSM", "L16", "opus", "CN", "telephone-event", "G729", "H264"}
	f.Fuzz(func(t *testing.T, b []byte) {
		c := NewCollector(nil, 1<<20)
		k := newTalker(c, 1, true, "PCMU", 8000)
		for ; len(b) >= 6; b = b[6:] {
			k.m.Stream = uint64(b[0] & 1)
			k.m.FromCaller = b[0]&2 == 0
			k.m.PayloadType = b[0] >> 2
			k.m.Codec = codecs[int(b[0]>>2)%len(codecs)]
			k.m.SequenceNumber += uint16(int8(b[1])) * uint16(b[1]&7)
			k.m.Timestamp += uint32(b[2])<<24 | uint32(b[3])
			k.m.Nanos += int64(int8(b[4])) * msec
			k.m.ClockRate = []uint32{8000, 16000, 48000, 44100, 0, 1<<32 - 1, 1}[b[5]%7]
			k.m.Payload = b[:min(len(b), int(b[5]))]
			c.Media(&k.m)
		}
		if len(c.Calls()) == 1 {
			hear(t, c, Options{Silence: len(b)&1 == 0})
			for _, file := range c.Calls()[0].RawFiles() {
				if _, err := file.Write(discard{}); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
