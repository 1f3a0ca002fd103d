package correlate

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/decode"
)

// talk feeds a packet of PCMU every 20 ms from one end of a way to the other.
func talk(tr *Tracker, way string, from, to float64) {
	src, dst, _ := strings.Cut(way, ">")
	payload := make([]byte, 172)
	payload[0] = 0x80
	binary.BigEndian.PutUint32(payload[8:], uint32(src[0])<<8|uint32(dst[0]))
	for i := 0; from+float64(i)*0.02 <= to; i++ {
		binary.BigEndian.PutUint16(payload[2:], uint16(i))
		binary.BigEndian.PutUint32(payload[4:], uint32(160*i))
		nanos := at(from + float64(i)*0.02)
		tr.Datagram(&decode.Packet{
			Frame: 1000 + i, LastFrame: 1000 + i, Nanos: nanos, LastNanos: nanos,
			Src: mediaAddr(src), Dst: mediaAddr(dst), Payload: payload, WireLength: len(payload),
		})
	}
}

func mediaAddr(name string) netip.AddrPort {
	return netip.AddrPortFrom(scriptAddr(name).Addr(), 4000)
}

func TestStreamsBelongToTheirCall(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, answer).play(t, tr)
	talk(tr, "A>B", 3.2, 5)
	talk(tr, "B>A", 3.2, 5)
	tr.Flush()
	s := tr.Publish()
	c := onlyCall(t, s)
	if len(s.Streams) != 2 || !slices.Equal(c.StreamIDs, []int{1, 2}) || s.Totals.Streams != 2 || s.Totals.RTPPackets != 182 {
		t.Fatalf("%d streams, of the call %v, totals %+v", len(s.Streams), c.StreamIDs, s.Totals)
	}
	for _, stream := range s.Streams {
		if stream.Call == nil || stream.Call.Index != c.Index || stream.FromCaller != (stream.Src == mediaAddr("A")) {
			t.Errorf("stream from %v: call %v, from the caller %v", stream.Src, stream.Call, stream.FromCaller)
		}
	}
}

// A re-INVITE of the callee keeps the sides: they are told by the tags.
func TestSidesStayAfterReinvite(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, answer+"10 B>A INVITE 7 to=a sdp\n 10.1 A>B 200 INVITE 7 sdp\n 10.2 B>A ACK 7").play(t, tr)
	talk(tr, "B>A", 10.5, 12)
	s := tr.Publish()
	if len(s.Streams) != 1 || s.Streams[0].FromCaller {
		t.Errorf("%d streams; the callee's was taken for the caller's", len(s.Streams))
	}
}

func TestMediaTellsTheState(t *testing.T) {
	t.Run("early", func(t *testing.T) {
		tr := NewTracker(Config{})
		parseScript(t, setup).play(t, tr)
		talk(tr, "B>A", 1.2, 2)
		c := onlyCall(t, tr.Publish())
		if c.State != StateEarly || !slices.Contains(c.Flags, "early_media") {
			t.Errorf("state %v, flags %v", c.State, c.Flags)
		}
	})
	t.Run("answered without ACK", func(t *testing.T) {
		tr := NewTracker(Config{})
		parseScript(t, setup+"3 B>A 200 INVITE 1 sdp").play(t, tr)
		talk(tr, "A>B", 3.1, 4)
		if c := onlyCall(t, tr.Publish()); c.State != StateAnswered {
			t.Errorf("one way: state %v", c.State)
		}
		talk(tr, "B>A", 4, 5)
		c := onlyCall(t, tr.Publish())
		if c.State != StateInCall || !slices.Equal(c.Flags, []string{"ack_not_seen"}) {
			t.Errorf("both ways: state %v, flags %v", c.State, c.Flags)
		}
	})
	t.Run("gone", func(t *testing.T) {
		tr := NewTracker(Config{})
		parseScript(t, answer).play(t, tr)
		talk(tr, "A>B", 3.2, 10)
		talk(tr, "B>A", 3.2, 10)
		tr.Advance(at(305))
		if c := onlyCall(t, tr.Publish()); len(c.Flags) != 0 {
			t.Errorf("after 295 s: flags %v", c.Flags)
		}
		tr.Advance(at(311))
		c := onlyCall(t, tr.Publish())
		if c.State != StateInCall || !slices.Equal(c.Flags, []string{"media_gone"}) {
			t.Errorf("after 301 s: state %v, flags %v", c.State, c.Flags)
		}
	})
	t.Run("session timer with media", func(t *testing.T) {
		tr := NewTracker(Config{})
		parseScript(t, setup+"3 B>A 200 INVITE 1 sdp +Session-Expires:90\n 3.1 A>B ACK 1").play(t, tr)
		talk(tr, "B>A", 3.2, 200)
		if c := onlyCall(t, tr.Publish()); c.State != StateInCall {
			t.Errorf("state %v, but there is media", c.State)
		}
		tr.Advance(at(501))
		if c := onlyCall(t, tr.Publish()); c.State != StateDropped {
			t.Errorf("state %v, want dropped", c.State)
		}
	})
}

// Streams keep a call from nothing: when it is evicted they leave with it.
func TestStreamsLeaveWithTheirCall(t *testing.T) {
	tr := NewTracker(Config{MaxCalls: 1})
	parseScript(t, answer).play(t, tr)
	talk(tr, "A>B", 3.2, 5)
	tr.Publish()
	parseScript(t, "9 A>B OPTIONS 1 id=other").play(t, tr)
	s := tr.Publish()
	if len(s.Streams) != 0 || len(s.Calls) != 1 || s.EvictedCalls != 1 || s.EvictedStreams != 1 {
		t.Errorf("%d streams, %d calls, evicted %d and %d", len(s.Streams), len(s.Calls), s.EvictedCalls, s.EvictedStreams)
	}
}

// Streams that are published after their call was frozen still are its own.
func TestStreamsOfAFrozenCall(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, answer).play(t, tr)
	talk(tr, "A>B", 3.2, 5)
	parseScript(t, "6 A>B BYE 2\n 6.1 B>A 200 BYE 2").play(t, tr)
	tr.Advance(at(100))
	tr.Advance(at(101))
	c := onlyCall(t, tr.Publish())
	if tr.order[0].following != nil || !slices.Equal(c.StreamIDs, []int{1}) || c.State != StateCompleted {
		t.Errorf("streams %v, state %v", c.StreamIDs, c.State)
	}
}

func TestSnapshotsShareStreams(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, answer).play(t, tr)
	talk(tr, "A>B", 3.2, 5)
	talk(tr, "B>A", 3.2, 5)
	before := tr.Publish()
	talk(tr, "B>A", 5.02, 6)
	after := tr.Publish()
	if before.Streams[0] != after.Streams[0] || before.Streams[1] == after.Streams[1] {
		t.Error("the stream that rests is another, or the one that goes on the same")
	}
}
