package correlate

import (
	"encoding/binary"
	"strings"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/rtp/srtp/srtptest"
)

// deliver sends a payload as the next packet of a source.
func (s *scene) deliver(m *source, nanos int64, marker bool, payload []byte) *decode.Packet {
	b := append(rtpPacket(m, 0), payload...)
	if marker {
		b[1] |= 0x80
	}
	p := s.packet(m.src, m.dst, nanos, b)
	s.table.datagram(p)
	m.sequence++
	return p
}

func eventPayload(code byte, end bool, duration uint16) []byte {
	b := []byte{code, 10, byte(duration >> 8), byte(duration)}
	if end {
		b[1] |= 0x80
	}
	return b
}

// press holds a key for n packets of 20 ms and ends it three times, all with
// one timestamp (RFC 4733 §2.5.1).
func (s *scene) press(m *source, nanos int64, code byte, n int) int64 {
	m.payloadType = 101
	for i := range n + 2 {
		s.deliver(m, nanos, i == 0, eventPayload(code, i >= n-1, uint16(160*min(i+1, n))))
		nanos += 20 * msec
	}
	m.timestamp += uint32(160 * (n + 2))
	m.payloadType = 0
	return nanos
}

func TestEventsOfAStream(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.describes(1, callee, 0, audio(bob))
	m := &source{src: alice, dst: bob, ssrc: 1}
	nanos := s.talk(m, sec, 10)
	first := nanos
	nanos = s.press(m, nanos, 1, 5)
	m.sequence-- // the last packet once more: by the network, then by the capture
	m.payloadType, m.timestamp = 101, m.timestamp-160*7
	again := s.deliver(m, nanos, false, eventPayload(1, true, 800))
	again.Duplicate = true
	s.table.datagram(again)
	m.payloadType, m.timestamp = 0, m.timestamp+160*7
	nanos = s.talk(m, nanos, 10)
	s.press(m, nanos, 11, 4)
	got := s.only()
	if got.Codec != "PCMU" || got.Content == nil || len(got.Content.DTMF) != 2 || Keys(got.Content.DTMF, true) != "1#" || Keys(got.Content.DTMF, false) != "**" {
		t.Fatalf("%+v", got.Content)
	}
	d := got.Content.DTMF[0]
	if d.Source != DigitEvent || d.At != first || d.Frame != 11 || d.Duration != 100*msec || d.Volume != -10 || !d.FromCaller || d.Stream != got.ID || !d.Ended || d.Doubled {
		t.Errorf("%+v", d)
	}
	if d := got.Content.DTMF[1]; d.Duration != 80*msec || d.NoEnd(got.Last+sec) {
		t.Errorf("%+v", d)
	}
}

// Keys that came before the description are known by what was held, also when
// the flow was a stream of its own until then; each counts once.
func TestEventsBeforeTheDescription(t *testing.T) {
	for _, spoken := range []int{2, 60} { // packets: a candidate, and an orphan
		s := newScene(t)
		m := &source{src: alice, dst: bob, ssrc: 1}
		nanos := s.talk(m, sec, spoken)
		nanos = s.press(m, nanos, 9, 5)
		s.describes(1, caller, nanos, audio(alice))
		s.describes(1, callee, nanos, audio(bob))
		s.press(m, nanos, 8, 5)
		got := s.only()
		if got.Content == nil || Keys(got.Content.DTMF, true) != "98" || got.Content.DTMF[0].Duration != 100*msec || !got.Content.DTMF[0].Ended {
			t.Errorf("after %d packets: %+v", spoken, got.Content)
		}
	}
}

func TestEventWithoutEnd(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 1}
	nanos := s.talk(m, sec, 3)
	m.payloadType = 101
	s.deliver(m, nanos, true, eventPayload(5, false, 160))
	d := s.only().Content.DTMF[0]
	if d.NoEnd(nanos+60*msec) || !d.NoEnd(nanos+61*msec) {
		t.Errorf("%+v at %d", d, nanos)
	}
}

