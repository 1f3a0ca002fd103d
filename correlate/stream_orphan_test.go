package correlate

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/dtls/dtlstest"
)

// opus is a source of 20 ms packets of 48 kHz.
func (s *scene) opus(m *source, nanos int64, n int) int64 {
	for range n {
		s.table.datagram(s.packet(m.src, m.dst, nanos, rtpPacket(m, 60+int(m.sequence%7))))
		m.sequence++
		m.timestamp += 960
		nanos += 20 * msec
	}
	return nanos
}

func TestOrphan(t *testing.T) {
	s := newScene(t)
	m := &source{src: alice, dst: bob, ssrc: 5, sequence: 65530}
	s.talk(m, sec, 4)
	s.none()
	s.talk(m, sec+80*msec, 1)
	st := s.only()
	if st.Call != nil || st.Packets != 5 || st.Codec != "PCMU" || st.CodecFrom != "static" || st.ClockRate != 8000 || st.Media != "audio" || st.PayloadType != 0 {
		t.Errorf("after five packets: %+v", *st)
	}
	end := s.talk(m, sec+100*msec, 995)
	st = s.only()
	q := &st.Quality
	if st.ID != 1 || st.Packets != 1000 || st.First != sec || st.Octets != 160_000 || q.Lost != 0 || q.PTime != 20 || !q.HasJitter || q.JitterMax != 0 || q.DeltaMax != 20 {
		t.Errorf("after a thousand: %+v", *st)
	}
	if got := s.totals(); got != (Totals{RTPPackets: 1000, Streams: 1}) {
		t.Errorf("totals %+v", got)
	}
	p := s.packet(alice, bob, end, rtpPacket(m, 160))
	p.Duplicate = true
	s.table.datagram(p)
	if st, totals := s.only(), s.totals(); st.Packets != 1000 || st.CaptureDuplicates != 1 || totals.RTPPackets != 1001 {
		t.Errorf("a copy: %+v, totals %+v", *st, totals)
	}
	if n := len(s.table.flows.flows); n != 1 || s.table.waiting.count != 0 {
		t.Errorf("%d flows, %d waiting", n, s.table.waiting.count)
	}
}

func TestOrphanOfDynamicType(t *testing.T) {
	s := newScene(t)
	m := &source{src: alice, dst: bob, ssrc: 5, payloadType: 111}
	end := s.opus(m, 0, 100)
	for i := range 6 { // a digit
		e := &source{ssrc: 5, payloadType: 101, sequence: m.sequence, timestamp: m.timestamp}
		b := rtpPacket(e, 4)
		b[12], b[15] = 5, byte(i)
		if i == 0 {
			b[1] |= 0x80
		}
		s.table.datagram(s.packet(alice, bob, end, b))
		m.sequence++
		end += 20 * msec
	}
	m.timestamp += 6 * 960
	s.opus(m, end, 100)
	st := s.only()
	if st.Codec != "opus" || st.CodecFrom != "guess" || st.ClockRate != 48000 || st.PayloadType != 111 || st.Packets != 206 {
		t.Errorf("got %+v", *st)
	}
	if st.Quality.JitterMax > 0.001 || st.Quality.Lost != 0 {
		t.Errorf("jitter %g, lost %d: the digit has a timestamp that stands still", st.Quality.JitterMax, st.Quality.Lost)
	}
}

// TestOrphanIsScored: what is guessed is enough for an estimate of how it
// sounded, the mode of AMR too.
func TestOrphanIsScored(t *testing.T) {
	s := newScene(t)
	s.talk(&source{src: alice, dst: bob, ssrc: 5}, 0, 100)
	m := &source{src: mallet, dst: "203.0.113.9:6000", ssrc: 6, payloadType: 97}
	for i := range int64(100) {
		b := rtpPacket(m, 33)
		b[12], b[13] = 0xF0, 7<<3|4 // octet-aligned, 12.2 kbit/s
		s.table.datagram(s.packet(m.src, m.dst, i*20*msec, b))
		m.sequence++
		m.timestamp += 160
	}
	streams := s.table.publish()
	if st := streams[0]; !st.Score.Known || st.Score.MOS < 4 || st.Score.Entry.Name != "PCMU" {
		t.Errorf("G.711: %+v", st.Score)
	}
	if st := streams[1]; st.Codec != "AMR" || !st.Score.Known || st.Format.Mode != 7 {
		t.Errorf("AMR: mode %d, %+v", st.Format.Mode, st.Score)
	}
}

