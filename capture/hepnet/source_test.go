package hepnet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/decode"
	"sipsniff/decode/hep"
)

// message is the n-th message of an agent.
func message(n int, key string) *hep.Packet {
	return &hep.Packet{
		Src: netip.MustParseAddrPort("192.0.2.1:5060"), Dst: netip.MustParseAddrPort("192.0.2.2:5060"), Protocol: hep.UDP, Kind: hep.SIP,
		Nanos: 1_700_000_000e9 + int64(n)*1000, HasTime: true, Agent: 7, HasAgent: true, Key: []byte(key),
		Payload: fmt.Appendf(nil, "OPTIONS sip:%d@example.com SIP/2.0\r\nCall-ID: %d\r\n\r\n", n, n),
	}
}

func encoded(n int, key string) []byte {
	b, _ := hep.Append(nil, message(n, key), 0)
	return b
}

func listen(t testing.TB, c SourceConfig, networks ...string) *Source {
	t.Helper()
	var endpoints []Endpoint
	for _, n := range networks {
		endpoints = append(endpoints, Endpoint{Network: n, Address: "127.0.0.1:0"})
	}
	s, err := Listen(endpoints, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func dial(t testing.TB, s *Source, i int) net.Conn {
	t.Helper()
	network, address, _ := strings.Cut(s.Info()[i].Name, ":")
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func write(t testing.TB, conn net.Conn, b []byte) {
	t.Helper()
	if _, err := conn.Write(b); err != nil {
		t.Fatal(err)
	}
}

// collector hands the frames of a source to a decoder and keeps what came out.
type collector struct {
	source   *Source
	decoder  *decode.Decoder
	payloads []string
	last     decode.Packet
}

func newCollector(s *Source) *collector {
	c := &collector{source: s}
	c.decoder = decode.New(decode.Config{HEPPorts: s.Ports()}, c)
	return c
}

func (c *collector) Message(p *decode.Packet) {
	c.payloads = append(c.payloads, string(p.Payload))
	c.last = *p
}

func (c *collector) Datagram(p *decode.Packet) { c.Message(p) }

// patienceOfTests is how long a test waits for what must come.
const patienceOfTests = 20 * time.Second

// until reads the source until done.
func (c *collector) until(t testing.TB, what string, done func() bool) {
	t.Helper()
	var f capture.Frame
	for deadline := time.Now().Add(patienceOfTests); !done(); {
		switch err := c.source.Next(&f); {
		case err == nil:
			c.decoder.Frame(&f)
		case !errors.Is(err, capture.ErrIdle):
			t.Fatalf("waiting for %s: %v", what, err)
		case time.Now().After(deadline):
			t.Fatalf("waited in vain for %s: %d messages, %+v", what, len(c.payloads), c.source.Info())
		}
	}
}

// wait reads n messages.
func (c *collector) wait(t testing.TB, n int) {
	t.Helper()
	c.until(t, fmt.Sprintf("%d messages", n), func() bool { return len(c.payloads) >= n })
}

func (c *collector) warned(text string) func() bool {
	return func() bool { return strings.Contains(fmt.Sprint(c.source.Info()), text) }
}

func TestSourceUDP(t *testing.T) {
	s := listen(t, SourceConfig{}, "udp")
	conn, c := dial(t, s, 0), newCollector(s)
	write(t, conn, encoded(1, ""))
	c.wait(t, 1)
	p := c.last
	if c.payloads[0] != string(message(1, "").Payload) || p.Src.String() != "192.0.2.1:5060" || p.Dst.String() != "192.0.2.2:5060" ||
		p.Transport != decode.UDP || p.Nanos != message(1, "").Nanos || p.Tunnel != "hep" || p.TunnelSrc.String() != "127.0.0.1" || p.Duplicate {
		t.Errorf("%+v", p)
	}
	// Version 1 on a port that is not that of HEP; its time is that of arrival.
	before := time.Now().UnixNano()
	one := append([]byte{1, 16, 2, 6, 0x13, 0xc4, 0x13, 0xc6, 192, 0, 2, 3, 192, 0, 2, 4}, "OPTIONS sip:1 SIP/2.0\r\n\r\n"...)
	write(t, conn, one)
	c.wait(t, 2)
	if p := c.last; p.Src.String() != "192.0.2.3:5060" || p.Transport != decode.TCP || p.Nanos < before || p.Nanos > time.Now().UnixNano() {
		t.Errorf("%+v", p)
	}
	// From a distant future, whose time would end all calls.
	future := message(3, "")
	future.Nanos = time.Now().UnixNano() + 48*3600*1e9
	b, _ := hep.Append(nil, future, 0)
	write(t, conn, b)
	c.wait(t, 3)
	if p := c.last; p.Nanos > time.Now().UnixNano() || !c.warned("1 packet from more than a day in the future")() {
		t.Errorf("at %d: %v", p.Nanos, s.Info())
	}
	write(t, conn, []byte("GET / HTTP/1.1\r\n\r\n"))
	c.until(t, "a complaint", c.warned("1 time something else than HEP came, the latest from "+conn.LocalAddr().String()))
	write(t, conn, append(encoded(4, ""), "\r\n"...))
	c.wait(t, 4)
	if !c.warned("1 packet whose lengths do not add up")() {
		t.Errorf("no complaint: %v", s.Info())
	}
	info := s.Info()[0]
	if info.Frames != 4 || info.Format != "hep" || s.Drops().Received != 4 {
		t.Errorf("%+v, received %d", info, s.Drops().Received)
	}
}

// TestSourceIPv6: the envelope of an agent with IPv6.
func TestSourceIPv6(t *testing.T) {
	s, err := Listen([]Endpoint{{Network: "udp", Address: "[::1]:0"}}, SourceConfig{})
	if err != nil {
		t.Skipf("no IPv6 here: %v", err)
	}
	defer func() { _ = s.Close() }()
	c := newCollector(s)
	conn := dial(t, s, 0)
	for n := range 3 { // within a microsecond of each other by their own time
		write(t, conn, encoded(n, ""))
	}
	c.wait(t, 3)
	if p := c.last; p.TunnelSrc.String() != "::1" || p.Duplicate || c.payloads[2] != string(message(2, "").Payload) {
		t.Errorf("%+v", p)
	}
}

// TestSourceKey: without the right key nothing gets in, and the sender is named.
func TestSourceKey(t *testing.T) {
	s := listen(t, SourceConfig{Key: "open sesame"}, "udp", "tcp")
	c := newCollector(s)
	for i, name := range []string{"udp", "tcp"} {
		conn := dial(t, s, i)
		for _, key := range []string{"", "open", "open sesame!", "OPEN SESAME"} {
			write(t, conn, encoded(1, key))
		}
		old := append([]byte{1, 16, 2, 17, 0x13, 0xc4, 0x13, 0xc4, 192, 0, 2, 1, 192, 0, 2, 2}, "OPTIONS sip:1 SIP/2.0\r\n\r\n"...)
		if name == "udp" {
			write(t, conn, old)
		}
		write(t, conn, encoded(2+i, "open sesame"))
		c.wait(t, i+1)
		if c.payloads[i] != string(message(2+i, "").Payload) {
			t.Errorf("%s: %q", name, c.payloads[i])
		}
		want := fmt.Sprintf("%d packets refused for lack of the right key, the latest from %s", 5-i, conn.LocalAddr())
		if got := s.Info()[i].Warnings; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestSourceTCP: packets whole, in one write, octet by octet, between junk.
func TestSourceTCP(t *testing.T) {
	s := listen(t, SourceConfig{}, "tcp")
	c := newCollector(s)
	all := bytes.Join([][]byte{encoded(0, ""), encoded(1, ""), encoded(2, "")}, nil)
	conn := dial(t, s, 0)
	write(t, conn, all)
	c.wait(t, 3)
	for i := range encoded(3, "") {
		write(t, conn, encoded(3, "")[i:i+1])
	}
	c.wait(t, 4)
	write(t, conn, append([]byte("\r\nnonsense HEP"), encoded(4, "")...))
	c.wait(t, 5)
	for n, got := range c.payloads {
		if got != string(message(n, "").Payload) {
			t.Errorf("message %d: %q", n, got)
		}
	}
	// The longest packet, which no datagram holds.
	long := message(5, "")
	long.Payload = append(long.Payload, make([]byte, hep.MaxPacket)...)
	b, truncated := hep.Append(nil, long, 0)
	if len(b) != hep.MaxPacket || !truncated {
		t.Fatalf("%d octets", len(b))
	}
	write(t, conn, b)
	c.wait(t, 6)
	if got := c.payloads[5]; !strings.HasPrefix(string(long.Payload), got) || len(got) < 65_000 {
		t.Errorf("%d octets", len(got))
	}
	_ = conn.Close()
	c.until(t, "a complaint", c.warned("something else than HEP"))
}

// TestSourceSlow: half a packet is not waited for forever; silence is.
func TestSourceSlow(t *testing.T) {
	s := listen(t, SourceConfig{}, "tcp")
	s.listeners[0].(*tcpListener).patience.Store(int64(50 * time.Millisecond))
	c := newCollector(s)
	silent, half := dial(t, s, 0), dial(t, s, 0)
	write(t, silent, encoded(0, ""))
	c.wait(t, 1)
	write(t, half, encoded(1, "")[:20])
	if _, err := half.Read(make([]byte, 1)); err != io.EOF && !strings.Contains(fmt.Sprint(err), "reset") {
		t.Errorf("the slow connection ended with %v", err)
	}
	c.until(t, "a complaint", c.warned("1 connection closed in the middle of a packet that did not end, the latest from "+half.LocalAddr().String()))
	write(t, silent, encoded(2, ""))
	c.wait(t, 2)
}

// TestSourceCrowd: the connection that was silent longest makes room.
func TestSourceCrowd(t *testing.T) {
	s := listen(t, SourceConfig{}, "tcp")
	c := newCollector(s)
	conns := make([]net.Conn, mostConnections+1)
	for i := range mostConnections {
		conns[i] = dial(t, s, 0)
		write(t, conns[i], encoded(i, ""))
		c.wait(t, i+1)
	}
	write(t, conns[0], encoded(5000, ""))
	c.wait(t, mostConnections+1)
	conns[mostConnections] = dial(t, s, 0)
	write(t, conns[mostConnections], encoded(5001, ""))
	c.wait(t, mostConnections+2)
	if _, err := conns[1].Read(make([]byte, 1)); err == nil {
		t.Error("the connection that was silent longest is open")
	}
	write(t, conns[0], encoded(5002, ""))
	c.wait(t, mostConnections+3)
	if !c.warned("1 connection closed to make room for others, the latest from " + conns[1].LocalAddr().String())() {
		t.Errorf("%v", s.Info())
	}
}

// TestSourceRate sends 10,000 messages a second for three seconds
// (for one with -short) and misses none. On a machine that cannot read as
// fast the sender waits for it.
func TestSourceRate(t *testing.T) {
	const perSecond, perTick = 10_000, 100
	const atMost = 8000 // on the way: some of what the socket and the queue hold
	total := 3 * perSecond
	if testing.Short() {
		total = perSecond
	}
	s := listen(t, SourceConfig{Key: "k"}, "udp")
	conn, c := dial(t, s, 0), newCollector(s)
	packets := make([][]byte, total)
	for n := range packets {
		packets[n] = encoded(n, "k")
	}
	sent := make(chan time.Duration, 1)
	var decoded atomic.Int64
	go func() {
		begin, tick := time.Now(), time.NewTicker(time.Second*perTick/perSecond)
		defer tick.Stop()
		for n := 0; n < total; {
			<-tick.C
			due := min(total, int(time.Since(begin)*perSecond/time.Second), int(decoded.Load())+atMost)
			for ; n < due; n++ {
				if _, err := conn.Write(packets[n]); err != nil {
					t.Error(err)
				}
			}
		}
		sent <- time.Since(begin)
	}()
	for len(c.payloads) < total {
		before := len(c.payloads)
		c.wait(t, min(total, before+perTick))
		decoded.Store(int64(len(c.payloads)))
	}
	took := <-sent
	for n, got := range c.payloads {
		if want := string(message(n, "").Payload); got != want {
			t.Fatalf("message %d is %q", n, got)
		}
	}
	d := s.Drops()
	if d.Received != uint64(total) || d.Kernel+d.Queue != 0 || len(c.payloads) != total {
		t.Errorf("%d received, %d dropped, %d decoded", d.Received, d.Kernel+d.Queue, len(c.payloads))
	}
	t.Logf("%d messages in %v: %.0f a second", len(c.payloads), took, float64(total)/took.Seconds())
	if took > time.Duration(total/perSecond)*time.Second*6/5 {
		t.Skip("this machine is too busy to send at the full rate; what was sent arrived")
	}
}

// TestSourceOverrun: what nobody takes is dropped, and every packet is
// accounted for.
func TestSourceOverrun(t *testing.T) {
	s := listen(t, SourceConfig{QueueOctets: 100 * 400}, "udp")
	conn, c := dial(t, s, 0), newCollector(s)
	const total = 1000
	for n := range total {
		write(t, conn, encoded(n, ""))
		for d := s.Drops(); d.Received+d.Kernel <= uint64(n); d = s.Drops() {
			if c.warned("something else")() {
				t.Fatal(s.Info())
			}
		}
	}
	lost := s.Drops()
	dropped := lost.Kernel + lost.Queue
	c.wait(t, total-int(dropped))
	if len(c.payloads)+int(dropped) != total || dropped == 0 || len(c.payloads) < 50 {
		t.Errorf("%d taken, %d dropped, %d sent", len(c.payloads), dropped, total)
	}
}

func TestSourceClose(t *testing.T) {
	s := listen(t, SourceConfig{}, "udp", "tcp")
	c := newCollector(s)
	udp, tcp := dial(t, s, 0), dial(t, s, 1)
	write(t, udp, encoded(0, ""))
	write(t, tcp, encoded(1, ""))
	c.wait(t, 2)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var f capture.Frame
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("after Close: %v", err)
	}
	if _, err := tcp.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is open")
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	other := listen(t, SourceConfig{}, "tcp")
	taken := Endpoint{Network: "tcp", Address: other.listeners[0].address().String()}
	if _, err := Listen([]Endpoint{{"udp", "127.0.0.1:0"}, taken}, SourceConfig{}); err == nil {
		t.Error("listens where somebody does already")
	}
}

func TestParseEndpoint(t *testing.T) {
	for text, want := range map[string]string{
		"udp:192.0.2.5:9061": "udp:192.0.2.5:9061", "tcp:[2001:db8::5]:9060": "tcp:[2001:db8::5]:9060", "udp::9060": "udp::9060",
		"udp:9062": "udp::9062", "tcp:homer.example.com": "tcp:homer.example.com:9060", "udp:[::1]": "udp:[::1]:9060", "udp:": "udp::9060",
	} {
		if e, err := ParseEndpoint(text); err != nil || e.String() != want {
			t.Errorf("%s: %v, %v, want %s", text, e, err, want)
		}
	}
	for _, text := range []string{"", "192.0.2.5:9060", "tls:192.0.2.5:9060", "udp:host:port", "udp:host:99999", "udp:a b:1"} {
		var bad *EndpointError
		if e, err := ParseEndpoint(text); !errors.As(err, &bad) || bad.Hint() == "" {
			t.Errorf("%q: %v, %v", text, e, err)
		}
	}
	for _, text := range []string{"udp:9060", "tcp::9060", "udp:192.0.2.5:0"} {
		if e, err := ParseTarget(text); err == nil {
			t.Errorf("sends to %v", e)
		}
	}
}
