package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipsniff/capture"
	"sipsniff/capture/hepnet"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/hep"
)

// headers is what stands in front of a packet of HEP in the frames of a source
// on an IPv4 address.
const headers = 28

// newPair makes an exporter and the collector it sends to.
func newPair(t *testing.T) (*Exporter, *hepnet.Source) {
	t.Helper()
	source, err := hepnet.Listen([]hepnet.Endpoint{{Network: "tcp", Address: "127.0.0.1:0"}}, hepnet.SourceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	at := hepnet.Endpoint{Network: "tcp", Address: fmt.Sprintf("127.0.0.1:%d", source.Ports()[0])}
	sender, err := hepnet.NewSender([]hepnet.Endpoint{at}, hepnet.SenderConfig{Agent: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(sender.Close(), source.Close()) })
	return New(sender), source
}

// received waits for n packets and returns them.
func received(t *testing.T, s *hepnet.Source, n int) []hep.Packet {
	t.Helper()
	var all []hep.Packet
	var f capture.Frame
	for deadline := time.Now().Add(20 * time.Second); len(all) < n; {
		switch err := s.Next(&f); {
		case err == nil:
			var p hep.Packet
			if err := hep.Parse(&p, append([]byte(nil), f.Data[headers:]...), 0); err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
		case !errors.Is(err, capture.ErrIdle) || time.Now().After(deadline):
			t.Fatalf("%d of %d packets, %v", len(all), n, err)
		}
	}
	return all
}

// sentBy is how many packets an exporter has sent or is about to.
func sentBy(e *Exporter) uint64 { s := e.sender.Sent()[0]; return s.Sent + s.Dropped }

// TestCopiesAreSentOnce: of a capture read twice, each message is sent once.
func TestCopiesAreSentOnce(t *testing.T) {
	const file = "../../pcaps/call-audio.pcap"
	e, collector := newPair(t)
	d := decode.New(decode.Config{}, e)
	source, err := capture.Open([]string{file, file}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	var f capture.Frame
	for err = source.Next(&f); err == nil; err = source.Next(&f) {
		d.Frame(&f)
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	if n := d.Stats().Duplicates; n == 0 {
		t.Error("no duplicates are seen")
	}
	end := decode.Packet{Src: netip.MustParseAddrPort("192.0.2.1:1"), Dst: netip.MustParseAddrPort("192.0.2.2:1"), Payload: []byte("end"), Nanos: time.Now().UnixNano()}
	e.Message(&end)
	kinds := map[hep.Kind]int{}
	for last := false; !last; {
		p := received(t, collector, 1)[0]
		last = string(p.Payload) == "end"
		kinds[p.Kind]++
	}
	if kinds[hep.SIP] != 6+1 || kinds[hep.RTCP] == 0 || kinds[hep.RTP] != 0 {
		t.Errorf("by kind %v", kinds)
	}
}

// TestOwnPackets: what is sent and captured again is not sent again.
func TestOwnPackets(t *testing.T) {
	e, collector := newPair(t)
	d := decode.New(decode.Config{}, e)
	rtcp := "\x80\xc9\x00\x01\x00\x00\x00\x01"
	sip := "OPTIONS sip:a@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n"
	for i, payload := range []string{sip, rtcp, sip} { // the last is a retransmission
		data := datagram(i, payload)
		d.Frame(&capture.Frame{Number: i + 1, Nanos: int64(i+1) * 1e9, LinkType: 101, Data: data, Length: len(data)})
	}
	var f capture.Frame
	for again := 0; again < 3; {
		switch err := collector.Next(&f); {
		case err == nil:
			d.Frame(&f)
			again++
		case !errors.Is(err, capture.ErrIdle):
			t.Fatal(err)
		}
	}
	if err := e.sender.Close(); err != nil {
		t.Fatal(err)
	}
	if n := sentBy(e); n != 3 {
		t.Errorf("%d packets were sent, want 3", n)
	}
	if n := d.Stats().Frames; n != 6 {
		t.Errorf("%d frames", n)
	}
}

// datagram is an IPv4 packet with UDP, put together from RFC 791 and RFC 768.
func datagram(id int, payload string) []byte {
	n := len(payload)
	b := []byte{0x45, 0, byte((n + 28) >> 8), byte(n + 28), 0, byte(id + 1), 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2}
	b = append(b, 0x13, 0xc4, 0x13, 0xc4, byte((n+8)>>8), byte(n+8), 0, 0)
	return append(b, payload...)
}

// TestReports follows a stream from its first packet to the end of its call.
func TestReports(t *testing.T) {
	e, collector := newPair(t)
	src, dst := netip.MustParseAddrPort("192.0.2.1:4000"), netip.MustParseAddrPort("192.0.2.2:6000")
	call := &correlate.Call{Index: 1, CallID: "1@example.com"}
	st := &correlate.Stream{
		ID: 1, Call: &correlate.CallRef{Index: 1, CallID: call.CallID}, SSRC: 7, Src: src, Dst: dst, Codec: "PCMA", PayloadType: 8, ClockRate: 8000,
		Last: 1_700_000_001_500_000_000, Packets: 50, Octets: 8000,
	}
	st.Quality.Expected, st.Quality.Lost = 52, 2
	unseen := &correlate.Stream{ID: 9, SSRC: 9, Src: dst, Dst: src, Control: &correlate.Control{Only: true}}
	s := &correlate.Snapshot{Calls: []*correlate.Call{call}, Streams: []*correlate.Stream{st, unseen}, Last: st.Last}
	e.Report(s, false)
	e.Report(s, false) // nothing new

	more := *st
	more.Packets, more.Quality.HasJitter, more.Quality.JitterMean = 100, true, 1.5
	s = &correlate.Snapshot{Calls: s.Calls, Streams: []*correlate.Stream{&more}, Last: more.Last}
	e.Report(s, false)
	over := *call
	over.Ended = more.Last
	s = &correlate.Snapshot{Calls: []*correlate.Call{&over}, Streams: s.Streams, Last: more.Last}
	e.Report(s, false)
	e.Report(s, true) // it has ended already

	silent := more
	silent.ID, silent.Call, silent.SSRC = 2, nil, 8
	s = &correlate.Snapshot{Streams: []*correlate.Stream{&silent}, Last: silent.Last + streamIdle + 1}
	e.Report(s, false)

	packets := received(t, collector, 4)
	var got []string
	for _, p := range packets {
		var r struct {
			TYPE, CORRELATION_ID        string
			SSRC, TOTAL_PK, PACKET_LOSS int
			MEAN_JITTER, MAX_DELTA, MOS *float64
			SRC_IP, DST_IP, CODEC_NAME  string
			SRC_PORT, DST_PORT, CLOCK   int
		}
		if err := json.Unmarshal(p.Payload, &r); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %s %d %d %d jitter %v", r.TYPE, r.CORRELATION_ID, r.SSRC, r.TOTAL_PK, r.PACKET_LOSS, r.MEAN_JITTER != nil))
		if p.Kind != hep.FullReport || p.Src != src || p.Dst != dst || p.Nanos != st.Last || string(p.Correlation) != r.CORRELATION_ID ||
			r.SRC_IP != "192.0.2.1" || r.DST_PORT != 6000 || r.CLOCK != 8000 || r.MOS != nil || r.MAX_DELTA != nil {
			t.Errorf("%+v: %s", p, p.Payload)
		}
	}
	want := []string{
		"PERIODIC 1@example.com 7 50 2 jitter false", "PERIODIC 1@example.com 7 100 2 jitter true",
		"HANGUP 1@example.com 7 100 2 jitter true", "HANGUP  8 100 2 jitter true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(e.reports) != 1 {
		t.Errorf("%d streams are remembered, of which one is left", len(e.reports))
	}
}

// TestControlBelongsToCall: RTCP goes out with the Call-ID of its media.
func TestControlBelongsToCall(t *testing.T) {
	e, collector := newPair(t)
	e.learn(&correlate.Snapshot{Streams: []*correlate.Stream{{
		Call: &correlate.CallRef{Index: 1, CallID: "1@example.com"},
		Src:  netip.MustParseAddrPort("192.0.2.1:4000"), Dst: netip.MustParseAddrPort("192.0.2.2:6000"),
	}}})
	for i, way := range []string{"192.0.2.2:6001 192.0.2.9:9", "192.0.2.9:9 192.0.2.1:4000", "192.0.2.9:9 192.0.2.1:4002"} {
		src, dst, _ := strings.Cut(way, " ")
		p := decode.Packet{
			Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), Nanos: int64(i + 1),
			Payload: []byte("\x80\xc9\x00\x01\x00\x00\x00\x01"),
		}
		p.WireLength = len(p.Payload)
		e.Datagram(&p)
		cut, copied, noise := p, p, p
		cut.Cut, copied.Duplicate, noise.Payload = "snaplen", true, []byte("\x80\xc9\x70\x01\x00\x00\x00\x01")
		e.Datagram(&cut)
		e.Datagram(&copied)
		e.Datagram(&noise)
	}
	for i, p := range received(t, collector, 3) {
		if want := []string{"1@example.com", "1@example.com", ""}[i]; string(p.Correlation) != want {
			t.Errorf("%v to %v: %q, want %q", p.Src, p.Dst, p.Correlation, want)
		}
	}
	if err := e.sender.Close(); err != nil {
		t.Fatal(err)
	}
	if n := sentBy(e); n != 3 {
		t.Errorf("%d packets were sent, want 3", n)
	}
}