// Packets of keys are decrypted all, although others are only now and then.
func TestEventsInSRTP(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
	s.describes(1, callee, 0, secured(bob, crypto(1, suite80, bobKey)))
	by := srtptest.Described(t, crypto(1, suite80, aliceKey), 1, 0)
	m := &source{src: alice, dst: bob, ssrc: 1}
	s.talkSealed(m, by, sec, 40)
	m.payloadType = 101
	for i := range 6 {
		b := append(rtpPacket(m, 0), eventPayload(7, i >= 3, uint16(160*(i+1)))...)
		s.table.datagram(s.packet(m.src, m.dst, 2*sec+int64(i)*20*msec, by.RTP(b)))
		m.sequence++
	}
	got := s.only()
	if got.Content == nil || Keys(got.Content.DTMF, true) != "7" || got.Content.DTMF[0].Duration != 120*msec || !got.Content.DTMF[0].Ended {
		t.Errorf("%+v", got.Content)
	}
}

// redundant is a payload of RED: the packet before, 160 units older, and the
// primary one.
func redundant(payloadType byte, older, primary []byte) []byte {
	var b []byte
	if older != nil {
		b = binary.BigEndian.AppendUint32(b, 1<<31|uint32(payloadType)<<24|160<<10|uint32(len(older)))
	}
	return append(append(append(b, payloadType), older...), primary...)
}

// Every tenth packet is lost. With redundancy nothing is missing: the codec is
// the one inside, and the score is that of a stream without loss.
func TestRedundancyMakesGood(t *testing.T) {
	var scores [2]*Stream
	for i, lossy := range [2]bool{false, true} {
		s := newScene(t)
		lines := []string{"m=audio PORT RTP/AVP 121 0", "a=rtpmap:121 red/8000", "a=fmtp:121 0/0"}
		s.describes(1, caller, 0, describe(alice, lines...))
		m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 121}
		older, primary := make([]byte, 160), make([]byte, 160)
		for n := range 500 {
			if lossy && n%10 == 5 {
				m.sequence++
			} else {
				s.deliver(m, sec+int64(n)*20*msec, false, redundant(0, older, primary))
			}
			m.timestamp += 160
		}
		scores[i] = s.only()
	}
	clean, lossy := scores[0], scores[1]
	if q := lossy.Quality; q.Lost != 50 || q.Recovered != 50 || lossy.Content.RecoveredRedundancy != 50 || lossy.Content.Redundant != 450 {
		t.Errorf("lost %d, recovered %d: %+v", q.Lost, q.Recovered, *lossy.Content)
	}
	if lossy.Codec != "PCMU" || !lossy.Score.Known || lossy.Score.MOS != clean.Score.MOS || lossy.Score.NetworkLoss != 0 {
		t.Errorf("%s: %+v, without loss %+v", lossy.Codec, lossy.Score, clean.Score)
	}
	if clean.Content.RedundantOctets != 500*(160+5) {
		t.Errorf("%d octets of redundancy, want %d", clean.Content.RedundantOctets, 500*165)
	}
}

// Two generations of redundancy at a loss of two in a row, then one of three.
func TestRedundancyOfTwo(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "m=text PORT RTP/AVP 98 99", "a=rtpmap:98 t140/1000", "a=rtpmap:99 red/1000", "a=fmtp:99 98/98/98"))
	m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 99}
	word := []string{"H", "é", "l", "l", "o", "\uFEFF", "w", "o", "r", "l", "d"}
	lost := map[int]bool{2: true, 3: true, 6: true, 7: true, 8: true}
	for n, text := range word {
		var b []byte
		for back := 2; back >= 1; back-- {
			older := ""
			if n >= back {
				older = word[n-back]
			}
			b = binary.BigEndian.AppendUint32(b, 1<<31|98<<24|uint32(300*back)<<10|uint32(len(older)))
		}
		b = append(b, 98)
		for back := 2; back >= 1; back-- {
			if n >= back {
				b = append(b, word[n-back]...)
			}
		}
		b = append(b, text...)
		if lost[n] {
			m.sequence++
		} else {
			s.deliver(m, sec+int64(n)*300*msec, false, b)
		}
		m.timestamp += 300
	}
	got := s.only()
	if got.Media != "text" || got.Codec != "t140" || got.Quality.Lost != 5 || got.Content.RecoveredRedundancy != 4 {
		t.Errorf("%s %s lost %d: %+v", got.Media, got.Codec, got.Quality.Lost, *got.Content)
	}
	if !got.Content.HasText || got.Content.Characters != 9 { // ten letters, of which one was lost for good
		t.Errorf("%d characters, want 9", got.Content.Characters)
	}
}

