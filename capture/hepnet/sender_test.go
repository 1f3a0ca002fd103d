package hepnet

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/decode"
	"sipsniff/decode/hep"
)

func sendTo(t testing.TB, c SenderConfig, targets ...Endpoint) *Sender {
	t.Helper()
	s, err := NewSender(targets, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// here is the endpoint of a source.
func here(s *Source, i int) Endpoint {
	return Endpoint{Network: []string{"udp", "tcp"}[b2i(strings.HasPrefix(s.Info()[i].Name, "tcp"))], Address: s.listeners[i].address().String()}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestSend: what is sent arrives unchanged over both transports.
func TestSend(t *testing.T) {
	s := listen(t, SourceConfig{Key: "k"}, "udp", "tcp")
	c := newCollector(s)
	out := sendTo(t, SenderConfig{Agent: 4711, Name: "edge", Key: "k"}, here(s, 0), here(s, 1))
	p := hep.Packet{
		Src: netip.MustParseAddrPort("[2001:db8::1]:5061"), Dst: netip.MustParseAddrPort("[2001:db8::2]:5062"), Protocol: hep.Secure, Kind: hep.SIP,
		Nanos: 1_700_000_000_123_456_000, HasTime: true, Payload: []byte("OPTIONS sip:a@example.com SIP/2.0\r\n\r\nand\x00all the rest"),
	}
	out.Send(&p)
	c.wait(t, 2)
	for _, got := range c.payloads {
		if got != string(p.Payload) {
			t.Errorf("%q", got)
		}
	}
	if q := c.last; q.Src != p.Src || q.Dst != p.Dst || q.Transport != decode.TLS || q.Nanos != p.Nanos {
		t.Errorf("%+v", q)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	for _, sent := range out.Sent() {
		if sent.Sent != 1 || sent.Dropped+sent.Failed+sent.Truncated != 0 || sent.Error != "" {
			t.Errorf("%+v", sent)
		}
	}
}

// TestSendLong: what no packet can hold loses its end, and that is counted.
func TestSendLong(t *testing.T) {
	s := listen(t, SourceConfig{}, "udp", "tcp")
	c := newCollector(s)
	out := sendTo(t, SenderConfig{}, here(s, 0), here(s, 1))
	p := message(1, "")
	p.Payload = append(p.Payload, bytes.Repeat([]byte("x"), 70_000)...)
	out.Send(p)
	c.wait(t, 2)
	for _, got := range c.payloads {
		if !strings.HasPrefix(string(p.Payload), got) || len(got) < 65_000 {
			t.Errorf("%d octets", len(got))
		}
	}
	for _, sent := range out.Sent() {
		if sent.Truncated != 1 {
			t.Errorf("%+v", sent)
		}
	}
}

// TestSendReconnects: a collector that comes late and one that comes back get
// what waited for them.
func TestSendReconnects(t *testing.T) {
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := Endpoint{Network: "tcp", Address: probe.Addr().String()}
	_ = probe.Close()
	out := sendTo(t, SenderConfig{}, at)
	out.Send(message(0, ""))
	out.Send(message(1, ""))
	for deadline := time.Now().Add(patienceOfTests); out.Sent()[0].Error == ""; {
		if time.Now().After(deadline) {
			t.Fatal("nobody refused")
		}
	}
	late, err := Listen([]Endpoint{at}, SourceConfig{})
	if err != nil {
		t.Skipf("somebody took the port: %v", err)
	}
	c := newCollector(late)
	c.wait(t, 2)
	if err := late.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Listen([]Endpoint{at}, SourceConfig{})
	if err != nil {
		t.Skipf("somebody took the port: %v", err)
	}
	defer func() { _ = again.Close() }()
	c = newCollector(again)
	n := 2
	c.until(t, "the sender to come back", func() bool {
		out.Send(message(n, "")) // the first may be lost on the old connection
		n++
		return len(c.payloads) > 0
	})
}

// TestSendNeverBlocks: with a collector that is not there or does not read,
// sending goes on and every packet is accounted for in the end.
func TestSendNeverBlocks(t *testing.T) {
	deaf, err := net.Listen("tcp", "127.0.0.1:0") // the kernel accepts, nobody reads
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = deaf.Close() }()
	gone, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	absent := Endpoint{Network: "udp", Address: gone.LocalAddr().String()}
	_ = gone.Close()
	out := sendTo(t, SenderConfig{}, Endpoint{Network: "tcp", Address: deaf.Addr().String()}, absent)
	p := message(0, "")
	p.Payload = make([]byte, 60_000)
	const total = 500 // 30 MB, more than may wait
	begin := time.Now()
	for range total {
		out.Send(p)
	}
	if took := time.Since(begin); took > writeTime/2 {
		t.Errorf("sending took %v", took)
	}
	begin = time.Now()
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 2*lastChance {
		t.Errorf("closing took %v", took)
	}
	sent := out.Sent()
	for _, s := range sent {
		if s.Sent+s.Dropped != total {
			t.Errorf("%+v of %d", s, total)
		}
	}
	if sent[0].Dropped == 0 || sent[1].Failed == 0 || !strings.Contains(sent[1].Error, "refused") {
		t.Errorf("%+v", sent)
	}
}

// TestSendPatient: what does not come from a wire is not dropped for want of
// room, unless the collector takes nothing.
func TestSendPatient(t *testing.T) {
	s := listen(t, SourceConfig{}, "tcp")
	out := sendTo(t, SenderConfig{Patient: true}, here(s, 0))
	const total = 1000
	go func() {
		p := message(0, "")
		p.Payload = make([]byte, 60_000)
		for range total {
			out.Send(p)
		}
	}()
	var f capture.Frame
	for n := 0; n < total; {
		if err := s.Next(&f); err == nil {
			n++
		} else if !errors.Is(err, capture.ErrIdle) {
			t.Fatal(err)
		}
	}
	if sent := out.Sent()[0]; sent.Sent != total || sent.Dropped != 0 {
		t.Errorf("%+v", sent)
	}
}

func TestSendNowhere(t *testing.T) {
	_, err := NewSender([]Endpoint{{"udp", "127.0.0.1:9"}, {"udp", "host.invalid:9060"}}, SenderConfig{})
	if err == nil {
		t.Error("sends to a host that cannot exist")
	}
}

func BenchmarkSend(b *testing.B) {
	s, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	out := sendTo(b, SenderConfig{}, Endpoint{Network: "udp", Address: s.LocalAddr().String()})
	p := message(0, "")
	b.ReportAllocs()
	for b.Loop() {
		out.Send(p)
	}
}
