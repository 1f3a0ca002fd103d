package correlate

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"

	"sipsniff/decode/rtp"
)

// Where the ends of the scenes send RTCP from.
const (
	aliceControl = "192.0.2.1:4001"
	bobControl   = "198.51.100.2:5001"
)

// A rtcpReport is a sender report, or without ntp a receiver report.
type rtcpReport struct {
	ssrc    uint32
	ntp     uint64
	packets uint32
	blocks  []rtp.ReportBlock
}

func (r rtcpReport) octets() []byte {
	b := []byte{0x80 | byte(len(r.blocks)), 201, 0, 0}
	b = binary.BigEndian.AppendUint32(b, r.ssrc)
	if r.ntp != 0 {
		b[1] = 200
		b = binary.BigEndian.AppendUint64(b, r.ntp)
		b = binary.BigEndian.AppendUint32(b, 0)
		b = binary.BigEndian.AppendUint32(b, r.packets)
		b = binary.BigEndian.AppendUint32(b, r.packets*160)
	}
	for _, k := range r.blocks {
		for _, v := range []uint32{k.SSRC, uint32(k.FractionLost)<<24 | uint32(k.CumulativeLost)&0xFFFFFF, k.Highest, k.Jitter, k.LastSR, k.Delay} {
			b = binary.BigEndian.AppendUint32(b, v)
		}
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)/4-1))
	return b
}

// reports sends an RTCP packet.
func (s *scene) reports(src, dst string, nanos int64, parts ...[]byte) {
	s.table.datagram(s.packet(src, dst, nanos, slices.Concat(parts...)))
}

// bySSRC returns the published stream of an SSRC.
func (s *scene) bySSRC(ssrc uint32) *Stream {
	s.t.Helper()
	for _, st := range s.table.publish() {
		if st.SSRC == ssrc {
			return st
		}
	}
	s.t.Fatalf("no stream of %d", ssrc)
	return nil
}

func (s *scene) described() {
	s.describes(1, caller, 0, audio(alice))
	s.describes(1, callee, 0, audio(bob))
}

// skip leaves out packets, as lost before the probe.
func (m *source) skip(n int) {
	m.sequence += uint16(n)
	m.timestamp += uint32(n) * 160
}