// film is video of H.264 at alice with retransmission and error correction.
func film(at string) string {
	return describe(at, "m=video PORT RTP/AVP 96 97 98", "a=rtpmap:96 H264/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", "a=rtpmap:98 ulpfec/90000")
}

// Frames of three packets each 40 ms; one packet is lost and sent again, one
// is lost for good.
func TestVideoWithRetransmission(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, film(alice))
	m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 96}
	again := &source{src: bob, dst: alice, ssrc: 2, payloadType: 97}
	nanos := sec
	for n := range 50 {
		first := []byte{0x41, 0x9A}
		if n%25 == 0 {
			first = []byte{0x65, 0x88}
		}
		for i, payload := range [][]byte{first, {0x41, 1}, {0x41, 2}} {
			number, timestamp := m.sequence, m.timestamp
			if n == 10 && i == 1 || n == 20 && i == 1 {
				m.sequence++
			} else {
				s.deliver(m, nanos, i == 2, payload)
			}
			if n == 10 && i == 2 {
				again.timestamp = timestamp
				s.deliver(again, nanos+10*msec, false, append([]byte{byte((number - 1) >> 8), byte(number - 1)}, 0x41, 1))
			}
		}
		m.timestamp += 3600
		nanos += 40 * msec
	}
	m.payloadType = 98
	s.deliver(m, nanos, false, []byte{0, 0, 0})
	var base, repair *Stream
	for _, st := range s.table.publish() {
		if st.SSRC == 1 {
			base = st
		} else {
			repair = st
		}
	}
	if base == nil || repair == nil || !repair.Repair || repair.Content.Retransmissions != 1 || base.Repair {
		t.Fatalf("base %+v, retransmissions %+v", base, repair)
	}
	v := base.Content.Video
	if base.Quality.Lost != 2 || base.Quality.Recovered != 1 || base.Content.RecoveredRetransmission != 1 || base.Content.Parity != 1 {
		t.Errorf("lost %d, recovered %d: %+v", base.Quality.Lost, base.Quality.Recovered, *base.Content)
	}
	if v.Frames != 50 || v.Incomplete != 1 || v.Keys != 2 || v.KeyMean != sec || !base.Content.VideoRead || v.Freezes != 0 || v.FPS != 25 {
		t.Errorf("%+v", *v)
	}
	if base.Media != "video" || base.Score.Known {
		t.Errorf("media %s, score %+v", base.Media, base.Score)
	}
}

// Frames that came before their description count too.
func TestEarlyVideo(t *testing.T) {
	s := newScene(t)
	m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 96}
	for n := range 10 {
		s.deliver(m, sec+int64(n)*40*msec, true, []byte{0x41})
		m.timestamp += 3600
	}
	s.describes(1, caller, 2*sec, film(alice))
	s.deliver(m, 2*sec, true, []byte{0x41})
	if v := s.only().Content.Video; v.Frames != 11 || v.Incomplete != 0 {
		t.Errorf("%+v", *v)
	}
}