// TestOrphanFindsItsCall: an orphan whose last packet is not older than ten
// seconds belongs to the call that a later description of it comes with, and
// while its first packets are remembered it is what it would have been.
func TestOrphanFindsItsCall(t *testing.T) {
	amr := describe(alice, "m=audio PORT RTP/AVP 111", "a=rtpmap:111 foo/16000")
	play := func(before int) *Stream {
		s := newScene(t)
		m := &source{src: bob, dst: alice, ssrc: 5, payloadType: 111}
		end := s.opus(m, 0, before)
		s.table.publish()
		s.describes(1, caller, end, amr)
		s.opus(m, end, 250-before)
		stream := s.only()
		if totals := s.totals(); totals.Streams != 1 || totals.RTPPackets != 250 {
			t.Errorf("described after %d: totals %+v", before, totals)
		}
		if ids, _ := s.table.idsOf(1); len(ids) != 1 || ids[0] != 1 {
			t.Errorf("described after %d: the call has the streams %v", before, ids)
		}
		if n := s.table.orphans + len(s.table.waiting.byDst) + len(s.table.waiting.bySrc) + s.table.waiting.held; n != 0 {
			t.Errorf("described after %d: %d things wait", before, n)
		}
		return stream
	}
	first := play(0)
	if first.Codec != "foo" || first.CodecFrom != "sdp" || first.ClockRate != 16000 || first.Packets != 250 {
		t.Fatalf("described in time: %+v", *first)
	}
	for _, before := range []int{1, 4, 5, 20, 100, 249} {
		late := play(before)
		if late.Call == nil || late.Codec != "foo" || late.Detected != "" || !reflect.DeepEqual(late.Quality, first.Quality) {
			t.Errorf("described after %d: %+v, want %+v", before, *late, *first)
		}
	}
}

func TestOrphanIsClaimedInTime(t *testing.T) {
	for _, pause := range []int64{9 * sec, 11 * sec} {
		s := newScene(t)
		m := &source{src: bob, dst: alice, ssrc: 5}
		end := s.talk(m, 0, 1000) // more than are remembered
		s.describes(1, caller, end+pause, audio(alice))
		s.talk(m, end+pause+sec, 10)
		streams := s.table.publish()
		if pause < lateSDP {
			if len(streams) != 1 || streams[0].Call == nil || streams[0].Packets != 1010 {
				t.Errorf("after %d s: %d streams, the first is %+v", pause/sec, len(streams), *streams[0])
			}
			continue
		}
		if len(streams) != 2 || streams[0].Call != nil || streams[0].Packets != 1000 || streams[1].Call == nil || streams[1].Packets != 10 {
			t.Errorf("after %d s: %d streams", pause/sec, len(streams))
		}
	}
}

// A candidate that waited long in vain, or an orphan that paused for a minute,
// is another stream when it comes again.
func TestOrphanAfterPause(t *testing.T) {
	for pause, want := range map[int64]int{5 * sec: 1, 50 * sec: 1, 61 * sec: 2} {
		s := newScene(t)
		m := &source{src: bob, dst: alice, ssrc: 5}
		end := s.talk(m, 0, 100)
		s.talk(m, end+pause, 100)
		streams := s.table.publish()
		if len(streams) != want {
			t.Errorf("after %d s: %d streams, want %d", pause/sec, len(streams), want)
			continue
		}
		if by := streams[0].EndedBy(0, end+pause+sec); want == 2 && by != "idle" {
			t.Errorf("the first ended by %q", by)
		}
	}
}