// Two ends talk for ten seconds and report twice. Before the probe two packets
// of Alice are lost, behind it 10 and then 5 more.
//
//	s       Alice                     probe                          Bob
//	1.000   250 packets, 2 lost ────────│──── 10 lost ─────────────────▶
//	6.000   SR 250 packets ─────────────│──────────────────────────────▶
//	6.100   ◀───────────────────────────│── SR; 12 lost, LSR, DLSR 62.5 ms
//	6.150   SR, LSR, DLSR 31.25 ms ─────│──────────────────────────────▶
//	6.200   250 packets ────────────────│──── 5 lost ──────────────────▶
//	11.000  SR 505 packets ─────────────│──────────────────────────────▶
//	11.200  ◀───────────────────────────│── RR; 17 lost
func TestReports(t *testing.T) {
	const ntpAlice, ntpBob = 0xE5A1B2C380000000, 0xE5A1B2C400010000
	s := newScene(t)
	s.described()
	m := &source{src: alice, dst: bob, ssrc: 1, sequence: 100}
	nanos := s.talk(m, sec, 50)
	m.skip(2)
	s.talk(m, nanos+40*msec, 198)
	s.talk(&source{src: bob, dst: alice, ssrc: 2}, sec, 5)
	s.reports(aliceControl, bobControl, 6*sec, rtcpReport{ssrc: 1, ntp: ntpAlice, packets: 250}.octets(),
		[]byte("\x81\xCA\x00\x03\x00\x00\x00\x01\x01\x03a@b\x00\x00\x00"))
	about := rtp.ReportBlock{SSRC: 1, FractionLost: 12, CumulativeLost: 12, Highest: 349, Jitter: 80, LastSR: 0xB2C38000, Delay: 4096}
	s.reports(bobControl, aliceControl, 6100*msec, rtcpReport{ssrc: 2, ntp: ntpBob, packets: 5, blocks: []rtp.ReportBlock{about}}.octets())
	s.reports(aliceControl, bobControl, 6150*msec, rtcpReport{ssrc: 1, ntp: ntpAlice + 1<<32, packets: 250,
		blocks: []rtp.ReportBlock{{SSRC: 2, Highest: 4, LastSR: 0xB2C40001, Delay: 2048}}}.octets())
	s.talk(m, 6200*msec, 250)
	s.reports(aliceControl, bobControl, 11*sec, rtcpReport{ssrc: 1, ntp: ntpAlice + 5<<32, packets: 505}.octets())
	about = rtp.ReportBlock{SSRC: 1, FractionLost: 5, CumulativeLost: 17, Highest: 599, Jitter: 160}
	s.reports(bobControl, aliceControl, 11200*msec, rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{about}}.octets(),
		[]byte("\x81\xCB\x00\x03\x00\x00\x00\x02\x05tired\x00\x00"))

	c := s.bySSRC(1).Control
	want := ReceiverControl{Reports: 2, SSRC: 2, First: 6100 * msec, Last: 11200 * msec, Fraction: 5.0 / 256, WorstFraction: 12.0 / 256,
		CumulativeLost: 17, Highest: 599, Lost: 17, Expected: 500, HasJitter: true, Jitter: 20, WorstJitter: 20}
	if r := c.Received; r.Implausible != nil || r.SSRC != want.SSRC || r.Reports != want.Reports || r.First != want.First || r.Last != want.Last ||
		r.Fraction != want.Fraction || r.WorstFraction != want.WorstFraction || r.CumulativeLost != 17 || r.Highest != 599 ||
		r.Lost != 17 || r.Expected != 500 || !r.HasJitter || r.Jitter != 20 || r.WorstJitter != 20 {
		t.Errorf("receiver\n%+v, want\n%+v", r, want)
	}
	if percent, ok := c.Received.Percent(); !ok || math.Abs(percent-3.4) > 1e-9 {
		t.Errorf("%g %% lost, want 3.4", percent)
	}
	if got := c.Received.Interval(); got != 5100*time.Millisecond {
		t.Errorf("interval %v", got)
	}
	if want := (LossSplit{Intervals: 2, Packets: 500, Reported: 17, Here: 2}); c.Compared != want || c.Compared.Behind() != 15 || !c.Compared.Disagrees() {
		t.Errorf("compared %+v, want %+v", c.Compared, want)
	}
	if want := (SenderControl{Reports: 3, Packets: 505, Octets: 80800, Comparable: true, Counted: 255, Span: 250}); c.Sent != want {
		t.Errorf("sender %+v, want %+v", c.Sent, want)
	}
	trip := RoundTrip{Near: 18750 * time.Microsecond, Far: 37500 * time.Microsecond, Total: 56250 * time.Microsecond, Worst: 56250 * time.Microsecond, Count: 2}
	if c.Trip != trip {
		t.Errorf("round trip %+v, want %+v", c.Trip, trip)
	}
	if c.CNAME != "a@b" || c.Only {
		t.Errorf("CNAME %q, only %v", c.CNAME, c.Only)
	}
	back := s.bySSRC(2)
	if trip.Near, trip.Far = trip.Far, trip.Near; back.Control.Trip != trip {
		t.Errorf("round trip of Bob's %+v, want %+v", back.Control.Trip, trip)
	}
	if back.Control.Goodbye != "tired" {
		t.Errorf("goodbye %q", back.Control.Goodbye)
	}
	score := s.bySSRC(1).Score
	if !score.HasDelay || score.DelayFrom != "rtcp" || score.ConMOS >= score.MOS {
		t.Errorf("no score with the delay: %+v", score)
	}
	if q := s.bySSRC(1).Quality; q.Lost != 2 {
		t.Errorf("%d of our own lost, want 2 whatever the receiver says", q.Lost)
	}
}

