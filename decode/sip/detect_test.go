package sip

import (
	"bytes"
	"strings"
	"testing"
)

const confirmingBlock = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 X\r\n\r\n"

func TestDetect(t *testing.T) {
	long := strings.Repeat("x", 3000)
	tests := []struct {
		name  string
		in    string
		hint  Hint
		want  Class
		start int
	}{
		{"request", "INVITE sip:b@h SIP/2.0\r\n\r\n", Hint{}, IsMessage, 0},
		{"response", "SIP/2.0 200 OK\r\n\r\n", Hint{}, IsMessage, 0},
		{"no reason, no space", "SIP/2.0 100\r\n\r\n", Hint{}, IsMessage, 0},
		{"reason and no line end", "SIP/2.0 180 Ringing", Hint{}, IsMessage, 0},
		{"bare LF", "ACK sip:b@h SIP/2.0\nVia: x\n\n", Hint{}, IsMessage, 0},
		{"bare CR", "ACK sip:b@h SIP/2.0\rVia: x\r\r", Hint{}, IsMessage, 0},
		{"request line is all there is", "OPTIONS sip:b@h SIP/2.0", Hint{}, IsMessage, 0},
		{"line ends in front", "\r\n\r\nBYE sip:b@h SIP/2.0\r\n\r\n", Hint{}, IsMessage, 4},
		{"eight line end octets in front", "\r\n\r\n\r\n\r\nBYE sip:b@h SIP/2.0\r\n\r\n", Hint{}, IsMessage, 8},
		{"nine line end octets in front", "\n\r\n\r\n\r\n\r\nBYE sip:b@h SIP/2.0\r\n\r\n", Hint{}, NotSIP, 0},
		{"four NULs in front", "\x00\x00\x00\x00BYE sip:b@h SIP/2.0\r\n\r\n", Hint{}, IsMessage, 4},
		{"five spaces in front", "     BYE sip:b@h SIP/2.0\r\n\r\n", Hint{}, NotSIP, 0},

		{"lower-case known method", "invite sip:b@h SIP/2.0\r\n\r\n", Hint{}, IsMessage, 0},
		{"lower-case version", "INVITE sip:b@h sip/2.0\r\n\r\n", Hint{}, IsMessage, 0},
		{"trailing spaces", "OPTIONS sip:b@h SIP/2.0  \t\r\n\r\n", Hint{}, IsMessage, 0},
		{"several spaces between", "INVITE  sip:b@h  SIP/2.0\r\n\r\n", Hint{}, IsMessage, 0},
		{"spaces in the Request-URI", "INVITE sip:b@h; lr=x SIP/2.0\r\n\r\n", Hint{}, IsMessage, 0},
		{"angle brackets round the URI", "INVITE <sip:b@h> SIP/2.0\r\n\r\n", Hint{}, IsMessage, 0},
		{"URI of 3000 octets", "INVITE sip:" + long + "@h SIP/2.0\r\n\r\n", Hint{}, IsMessage, 0},
		{"start line of more than 8192", "INVITE sip:" + long + long + long + "@h SIP/2.0\r\n\r\n", Hint{}, NotSIP, 0},
		{"no URI", "INVITE  SIP/2.0\r\n\r\n", Hint{}, NotSIP, 0},
		{"text behind the version", "INVITE sip:b@h SIP/2.0 x\r\n\r\n", Hint{}, NotSIP, 0},
		{"version 7.0 of a known method", "OPTIONS sip:b@h SIP/7.0\r\n" + confirmingBlock, Hint{}, IsMessage, 0},
		{"version 7.0 and no headers", "OPTIONS sip:b@h SIP/7.0\r\n\r\n", Hint{}, NotSIP, 0},
		{"version 7.0 on a known flow", "OPTIONS sip:b@h SIP/7.0\r\n\r\n", Hint{Known: true}, IsMessage, 0},
		{"every token character", "!interesting-Method0123456789_*+`.%indeed'~ sip:b@h SIP/2.0\r\n" + confirmingBlock, Hint{}, IsMessage, 0},
		{"unknown method, no headers", "NEWMETHOD sip:b@h SIP/2.0\r\n\r\n", Hint{}, NotSIP, 0},
		{"unknown method, three headers", "NEWMETHOD sip:b@h SIP/2.0\r\nv: x\r\nCALL-ID : y\r\ncseq: 1\r\n\r\n", Hint{}, IsMessage, 0},
		{"unknown method, two headers", "NEWMETHOD sip:b@h SIP/2.0\r\nv: x\r\nvia: x\r\ni: y\r\n\r\n", Hint{}, NotSIP, 0},
		{"unknown method, two headers and a port", "NEWMETHOD sip:b@h SIP/2.0\r\nv: x\r\ni: y\r\n\r\n", Hint{Port: true}, IsMessage, 0},
		{"unknown method, headers behind the empty line", "NEWMETHOD sip:b@h SIP/2.0\r\n\r\n" + confirmingBlock, Hint{}, NotSIP, 0},
		{"unknown method on a known flow", "NEWMETHOD sip:b@h SIP/2.0\r\nv: x\r\n\r\n", Hint{Known: true}, IsMessage, 0},
		{"token of 65", strings.Repeat("A", 65) + " sip:b@h SIP/2.0\r\n" + confirmingBlock, Hint{}, NotSIP, 0},
		{"token of 64", strings.Repeat("A", 64) + " sip:b@h SIP/2.0\r\n" + confirmingBlock, Hint{}, IsMessage, 0},
		{"ten-digit status", "SIP/2.0 4294967301 better not break\r\n" + confirmingBlock, Hint{}, IsMessage, 0},
		{"ten-digit status and no headers", "SIP/2.0 4294967301 better not break\r\n\r\n", Hint{}, NotSIP, 0},
		{"two-digit status", "SIP/2.0 20 OK\r\n" + confirmingBlock, Hint{}, NotSIP, 0},
		{"status 700", "SIP/2.0 700 No\r\n\r\n", Hint{}, NotSIP, 0},
		{"status and letters", "SIP/2.0 200OK\r\n" + confirmingBlock, Hint{}, NotSIP, 0},

		{"HTTP request", "GET / HTTP/1.1\r\nVia: 1.1 x\r\n\r\n", Hint{Port: true}, NotSIP, 0},
		{"HTTP response", "HTTP/1.1 200 OK\r\n\r\n", Hint{Port: true, Known: true}, NotSIP, 0},
		{"RTSP with an OPTIONS", "OPTIONS rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\n\r\n", Hint{}, NotSIP, 0},
		{"MSRP", "MSRP d93kswow SEND\r\nTo-Path: msrp://h\r\nFrom-Path: msrp://i\r\n\r\n", Hint{Port: true}, NotSIP, 0},
		{"SSDP", "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n", Hint{}, NotSIP, 0},
		{"syslog about SIP", "<134>host: SIP/2.0 200 OK\r\nVia: x\r\n\r\n", Hint{Port: true}, NotSIP, 0},
		{"log line about SIP", "12:00:01 recv\r\nINVITE sip:b@h SIP/2.0\r\n\r\n", Hint{Port: true}, NotSIP, 0},
		{"HEP", "HEP3\x00\xffINVITE sip:b@h SIP/2.0\r\n\r\n", Hint{}, NotSIP, 0},
		{"RTP", "\x80\x00\x00\x01\x00\x00\x00\xa0\x12\x34\x56\x78", Hint{Known: true, Port: true}, NotSIP, 0},

		{"empty on a known flow", "", Hint{Known: true}, KeepAlive, 0},
		{"empty elsewhere", "", Hint{}, NotSIP, 0},
		{"CRLFCRLF on a known flow", "\r\n\r\n", Hint{Known: true}, KeepAlive, 0},
		{"CRLFCRLF on a port of SIP", "\r\n\r\n", Hint{Port: true}, KeepAlive, 0},
		{"CRLFCRLF elsewhere", "\r\n\r\n", Hint{}, NotSIP, 0},
		{"one NUL", "\x00", Hint{Known: true}, KeepAlive, 0},
		{"four NULs", "\x00\x00\x00\x00", Hint{Known: true}, KeepAlive, 0},
		{"hello", "hello", Hint{Known: true}, KeepAlive, 0},
		{"jaK", "jaK", Hint{Known: true}, KeepAlive, 0},
		{"hello elsewhere", "hello", Hint{}, NotSIP, 0},
		{"many blanks", strings.Repeat("\x00\r\n ", 50), Hint{Known: true}, KeepAlive, 0},
		{"other text on a known flow", "status?", Hint{Known: true}, NotSIP, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			class, start := Detect([]byte(tt.in), tt.hint)
			if class != tt.want || start != tt.start {
				t.Errorf("Detect = %d, %d; want %d, %d", class, start, tt.want, tt.start)
			}
			allocs := testing.AllocsPerRun(10, func() { Detect([]byte(tt.in), tt.hint) })
			if len(tt.in) < 32 && allocs != 0 {
				t.Errorf("%v allocations", allocs)
			}
		})
	}
}