func TestFaxOfBothSides(t *testing.T) {
	s := newScene(t)
	describes := func(at string, version string) string {
		return describe(at, "m=image PORT udptl t38", "a=T38FaxVersion:"+version)
	}
	s.describes(1, caller, 0, describes(alice, "3"))
	s.describes(1, callee, 0, describes(bob, "0"))
	number := [2]uint16{}
	nanos := sec
	send := func(side int, ifps ...[]byte) {
		for _, ifp := range ifps {
			b := append([]byte{byte(number[side] >> 8), byte(number[side]), byte(len(ifp))}, ifp...)
			ends := [2]string{alice, bob}
			s.table.datagram(s.packet(ends[side], ends[1-side], nanos, append(b, 0, 0)))
			number[side]++
			nanos += 20 * msec
		}
	}
	frame := func(octets ...byte) []byte { // V.21 data as version 0 has it
		return append(append([]byte{0xC0, 2, 0x80, 0, byte(len(octets) + 1), 0xFF, 0xC8}, octets...), 0x20)
	}
	send(0, []byte{0x02})
	send(1, []byte{0x04}, frame(0x01, 0, 0))
	send(0, frame(0x41, 0, 0x44, 0x01, 0x20), []byte{0x1E}, []byte{0xD0, 1, 0xE0, 0, 1, 1, 2}, frame(0x74))
	send(1, frame(0x31))
	streams := s.table.publish()
	if len(streams) != 2 {
		t.Fatalf("%d streams", len(streams))
	}
	a := streams[0]
	if !a.UDPTL || a.Media != "fax" || a.Codec != "T.38" || !a.FromCaller || a.Call == nil || a.Packets != 5 || a.Quality.Expected != 5 || a.Score.Known {
		t.Errorf("%+v", *a)
	}
	if f := a.Fax; f.Pages != 1 || f.Confirmed != 1 || f.Rate != 14400 || f.Modem != "V.17" || !f.ECM || f.Bad != 0 {
		t.Errorf("%+v", *f)
	}
	if b := streams[1]; b.FromCaller || b.Packets != 3 || b.Fax.Pages != 0 || b.Quality.Lost != 0 {
		t.Errorf("%+v %+v", *b, *b.Fax)
	}
	if got := s.totals(); got.Streams != 2 || got.RTPPackets != 0 || got.T38Packets != 8 {
		t.Errorf("totals %+v", got)
	}
}

func TestMarksAndOctets(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 1}
	for i, marks := range []struct{ dscp, ttl uint8 }{{46, 64}, {46, 64}, {0, 64}, {46, 64}, {46, 200}, {46, 200}} {
		p := s.packet(bob, alice, sec+int64(i)*20*msec, rtpPacket(m, 160))
		p.DSCP, p.TTL, p.OverheadIP = marks.dscp, marks.ttl, 28
		s.table.datagram(p)
		m.sequence++
		m.timestamp += 160
	}
	got := s.only()
	if got.DSCPChanges != 2 || got.TTLChanges != 1 || len(got.DSCP) != 2 || len(got.TTL) != 2 || got.TTL[0] != 64 || got.TTL[1] != 200 {
		t.Errorf("%v %d, %v %d", got.DSCP, got.DSCPChanges, got.TTL, got.TTLChanges)
	}
	if got.Octets != 960 || got.OctetsRTP != 6*172 || got.OctetsIP != 6*200 {
		t.Errorf("%d %d %d octets", got.Octets, got.OctetsRTP, got.OctetsIP)
	}
}

func TestComfortNoiseLevel(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0 13"))
	m := &source{src: bob, dst: alice, ssrc: 1}
	nanos := s.talk(m, sec, 5)
	m.payloadType = 13
	s.deliver(m, nanos, false, []byte{0x42, 1, 2})
	if c := s.only().Content; c == nil || !c.HasNoise || c.NoiseLevel != -66 {
		t.Errorf("%+v", c)
	}
}