// The vector of spec §5.12: SR at 10.000 s, RR at 11.640 s, DLSR 98304.
func TestRoundTripVector(t *testing.T) {
	tests := []struct {
		name          string
		answered      int64
		lastSR, delay uint32
		want          time.Duration
		odd           string
	}{
		{"the vector", 11640 * msec, 0xB2C38000, 98304, 140 * time.Millisecond, ""},
		{"no sender report yet", 11640 * msec, 0, 98304, -1, ""},
		{"another sender report", 11640 * msec, 0xB2C3F000, 98304, -1, ""},
		{"the octets the wrong way round", 11640 * msec, 0x0080C3B2, 98304, -1, "last_sr"},
		{"half a millisecond too early", 11500*msec - msec/2, 0xB2C38000, 98304, 0, ""},
		{"two milliseconds too early", 11498 * msec, 0xB2C38000, 98304, -1, ""},
		{"ten seconds", 21500 * msec, 0xB2C38000, 98304, 10 * time.Second, ""},
		{"more than ten seconds", 21501 * msec, 0xB2C38000, 98304, -1, ""},
		{"waited a minute", 70 * sec, 0xB2C38000, 60 << 16, -1, "delay"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.described()
			s.talk(&source{src: alice, dst: bob, ssrc: 1}, 9*sec, 10)
			s.reports(aliceControl, bobControl, 10*sec, rtcpReport{ssrc: 1, ntp: 0xE5A1B2C380000000, packets: 10}.octets())
			b := rtp.ReportBlock{SSRC: 1, Highest: 9, LastSR: tt.lastSR, Delay: tt.delay}
			s.reports(bobControl, aliceControl, tt.answered, rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{b}}.octets())
			c := s.bySSRC(1).Control
			if c.Trip.Far != tt.want || c.Trip.Near != -1 || c.Trip.Total != -1 {
				t.Errorf("%+v, want %v", c.Trip, tt.want)
			}
			var odd []string
			if tt.odd != "" {
				odd = []string{tt.odd}
			}
			if !slices.Equal(c.Received.Implausible, odd) {
				t.Errorf("implausible %v, want %v", c.Received.Implausible, odd)
			}
		})
	}
}

// Only the last 16 sender reports can be answered.
func TestRoundTripOfAnOldReport(t *testing.T) {
	for age, want := range map[int]time.Duration{15: 20 * time.Millisecond, 16: -1} {
		s := newScene(t)
		s.described()
		s.talk(&source{src: alice, dst: bob, ssrc: 1}, 9*sec, 10)
		for i := range age + 1 {
			s.reports(aliceControl, bobControl, 10*sec+int64(i)*msec, rtcpReport{ssrc: 1, ntp: 0xE5A1B2C380000000 + uint64(i)<<32, packets: 10}.octets())
		}
		b := rtp.ReportBlock{SSRC: 1, Highest: 9, LastSR: 0xB2C38000}
		s.reports(bobControl, aliceControl, 10020*msec, rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{b}}.octets())
		if got := s.bySSRC(1).Control.Trip.Far; got != want {
			t.Errorf("%d reports later: %v, want %v", age, got, want)
		}
	}
}

// A receiver that sends no media measures with extended reports: reference
// time E5A1B2C3.80000000 at 10.000 s, answered at 10.200 s after 0.125 s.
func TestRoundTripOfAReceiver(t *testing.T) {
	s := newScene(t)
	s.described()
	s.talk(&source{src: alice, dst: bob, ssrc: 1}, 9*sec, 10)
	s.reports(bobControl, aliceControl, 10*sec, []byte("\x80\xCF\x00\x04\x00\x00\x00\x02\x04\x00\x00\x02\xE5\xA1\xB2\xC3\x80\x00\x00\x00"))
	s.reports(aliceControl, bobControl, 10200*msec, []byte("\x80\xCF\x00\x05\x00\x00\x00\x01\x05\x00\x00\x03\x00\x00\x00\x02\xB2\xC3\x80\x00\x00\x00\x20\x00"))
	if got := s.bySSRC(1).Control.Trip; got.Near != 75*time.Millisecond || got.Far != -1 {
		t.Errorf("%+v, want near 75 ms", got)
	}
}

