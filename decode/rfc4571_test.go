package decode

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"sipsniff/decode/dtls/dtlstest"
)

// framed puts the length in front of packets.
func framed(packets ...[]byte) string {
	var b []byte
	for _, p := range packets {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(p))), p...)
	}
	return string(b)
}

func rtpOctets(ssrc uint32, sequence uint16, size int) []byte {
	b := make([]byte, 12+size)
	b[0] = 0x80
	binary.BigEndian.PutUint16(b[2:], sequence)
	binary.BigEndian.PutUint32(b[8:], ssrc)
	for i := range b[12:] {
		b[12+i] = byte(i)
	}
	return b
}

var (
	stunOctets = append([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 12)...)
	rtcpOctets = []byte{0x80, 201, 0, 1, 0, 0, 0, 9}
)

// datagrams are the texts of the datagrams that were heard from a side; it
// fails when there was anything else.
func (s *talk) datagrams(from int) (texts []string) {
	s.t.Helper()
	port := s.client.Port()
	if from == server {
		port = s.server.Port()
	}
	for _, h := range s.heard {
		if !h.Datagram || h.Transport != TCP || h.Cut != "" {
			s.t.Fatalf("heard %+v", h)
		}
		if h.From == port {
			texts = append(texts, h.Text)
		}
	}
	return texts
}

func TestFramedRTP(t *testing.T) {
	a, b, c := rtpOctets(7, 1, 160), rtpOctets(7, 2, 160), rtpOctets(7, 3, 400)
	hello := dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1))
	tests := []struct {
		name    string
		packets [][]byte
		found   bool
	}{
		{"RTP of one source", [][]byte{a, b, c}, true},
		{"RTP and RTCP", [][]byte{a, rtcpOctets, b}, true},
		{"STUN and RTP", [][]byte{stunOctets, a}, true},
		{"STUN and DTLS", [][]byte{stunOctets, hello}, true},
		{"two sources in turns", [][]byte{a, rtpOctets(8, 1, 900), b, c}, true},
		{"one packet", [][]byte{a}, false},
		{"every packet of another source", [][]byte{a, rtpOctets(8, 1, 9), rtpOctets(9, 1, 9), rtpOctets(10, 1, 9), rtpOctets(11, 1, 9), rtpOctets(12, 1, 9)}, false},
		{"DNS", [][]byte{{0x80, 0x01, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1}, {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1}}, false},
		{"payload types of RTCP", [][]byte{{0x80, 72, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7}, {0x80, 72, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := framed(tt.packets...)
			random := rand.New(rand.NewPCG(1, 1))
			for round := range 100 {
				s := newTalk(t)
				s.send(client, 0, "") // the beginning was not captured
				for offset := 0; offset < len(text); {
					n := min(1+random.IntN(1+random.IntN(600)), len(text)-offset)
					if round == 0 {
						n = len(text)
					}
					s.send(client, offset, text[offset:offset+n])
					offset += n
				}
				s.d.Flush()
				want := uint64(0)
				if tt.found {
					want = 1
				}
				if got := s.d.stats.Signalling.FramedRTP; got != want {
					t.Fatalf("round %d: %d connections of RTP, want %d", round, got, want)
				}
				if !tt.found {
					continue
				}
				heard := s.datagrams(client)
				if len(heard) != len(tt.packets) {
					t.Fatalf("round %d: %d datagrams, want %d", round, len(heard), len(tt.packets))
				}
				for i, p := range tt.packets {
					if heard[i] != string(p) {
						t.Fatalf("round %d: datagram %d is %x, want %x", round, i, heard[i], p)
					}
				}
			}
		})
	}
}

