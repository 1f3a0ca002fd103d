package recording

import (
	"encoding/binary"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"sipsniff/correlate"
)

const msec = int64(1e6)

// A talker sends packets of one stream to a collector.
type talker struct {
	c         *Collector
	m         correlate.MediaPacket
	step      uint32 // ticks of a packet
	perPacket int64  // ns
}

func newTalker(c *Collector, id uint64, fromCaller bool, codec string, clock uint32) *talker {
	a, b := netip.MustParseAddrPort("192.0.2.1:4000"), netip.MustParseAddrPort("192.0.2.2:4000")
	if !fromCaller {
		a, b = b, a
	}
	return &talker{c: c, step: clock / 50, perPacket: 20 * msec, m: correlate.MediaPacket{
		Stream: id, Call: &correlate.CallRef{Index: 1}, Src: a, Dst: b, FromCaller: fromCaller, Codec: codec, ClockRate: clock,
		SSRC: uint32(id), Nanos: 1e18, SequenceNumber: 65500, Timestamp: 1<<32 - 1600}}
}

// say sends a payload and moves on; skip moves on without sending.
func (k *talker) say(payload []byte) {
	k.m.Payload = payload
	k.c.Media(&k.m)
	k.skip()
}

func (k *talker) skip() {
	k.m.SequenceNumber++
	k.m.Timestamp += k.step
	k.m.Nanos += k.perPacket
}

// numbered is 20 ms of L16 at 8 kHz in which every sample is another.
func numbered(n int) []byte {
	var b []byte
	for i := range 160 {
		b = binary.BigEndian.AppendUint16(b, uint16(n*160+i+1))
	}
	return b
}

// hear makes the recording of the only call, and reads it.
func hear(t testing.TB, c *Collector, o Options) (r *Recording, caller, callee []int16) {
	t.Helper()
	calls := c.Calls()
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	name := filepath.Join(t.TempDir(), "a.wav")
	var f *os.File
	r, err := calls[0].WriteWAV(func() (io.WriteSeeker, error) {
		var err error
		f, err = os.Create(name)
		return f, err
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Rate == 0 {
		return r, nil, nil
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := int(binary.LittleEndian.Uint32(b[24:])); got != r.Rate {
		t.Fatalf("rate %d, want %d", got, r.Rate)
	}
	for b = b[44:]; len(b) >= 4; b = b[4:] {
		caller = append(caller, int16(binary.LittleEndian.Uint16(b)))
		callee = append(callee, int16(binary.LittleEndian.Uint16(b[2:])))
	}
	if int64(len(caller)) != r.Frames {
		t.Fatalf("%d frames, want %d", len(caller), r.Frames)
	}
	return r, caller, callee
}

// wantCount wants s[from:to] to count on from value.
func wantCount(t *testing.T, s []int16, from, to, value int) {
	t.Helper()
	if len(s) < to {
		t.Fatalf("%d samples, want %d", len(s), to)
	}
	for i := from; i < to; i++ {
		if int(s[i]) != value+i-from {
			t.Fatalf("sample %d is %d, want %d", i, s[i], value+i-from)
		}
	}
}

func wantSilence(t *testing.T, s []int16, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if s[i] != 0 {
			t.Fatalf("sample %d is %d, want silence", i, s[i])
		}
	}
}
