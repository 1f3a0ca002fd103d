package rtp

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	sender   = "80 C8 0006 11223344 E5A1B2C380000000 00010203 00000064 00003E80 "
	block    = "55667788 40 FFFFFE 00011234 00000050 B2C38000 00018000 "
	receiver = "81 C9 0007 99AABBCC " + block
	describe = "81 CA 0003 11223344 01 03 614062 00 0000 "
	goodbye  = "81 CB 0003 11223344 05 7469726564 0000 "
)

// complete are the values that the octets above spell.
func senderValue() Control {
	return Control{Type: 200, HasSSRC: true, SSRC: 0x11223344, Complete: true,
		Info: SenderInfo{NTP: 0xE5A1B2C380000000, Timestamp: 0x00010203, Packets: 100, Octets: 16000}}
}

func receiverValue() Control {
	return Control{Type: 201, Count: 1, HasSSRC: true, SSRC: 0x99AABBCC, Complete: true,
		Blocks: []ReportBlock{{SSRC: 0x55667788, FractionLost: 64, CumulativeLost: -2, Highest: 0x11234,
			Jitter: 80, LastSR: 0xB2C38000, Delay: 98304}}}
}

func TestParseControl(t *testing.T) {
	describeValue := Control{Type: 202, Count: 1, HasSSRC: true, SSRC: 0x11223344, CNAME: "a@b", Complete: true}
	goodbyeValue := Control{Type: 203, Count: 1, HasSSRC: true, SSRC: 0x11223344, Sources: []uint32{0x11223344}, Reason: "tired", Complete: true}
	tests := []struct {
		name string
		b    string
		cut  int // octets of the datagram that were not captured
		want []Control
		err  error // nil, or what errors.Is finds; errAny for one of pion's
	}{
		{"sender report and description", sender + describe, 0, []Control{senderValue(), describeValue}, nil},
		{"receiver report and goodbye", receiver + goodbye, 0, []Control{receiverValue(), goodbyeValue}, nil},
		{"reduced size: goodbye alone", goodbye, 0, []Control{goodbyeValue}, nil},
		{"feedback without entries", "81 CD 0002 11111111 22222222" + describe, 0,
			[]Control{{Type: 205, Count: 1, HasSSRC: true, SSRC: 0x11111111, Complete: true, Feedback: &Feedback{Media: 0x22222222}}, describeValue}, nil},
		{"packets asked for again", "81 CD 0004 11111111 22222222 00050003 0100 8001", 0, // 5, 6, 7 and 256, 257, 272
			[]Control{{Type: 205, Count: 1, HasSSRC: true, SSRC: 0x11111111, Complete: true, Feedback: &Feedback{Media: 0x22222222, Missing: 6}}}, nil},
		{"picture loss", "81 CE 0002 11111111 22222222", 0,
			[]Control{{Type: 206, Count: 1, HasSSRC: true, SSRC: 0x11111111, Complete: true, Feedback: &Feedback{Media: 0x22222222, Pictures: 1}}}, nil},
		{"full picture", "84 CE 0006 11111111 00000000 22222222 01000000 33333333 07000000", 0,
			[]Control{{Type: 206, Count: 4, HasSSRC: true, SSRC: 0x11111111, Complete: true, Feedback: &Feedback{Intra: []uint32{0x22222222, 0x33333333}}}}, nil},
		{"application", "81 CC 0003 11111111 50494E47 00000000", 0,
			[]Control{{Type: 204, Count: 1, HasSSRC: true, SSRC: 0x11111111, Complete: true, Name: "PING"}}, nil},
		{"application without a name", "81 CC 0001 11111111" + describe, 0,
			[]Control{{Type: 204, Count: 1, HasSSRC: true, SSRC: 0x11111111}, describeValue}, ErrTruncated},
		{"goodbye of nobody", "80 CB 0000", 0, []Control{{Type: 203, Sources: []uint32{}, Complete: true}}, nil},
		{"padding at the end", receiver + "A1 CB 0002 11223344 00000004", 0,
			[]Control{receiverValue(), {Type: 203, Count: 1, HasSSRC: true, SSRC: 0x11223344, Sources: []uint32{0x11223344}, Complete: true}}, nil},
		{"bad packet in the middle", sender + "85 CA 0001 11223344" + receiver, 0,
			[]Control{senderValue(), {Type: 202, Count: 5, HasSSRC: true, SSRC: 0x11223344}, receiverValue()}, errAny},
		{"trailer that is no RTCP", receiver + "00000001 01020304", 0, []Control{receiverValue()}, ErrVersion},
		{"length beyond the end", receiver + "80 C9 0009 00000000", 0, []Control{receiverValue()}, ErrTruncated},
		{"three octets left", receiver + "80 C9 00", 0, []Control{receiverValue()}, ErrTruncated},
		{"blocks cut by the capture", "82 C9 000D 99AABBCC " + block + "5566", 22,
			[]Control{{Type: 201, Count: 2, HasSSRC: true, SSRC: 0x99AABBCC, Complete: true, Blocks: receiverValue().Blocks}}, ErrTruncated},
		{"sender info cut by the capture", "80 C8 0006 11223344 E5A1", 18,
			[]Control{{Type: 200, HasSSRC: true, SSRC: 0x11223344}}, errAny},
		{"description cut by the capture", "81 CA 0003 11223344", 8,
			[]Control{{Type: 202, Count: 1, HasSSRC: true, SSRC: 0x11223344}}, ErrTruncated},
		{"nothing", "", 0, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := octets(t, tt.b)
			got, err := ParseControl(nil, b, len(b)+tt.cut)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("packets (-want +got):\n%s", d)
			}
			if (err != nil) != (tt.err != nil) || err != nil && tt.err != errAny && !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
		})
	}
}