func TestImplausibleReports(t *testing.T) {
	send := func(t *testing.T, blocks ...rtp.ReportBlock) *Control {
		s := newScene(t)
		s.described()
		m := &source{src: alice, dst: bob, ssrc: 1, sequence: 1}
		nanos := s.talk(m, sec, 100)
		for _, b := range blocks {
			b.SSRC = 1
			s.reports(bobControl, aliceControl, nanos, rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{b}}.octets())
			nanos = s.talk(m, nanos+msec, 100)
		}
		return s.bySSRC(1).Control
	}
	c := send(t, rtp.ReportBlock{Highest: 100, Jitter: 16001}) // 2.0001 s
	if !slices.Equal(c.Received.Implausible, []string{"jitter"}) || c.Received.HasJitter {
		t.Errorf("jitter: %+v", c.Received)
	}
	if c = send(t, rtp.ReportBlock{Highest: 100, Jitter: 16000}); c.Received.Implausible != nil || c.Received.Jitter != 2000 {
		t.Errorf("two seconds: %+v", c.Received)
	}
	// 10 of each 100 packets by the count, a half by the fraction.
	c = send(t, rtp.ReportBlock{Highest: 100, CumulativeLost: 10, FractionLost: 128}, rtp.ReportBlock{Highest: 200, CumulativeLost: 20, FractionLost: 128},
		rtp.ReportBlock{Highest: 300, CumulativeLost: 30, FractionLost: 128})
	if !slices.Equal(c.Received.Implausible, []string{"loss"}) {
		t.Errorf("fraction: %+v", c.Received)
	}
	// The count of an earlier call goes on: more lost than there was.
	c = send(t, rtp.ReportBlock{Highest: 100, CumulativeLost: 5000}, rtp.ReportBlock{Highest: 200, CumulativeLost: 5200}, rtp.ReportBlock{Highest: 300, CumulativeLost: 5400})
	if percent, ok := c.Received.Percent(); !slices.Equal(c.Received.Implausible, []string{"loss"}) || percent != 0 || !ok || c.Compared.Intervals != 0 {
		t.Errorf("count: %+v, compared %+v", c.Received, c.Compared)
	}
	// A report between the first two was lost: its share is not in the last fraction.
	c = send(t, rtp.ReportBlock{Highest: 100}, rtp.ReportBlock{Highest: 300, CumulativeLost: 50, FractionLost: 0}, rtp.ReportBlock{Highest: 400, CumulativeLost: 50})
	if c.Received.Implausible != nil || c.Received.Lost != 50 || c.Received.Expected != 400 {
		t.Errorf("a report is missing: %+v", c.Received)
	}
}

// Feedback and the blocks of extended reports are counted at the stream that
// they are about.
func TestFeedback(t *testing.T) {
	s := newScene(t)
	s.described()
	s.talk(&source{src: alice, dst: bob, ssrc: 1}, sec, 10)
	s.reports(bobControl, aliceControl, 2*sec,
		[]byte("\x80\xC9\x00\x01\x00\x00\x00\x02"),
		[]byte("\x81\xCD\x00\x03\x00\x00\x00\x02\x00\x00\x00\x01\x00\x05\x00\x03"),
		[]byte("\x81\xCE\x00\x02\x00\x00\x00\x02\x00\x00\x00\x01"),
		[]byte("\x84\xCE\x00\x04\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x01\x01\x00\x00\x00"),
		[]byte("\x80\xCF\x00\x0A\x00\x00\x00\x02\x07\x00\x00\x08\x00\x00\x00\x01\x05\x01\x14\x02\x01\x2C\x23\x28\x00\x8C\x00\x3C\xEE\xC4\x37\x10\x58\x7F\x2A\x29\xF4\x00\x00\x28\x00\x50\x00\xC8"))
	c := s.bySSRC(1).Control
	if want := (FeedbackCount{NACKs: 1, Missing: 3, PLIs: 1, FIRs: 1}); c.Feedback != want {
		t.Errorf("feedback %+v, want %+v", c.Feedback, want)
	}
	if c.VoIP == nil || c.VoIP.MOSListening != 42 || c.Extended[7] != 1 || c.OneWay() != 70 {
		t.Errorf("VoIP %+v, blocks %v, one way %g", c.VoIP, c.Extended, c.OneWay())
	}
}

