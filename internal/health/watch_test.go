package health

import (
	"encoding/binary"
	"maps"
	"testing"

	"sipsniff/capture"
	"sipsniff/decode"
)

const start = 1_700_000_000 * second

// feeder gives frames to a Watch.
type feeder struct {
	Watch
	number int
}

func (f *feeder) at(seconds float64) *feeder { return f.from(0, seconds) }

func (f *feeder) from(source int, seconds float64) *feeder {
	f.number++
	f.Frame(&capture.Frame{Number: f.number, Nanos: start + int64(seconds*1e3+0.5)*1e6, Source: source})
	return f
}

// rtp is a frame with an RTP packet.
func (f *feeder) rtp(seconds float64, ssrc uint32, sequence uint16, timestamp uint32) *feeder {
	f.at(seconds)
	b := []byte{0x80, 8}
	b = binary.BigEndian.AppendUint16(b, sequence)
	b = binary.BigEndian.AppendUint32(b, timestamp)
	b = binary.BigEndian.AppendUint32(b, ssrc)
	f.Datagram(&decode.Packet{Frame: f.number, Nanos: start + int64(seconds*1e3+0.5)*1e6, Payload: append(b, make([]byte, 160)...)})
	return f
}

func (f *feeder) sip(seconds float64) *feeder {
	f.at(seconds)
	f.Message(&decode.Packet{Frame: f.number, LastFrame: f.number})
	return f
}

// The steps were worked out by hand from spec §9.6.
func TestSteps(t *testing.T) {
	feed := func() *feeder { return &feeder{} }
	for name, tt := range map[string]struct {
		fed        *feeder
		want       Steps
		outOfOrder uint64
	}{
		"in order":             {feed().at(0).at(1).at(1).at(50), Steps{}, 0},
		"one second back":      {feed().at(10).at(9).at(9.5), Steps{}, 1},
		"more than one":        {feed().at(10).at(8.999).at(9), Steps{1, -1001 * 1e6, 2}, 0},
		"back for good":        {feed().at(100).at(101).at(50).at(51).at(52), Steps{1, -51 * second, 3}, 0},
		"back at the end":      {feed().at(100).at(50), Steps{1, -50 * second, 2}, 0},
		"back and quiet":       {feed().at(100).at(90).at(94), Steps{1, -10 * second, 2}, 0},
		"one late frame":       {feed().at(100).at(30).at(100.01).at(101), Steps{}, 1},
		"a late frame at 0.5":  {feed().at(100).at(30).at(99.5).at(101), Steps{}, 2},
		"back twice":           {feed().at(100).at(50).at(10).at(11), Steps{2, -50 * second, 2}, 0},
		"the later one larger": {feed().at(200).at(150).at(151).at(20).at(21), Steps{2, -131 * second, 2}, 0},
		"a long silence":       {feed().at(0).at(3600).at(3600.02), Steps{}, 0},
		"a silence with signalling": {
			feed().sip(0).sip(3600), Steps{}, 0,
		},
		"forward while media goes on": {
			feed().rtp(0, 7, 100, 8000).rtp(3600, 7, 101, 8160).rtp(3600.02, 7, 102, 8320), Steps{1, 3600 * second, 2}, 0,
		},
		"forward by exactly a minute": {feed().rtp(0, 7, 100, 8000).rtp(60, 7, 101, 8160), Steps{}, 0},
		"forward over the wraps": {
			feed().rtp(0, 7, 65535, 4294967200).rtp(61, 7, 0, 64), Steps{1, 61 * second, 2}, 0,
		},
		"forward with another frame first": {
			feed().rtp(0, 7, 100, 8000).at(0.5).at(100).rtp(100.5, 7, 101, 8160), Steps{1, 995 * 1e8, 3}, 0,
		},
		"media went on uncaptured": {feed().rtp(0, 7, 100, 8000).rtp(3600, 7, 180100%65536, 8000+28_800_000), Steps{}, 0},
		"a pause of the sender":    {feed().rtp(0, 7, 100, 8000).rtp(3600, 7, 101, 8000+28_800_000), Steps{}, 0},
		"on hold":                  {feed().rtp(0, 7, 100, 8000).sip(0.1).sip(120).rtp(120.1, 7, 101, 8160), Steps{}, 0},
		"media long before":        {feed().rtp(0, 7, 100, 8000).at(1.1).at(100).rtp(100.5, 7, 101, 8160), Steps{}, 0},
		"media long after":         {feed().rtp(0, 7, 100, 8000).at(100).rtp(101.1, 7, 101, 8160), Steps{}, 0},
		"another stream":           {feed().rtp(0, 7, 100, 8000).rtp(3600, 8, 101, 8160), Steps{}, 0},
		"two sources":              {feed().from(0, 100).from(1, 5).from(0, 101).from(1, 6), Steps{}, 0},
		"the second source": {
			feed().from(1, 100).from(0, 5).from(1, 20).from(0, 6).from(1, 21), Steps{1, -80 * second, 3}, 0,
		},
	} {
		tt.fed.Flush()
		c := tt.fed.Counts()
		if c.Steps != tt.want || c.OutOfOrder != tt.outOfOrder {
			t.Errorf("%s: %+v, %d out of order; want %+v, %d", name, c.Steps, c.OutOfOrder, tt.want, tt.outOfOrder)
		}
	}
}