// TestFalsePositive: what began like RTP and does not go on like it is no
// stream. It is counted, and a description may still know better.
func TestFalsePositive(t *testing.T) {
	s := newScene(t)
	m := &source{src: bob, dst: alice, ssrc: 5}
	end := s.talk(m, 0, 8)
	s.only()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		m.sequence, m.timestamp = uint16(rnd.Uint32()), rnd.Uint32()
		s.send(m, end)
		end += 20 * msec
	}
	s.none()
	if s.table.orphans != 0 {
		t.Errorf("%d orphans", s.table.orphans)
	}
	if totals := s.totals(); totals != (Totals{}) || s.table.mistaken != 1 || s.table.evicted != 0 {
		t.Errorf("totals %+v, %d were taken back, %d evicted", totals, s.table.mistaken, s.table.evicted)
	}
	end = s.talk(m, end, 300)
	s.none()
	s.describes(1, caller, end, audio(alice))
	if st := s.only(); st.Call == nil || st.Packets < 300 {
		t.Errorf("described: %+v", *st)
	}
	for _, bad := range []int{2, 5} { // of ten: 20 % is allowed, 50 % is not
		s := newScene(t)
		m := &source{src: bob, dst: alice, ssrc: 5}
		end := s.talk(m, 0, 8)
		for i := range 200 {
			p := s.packet(bob, alice, end, rtpPacket(m, 160))
			if i%10 < bad && i%2 == 0 {
				binary.BigEndian.PutUint32(p.Payload[4:], m.timestamp+1<<30)
			}
			s.table.datagram(p)
			m.sequence++
			m.timestamp += 160
			end += 20 * msec
		}
		if got := len(s.table.publish()) == 1; got != (bad == 2) {
			t.Errorf("%d of ten bad: a stream %v", bad, got)
		}
	}
}

// TestOrphanOfDTLS: where the addresses spoke DTLS before, the stream is SRTP.
func TestOrphanOfDTLS(t *testing.T) {
	s := newScene(t)
	seen, claimed := 0, 0
	s.table.observe = func(m *MediaPacket) {
		if m.Call != nil && !m.Secure && m.Payload != nil {
			claimed++ // shown again, with what the description says
			return
		}
		if seen++; !m.Secure || m.Payload != nil || m.Call != nil {
			t.Errorf("observed %+v", *m)
		}
	}
	s.table.datagram(s.packet(bob, alice, 0, dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1))))
	m := &source{src: alice, dst: bob, ssrc: 5, payloadType: 111}
	end := s.opus(m, sec, 20)
	if st, totals := s.only(), s.totals(); !st.Secure || st.Protection != nil || totals.SRTPPackets != 20 || totals.RTPPackets != 0 || seen != 20 {
		t.Errorf("%+v, totals %+v, %d observed", *st, totals, seen)
	}
	s.describes(1, caller, end, describe(alice, "m=audio PORT RTP/AVP 111", "a=rtpmap:111 opus/48000/2"))
	if st, totals := s.only(), s.totals(); st.Secure || totals.SRTPPackets != 0 || totals.RTPPackets != 20 || claimed != 20 {
		t.Errorf("described in clear: %+v, totals %+v", *st, totals)
	}
}

