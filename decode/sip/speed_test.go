package sip

import "testing"

// invite is what phones send: 700 octets with a session description.
const invite = "INVITE sip:bob@biloxi.example.com SIP/2.0\r\n" +
	"Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK776asdhds;rport\r\n" +
	"Max-Forwards: 70\r\n" +
	"From: \"Alice\" <sip:alice@atlanta.example.com>;tag=1928301774\r\n" +
	"To: <sip:bob@biloxi.example.com>\r\n" +
	"Call-ID: a84b4c76e66710@pc33.atlanta.example.com\r\n" +
	"CSeq: 314159 INVITE\r\n" +
	"Contact: <sip:alice@192.0.2.10:5060>\r\n" +
	"User-Agent: Softphone 4.2\r\n" +
	"Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY\r\n" +
	"Supported: replaces, timer\r\n" +
	"Content-Type: application/sdp\r\n" +
	"Content-Length: 194\r\n" +
	"\r\n" +
	"v=0\r\n" +
	"o=alice 2890844526 2890844526 IN IP4 192.0.2.10\r\n" +
	"s=-\r\n" +
	"c=IN IP4 192.0.2.10\r\n" +
	"t=0 0\r\n" +
	"m=audio 49170 RTP/AVP 0 8 101\r\n" +
	"a=rtpmap:101 telephone-event/8000\r\n" +
	"a=fmtp:101 0-16\r\n" +
	"a=ptime:20\r\na=sendrecv\r\n"

// answer is a short response.
const answer = "SIP/2.0 200 OK\r\n" +
	"Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK776asdhds;rport=5060;received=192.0.2.10\r\n" +
	"From: \"Alice\" <sip:alice@atlanta.example.com>;tag=1928301774\r\n" +
	"To: <sip:bob@biloxi.example.com>;tag=a6c85cf\r\n" +
	"Call-ID: a84b4c76e66710@pc33.atlanta.example.com\r\n" +
	"CSeq: 314160 BYE\r\n" +
	"Server: Exchange 1.0\r\n" +
	"Content-Length: 0\r\n" +
	"\r\n"

func TestAllocations(t *testing.T) {
	var m Message
	for _, raw := range []string{invite, answer} {
		if err := ParseInto(&m, raw); err != nil {
			t.Fatal(err)
		}
		if got := findings(&m); len(got) > 0 {
			t.Fatalf("findings %q", got)
		}
		if n := testing.AllocsPerRun(100, func() { _ = ParseInto(&m, raw) }); n != 0 {
			t.Errorf("ParseInto: %v allocations", n)
		}
	}
	if err := ParseInto(&m, invite); err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = m.SDP() }); n != 0 {
		t.Errorf("SDP: %v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() {
		for range m.Values(HeaderAllow) {
		}
	}); n != 0 {
		t.Errorf("Values: %v allocations", n)
	}
}

func benchmark(b *testing.B, raw string) {
	var m Message
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if err := ParseInto(&m, raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvite(b *testing.B) { benchmark(b, invite) }
func BenchmarkAnswer(b *testing.B) { benchmark(b, answer) }

func BenchmarkFolded(b *testing.B) { benchmark(b, readMessage(b, "rfc4475/wsinv")) }