// TestTURNStream has messages of TURN follow each other without a frame, and
// ChannelData padded to four octets.
func TestTURNStream(t *testing.T) {
	media := rtpOctets(7, 1, 9)
	channel := append([]byte{0x40, 1, 0, byte(len(media))}, media...)
	data := append([]byte{0, 0x17, 0, 8, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 12)...)
	data = append(data, 0, 0x13, 0, 4, 0x80, 0, 0, 1)
	packets := [][]byte{stunOctets, channel, channel, data, stunOctets}
	text := string(stunOctets) + string(channel) + "\x00\x00\x00" + string(channel) + "\x00\x00\x00" + string(data) + string(stunOctets)
	for size := 1; size <= len(text); size++ {
		s := newTalk(t)
		for offset := 0; offset < len(text); offset += size {
			s.send(server, offset, text[offset:min(offset+size, len(text))])
		}
		heard := s.datagrams(server)
		if len(heard) != len(packets) || s.d.stats.Signalling.FramedRTP != 1 {
			t.Fatalf("segments of %d: %d datagrams", size, len(heard))
		}
		for i, p := range packets {
			if heard[i] != string(p) {
				t.Fatalf("segments of %d: datagram %d is %x, want %x", size, i, heard[i], p)
			}
		}
	}
}

// TestFramedTimes says when each packet was captured: with its first octet.
func TestFramedTimes(t *testing.T) {
	s := newTalk(t)
	text := framed(rtpOctets(7, 1, 160), rtpOctets(7, 2, 160), rtpOctets(7, 3, 160))
	for offset := 0; offset < len(text); offset += 100 {
		s.send(client, offset, text[offset:min(offset+100, len(text))])
	}
	want := [][2]int{{1, 2}, {2, 4}, {4, 6}} // 174 octets each, from 0, 174, 348
	for i, h := range s.heard {
		if [2]int{h.Frame, h.LastFrame} != want[i] {
			t.Errorf("packet %d in frames %d to %d, want %v", i, h.Frame, h.LastFrame, want[i])
		}
	}
	if len(s.heard) != 3 {
		t.Fatalf("%d packets", len(s.heard))
	}
}

// TestFramedAfterGap loses a segment and finds the packets again.
func TestFramedAfterGap(t *testing.T) {
	s := newTalk(t)
	offset := 0
	for n := range 40 {
		text := framed(rtpOctets(7, uint16(n), 160))
		if n != 20 {
			s.send(client, offset, text)
		}
		offset += len(text)
	}
	s.d.Flush()
	if n := len(s.datagrams(client)); n != 39 {
		t.Errorf("%d packets, want 39", n)
	}
}

// TestFramedNonsense gives a stream up that turns out to be something else.
func TestFramedNonsense(t *testing.T) {
	s := newTalk(t)
	text := framed(stunOctets, stunOctets, []byte{1}, []byte{}, []byte{2}, rtpOctets(7, 1, 1), []byte{3}, []byte{4}, []byte{5}, stunOctets)
	s.send(client, 0, text)
	if n := len(s.datagrams(client)); n != 7 {
		t.Errorf("%d datagrams, want 7: up to the second of three strange ones", n)
	}
}

// FuzzRFC4571 cuts any octets anywhere: the packets are the same.
func FuzzRFC4571(f *testing.F) {
	f.Add([]byte(framed(rtpOctets(7, 1, 20), rtpOctets(7, 2, 20), rtcpOctets)), uint16(5))
	f.Add([]byte(framed(stunOctets, stunOctets, nil, rtpOctets(7, 1, 20))), uint16(30))
	f.Add(append(append([]byte(nil), stunOctets...), 0x40, 1, 0, 1, 0x80, 0, 0, 0), uint16(22))
	f.Add([]byte(framed(stunOctets, []byte{1}, []byte{2})), uint16(1))
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		if len(b) > 1<<13 {
			return
		}
		hear := func(sizes ...int) []heard {
			s := newTalk(t)
			offset := 0
			for _, n := range sizes {
				n = min(n, len(b)-offset)
				s.send(client, offset, string(b[offset:offset+n]))
				offset += n
			}
			s.d.Flush()
			return s.heard
		}
		whole := hear(len(b))
		parts := hear(int(cut)%(len(b)+1), len(b))
		if isFramedRTP(b) < framedYes {
			return
		}
		if len(whole) != len(parts) {
			t.Fatalf("%d packets in one piece, %d in two", len(whole), len(parts))
		}
		for i := range whole {
			if whole[i].Text != parts[i].Text {
				t.Fatalf("packet %d is %q in one piece, %q in two", i, whole[i].Text, parts[i].Text)
			}
		}
	})
}