// TestConfidence grows with RTCP, with the way back, and with even ports.
func TestConfidence(t *testing.T) {
	odd := &source{src: "192.0.2.1:4001", dst: "198.51.100.2:5001", ssrc: 5}
	tests := []struct {
		name string
		play func(s *scene)
		want string
	}{
		{"odd ports", func(s *scene) { s.talk(odd, 0, 20) }, "suspect"},
		{"dynamic", func(s *scene) { s.opus(&source{src: alice, dst: bob, ssrc: 5, payloadType: 111}, 0, 20) }, "suspect"},
		{"static", func(s *scene) { s.talk(&source{src: alice, dst: bob, ssrc: 5}, 0, 20) }, "strong"},
		{"RTCP before", func(s *scene) {
			s.table.datagram(s.packet("192.0.2.1:4001", "198.51.100.2:5001", 0, senderReport(5)))
			s.opus(&source{src: alice, dst: bob, ssrc: 5, payloadType: 111}, 0, 20)
		}, "proven"},
		{"RTCP after", func(s *scene) {
			s.opus(&source{src: alice, dst: bob, ssrc: 5, payloadType: 111}, 0, 20)
			s.table.datagram(s.packet("192.0.2.1:4001", "198.51.100.2:5001", 0, senderReport(5)))
		}, "proven"},
		{"RTCP of another", func(s *scene) {
			s.opus(&source{src: alice, dst: bob, ssrc: 5, payloadType: 111}, 0, 20)
			s.table.datagram(s.packet("192.0.2.1:4001", "198.51.100.2:5001", 0, senderReport(6)))
		}, "suspect"},
	}
	for _, tt := range tests {
		s := newScene(t)
		odd.sequence, odd.timestamp = 0, 0
		tt.play(s)
		if st := s.only(); st.Detected != tt.want || (st.RTCPPackets == 1) != (tt.want == "proven") {
			t.Errorf("%s: %q with %d RTCP packets, want %q", tt.name, st.Detected, st.RTCPPackets, tt.want)
		}
	}
	s := newScene(t)
	there := &source{src: "192.0.2.1:4001", dst: "198.51.100.2:5001", ssrc: 5, payloadType: 111}
	back := &source{src: "198.51.100.2:5001", dst: "192.0.2.1:4001", ssrc: 6, payloadType: 111}
	s.opus(there, 0, 20)
	s.table.publish() // what follows changes what was said
	s.opus(back, sec, 20)
	if list := s.table.publish(); len(list) != 2 || list[0].Detected != "strong" || list[1].Detected != "strong" {
		t.Errorf("one after the other: %q", list[0].Detected)
	}
	s = newScene(t)
	there.sequence, back.sequence = 0, 0
	for i := range int64(20) {
		s.opus(there, i*20*msec, 1)
		s.opus(back, i*20*msec+msec, 1)
	}
	for _, st := range s.table.publish() {
		if st.Detected != "strong" {
			t.Errorf("both ways: %q", st.Detected)
		}
	}
	if n := s.totals().RTCPPackets; n != 0 {
		t.Errorf("%d RTCP packets", n)
	}
}

func TestEndings(t *testing.T) {
	s := newScene(t)
	a := &source{src: bob, dst: alice, ssrc: 1}
	end := s.talk(a, 0, 20)
	b := &source{src: bob, dst: alice, ssrc: 2}
	end = s.talk(b, end, 20)
	s.table.datagram(s.packet("198.51.100.2:5001", "192.0.2.1:4001", end, append(senderReport(2), 0x81, 203, 0, 1, 0, 0, 0, 2)))
	c := &source{src: mallet, dst: "203.0.113.9:6000", ssrc: 3}
	d := &source{src: mallet, dst: "203.0.113.9:6000", ssrc: 4}
	for range 50 { // two that speak at the same time
		s.talk(c, end, 1)
		end = s.talk(d, end, 1)
	}
	streams := s.table.publish()
	if len(streams) != 4 {
		t.Fatalf("%d streams", len(streams))
	}
	for i, want := range []string{"ssrc_change", "bye", "", ""} {
		if got := streams[i].EndedBy(0, end); got != want {
			t.Errorf("stream %d ended by %q, want %q", i+1, got, want)
		}
	}
	if got := streams[2].EndedBy(0, end+61*sec); got != "idle" {
		t.Errorf("after a minute: ended by %q", got)
	}
	if got := streams[2].EndedBy(end, end); got != "call_end" {
		t.Errorf("after the call: ended by %q", got)
	}
}