var errAny = errors.New("any error")

func TestParseControlBounds(t *testing.T) {
	var b []byte
	for range 16000 {
		b = append(b, 0x80, 0xCB, 0, 0)
	}
	got, err := ParseControl(nil, b, len(b))
	if len(got) != maxControls || err != nil {
		t.Errorf("%d packets, error %v; want %d and none", len(got), err, maxControls)
	}
}

func TestFirstControl(t *testing.T) {
	b := octets(t, sender+"DEADBEEF 80000001")
	c, err := FirstControl(b, len(b))
	if err != nil || c.Type != SenderReport || c.SSRC != 0x11223344 || c.Complete {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := FirstControl(b[:2], 2); !errors.Is(err, ErrTruncated) {
		t.Errorf("error %v, want truncated", err)
	}
}

func TestControlInClear(t *testing.T) {
	for _, tt := range []struct {
		b    string
		want bool
	}{
		{sender + describe, true},
		{goodbye, true},
		{"80 CC 0003 B7002B3A 50494E47 504F4E47", true},
		{sender + "DEADBEEF 80000001 00112233445566778899", false},   // SRTCP
		{"80 C9 0001 11223344 80000001 00112233445566778899", false}, // SRTCP of a lone report
		{"80 C9 0001 11223344 80000001 0011223344556677", false},     // whose trailer has the shape of a packet
		{sender + "00", false},
		{"80 00 0001 11223344", false},
	} {
		if got := ControlInClear(octets(t, tt.b)); got != tt.want {
			t.Errorf("%s: %v", tt.b, got)
		}
	}
}

func TestSensible(t *testing.T) {
	for _, tt := range []struct {
		b    string
		want bool
	}{
		{sender + receiver + "00", true},
		{"80 C9 0001 11223344 00", true},
		{"80 C8 0006 00162FFD E255CC82 26162A13 6F4C0186 0D5C4813 6D2BC4F9", false},           // packets
		{"80 C8 0006 11223344 E5A1B2C380000000 00010203 00000064 00800000", false},            // 83886 octets in each
		{"81 C9 0007 99AABBCC 55667788 40 000002 00011234 80000050 B2C38000 00018000", false}, // jitter
		{"81 C9 0007 99AABBCC 55667788 40 400002 00011234 00000050 B2C38000 00018000", false}, // lost
		{"81 C9 0007 99AABBCC 55667788 40 BFFFFF 00011234 00000050 B2C38000 00018000", false}, // likewise, below 0
	} {
		b := octets(t, tt.b)
		list, _ := ParseControl(nil, b, len(b))
		if got := Sensible(list); got != tt.want {
			t.Errorf("%s: %v", tt.b, got)
		}
	}
}

func FuzzRTCP(f *testing.F) {
	for _, s := range []string{sender + describe, receiver + goodbye, "81 CD 0002 11111111 22222222", "A1 CB 0002 11223344 00000004",
		"80 CF 0004 11223344 04 00 0002 E5A1B2C380000000", "80 CF 000A 11223344 " + voip, "80 CF 000B 11223344 " + summary,
		"81 CD 0003 11111111 22222222 00050003", "84 CE 0004 11111111 00000000 22222222 01000000"} {
		f.Add(octets(f, s), 0)
		f.Add(octets(f, s), 100)
	}
	addCaptured(f, RTCP, func(b []byte, wire int) { f.Add(b, wire) })
	f.Fuzz(func(t *testing.T, b []byte, wire int) {
		list, _ := ParseControl(nil, b, wire)
		if len(list) > maxControls {
			t.Fatalf("%d packets", len(list))
		}
		for _, c := range list {
			if x := c.Extended; x != nil && (len(x.Delays) > 31 || len(x.Summaries) > 31 || len(x.VoIP) > 31) {
				t.Fatalf("%d, %d and %d blocks", len(x.Delays), len(x.Summaries), len(x.VoIP))
			}
			if len(c.Blocks) > 31 || len(c.Sources) > 31 {
				t.Fatalf("%d blocks, %d sources", len(c.Blocks), len(c.Sources))
			}
			for _, r := range c.Blocks {
				if r.CumulativeLost < -1<<23 || r.CumulativeLost >= 1<<23 {
					t.Fatalf("cumulative lost %d", r.CumulativeLost)
				}
			}
		}
	})
}

func BenchmarkParseControl(b *testing.B) {
	packet := octets(b, receiver+describe)
	var list []Control
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if list, err = ParseControl(list[:0], packet, len(packet)); err != nil {
			b.Fatal(err)
		}
	}
}
