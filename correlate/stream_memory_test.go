package correlate

import (
	"runtime"
	"testing"
	"unsafe"

	"sipsniff/correlate/quality"
	"sipsniff/decode/sdp"
)

// Streams count against the memory of the tracker although there are hardly
// any calls: a source that changes its SSRC all the time, and noise that looks
// like RTP. The calls stay.
func TestStreamsCountAgainstTheMemory(t *testing.T) {
	const limit = 8 << 20
	for name, dst := range map[string]string{"streams": alice, "noise": mallet} {
		t.Run(name, func(t *testing.T) {
			tr := NewTracker(Config{MaxMemory: limit})
			flood(t, tr, 50, 100)
			ref := tr.records[1].ref
			tr.records[1].announced = true
			tr.streams.announce(announcement{ref: ref, fromCaller: true, session: sdp.Parse(audio(alice)), nanos: sec})
			before := heap()
			s := &scene{t: t, table: tr.streams}
			for i := range 40_000 {
				m := &source{src: bob, dst: dst, ssrc: uint32(i)}
				for range 6 {
					tr.Datagram(s.packet(m.src, m.dst, sec+int64(i)*msec, rtpPacket(m, 160)))
					m.sequence++
				}
				if i%5000 == 0 {
					tr.Publish()
				}
			}
			snapshot := tr.Publish()
			grown := heap() - before
			if grown > limit || tr.streams.memory() > limit {
				t.Errorf("the heap grew by %d octets, counted are %d, the limit is %d", grown, tr.streams.memory(), limit)
			}
			if len(snapshot.Calls) != 50 {
				t.Errorf("%d calls, want 50", len(snapshot.Calls))
			}
			if name == "streams" {
				if snapshot.LimitReached != "memory" || snapshot.EvictedStreams == 0 || len(snapshot.Streams) < 450 {
					t.Errorf("%d streams, %d evicted, limit %q", len(snapshot.Streams), snapshot.EvictedStreams, snapshot.LimitReached)
				}
				if got := snapshot.Streams[len(snapshot.Streams)-1].SSRC; got != 39_999 {
					t.Errorf("the last stream is %d", got)
				}
			}
			runtime.KeepAlive(tr)
		})
	}
}

// When calls and streams together take too much, a call leaves as soon as a
// stream begins; no message has to come for that.
func TestStreamsMakeCallsLeave(t *testing.T) {
	const limit = 8 << 20
	tr := NewTracker(Config{MaxMemory: limit})
	flood(t, tr, 3000, 500)
	calls := len(tr.Publish().Calls)
	tr.records[3000].announced = true
	tr.streams.announce(announcement{ref: tr.records[3000].ref, fromCaller: true, session: sdp.Parse(audio(alice)), nanos: 4 * sec})
	s := &scene{t: t, table: tr.streams}
	for i := range 10_000 {
		tr.Datagram(s.packet(bob, alice, 4*sec, rtpPacket(&source{ssrc: uint32(i)}, 160)))
	}
	if after := len(tr.Publish().Calls); after >= calls || after < calls/4 {
		t.Errorf("%d calls of %d are left", after, calls)
	}
	if all := tr.memory + tr.streams.memory(); all > limit {
		t.Errorf("%d octets, the limit is %d", all, limit)
	}
}

// What a live stream takes, without what it remembers of each five seconds.
func TestLiveStreamIsSmall(t *testing.T) {
	if size := int64(unsafe.Sizeof(flow{})) + quality.TimingSize; size > 6<<10 {
		t.Errorf("a live stream takes %d octets, more than 6 KiB", size)
	}
	if size := unsafe.Sizeof(quality.Second{}); size != 16 {
		t.Errorf("a second takes %d octets, not 16", size)
	}
	if size := unsafe.Sizeof(quality.Interval{}); size > 28 {
		t.Errorf("an interval takes %d octets, more than 28", size)
	}
}