// A frame without a time is no step of the clock and in no range.
func TestUntimed(t *testing.T) {
	f := (&feeder{}).at(5)
	f.Frame(&capture.Frame{Number: 2})
	f.at(4).at(7)
	f.from(2, 1)
	f.Flush()
	c := f.Counts()
	if c.Untimed != 1 || c.Steps.Count != 0 || c.OutOfOrder != 1 || len(c.Times) != 3 {
		t.Fatalf("%+v", c)
	}
	if want := (Range{First: start + 4*second, Last: start + 7*second, Frames: 3}); c.Times[0] != want || c.Times[1] != (Range{}) {
		t.Errorf("times %+v, want %+v first", c.Times, want)
	}
}

func TestCut(t *testing.T) {
	var w Watch
	w.Frame(&capture.Frame{Number: 1, Nanos: 1, Data: make([]byte, 60), Length: 100})
	w.Frame(&capture.Frame{Number: 2, Nanos: 1, Data: make([]byte, 60), Length: 60})
	w.Frame(&capture.Frame{Number: 3, Nanos: 1, Data: make([]byte, 60), Length: 61})
	for _, why := range []string{"snaplen", "", "tcp_gap", "snaplen"} {
		w.Message(&decode.Packet{Cut: why})
	}
	c := w.Counts()
	if c.Cut != 2 || c.CutOctets != 41 || !maps.Equal(c.CutMessages, map[string]uint64{"snaplen": 2, "tcp_gap": 1}) {
		t.Errorf("%+v", c)
	}
	w.Message(&decode.Packet{Cut: "snaplen"})
	if c.CutMessages["snaplen"] != 2 {
		t.Error("what was handed out changes")
	}
}

func TestWatchAllocatesNothing(t *testing.T) {
	f := (&feeder{}).rtp(0, 7, 1, 1)
	frame := capture.Frame{Number: 2, Nanos: start, Data: make([]byte, 214), Length: 214}
	packet := decode.Packet{Frame: 2, Nanos: start, Payload: make([]byte, 172)}
	packet.Payload[0] = 0x80
	if n := testing.AllocsPerRun(100, func() { f.Frame(&frame); f.Datagram(&packet) }); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkWatch(b *testing.B) {
	f := (&feeder{}).rtp(0, 7, 1, 1)
	frame := capture.Frame{Number: 2, Nanos: start, Data: make([]byte, 214), Length: 214}
	packet := decode.Packet{Frame: 2, Nanos: start, Payload: make([]byte, 172)}
	packet.Payload[0] = 0x80
	b.ReportAllocs()
	for b.Loop() {
		frame.Nanos++
		f.Frame(&frame)
		f.Datagram(&packet)
	}
}

// FuzzWatch gives frames with any times and packets with any octets: what is
// counted stays within what there was.
func FuzzWatch(f *testing.F) {
	f.Add(int64(0), int64(1), int64(-1), []byte("\x80\x08\x00\x01\x00\x00\x00\x01\x00\x00\x00\x07"))
	f.Add(int64(1<<62), int64(-1<<62), int64(1<<62), []byte{})
	f.Add(start, start+100*second, start, []byte("\x80\x08\xff\xff\xff\xff\xff\xff\x00\x00\x00\x07"))
	f.Fuzz(func(t *testing.T, first, second, third int64, payload []byte) {
		var w Watch
		for i, nanos := range []int64{first, second, third} {
			w.Frame(&capture.Frame{Number: i + 1, Nanos: nanos, Source: i % 2})
			w.Datagram(&decode.Packet{Frame: i + 1, Nanos: nanos, Payload: payload})
		}
		w.Flush()
		c := w.Counts()
		if c.Steps.Count+c.OutOfOrder+c.Untimed > 3 || (c.Steps.Count == 0) != (c.Steps.FirstFrame == 0) {
			t.Errorf("%+v", c)
		}
	})
}

// What may be RTCP says nothing of the clock, whichever way it came.
func TestMediaPassesOverControl(t *testing.T) {
	var w Watch
	for _, payloadType := range []uint8{64, 72, 95} {
		w.Media(payloadType, 7, 160, 1, 1, 1)
	}
	if w.marks != (Watch{}).marks {
		t.Error("a packet that may be RTCP is remembered")
	}
	w.Media(96, 7, 160, 1, 1, 1)
	if w.marks == (Watch{}).marks {
		t.Error("one of RTP is not")
	}
}