// TestContinuation: a source that goes on from another address with the next
// numbers is another stream, and named as the one that it continues.
func TestContinuation(t *testing.T) {
	const moved = "198.51.100.7:5008"
	tests := []struct {
		name string
		play func(m *source)
		want int
	}{
		{"NAT", func(m *source) { m.src = moved }, 1},
		{"the receiver moved", func(m *source) { m.dst = moved }, 1},
		{"a hundred are lost", func(m *source) { m.src, m.sequence = moved, m.sequence+100 }, 1},
		{"too many are lost", func(m *source) { m.src, m.sequence = moved, m.sequence+3000 }, 0},
		{"the same numbers", func(m *source) { m.src, m.sequence = moved, 0 }, 0},
		{"another source", func(m *source) { m.src, m.ssrc = moved, 9 }, 0},
	}
	for _, tt := range tests {
		s := newScene(t)
		m := &source{src: bob, dst: alice, ssrc: 5}
		end := s.talk(m, 0, 50)
		tt.play(m)
		s.talk(m, end, 50)
		streams := s.table.publish()
		if len(streams) != 2 || streams[1].Continues != tt.want || streams[0].Continues != 0 {
			t.Errorf("%s: %d streams, the second continues %d, want %d", tt.name, len(streams), streams[1].Continues, tt.want)
		}
	}
	// A relay sends on what it gets: the same source on two ways at once.
	s := newScene(t)
	in, out := &source{src: bob, dst: alice, ssrc: 5, sequence: 1}, &source{src: alice, dst: mallet, ssrc: 5}
	for i := range int64(100) {
		s.talk(out, i*20*msec, 1)
		s.talk(in, i*20*msec+msec, 1)
	}
	for _, st := range s.table.publish() {
		if st.Continues != 0 {
			t.Errorf("stream %d continues %d", st.ID, st.Continues)
		}
	}
}

// TestTurns: a payload type that changes makes no other stream; a digit and
// comfort noise are no codec of their own.
func TestTurns(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0 8 13 101", "a=rtpmap:101 telephone-event/8000"))
	s.describes(1, callee, 0, audio(bob))
	m := &source{src: bob, dst: alice, ssrc: 5}
	end := int64(0)
	for _, payloadType := range []uint8{0, 101, 13, 0, 8, 101, 8, 0} {
		m.payloadType = payloadType
		end = s.talk(m, end, 10)
	}
	m.src = mallet // from behind a NAT, after a long silence
	m.ssrc = 6
	s.talk(m, s.talk(m, end, 10)+31*sec, 10)
	streams := s.table.publish()
	want := []CodecTurn{{0, 0, "PCMU", 8000}, {40 * 20 * msec, 8, "PCMA", 8000}, {70 * 20 * msec, 0, "PCMU", 8000}}
	if got := streams[0]; !reflect.DeepEqual(got.Turns, want) || got.Pauses != 0 || got.DescribedSrc.IsValid() {
		t.Errorf("%+v, %d pauses, described at %v", got.Turns, got.Pauses, got.DescribedSrc)
	}
	if got := streams[1]; got.Turns != nil || got.Pauses != 1 || got.DescribedSrc.String() != bob {
		t.Errorf("%+v, %d pauses, described at %v", got.Turns, got.Pauses, got.DescribedSrc)
	}
	m = &source{src: bob, dst: alice, ssrc: 7}
	for i := range 1000 {
		m.payloadType = uint8(i % 2 * 8)
		end = s.talk(m, end, 1)
	}
	if got := s.table.publish()[2]; len(got.Turns) != maxTurns {
		t.Errorf("%d turns", len(got.Turns))
	}
}

