package correlate

import (
	"math"
	"slices"
	"testing"

	"sipsniff/decode/rtp"
)

// run sends n packets of 160 octets 20 ms apart whose timestamps go on by step.
func (s *scene) run(m *source, nanos int64, n int, step uint32) int64 {
	for range n {
		s.table.datagram(s.packet(m.src, m.dst, nanos, rtpPacket(m, 160)))
		m.sequence++
		m.timestamp += step
		nanos += 20 * msec
	}
	return nanos
}

func TestPace(t *testing.T) {
	tests := []struct {
		name  string
		play  func(*scene, *source)
		ratio float64
		least int64 // of Length
	}{
		{"right", func(s *scene, m *source) { s.run(m, sec, 3000, 160) }, 0, 0},
		{"half", func(s *scene, m *source) { s.run(m, s.run(m, sec, 1000, 160), 1500, 80) }, 0.5, 10 * sec},
		{"standing", func(s *scene, m *source) { s.run(m, sec, 1500, 0) }, 0, 10 * sec},
		{"a jump", func(s *scene, m *source) {
			nanos := s.run(m, sec, 1000, 160)
			m.timestamp += 40000
			s.run(m, nanos, 1000, 160)
		}, 0, 0},
		{"nine seconds", func(s *scene, m *source) {
			s.run(m, s.run(m, s.run(m, sec, 1000, 160), 450, 80), 1000, 160)
		}, 0, 0},
		{"a pause that the timestamps do not know of", func(s *scene, m *source) {
			nanos := s.run(m, sec, 1000, 160)
			s.run(m, nanos+60*sec, 1000, 160)
		}, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.described()
			tt.play(s, &source{src: alice, dst: bob, ssrc: 1})
			var got Pace
			if p := s.only().Pace; p != nil {
				got = *p
			}
			if (got.Length > 0) != (tt.least > 0) || got.Length < tt.least || got.Length > 0 && math.Abs(got.Ratio-tt.ratio) > 0.01 {
				t.Errorf("%+v, want a ratio of %g for %d s", got, tt.ratio, tt.least/sec)
			}
		})
	}
}

// 160 octets of payload and 12 of RTP, 50 times a second: 8600 octets. The
// scenes have no headers of IP.
func TestPeakRate(t *testing.T) {
	s := newScene(t)
	s.described()
	m := &source{src: alice, dst: bob, ssrc: 1}
	nanos := s.run(m, sec, 400, 160)
	if got := s.only().PeakRate; got != 0 {
		t.Errorf("%d after eight seconds, want nothing", got)
	}
	nanos = s.run(m, nanos, 600, 160)
	if got := s.only().PeakRate; got < 8500 || got > 8700 {
		t.Errorf("%d octets/s, want 8600", got)
	}
	for range 1200 { // twice as often
		s.run(m, nanos, 1, 80)
		nanos += 10 * msec
	}
	if got := s.only().PeakRate; got < 17000 || got > 17400 {
		t.Errorf("%d octets/s, want 17200", got)
	}
	if got := s.only().PayloadSize; got != 160 {
		t.Errorf("payload of %d octets", got)
	}
}

func TestAfterEnd(t *testing.T) {
	s := newScene(t)
	s.described()
	m := &source{src: alice, dst: bob, ssrc: 1}
	s.talk(m, sec, 100)
	s.table.callEnded(callRef(1), 3*sec)
	s.talk(m, 3*sec, 51) // until a second after the end
	if got := s.only().AfterEnd; got != nil {
		t.Errorf("within a second: %+v", got)
	}
	s.talk(m, 4020*msec, 20)
	want := AfterEnd{Packets: 20, First: 4020 * msec, Last: 4400 * msec, Frame: 152}
	if got := s.only().AfterEnd; got == nil || *got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestFragmentedStream(t *testing.T) {
	s := newScene(t)
	s.described()
	m := &source{src: alice, dst: bob, ssrc: 1}
	s.talk(m, sec, 10)
	p := s.packet(alice, bob, 2*sec, rtpPacket(m, 1600))
	p.FirstFrame = p.Frame - 1
	s.table.datagram(p)
	if got := s.only().Fragmented; got != 1 {
		t.Errorf("%d fragmented packets, want 1", got)
	}
}

func TestTypeCounts(t *testing.T) {
	s := newScene(t)
	s.described()
	m := &source{src: alice, dst: bob, ssrc: 1}
	s.talk(m, sec, 30)
	m.payloadType = 96
	s.talk(m, 2*sec, 12)
	want := []TypeCount{{0, 30, 1}, {96, 12, 31}}
	if got := s.only().Types; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, pt := range []uint8{97, 98, 99} { // one more than there is room for
		m.payloadType = pt
		s.talk(m, 3*sec, 5)
	}
	var sum uint64
	for _, c := range s.only().Types {
		if sum += c.Packets; c.PayloadType == 99 && c.Packets > 5 {
			t.Errorf("%d packets of type 99, it had 5", c.Packets)
		}
	}
	if sum > 57 {
		t.Errorf("%d packets in all, 57 came", sum)
	}
}

// Reports that name the same highest number while packets go by.
func TestFrozen(t *testing.T) {
	s := newScene(t)
	s.described()
	m := &source{src: alice, dst: bob, ssrc: 1, sequence: 100}
	nanos := s.talk(m, sec, 250)
	report := func(highest uint32) {
		s.reports(bobControl, aliceControl, nanos, rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{{SSRC: 1, Highest: highest}}}.octets())
	}
	report(349)
	if got := s.bySSRC(1).Control.Received.Frozen; got.Reports != 0 {
		t.Errorf("after one report: %+v", got)
	}
	from := nanos
	for range 3 {
		nanos = s.talk(m, nanos, 250)
		report(349)
	}
	want := Freeze{From: from, To: from + 15*sec, Reports: 3, Packets: 750, Frame: s.frame}
	if got := s.bySSRC(1).Control.Received.Frozen; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	nanos = s.talk(m, nanos, 250)
	report(1349)
	if got := s.bySSRC(1).Control.Received.Frozen; got != want {
		t.Errorf("once it goes on: %+v, want %+v", got, want)
	}
	if got := s.bySSRC(1).RTCPPackets; got != 0 {
		t.Errorf("%d RTCP packets by Alice", got)
	}
	s.reports(aliceControl, bobControl, nanos, rtcpReport{ssrc: 1, ntp: 1 << 40, packets: 1250}.octets())
	s.reports(aliceControl, bobControl, nanos+5*sec, rtcpReport{ssrc: 1, ntp: 2 << 40, packets: 1250}.octets())
	wire := ControlWire{Packets: 2, Octets: 56, First: nanos, Last: nanos + 5*sec}
	if got := s.bySSRC(1).Control.Wire; got != wire || got.Interval().Seconds() != 5 {
		t.Errorf("on the wire %+v, want %+v", got, wire)
	}
}
