package correlate

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"sipsniff/decode/rtp/srtp"
	"sipsniff/decode/rtp/srtp/srtptest"
)

// The keys of Alice and of Bob, thirty octets in base64.
const (
	aliceKey   = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"
	bobKey     = "Hh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"
	strangeKey = "/v79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi"
	suite80    = "AES_CM_128_HMAC_SHA1_80"
	suite32    = "AES_CM_128_HMAC_SHA1_32"
)

func crypto(tag int, suite, key string) string {
	return fmt.Sprintf("%d %s inline:%s", tag, suite, key)
}

// secured is a description of one audio line with some keys.
func secured(at string, keys ...string) string {
	lines := []string{"m=audio PORT RTP/SAVP 0 101", "a=rtpmap:101 telephone-event/8000"}
	for _, k := range keys {
		lines = append(lines, "a=crypto:"+k)
	}
	return describe(at, lines...)
}

// sendSealed sends the next packet of a source, protected, and returns its payload.
func (s *scene) sendSealed(m *source, by *srtptest.Sender, nanos int64) []byte {
	plain := rtpPacket(m, 160)
	for i := range plain[12:] {
		plain[12+i] = byte(int(m.sequence) + i)
	}
	s.table.datagram(s.packet(m.src, m.dst, nanos, by.RTP(plain)))
	m.sequence++
	m.timestamp += 160
	return plain[12:]
}

// talkSealed sends n packets 20 ms apart and returns their payloads.
func (s *scene) talkSealed(m *source, by *srtptest.Sender, nanos int64, n int) (sent [][]byte) {
	for i := range n {
		sent = append(sent, s.sendSealed(m, by, nanos+int64(i)*20*msec))
	}
	return sent
}

// watch collects the payloads of all packets, in order.
func (s *scene) watch() *[][]byte {
	var seen [][]byte
	s.table.observe = func(m *MediaPacket) { seen = append(seen, bytes.Clone(m.Payload)) }
	return &seen
}

func samePayloads(t *testing.T, got, want [][]byte) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d payloads, want %d", len(got), len(want))
	}
	for i := range want {
		if !bytes.Equal(got[i], want[i]) {
			t.Fatalf("payload %d is %x, want %x", i, got[i], want[i])
		}
	}
}

// TestDescribedKeys sends with the key in the sender's description.
func TestDescribedKeys(t *testing.T) {
	tests := []struct {
		name          string
		offer, answer []string // keys of Alice, of Bob
		used          string   // by Alice
		suite         string
	}{
		{"one key", []string{crypto(1, suite80, aliceKey)}, []string{crypto(1, suite80, bobKey)}, crypto(1, suite80, aliceKey), suite80},
		{"the answer chose the second", []string{crypto(1, suite80, strangeKey), crypto(2, suite32, aliceKey)}, []string{crypto(2, suite32, bobKey)},
			crypto(2, suite32, aliceKey), suite32},
		{"one of the suites is not supported", []string{"1 F8_128_HMAC_SHA1_80 inline:" + aliceKey, crypto(2, suite80, aliceKey)},
			[]string{crypto(2, suite80, bobKey)}, crypto(2, suite80, aliceKey), suite80},
		{"with an identifier", []string{crypto(1, suite80, aliceKey) + "|2^20|1:4"}, []string{crypto(1, suite80, bobKey)},
			crypto(1, suite80, aliceKey) + "|2^20|1:4", suite80},
		{"the key of the wrong side", []string{crypto(1, suite80, aliceKey)}, []string{crypto(1, suite80, bobKey)}, crypto(1, suite80, bobKey), suite80},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			seen := s.watch()
			s.describes(1, caller, 0, secured(alice, tt.offer...))
			s.describes(1, callee, 0, secured(bob, tt.answer...))
			m := &source{src: alice, dst: bob, ssrc: 0xCAFE, sequence: 65530}
			sent := s.talkSealed(m, srtptest.Described(t, tt.used, m.ssrc, 0), sec, 60)
			samePayloads(t, *seen, sent)
			st := s.only()
			p := st.Protection
			if !st.Secure || p == nil || p.Key != "sdes" || p.Suite != tt.suite || p.Counter != 1 || p.Decrypted != 60 || p.Failed != 0 || p.Problem != "" {
				t.Errorf("secure %v, protection %+v", st.Secure, p)
			}
		})
	}
}