// FuzzOrphan goes on with anything after packets that were accepted.
func FuzzOrphan(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8}, uint8(20), uint8(0))
	f.Add([]byte("\x10\x00\x00\xff\x80"), uint8(100), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, n, how uint8) {
		s := &scene{t: t, table: newStreamTable(4)}
		sources := [...]*source{{src: bob, dst: alice, ssrc: 1}, {src: alice, dst: bob, ssrc: 1, payloadType: 111}, {src: bob, dst: alice, ssrc: 2}}
		at := func(i int) byte {
			if len(b) == 0 {
				return 0
			}
			return b[i%len(b)]
		}
		now := int64(0)
		for i := range int(n) {
			m := sources[int(at(i)>>6)%len(sources)]
			m.payloadType ^= at(i+1) & how
			m.sequence += uint16(at(i+2)) * uint16(how&2)
			m.timestamp += uint32(at(i+3)) << (how & 31)
			switch at(i+4) & how {
			case 1:
				s.describes(int(at(i))%3, at(i)&1 == 0, now, audio(alice))
			case 2:
				s.table.callEnded(callRef(int(at(i))%3), now)
			case 4:
				s.table.forget(callRef(int(at(i)) % 3))
			case 8:
				now += int64(at(i+5)) * sec
			case 16:
				s.table.publish()
			case 32:
				s.table.datagram(s.packet(m.src, m.dst, now, senderReport(m.ssrc)))
			}
			now = s.talk(m, now, 1+int(at(i+6)&7))
		}
		w, orphans, held, waiting := &s.table.waiting, 0, 0, 0
		for _, f := range s.table.flows.flows {
			held += len(f.held)
			if f.call == nil && f.orphan == nil {
				waiting++
			}
		}
		var packets uint64
		published := s.table.publish()
		for _, x := range published {
			packets += x.Packets
			if x.Call == nil {
				orphans++
			}
		}
		totals := s.totals()
		if len(published) > 4 || orphans != s.table.orphans || waiting != w.count || held > w.held || uint64(len(published))+s.table.evicted != totals.Streams ||
			packets > totals.RTPPackets+totals.SRTPPackets {
			t.Fatalf("%d streams, %d orphans (counted %d), %d waiting (%d), %d held (%d), totals %+v", len(published), orphans, s.table.orphans, waiting, w.count, held, w.held, totals)
		}
	})
}

// Many short streams that nothing explains stay within the limit, do not push
// out those of calls, and leave room for the packets of later ones.
func TestOrphansAreBounded(t *testing.T) {
	s := newScene(t)
	s.table = newStreamTable(64)
	s.describes(1, caller, 0, audio(alice))
	mine := &source{src: bob, dst: alice, ssrc: 1}
	now := s.talk(mine, 0, 10)
	s.describes(2, caller, 0, audio("192.0.2.77:4000"))
	over := &source{src: bob, dst: "192.0.2.77:4000", ssrc: 0xFFFF}
	now = s.talk(over, now, 10)
	s.table.callEnded(callRef(2), now)
	for i := range 20_000 {
		m := &source{src: mallet, dst: fmt.Sprintf("203.0.113.%d:%d", i%250, 7000+2*(i/250)), ssrc: uint32(i + 2)}
		s.talk(m, now, 6)
		now += msec
		if i%1000 == 0 {
			s.talk(mine, now, 1)
			s.table.publish()
		}
	}
	streams := s.table.publish()
	if s.table.orphans != len(streams)-2 {
		t.Errorf("%d orphans of %d streams", s.table.orphans, len(streams))
	}
	if len(streams) > 64 || streams[0].SSRC != 1 || streams[0].Call == nil || s.totals().Streams != 20_002 {
		t.Errorf("%d streams, totals %+v", len(streams), s.totals())
	}
	if streams[1].SSRC != 0xFFFF || streams[1].Packets != 10 {
		t.Errorf("the second stream is %+v, want that of the call that is over", streams[1])
	}
	w := &s.table.waiting
	if w.held > maxHeldAll || w.count != 0 || len(s.table.newest) > 64 || len(s.table.flows.flows) > 64 {
		t.Errorf("%d packets are held, %d flows wait, %d sources, %d flows", w.held, w.count, len(s.table.newest), len(s.table.flows.flows))
	}
	// Held packets are counted right, or a hostile flood would use the room up.
	held := 0
	for _, f := range s.table.flows.flows {
		held += len(f.held)
	}
	if held != w.held {
		t.Errorf("%d packets are held, counted %d", held, w.held)
	}
}