// No RTP is in the capture; what RTCP says of it makes streams of their own.
func TestReportedStream(t *testing.T) {
	s := newScene(t)
	s.described()
	for i := range uint32(3) {
		now := int64(i)*5*sec + 6*sec
		s.reports(aliceControl, bobControl, now, rtcpReport{ssrc: 1, ntp: 0xE5A1B2C380000000 + uint64(i)*5<<32, packets: 250 * (i + 1)}.octets())
		b := rtp.ReportBlock{SSRC: 1, FractionLost: 26, CumulativeLost: 25 * int32(i+1), Highest: 249 + 250*i, Jitter: 80, LastSR: 0xB2C38000 + i*5<<16, Delay: 0}
		s.reports(bobControl, aliceControl, now+30*msec, rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{b}}.octets())
	}
	st := s.only()
	if st.Packets != 0 || st.Src.String() != alice || st.Dst.String() != bob || st.SSRC != 1 || !st.FromCaller || st.Call == nil || st.Codec != "PCMU" || st.CodecFrom != "sdp" || st.Media != "audio" {
		t.Errorf("stream %+v", st)
	}
	c := st.Control
	if c == nil || !c.Only || c.Received.Lost != 75 || c.Received.Expected != 750 || c.Received.Jitter != 10 || c.Trip.Far != 30*time.Millisecond {
		t.Fatalf("control %+v", c)
	}
	// G.107: Ie,eff = 95·10/(10+25.1) = 27.066; R = 93.2 - 27.066 = 66.134.
	if math.Abs(c.Estimate.R-66.134) > 0.01 || st.Score.Reason != "no_rtp" || st.Score.MOS != 0 {
		t.Errorf("R %g, score %+v", c.Estimate.R, st.Score)
	}
	if got := s.totals(); got.Streams != 0 || got.RTCPPackets != 6 {
		t.Errorf("totals %+v", got)
	}
	if facts := s.table.mediaOf(callRef(1)); facts.fromCaller {
		t.Error("the call believes that media was seen")
	}

	// RTP after all: one stream, with what RTCP said before. Counts begin anew.
	m := &source{src: alice, dst: bob, ssrc: 1, sequence: 1000}
	s.talk(m, 20*sec, 10)
	s.reports(aliceControl, bobControl, 21*sec, rtcpReport{ssrc: 1, ntp: 0xE5A1B2D280000000, packets: 1000}.octets())
	s.talk(m, 22*sec, 10)
	s.reports(aliceControl, bobControl, 23*sec, rtcpReport{ssrc: 1, ntp: 0xE5A1B2D380000000, packets: 1010}.octets())
	if got := s.only().Control.Sent; got != (SenderControl{Reports: 5, Packets: 1010, Octets: 161600, Comparable: true, Counted: 10, Span: 10}) {
		t.Errorf("sender %+v", got)
	}
	if st = s.only(); st.Packets != 20 || st.Control == nil || st.Control.Only || st.Control.Received.Reports != 3 || s.table.evicted != 0 {
		t.Errorf("stream %+v", st)
	}
	if len(s.table.reported) != 0 || s.table.reporting != 1 {
		t.Errorf("%d reported, %d with reports", len(s.table.reported), s.table.reporting)
	}
}

// Of several codecs the first is a guess.
func TestReportedStreamOfSeveralCodecs(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 8 0 101", "a=rtpmap:101 telephone-event/8000"))
	s.describes(1, callee, 0, describe(bob, "m=audio PORT RTP/AVP 101 8 0", "a=rtpmap:101 telephone-event/8000"))
	s.reports(aliceControl, bobControl, sec, rtcpReport{ssrc: 1, ntp: 1 << 32, packets: 5}.octets())
	if st := s.only(); st.Codec != "PCMA" || st.CodecFrom != "guess" || st.PayloadType != 8 {
		t.Errorf("%s (%s), payload type %d", st.Codec, st.CodecFrom, st.PayloadType)
	}
}

// Without SDP the reports are those of the streams between the same ends, and
// begin none.
func TestReportsWithoutDescription(t *testing.T) {
	s := newScene(t)
	m := &source{src: alice, dst: bob, ssrc: 1, sequence: 1}
	nanos := s.talk(m, sec, 100)
	s.reports(aliceControl, bobControl, nanos, rtcpReport{ssrc: 1, ntp: 0xE5A1B2C380000000, packets: 100}.octets())
	blocks := []rtp.ReportBlock{{SSRC: 1, FractionLost: 25, CumulativeLost: 10, Highest: 100, LastSR: 0xB2C38000, Delay: 65536}, {SSRC: 9, Highest: 7}}
	s.reports(bobControl, aliceControl, nanos+sec+30*msec, rtcpReport{ssrc: 2, blocks: blocks}.octets())
	st := s.only()
	if c := st.Control; st.Call != nil || c == nil || c.Trip.Far != 30*time.Millisecond || c.Compared != (LossSplit{1, 100, 10, 0}) {
		t.Errorf("call %v, control %+v", st.Call, c)
	}
}