// TestKeysOfOpenProfile has both sides tell keys although the profile is that
// of RTP in clear.
func TestKeysOfOpenProfile(t *testing.T) {
	s := newScene(t)
	seen := s.watch()
	lines := []string{"m=audio PORT RTP/AVP 0"}
	s.describes(1, caller, 0, describe(alice, append(lines, "a=crypto:"+crypto(1, suite80, aliceKey))...))
	s.describes(1, callee, 0, describe(bob, append(lines, "a=crypto:"+crypto(1, suite80, bobKey))...))
	m := &source{src: bob, dst: alice, ssrc: 1}
	samePayloads(t, s.talkSealed(m, srtptest.Described(t, crypto(1, suite80, bobKey), 1, 0), sec, 5), *seen)
	if st := s.only(); !st.Secure || st.Protection.Key != "sdes" || s.totals().SRTPPackets != 5 {
		t.Errorf("secure %v, protection %+v", st.Secure, st.Protection)
	}
}

// TestSample counts what is decrypted when nobody wants the payload.
func TestSample(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
	s.describes(1, callee, 0, secured(bob, crypto(1, suite80, bobKey)))
	m := &source{src: alice, dst: bob, ssrc: 1}
	s.talkSealed(m, srtptest.Described(t, crypto(1, suite80, aliceKey), 1, 0), sec, 1000)
	st := s.only()
	if p := st.Protection; p.Decrypted != 30 || p.Failed != 0 || st.Packets != 1000 {
		t.Errorf("decrypted %d, failed %d of %d packets", p.Decrypted, p.Failed, st.Packets)
	}
}

// TestNoKeys tells apart why packets stay encrypted.
func TestNoKeys(t *testing.T) {
	tests := []struct {
		name    string
		offer   string
		problem string
	}{
		{"wrong key", secured(alice, crypto(1, suite80, strangeKey)), "key_refused"},
		{"truncated key", secured(alice, crypto(1, suite80, aliceKey[:20])), "sdes_key_length"},
		{"no base64", secured(alice, crypto(1, suite80, "!"+aliceKey[1:])), "sdes_key_encoding"},
		{"F8", secured(alice, "1 F8_128_HMAC_SHA1_80 inline:"+aliceKey), "sdes_suite_unsupported"},
		{"no such suite", secured(alice, "1 ROT13 inline:"+aliceKey), "sdes_suite_unknown"},
		{"no key", secured(alice), "no_key"},
		{"DTLS that was not captured", secured(alice) + "\na=fingerprint:sha-256 00:01", "dtls_no_handshake"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			seen := s.watch()
			s.describes(1, caller, 0, tt.offer)
			s.describes(1, callee, 0, secured(bob))
			m := &source{src: alice, dst: bob, ssrc: 1}
			s.talkSealed(m, srtptest.Described(t, crypto(1, suite80, aliceKey), 1, 0), sec, 100)
			for _, payload := range *seen {
				if payload != nil {
					t.Fatalf("a payload in clear: %x", payload)
				}
			}
			st := s.only()
			p := st.Protection
			if p == nil || p.Problem != tt.problem || p.Key != "" || p.Suite != "" || p.Decrypted != 0 {
				t.Errorf("protection %+v, want problem %s", p, tt.problem)
			}
			if st.Packets != 100 || st.Quality.Lost != 0 || !st.Quality.HasJitter || len(*seen) != 100 {
				t.Errorf("%d packets, %d lost, jitter %v: headers are in clear", st.Packets, st.Quality.Lost, st.Quality.HasJitter)
			}
		})
	}
}

// TestLateDescription has the answer come after its media, and the key change
// with a re-INVITE.
func TestLateDescription(t *testing.T) {
	s := newScene(t)
	s.table.openAll = true
	s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
	m := &source{src: bob, dst: alice, ssrc: 1}
	by := srtptest.Described(t, crypto(1, suite80, bobKey), 1, 0)
	s.talkSealed(m, by, sec, 10) // Bob's key is not known
	s.describes(1, callee, 2*sec, secured(bob, crypto(1, suite80, bobKey)))
	s.talkSealed(m, by, 2*sec, 10)
	if p := s.only().Protection; p.Decrypted != 10 || p.Failed != 10 || p.Key != "sdes" {
		t.Errorf("after the answer: %+v", p)
	}
	again := srtptest.Described(t, crypto(1, suite80, strangeKey), 1, 0)
	s.describes(1, callee, 3*sec, secured(bob, crypto(1, suite80, strangeKey)))
	s.talkSealed(m, by, 3*sec, 5) // not yet used
	s.talkSealed(m, again, 4*sec, 10)
	if p := s.only().Protection; p.Decrypted != 25 || p.Failed != 10 {
		t.Errorf("after the new key: %+v", p)
	}
}