// A candidate can be judged although others hold all there is room for.
func TestRoomForPacketsIsGivenBack(t *testing.T) {
	s := newScene(t)
	now := int64(0)
	for i := range 3000 { // flows that go on and are no streams
		m := &source{src: mallet, dst: fmt.Sprintf("203.0.113.%d:%d", i%250, 7001+2*(i/250)), ssrc: uint32(i), payloadType: 20}
		s.talk(m, now, 200)
	}
	if w := &s.table.waiting; w.held > maxHeldAll || w.held < maxHeldAll/2 {
		t.Errorf("%d packets are held", w.held)
	}
	now = s.talk(&source{src: bob, dst: alice, ssrc: 1}, now+4*sec, 5)
	s.only()
	s.talk(&source{src: bob, dst: alice, ssrc: 2}, now, 300)
	if n := len(s.table.publish()); n != 2 {
		t.Errorf("%d streams, want 2", n)
	}
}

func TestOrphanAllocatesNothing(t *testing.T) {
	s := newScene(t)
	m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 111}
	end := s.opus(m, 0, 300)
	p := s.packet(bob, alice, end, rtpPacket(m, 70))
	if n := testing.AllocsPerRun(100, func() { // within one interval of five seconds
		p.Nanos += 20 * msec
		m.sequence++
		m.timestamp += 960
		binary.BigEndian.PutUint16(p.Payload[2:], m.sequence)
		binary.BigEndian.PutUint32(p.Payload[4:], m.timestamp)
		s.table.datagram(p)
	}); n != 0 {
		t.Errorf("%g allocations a packet, want 0", n)
	}
	if st := s.only(); st.Packets != 401 {
		t.Errorf("%d packets", st.Packets)
	}
}

// BenchmarkOrphan accounts packets of 1000 streams without a call in turn, as
// BenchmarkDatagram does with those of calls.
func BenchmarkOrphan(b *testing.B) {
	const streams = 1000
	s := &scene{t: b, table: newStreamTable(0)}
	packets := make([]*decode.Packet, streams)
	for i := range packets {
		m := &source{src: bob, dst: fmt.Sprintf("192.0.2.%d:%d", i/100+1, 4000+i%100*2), ssrc: uint32(i + 1), payloadType: 0}
		s.talk(m, 0, 300)
		packets[i] = s.packet(m.src, m.dst, 300*20*msec, rtpPacket(m, 160))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p := packets[i%streams]
		p.Nanos += 20 * msec
		binary.BigEndian.PutUint16(p.Payload[2:], uint16(300+i/streams))
		binary.BigEndian.PutUint32(p.Payload[4:], uint32((300+i/streams)*160))
		s.table.datagram(p)
		i++
	}
	if s.table.totals.Streams != streams || s.table.mistaken > 0 {
		b.Fatalf("%d streams", s.table.totals.Streams)
	}
}

// What an orphan held is let go of when its addresses fall silent and others
// talk there.
func TestSilentOrphanHoldsNothing(t *testing.T) {
	s := newScene(t)
	m := &source{src: alice, dst: bob, ssrc: 5}
	end := s.talk(m, 0, 100)
	old := s.table.fresh[0]
	s.talk(m, end+61*sec, 1)
	if n := len(old.held); n != 0 || s.table.waiting.held != 1 {
		t.Errorf("it holds %d, counted are %d", n, s.table.waiting.held)
	}
}

// One description that explains thousands of orphans makes the list of its
// call once.
func TestManyOrphansAreClaimedAtOnce(t *testing.T) {
	s := newScene(t)
	const n = 2000
	for i := range n {
		s.talk(&source{src: alice, dst: bob, ssrc: uint32(i + 1)}, 0, 5)
	}
	if got := len(s.table.publish()); got != n {
		t.Fatalf("%d orphans", got)
	}
	s.describes(1, callee, sec, audio(bob))
	if c := s.table.calls[1]; len(c.flows) != n || len(c.ids) != 0 {
		t.Errorf("%d streams, %d IDs listed before the list is wanted", len(c.flows), len(c.ids))
	}
	s.table.publish()
	if ids, _ := s.table.idsOf(1); len(ids) != n || ids[0] != 1 || ids[n-1] != n {
		t.Errorf("%d IDs", len(ids))
	}
}