// Every octet from 0x80 up is refused whatever follows it.
func TestDetectRefusesHighOctets(t *testing.T) {
	for c := 0x80; c <= 0xff; c++ {
		b := append([]byte{byte(c)}, "INVITE sip:b@h SIP/2.0\r\n\r\n"...)
		if class, _ := Detect(b, Hint{Known: true, Port: true}); class != NotSIP {
			t.Errorf("first octet %#x: class %d", c, class)
		}
	}
}

func TestDetectAllocatesNothing(t *testing.T) {
	for _, in := range []string{
		"NEWMETHOD sip:b@h SIP/2.0\r\n" + confirmingBlock,
		"SIP/2.0 200 OK\r\n" + confirmingBlock,
		strings.Repeat("text without end ", 100),
	} {
		b := []byte(in)
		if n := testing.AllocsPerRun(100, func() { Detect(b, Hint{Known: true}) }); n != 0 {
			t.Errorf("%q: %v allocations", in[:20], n)
		}
	}
}

// Once scanOpening has decided, more octets do not change the decision.
func FuzzDetect(f *testing.F) {
	f.Add([]byte("INVITE sip:b@h SIP/2.0\r\n" + confirmingBlock))
	f.Add([]byte("SIP/2.0 200 OK\r\n\r\n"))
	f.Add([]byte("\r\n\x00 x sip:b SIP/2.0 \nv:1\ni:2\nf:3\n\n"))
	f.Add([]byte("\x80\x60\x00\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		for _, h := range []Hint{{}, {Known: true}, {Port: true}, {true, true}} {
			if class, start := Detect(b, h); start < 0 || start > len(b) || class != IsMessage && start != 0 {
				t.Errorf("class %d starts at %d of %d", class, start, len(b))
			}
		}
		if !bytes.Equal(b, before) {
			t.Error("the datagram was changed")
		}
		decided := false
		var first opening
		var firstVerdict verdict
		for n := 0; n <= min(len(b), 512); n++ {
			s, v := scanOpening(b[:n], false)
			if decided && (s != first || v != firstVerdict) {
				t.Fatalf("%d octets changed the answer from %v %v to %v %v", n, first, firstVerdict, s, v)
			}
			if v != more && !decided {
				decided, first, firstVerdict = true, s, v
			}
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	rtp := make([]byte, 172)
	rtp[0] = 0x80
	dtls := append([]byte{22, 0xfe, 0xfd}, make([]byte, 100)...)
	for _, bb := range []struct {
		name string
		in   []byte
	}{
		{"RTP", rtp},
		{"DTLS", dtls},
		{"INVITE", []byte("INVITE sip:bob@biloxi.example.com SIP/2.0\r\n" + confirmingBlock)},
		{"200", []byte("SIP/2.0 200 OK\r\n" + confirmingBlock)},
		{"unknown method", []byte("NEWMETHOD sip:bob@biloxi.example.com SIP/2.0\r\n" + confirmingBlock)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Detect(bb.in, Hint{})
			}
		})
	}
}
