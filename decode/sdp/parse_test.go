package sdp

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var compareAddr = cmp.Options{
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
	cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }),
	cmpopts.IgnoreUnexported(Session{}), // see Body
}

// crlf writes lines as a body.
func crlf(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n" }

// head is a blameless beginning.
var head = []string{"v=0", "o=alice 2890844526 2890844527 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"}

func body(lines ...string) string { return crlf(append(slices.Clone(head), lines...)...) }

func codes(s *Session) []string {
	var list []string
	for _, f := range s.Findings {
		list = append(list, f.Code)
	}
	return list
}

func TestParseWhole(t *testing.T) {
	text := body("a=sendonly",
		"m=audio 49170 RTP/AVP 0 96 101", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 useinbandfec=1", "a=rtpmap:101 telephone-event/8000",
		"a=fmtp:101 0-15", "a=ptime:20", "a=maxptime:40", "a=rtcp:53020 IN IP4 192.0.2.9", "a=mid:a1",
		"m=video 51372/2 RTP/SAVPF 99", "c=IN IP6 2001:db8::2/1", "a=rtpmap:99 H264/90000", "a=recvonly", "a=rtcp-mux",
		"a=ssrc:12345 cname:x", "a=ssrc:12345 msid:y", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc")
	got := Parse(text)
	want := &Session{
		Origin: "alice 2890844526 2890844527 IN IP4 192.0.2.1", SessionID: "2890844526", Version: "2890844527",
		Connection: netip.MustParseAddr("192.0.2.1"), Attributes: []string{"sendonly"},
		Media: []Media{
			{Type: "audio", Port: 49170, PortCount: 1, Protocol: "RTP/AVP", Formats: []string{"0", "96", "101"},
				Address: netip.MustParseAddr("192.0.2.1"), RTCP: netip.MustParseAddrPort("192.0.2.9:53020"), Direction: SendOnly,
				PTime: 20, MaxPTime: 40, MID: "a1",
				Codecs: []Codec{
					{PayloadType: 0, Name: "PCMU", ClockRate: 8000, Channels: 1, Static: true},
					{PayloadType: 96, Name: "opus", ClockRate: 48000, Channels: 2, FMTP: "useinbandfec=1"},
					{PayloadType: 101, Name: "telephone-event", ClockRate: 8000, Channels: 1, FMTP: "0-15"},
				},
				Attributes: []string{"rtpmap:96 opus/48000/2", "fmtp:96 useinbandfec=1", "rtpmap:101 telephone-event/8000", "fmtp:101 0-15",
					"ptime:20", "maxptime:40", "rtcp:53020 IN IP4 192.0.2.9", "mid:a1"}},
			{Type: "video", Port: 51372, PortCount: 2, Protocol: "RTP/SAVPF", Formats: []string{"99"},
				Address: netip.MustParseAddr("2001:db8::2"), RTCPMux: true, Direction: RecvOnly,
				Codecs: []Codec{{PayloadType: 99, Name: "H264", ClockRate: 90000, Channels: 1}},
				SSRCs:  []uint32{12345}, Crypto: []string{"1 AES_CM_128_HMAC_SHA1_80 inline:abc"},
				Attributes: []string{"rtpmap:99 H264/90000", "recvonly", "rtcp-mux", "ssrc:12345 cname:x", "ssrc:12345 msid:y",
					"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc"}},
		},
	}
	if d := cmp.Diff(want, got, compareAddr); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for name, end := range map[string]string{"LF": "\n", "CR": "\r"} {
		if d := cmp.Diff(want, Parse(strings.ReplaceAll(text, "\r\n", end)), compareAddr); d != "" {
			t.Errorf("with %s (-want +got):\n%s", name, d)
		}
	}
}

func TestParseIce(t *testing.T) {
	s := Parse(body("a=group:BUNDLE 0 1", "a=fingerprint:sha-256 AA:BB", "a=setup:actpass", "a=group:LS 0 1",
		"m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2", "a=mid:0", "a=setup:active",
		"a=candidate:1 1 UDP 2130706431 192.0.2.5 50000 typ host",
		"a=candidate:2 2 udp 1694498814 198.51.100.5 50001 typ srflx raddr 192.0.2.5 rport 50001",
		"a=candidate:3 1 udp 1 5d1b9a1c-0000.local 50002 typ host",
		"a=candidate:4 1 tcp 1 2001:db8::7 9 typ host tcptype active",
		"a=candidate:5 one udp 1 192.0.2.5 50000 typ host",
		"m=video 9 UDP/TLS/RTP/SAVPF 112", "a=rtpmap:112 VP8/90000", "a=mid:1", "a=bundle-only"))
	m := s.Media[0]
	want := []Candidate{
		{1, "UDP", netip.MustParseAddrPort("192.0.2.5:50000"), "host"},
		{2, "udp", netip.MustParseAddrPort("198.51.100.5:50001"), "srflx"},
		{1, "udp", netip.AddrPortFrom(netip.Addr{}, 50002), "host"},
		{1, "tcp", netip.MustParseAddrPort("[2001:db8::7]:9"), "host"},
	}
	if d := cmp.Diff(want, m.Candidates, compareAddr); d != "" {
		t.Errorf("candidates (-want +got):\n%s", d)
	}
	if !slices.Equal(s.BundleMIDs, []string{"0", "1"}) || s.Media[1].MID != "1" {
		t.Errorf("bundle %q, mid %q", s.BundleMIDs, s.Media[1].MID)
	}
	if m.Setup != "active" || s.Media[1].Setup != "actpass" || m.Fingerprint != "sha-256 AA:BB" {
		t.Errorf("setup %q %q, fingerprint %q", m.Setup, s.Media[1].Setup, m.Fingerprint)
	}
	if !m.RTP() || !m.Secure() || m.UDPTL() {
		t.Error("profile is not seen as SRTP")
	}
	if got := codes(s); !slices.Equal(got, []string{"attribute_bad"}) {
		t.Errorf("findings %q", got)
	}
}

// Bodies that strict parsers refuse still say where the media goes.
func TestParseOdd(t *testing.T) {
	tests := []struct {
		name     string
		text     string
		address  string
		port     uint16
		findings []string
	}{
		{"fax", body("m=image 4000 udptl t38", "a=T38FaxVersion:0"), "192.0.2.1", 4000, nil},
		{"unknown profile", body("m=audio 4000 RTP/XYZ 0"), "192.0.2.1", 4000, nil},
		{"no s= and t=", crlf("v=0", "o=- 1 1 IN IP4 192.0.2.1", "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0"), "192.0.2.1", 4000,
			[]string{"name_missing", "time_missing"}},
		{"nothing but m= and c=", crlf("m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.7"), "192.0.2.7", 4000,
			[]string{"version_missing", "origin_missing", "name_missing", "time_missing"}},
		{"c= before s=", crlf("v=0", "o=-1 -1", "c=IN IP4 192.0.2.1", "s=x", "t=0 0", "m=audio 4000 RTP/AVP 0"), "192.0.2.1", 4000, nil},
		{"odd b= and unknown line", body("b=XX", "y=0100000001", "m=audio 4000 RTP/AVP 8"), "192.0.2.1", 4000, []string{"line_unknown"}},
		{"a line that is none", body("hello", "m=audio 4000 RTP/AVP 8"), "192.0.2.1", 4000, []string{"line_unknown"}},
		{"blanks everywhere", body("m= audio   4000  RTP/AVP  0  8 ", " c= IN  IP4  192.0.2.3 "), "192.0.2.3", 4000, nil},
		{"no end of the last line", strings.TrimSuffix(body("m=audio 4000 RTP/AVP 0"), "\r\n"), "192.0.2.1", 4000, nil},
		{"empty lines", body("", "m=audio 4000 RTP/AVP 0", "", ""), "192.0.2.1", 4000, nil},
		{"host name", body("m=audio 4000 RTP/AVP 0", "c=IN IP4 media.example.com"), "", 4000, nil},
		{"bad c=", body("m=audio 4000 RTP/AVP 0", "c=192.0.2.1"), "", 4000, []string{"connection_bad"}},
		{"first c= of a section counts", body("m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.3", "c=IN IP4 192.0.2.4"), "192.0.2.3", 4000, nil},
		{"multicast", body("m=audio 4000 RTP/AVP 0", "c=IN IP4 224.2.1.1/127/3"), "224.2.1.1", 4000, nil},
		{"IPv4 in IPv6, zone", body("m=audio 4000 RTP/AVP 0", "c=IN IP6 ::ffff:192.0.2.3"), "192.0.2.3", 4000, nil},
		{"zone", body("m=audio 4000 RTP/AVP 0", "c=IN IP6 fe80::1%eth0"), "fe80::1", 4000, nil},
		{"no connection at all", crlf("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "t=0 0", "m=audio 4000 RTP/AVP 0"), "", 4000, []string{"connection_missing"}},
		{"port too large", body("m=audio 65536 RTP/AVP 0"), "192.0.2.1", 0, []string{"port_bad"}},
		{"port is a word", body("m=audio $ RTP/AVP 0"), "192.0.2.1", 0, []string{"port_bad"}},
		{"m= of one word", body("m=audio"), "192.0.2.1", 0, []string{"port_bad", "media_bad"}},
		{"count is a word", body("m=audio 4000/x RTP/AVP 0"), "192.0.2.1", 4000, []string{"port_bad"}},
		{"format that is no payload type", body("m=audio 4000 RTP/AVP 0 128 x"), "192.0.2.1", 4000, []string{"media_bad", "media_bad"}},
		{"dynamic type without rtpmap", body("m=audio 4000 RTP/AVP 97"), "192.0.2.1", 4000, []string{"rtpmap_missing"}},
		{"static type redefined", body("m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMA/8000"), "192.0.2.1", 4000, []string{"static_redefined"}},
		{"bad attributes", body("m=audio 4000 RTP/AVP 0", "a=ptime:NaN", "a=ptime:-20", "a=rtpmap:x y/1", "a=rtcp:zz", "a=ssrc:q"), "192.0.2.1", 4000,
			[]string{"attribute_bad", "attribute_bad", "attribute_bad", "attribute_bad", "attribute_bad"}},
		{"NULs and high octets", body("a=\x00\xff", "m=audio 4000 RTP/AVP 0\x00"), "192.0.2.1", 4000, []string{"media_bad"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Parse(tt.text)
			if len(s.Media) != 1 {
				t.Fatalf("%d media sections, want 1", len(s.Media))
			}
			m := s.Media[0]
			var want netip.Addr
			if tt.address != "" {
				want = netip.MustParseAddr(tt.address)
			}
			if m.Address != want || m.Port != tt.port {
				t.Errorf("%v port %d, want %v port %d", m.Address, m.Port, want, tt.port)
			}
			got := codes(s)
			slices.Sort(got)
			slices.Sort(tt.findings)
			if !slices.Equal(got, tt.findings) {
				t.Errorf("findings %q, want %q", got, tt.findings)
			}
		})
	}
}

func TestParseFindingOffsets(t *testing.T) {
	text := body("m=audio 4000 RTP/AVP 0", "a=ptime:x")
	s := Parse(text)
	if len(s.Findings) != 1 || s.Findings[0].Offset != strings.Index(text, "a=ptime") {
		t.Errorf("findings %+v, want one at %d", s.Findings, strings.Index(text, "a=ptime"))
	}
}

func TestParseEmpty(t *testing.T) {
	if d := cmp.Diff(new(Session), Parse(""), compareAddr); d != "" {
		t.Errorf("an empty body (-want +got):\n%s", d)
	}
}

// Whatever a body holds, what is kept of it stays small.
func TestParseLimits(t *testing.T) {
	var b strings.Builder
	for range 200 {
		b.WriteString("m=audio 4000 RTP/AVP" + strings.Repeat(" 97", 200) + "\n")
		for i := range 700 {
			fmt.Fprintf(&b, "a=ssrc:%d cname:x\na=candidate:1 1 udp 1 192.0.2.1 %d typ host\na=crypto:%d x\na=rtpmap:97 x/1\n", i, i, i)
		}
	}
	s := Parse(b.String())
	m := s.Media[63]
	if len(s.Media) != 64 || len(m.Formats) != 128 || len(m.SSRCs) != 64 || len(m.Candidates) != 64 || len(m.Crypto) != 16 ||
		len(m.Attributes) != 512 || len(s.Findings) != 64 {
		t.Errorf("media %d, formats %d, ssrcs %d, candidates %d, crypto %d, attributes %d, findings %d",
			len(s.Media), len(m.Formats), len(m.SSRCs), len(m.Candidates), len(m.Crypto), len(m.Attributes), len(s.Findings))
	}
}

// RFC 3551 §6, Tables 4 and 5, as in appendix A of the specification.
func TestStatic(t *testing.T) {
	want := map[uint8]string{0: "PCMU/8000/1", 2: "G721/8000/1", 3: "GSM/8000/1", 4: "G723/8000/1", 5: "DVI4/8000/1", 6: "DVI4/16000/1",
		7: "LPC/8000/1", 8: "PCMA/8000/1", 9: "G722/8000/1", 10: "L16/44100/2", 11: "L16/44100/1", 12: "QCELP/8000/1", 13: "CN/8000/1",
		14: "MPA/90000/0", 15: "G728/8000/1", 16: "DVI4/11025/1", 17: "DVI4/22050/1", 18: "G729/8000/1", 19: "CN/8000/1", 25: "CelB/90000/0",
		26: "JPEG/90000/0", 28: "nv/90000/0", 31: "H261/90000/0", 32: "MPV/90000/0", 33: "MP2T/90000/0", 34: "H263/90000/0"}
	for pt := range 256 {
		c, ok := Static(uint8(pt))
		got := ""
		if ok {
			got = fmt.Sprintf("%s/%d/%d", c.Name, c.ClockRate, c.Channels)
		}
		if got != want[uint8(pt)] {
			t.Errorf("payload type %d: %q, want %q", pt, got, want[uint8(pt)])
		}
	}
}

func FuzzSDP(f *testing.F) {
	f.Add(body("m=audio 4000/2 RTP/AVP 0 96", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 x=1", "a=rtcp:4001 IN IP4 192.0.2.1"))
	f.Add(body("a=group:BUNDLE a b", "m=image 4000 udptl t38", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host"))
	f.Add("m=\rc=\na=rtpmap:0\r\nm=audio 1 RTP/AVP 0")
	files, _ := filepath.Glob("../../../shared/pcaps/files/*.pcap")
	for _, name := range files[:min(len(files), 40)] { // real bodies, when they are there
		if data, err := os.ReadFile(name); err == nil {
			if i := strings.Index(string(data), "\r\nv=0\r\n"); i >= 0 {
				f.Add(string(data[i+2 : min(i+1500, len(data))]))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := Parse(text)
		if d := cmp.Diff(s, Parse(s.Body()), compareAddr); d != "" {
			t.Fatalf("parsed again it is another:\n%s", d)
		}
		if len(s.Media) > maxMedia || len(s.Findings) > maxFindings {
			t.Fatalf("%d media, %d findings", len(s.Media), len(s.Findings))
		}
		for _, m := range s.Media {
			if len(m.Codecs) > len(m.Formats) {
				t.Fatalf("%d codecs of %d formats", len(m.Codecs), len(m.Formats))
			}
			for _, c := range m.Codecs {
				if c.PayloadType > 127 {
					t.Fatalf("payload type %d", c.PayloadType)
				}
			}
		}
		for _, x := range s.Findings {
			if x.Offset < 0 || x.Offset > len(text) {
				t.Fatalf("finding at %d of %d", x.Offset, len(text))
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text := body("m=audio 49170 RTP/AVP 0 8 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000",
		"a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv")
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if len(Parse(text).Media) != 1 {
			b.Fatal("media lost")
		}
	}
}
