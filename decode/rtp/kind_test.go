package rtp

import (
	"bytes"
	"testing"
)

func TestClassify(t *testing.T) {
	tests := []struct {
		name string
		b    string
		want Kind
	}{
		{"nothing", "", Unknown},
		{"three octets", "800000", Unknown},
		{"RTP", "80 00 0001", RTP},
		{"RTP, highest first octet", "BF 7F 0001", RTP},
		{"marked payload type 63", "80 BF 0001", RTP},
		{"marked payload type 64 is 192, FIR", "80 C0 0001", RTCP},
		{"sender report", "80 C8 0006", RTCP},
		{"SNM", "80 D5 0001", RTCP},
		{"223", "81 DF 0001", RTCP},
		{"marked payload type 96", "80 E0 0001", RTP},
		{"unmarked payload type 72", "80 48 0001", RTP},
		{"STUN binding request", "0001 0000 2112A442 000102030405060708090A0B", STUN},
		{"STUN with a crooked length", "0001 0002 2112A442 000102030405060708090A0B 0000", Unknown},
		{"old STUN has no cookie", "0001 0000 00112233 000102030405060708090A0B", Unknown},
		{"ZRTP", "1000 0001 5A525450 00000000", ZRTP},
		{"first octet 16 without magic", "1000 0001 5A525451 00000000", Unknown},
		{"DTLS handshake", "16 FEFD 0000", DTLS},
		{"DTLS 1.3 unified header", "2F 0000 00", DTLS},
		{"TURN channel", "4000 0002 AABB 0000", TURNChannel},
		{"TURN channel of another length", "4000 0009 AABB", Unknown},
		{"channel number out of range", "5000 0002 AABB", Unknown},
		{"QUIC short header", "50 000000", Unknown},
		{"QUIC long header", "C0 00000001", Unknown},
		{"unused range", "04 000000", Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Classify(octets(t, tt.b)); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestChannelData(t *testing.T) {
	data, ok := ChannelData(octets(t, "4FFF 0003 AABBCC 00"))
	if !ok || !bytes.Equal(data, []byte{0xAA, 0xBB, 0xCC}) {
		t.Errorf("got %x %v", data, ok)
	}
	if _, ok := ChannelData(octets(t, "4000 0003 AABBCC 00000000")); ok {
		t.Error("four octets of padding were accepted")
	}
}

func TestUDPTL(t *testing.T) {
	tests := []struct {
		name string
		b    string
		cut  int // octets of the packet that were not captured
		want bool
	}{
		{"redundancy, none yet", "0000 01 06 00 00", 0, true},
		{"redundancy, one", "8001 01 06 00 01 01 02", 0, true},
		{"forward error correction", "0005 02 0102 80 01 01 00", 0, true},
		{"no recovery", "0000 01 06", 0, false},
		{"length beyond the end", "0000 7F 06 00", 0, false},
		{"another choice", "0000 01 06 40", 0, false},
		{"no length", "0000 00 00 00", 0, false},
		{"long form", "0000 8002 0102 00 00", 0, true},
		{"cut before the recovery", "0000 10 01", 20, true},
		{"RTP", "80 00 1234 00010203 A0B0C0D0 7F7F", 0, false},
		{"short", "0000 01", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := octets(t, tt.b)
			if got := UDPTL(b, len(b)+tt.cut); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func BenchmarkClassify(b *testing.B) {
	packet := []byte{0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}
	for b.Loop() {
		if Classify(packet) != RTP {
			b.Fatal("not RTP")
		}
	}
}