// TestCutSealed keeps packets that the capture cut from being judged.
func TestCutSealed(t *testing.T) {
	s := newScene(t)
	seen := s.watch()
	s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
	s.describes(1, callee, 0, secured(bob, crypto(1, suite80, bobKey)))
	by := srtptest.Described(t, crypto(1, suite80, aliceKey), 1, 0)
	for n := range 50 {
		m := source{src: alice, dst: bob, ssrc: 1, sequence: uint16(n), timestamp: uint32(160 * n)}
		p := s.packet(m.src, m.dst, sec+int64(n)*20*msec, by.RTP(rtpPacket(&m, 160)))
		p.Payload = p.Payload[:60]
		s.table.datagram(p)
	}
	st := s.only()
	if p := st.Protection; p.Decrypted != 0 || p.Failed != 0 || p.Problem != "" || st.Packets != 50 {
		t.Errorf("%d packets, protection %+v", st.Packets, p)
	}
	for _, payload := range *seen {
		if payload != nil {
			t.Fatalf("a payload: %x", payload)
		}
	}
}

// TestSecureControl decrypts the sender's report and its goodbye.
func TestSecureControl(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
	s.describes(1, callee, 0, secured(bob, crypto(1, suite80, bobKey)))
	m := &source{src: alice, dst: bob, ssrc: 0xCAFE}
	by := srtptest.Described(t, crypto(1, suite80, aliceKey), m.ssrc, 0)
	control := func(plain []byte, sender *srtptest.Sender) {
		s.table.datagram(s.packet("192.0.2.1:4001", "198.51.100.2:5001", 3*sec, sender.RTCP(plain)))
	}
	goodbye := []byte{0x80, 201, 0, 1, 0, 0, 0xCA, 0xFE, 0x81, 203, 0, 1, 0, 0, 0xCA, 0xFE}
	control(goodbye[:8], by) // before any RTP: only the totals know it
	s.talkSealed(m, by, 2*sec, 20)
	control(goodbye[:8], by)
	control(goodbye[:8], srtptest.Described(t, crypto(1, suite80, strangeKey), m.ssrc, 0))
	s.table.datagram(s.packet("192.0.2.1:4001", "198.51.100.2:5001", 3*sec, goodbye[:8])) // not encrypted
	if s.table.fresh[0].left {
		t.Error("the source left before it said so")
	}
	control(goodbye, by)
	if !s.table.fresh[0].left {
		t.Error("the goodbye was not read")
	}
	st := s.only()
	if p := st.Protection; p.ControlsDecrypted != 2 || p.ControlsFailed != 1 || st.RTCPPackets != 4 {
		t.Errorf("RTCP %d, protection %+v", st.RTCPPackets, p)
	}
	if s.totals().RTCPPackets != 5 {
		t.Errorf("%d RTCP packets in all", s.totals().RTCPPackets)
	}
}

// TestKeysRest lets the keys go when the call is over.
func TestKeysRest(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
	s.describes(1, callee, 0, secured(bob, crypto(1, suite80, bobKey)))
	m := &source{src: alice, dst: bob, ssrc: 1}
	by := srtptest.Described(t, crypto(1, suite80, aliceKey), 1, 0)
	s.talkSealed(m, by, sec, 20)
	s.table.callEnded(callRef(1), 2*sec)
	s.talkSealed(m, by, 2*sec, 20)
	c := s.table.calls[1]
	if c.keys != nil || c.flows[0].guard.opener.HasKeys() {
		t.Error("keys are held after the call")
	}
	st := s.only()
	if p := st.Protection; p.Key != "sdes" || p.Suite != suite80 || p.Problem != "" || st.Packets != 40 {
		t.Errorf("%d packets, protection %+v", st.Packets, p)
	}
}

// BenchmarkSecurePacket is the path of a packet of a secure stream: sampled,
// and with everything decrypted.
func BenchmarkSecurePacket(b *testing.B) {
	for _, all := range []bool{false, true} {
		b.Run(fmt.Sprintf("all=%v", all), func(b *testing.B) {
			s := &scene{t: b, table: newStreamTable(0)}
			s.table.openAll = all
			s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
			s.describes(1, callee, 0, secured(bob, crypto(1, suite80, bobKey)))
			key, err := srtp.ParseCrypto(crypto(1, suite80, aliceKey))
			if err != nil {
				b.Fatal(err)
			}
			by := srtptest.NewSender(b, srtp.Key{Suite: key.Suite, MasterKey: key.Keys[0]}, 1, 0)
			m := source{src: alice, dst: bob, ssrc: 1}
			var packets [][]byte
			for range 1000 {
				packets = append(packets, by.RTP(rtpPacket(&m, 160)))
				m.sequence++
				m.timestamp += 160
			}
			p := s.packet(alice, bob, sec, nil)
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				sealed := packets[n%1000]
				binary.BigEndian.PutUint16(sealed[2:], uint16(n%1000))
				p.Nanos += 20 * msec
				p.Payload, p.WireLength = sealed, len(sealed)
				s.table.datagram(p)
				n++
			}
		})
	}
}