// Reports that nobody said are encrypted are counted and not believed; a plain
// one with a fault behind it is.
func TestEncryptedReports(t *testing.T) {
	s := newScene(t)
	s.described()
	s.talk(&source{src: alice, dst: bob, ssrc: 1}, sec, 10)
	trailer := []byte("\xDE\xAD\xBE\xEF\x80\x00\x00\x01\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99")
	s.reports(aliceControl, bobControl, 2*sec, rtcpReport{ssrc: 1, ntp: 0xE255CC8226162A13, packets: 1390812124}.octets(), trailer)
	s.reports(bobControl, aliceControl, 2*sec, rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{{SSRC: 0xF3D83288, FractionLost: 213, CumulativeLost: -3074936,
		Highest: 0x12345678, Jitter: 0x87654321, LastSR: 1, Delay: 0x7654321}}}.octets(), trailer)
	st := s.only()
	if st.RTCPPackets != 1 || st.Control != nil || s.totals().RTCPPackets != 2 {
		t.Errorf("%d packets, control %+v, totals %+v", st.RTCPPackets, st.Control, s.totals())
	}
	s.reports(aliceControl, bobControl, 3*sec, rtcpReport{ssrc: 1, ntp: 0xE5A1B2C380000000, packets: 10}.octets(), trailer)
	if c := s.only().Control; c == nil || c.Sent.Packets != 10 {
		t.Errorf("control %+v", c)
	}
}

// What strangers report takes bounded memory.
func TestReportedStreamsAreBounded(t *testing.T) {
	s := newScene(t)
	s.described()
	for i := range uint32(1000) {
		s.reports(aliceControl, bobControl, sec+int64(i), rtcpReport{ssrc: i + 1, ntp: 1 << 32, packets: 5}.octets())
	}
	if n := len(s.table.publish()); n != maxReported || len(s.table.reported) != maxReported || s.table.reporting != maxReported {
		t.Errorf("%d streams, %d reported, %d with reports", n, len(s.table.reported), s.table.reporting)
	}
	s.table.forget(callRef(1))
	s.table.publish()
	if len(s.table.reported) != 0 || s.table.reporting != 0 {
		t.Errorf("%d reported, %d with reports after the call left", len(s.table.reported), s.table.reporting)
	}
	for i := range uint32(maxVoices + 100) {
		s.table.voices.of(s.packet(alice, bob, 0, nil), i)
	}
	if v := &s.table.voices; len(v.ring) != maxVoices || len(v.index) != maxVoices || len(v.latest) != maxVoices {
		t.Errorf("%d, %d and %d voices", len(v.ring), len(v.index), len(v.latest))
	}
}

// Sender reports of ever new sources take a share of the memory and no more:
// streams are not driven out by what is remembered of them, and nothing breaks
// when there is no stream that could leave.
func TestVoicesTakeTheirShare(t *testing.T) {
	s := newScene(t)
	s.table.maxMemory = 4 << 20
	s.table.voices.limit(4 << 20)
	s.described()
	for i := range 20_000 {
		s.reports(bobControl, aliceControl, sec, rtcpReport{ssrc: uint32(i + 1), ntp: 1 << 32}.octets())
	}
	s.talk(&source{src: bob, dst: alice, ssrc: 5}, sec, 5)
	s.talk(&source{src: alice, dst: bob, ssrc: 6}, sec, 5)
	if n := len(s.table.publish()); n != 2 {
		t.Errorf("%d streams, want 2", n)
	}
	if n := s.table.voices.memory(); n == 0 || n > s.table.maxMemory/8 {
		t.Errorf("%d octets of %d for times", n, s.table.maxMemory)
	}
}

// A stream keeps the latest summary and VoIP block about it, and not the whole
// packets that they came in.
func TestExtendedBlocksAreCopied(t *testing.T) {
	s := newScene(t)
	s.described()
	s.talk(&source{src: alice, dst: bob, ssrc: 1}, sec, 5)
	x := &rtp.Extended{VoIP: make([]rtp.VoIP, 2), Summaries: make([]rtp.Summary, 2)}
	for i := range 2 {
		x.VoIP[i].SSRC, x.Summaries[i].SSRC = 1, 1
	}
	h := hearing{t: s.table, p: s.packet(bobControl, aliceControl, sec, nil), call: s.table.calls[1]}
	h.extended(&rtp.Control{SSRC: 2, Complete: true, Extended: x})
	r := s.table.newest[1].reports
	if r.summary == &x.Summaries[1] || r.voip == &x.VoIP[1] || *r.summary != x.Summaries[1] || *r.voip != x.VoIP[1] {
		t.Error("the blocks of the packet are kept")
	}
}