// Plain audio is not looked into, and has nothing to show for it.
func TestPlainAudioHasNoContent(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.talk(&source{src: bob, dst: alice, ssrc: 1}, sec, 50)
	got := s.only()
	if f := s.table.calls[1].flows[0]; f.carried != nil || f.format.content != contentNone || got.Content != nil {
		t.Errorf("%+v", f.carried)
	}
}

// A transport stream has no frames, and what codec a stream without a
// description has is a guess: no key frames are told of it.
func TestVideoThatIsNotRead(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "m=video PORT RTP/AVP 33"))
	m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 33}
	for n := range 20 {
		s.deliver(m, sec+int64(n)*20*msec, true, make([]byte, 188))
		m.timestamp += 1800
	}
	if got := s.only(); got.Codec != "MP2T" || got.Content != nil {
		t.Errorf("%s: %+v", got.Codec, got.Content)
	}
	guessed := &Stream{Codec: "H264", CodecFrom: "guess"}
	described := &Stream{Codec: "H264", CodecFrom: "sdp"}
	secure := &Stream{Codec: "H264", CodecFrom: "sdp", Secure: true}
	if x := s.table; x.picturesRead(guessed) || !x.picturesRead(described) || x.picturesRead(secure) {
		t.Error("what can be read of video")
	}
}

// A retransmission does not look through all streams of a call for the one
// that it repeats: somebody may have filled the call with them.
func TestRetransmissionLooksAtLatestStreams(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, film(alice))
	for i := range uint32(100) {
		s.deliver(&source{src: bob, dst: alice, ssrc: 100 + i, payloadType: 98}, sec, false, []byte{0, 0, 0})
	}
	s.deliver(&source{src: bob, dst: alice, ssrc: 2, payloadType: 97}, sec, false, []byte{0, 1, 0x41, 1})
	f := s.table.newest[2]
	f.call.flows[0].types[0].payloadType = 96
	if s.table.baseStream(f, 96) != nil {
		t.Error("the first of a hundred streams was found")
	}
	f.call.flows[60].types[0].payloadType = 96
	if s.table.baseStream(f, 96) != f.call.flows[60] {
		t.Error("one of the latest was not found")
	}
}

// Frames of an encrypted stream that came before their description count once,
// whether or not somebody listens to what was kept of it.
func TestEarlyEncryptedVideo(t *testing.T) {
	for _, c := range []struct {
		listens bool
		frames  int
	}{{false, 2}, {true, 2}, {false, 10}, {true, 10}} { // a candidate, and what was taken for a stream
		s := newScene(t)
		if c.listens {
			s.table.observe = func(*MediaPacket) {}
		}
		m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 96}
		for n := range c.frames {
			s.deliver(m, sec+int64(n)*40*msec, false, []byte{0x41})
			s.deliver(m, sec+int64(n)*40*msec, true, []byte{0x41})
			m.timestamp += 3600
		}
		s.describes(1, caller, 2*sec, strings.ReplaceAll(film(alice), "RTP/AVP", "RTP/SAVP"))
		s.deliver(m, 2*sec, true, []byte{0x41})
		v := s.only().Content.Video
		if v.Frames != uint64(c.frames+1) || v.Incomplete != 0 || v.Late != 0 {
			t.Errorf("%+v: %+v", c, *v)
		}
	}
}

// The payload "tone" (RFC 4733 §4) says frequencies, not which key: its octets
// are no events.
func TestToneIsNoEvent(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0 102", "a=rtpmap:102 tone/8000"))
	m := &source{src: bob, dst: alice, ssrc: 1}
	nanos := s.talk(m, sec, 10)
	m.payloadType = 102
	for range 3 { // no modulation, −10 dBm0, 350 and 440 Hz
		s.deliver(m, nanos, false, []byte{0, 10, 0, 160, 0x01, 0x5E, 0x01, 0xB8})
		nanos += 20 * msec
	}
	if got := s.only(); got.Content != nil && len(got.Content.DTMF) != 0 {
		t.Errorf("%+v", got.Content.DTMF)
	}
}
