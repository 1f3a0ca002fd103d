package video

import (
	"testing"

	"sipsniff/decode/picture"
)

const ms = int64(1e6)

// A camera sends frames of 30 a second with a clock of 90 kHz.
type camera struct {
	a         Account
	number    int64
	timestamp uint32
	at        int64
}

// frame sends a frame of n packets of which those at the places in lost do
// not arrive.
func (c *camera) frame(n int, key bool, lost ...int) {
	for i := range n {
		p := Packet{Arrival: c.at + int64(i)*ms, Extended: c.number, Timestamp: c.timestamp, Marker: i == n-1}
		p.Facts.Key = key && i == 0
		c.number++
		gone := false
		for _, l := range lost {
			gone = gone || l == i
		}
		if !gone {
			c.a.Add(&p)
		}
	}
	c.at += 33 * ms
	c.timestamp += 3000
}

func TestFrames(t *testing.T) {
	c := camera{number: 65530}
	c.frame(3, true)
	c.frame(2, false)
	c.frame(2, false, 0) // its beginning is lost
	c.frame(2, false, 1) // its end is lost
	c.frame(3, false)
	c.frame(3, false, 1)
	for range 24 {
		c.frame(1, false)
	}
	c.frame(3, true)
	r := c.a.Report()
	if r.Frames != 31 || r.Incomplete != 3 || !r.HasEnds || r.Keys != 2 || r.KeyMean != 30*33*ms || r.Freezes != 0 {
		t.Errorf("%+v", r)
	}
	if r.FPS < 30.2 || r.FPS > 30.4 { // 1/33 ms
		t.Errorf("%g frames a second", r.FPS)
	}
}

// Packets that overtake each other, also across frames.
func TestReordered(t *testing.T) {
	var a Account
	for i, p := range []Packet{
		{Extended: 1, Timestamp: 100},
		{Extended: 3, Timestamp: 200},
		{Extended: 2, Timestamp: 100, Marker: true},
		{Extended: 4, Timestamp: 200, Marker: true},
		{Extended: 6, Timestamp: 400, Marker: true},
		{Extended: 5, Timestamp: 300, Marker: true}, // a whole frame late
	} {
		p.Arrival = int64(i) * ms
		a.Add(&p)
	}
	if r := a.Report(); r.Frames != 4 || r.Incomplete != 0 || r.Late != 0 {
		t.Errorf("%+v", r)
	}
	for i := range int64(10) {
		a.Add(&Packet{Arrival: (10 + i) * ms, Extended: 7 + i, Timestamp: 500 + 100*uint32(i), Marker: true})
	}
	a.Add(&Packet{Arrival: 30 * ms, Extended: 1, Timestamp: 100})
	if r := a.Report(); r.Frames != 14 || r.Late != 1 {
		t.Errorf("%+v", r)
	}
}

// Forward error correction has numbers of the stream but is no part of a frame.
func TestFillers(t *testing.T) {
	c := camera{}
	c.frame(2, false)
	c.a.Filler(c.number)
	c.number++
	c.frame(2, false)
	c.frame(2, false)
	if r := c.a.Report(); r.Frames != 3 || r.Incomplete != 0 {
		t.Errorf("%+v", r)
	}
}

// A freeze is more than three times the mean and more than 150 ms above it:
// with frames each 33 ms more than 183 ms, with frames each 100 ms more than
// 300 ms.
func TestFreezes(t *testing.T) {
	tests := []struct {
		usual, pause int64 // ms
		freezes      int
	}{
		{33, 183, 0}, {33, 184, 1}, {100, 300, 0}, {100, 301, 1}, {33, 99, 0},
	}
	for _, tt := range tests {
		var a Account
		at, timestamp := int64(0), uint32(0)
		for i := range int64(40) {
			a.Add(&Packet{Arrival: at, Extended: i, Timestamp: timestamp, Marker: true})
			timestamp += 3000
			at += tt.usual * ms
			if i == 20 {
				at += (tt.pause - tt.usual) * ms
			}
		}
		r := a.Report()
		if r.Freezes != tt.freezes || r.Freezes == 1 && (r.Frozen != tt.pause*ms || r.LongestFreeze != tt.pause*ms) {
			t.Errorf("%d ms in %d ms: %+v", tt.pause, tt.usual, r)
		}
	}
}

func TestRestart(t *testing.T) {
	c := camera{}
	c.frame(2, true)
	c.frame(2, false)
	c.a.Restart()
	c.number, c.timestamp, c.at = 40000, 0xF0000000, c.at+5000*ms
	c.frame(2, true)
	c.frame(2, false)
	r := c.a.Report()
	if r.Frames != 4 || r.Incomplete != 0 || r.Freezes != 0 || r.Keys != 2 {
		t.Errorf("%+v", r)
	}
}

func FuzzAccount(f *testing.F) {
	f.Add([]byte{1, 1, 0, 2, 1, 1, 3, 2, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		var a Account
		packets := uint64(0)
		for i := 0; len(b) >= 3; i, b = i+1, b[3:] {
			switch {
			case b[2]&0x40 != 0:
				a.Filler(int64(b[0]))
			case b[2]&0x80 != 0:
				a.Restart()
			default:
				packets++
				a.Add(&Packet{Arrival: int64(i) * ms, Extended: int64(b[0]), Timestamp: uint32(b[1]) << 24, Marker: b[2]&1 != 0, Facts: picture.Facts{Key: b[2]&2 != 0}})
			}
		}
		if r := a.Report(); r.Frames > packets || r.Incomplete > r.Frames || r.Keys > packets || r.Frozen < 0 {
			t.Fatalf("%+v of %d packets", r, packets)
		}
	})
}

// A camera whose timestamps begin anew, while its numbers go on, is not late
// for ever; one packet that is far behind changes nothing for the others.
func TestTimestampsBeginAnew(t *testing.T) {
	c := camera{number: 100, timestamp: 1 << 28}
	for range 20 {
		c.frame(2, false)
	}
	c.timestamp = 500
	for range 20 {
		c.frame(2, false)
	}
	r := c.a.Report()
	if r.Frames != 40 || r.Late != 0 || r.Incomplete != 0 || r.Freezes != 0 {
		t.Errorf("%+v", r)
	}
	c = camera{number: 100, timestamp: 1 << 28}
	for n := range 40 {
		if n == 20 {
			c.a.Add(&Packet{Arrival: c.at, Extended: 101, Timestamp: 7, Marker: true}) // with an old number
		}
		c.frame(2, false)
	}
	if r := c.a.Report(); r.Frames != 40 || r.Late != 1 || r.Incomplete != 0 {
		t.Errorf("a stray: %+v", r)
	}
}
