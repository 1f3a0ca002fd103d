package correlate

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/decode"
	"sipsniff/decode/sdp"
)

// Whatever calls come and go at a handful of addresses, the streams are those
// that a look at each packet gives.
func TestStreamsOfEndedCallsLookWhenThereIsNews(t *testing.T) {
	for seed := range uint64(60) {
		quick, slow := newScene(t), newScene(t)
		played := func(play func(*scene)) { play(quick); play(slow) }
		rnd := rand.New(rand.NewPCG(seed, 2))
		at := func() string { return fmt.Sprintf("192.0.2.%d:%d", 1+rnd.IntN(2), 4000+2*rnd.IntN(2)) }
		now := int64(0)
		for range 400 {
			now += rnd.Int64N(300 * msec)
			switch call := 1 + rnd.IntN(6); rnd.IntN(12) {
			case 0, 1:
				side, where := rnd.IntN(2) == 0, at()
				played(func(s *scene) { s.describes(call, side, now, audio(where)) })
			case 2, 3:
				played(func(s *scene) { s.table.callEnded(callRef(call), now) })
			case 4:
				if rnd.IntN(4) == 0 {
					played(func(s *scene) { s.table.forget(callRef(call)) })
				}
			default:
				m := &source{src: at(), dst: at(), ssrc: uint32(rnd.IntN(2)), sequence: uint16(now / 2e7)}
				for _, f := range slow.table.flows.flows {
					f.listener.until = f.listener.from // it holds for no packet
				}
				payload := rtpPacket(m, 160)
				played(func(s *scene) { s.table.datagram(s.packet(m.src, m.dst, now, payload)) })
			}
		}
		for _, s := range []*scene{quick, slow} {
			s.table.publish()
		}
		if diff := cmp.Diff(summaries(slow), summaries(quick)); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}

// summaries says of each stream whose it is.
func summaries(s *scene) (lines []string) {
	for _, x := range s.table.publish() {
		lines = append(lines, fmt.Sprintf("%d: call %d, %d packets, %s > %s", x.ID, x.Call.Index, x.Packets, x.Src, x.Dst))
	}
	return lines
}

// The packets of a stream whose call ended do not look for a description each.
func TestStreamsOfEndedCallsDoNotLookEachTime(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 1}
	end := s.talk(m, sec, 10)
	s.table.callEnded(callRef(1), end)
	looked, last := 0, int64(-1)
	for i := range int64(500) { // ten seconds
		s.send(m, end+i*20*msec)
		if f := s.table.flowOf(t, m); f.listener.from != last {
			looked, last = looked+1, f.listener.from
		}
	}
	if looked == 0 || looked > 13 { // once a second, at the end and at the end of the grace
		t.Errorf("looked %d times", looked)
	}
}

// flowOf is the flow of a source.
func (t *streamTable) flowOf(tb testing.TB, m *source) *flow {
	f := t.flows.find(&flowKey{src: netip.MustParseAddrPort(m.src), dst: netip.MustParseAddrPort(m.dst), ssrc: m.ssrc})
	if f == nil {
		tb.Fatal("no such flow")
	}
	return f
}

// BenchmarkDatagramAfterEnd accounts packets of 1000 streams whose calls ended
// a second ago.
func BenchmarkDatagramAfterEnd(b *testing.B) {
	const streams = 1000
	table := newStreamTable(0)
	packets := make([]decode.Packet, streams)
	for i := range packets {
		at := fmt.Sprintf("192.0.2.%d:%d", i/100+1, 4000+i%100*2)
		table.announce(announcement{ref: callRef(i + 1), fromCaller: true, session: sdp.Parse(audio(at))})
		table.announce(announcement{ref: callRef(i + 1), session: sdp.Parse(audio(bob))})
		payload := rtpPacket(&source{ssrc: uint32(i)}, 160)
		packets[i] = decode.Packet{Payload: payload, WireLength: len(payload), Src: netip.MustParseAddrPort(bob), Dst: netip.MustParseAddrPort(at), Nanos: sec}
		table.datagram(&packets[i])
		table.callEnded(callRef(i+1), sec)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p := &packets[i%streams]
		p.Nanos += 20 * msec
		binary.BigEndian.PutUint16(p.Payload[2:], uint16(i/streams))
		binary.BigEndian.PutUint32(p.Payload[4:], uint32(i/streams*160))
		table.datagram(p)
		i++
	}
	if table.totals.Streams != streams {
		b.Fatalf("%d streams", table.totals.Streams)
	}
}
