package decode

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// udp sends a datagram between the client and the server of a talk.
func (s *talk) udp(from int, data string, change ...func(p *Packet)) {
	p := s.packet(from)
	p.Transport = UDP
	p.Payload, p.WireLength = []byte(data), len(data)
	for _, f := range change {
		f(p)
	}
	s.d.datagram(p)
}

func onPorts(src, dst uint16) func(p *Packet) {
	return func(p *Packet) {
		p.Src = netip.AddrPortFrom(p.Src.Addr(), src)
		p.Dst = netip.AddrPortFrom(p.Dst.Addr(), dst)
	}
}

func duplicated(p *Packet) { p.Duplicate = true }

func stunBinding() string {
	b := make([]byte, 20)
	b[1] = 1
	binary.BigEndian.PutUint32(b[4:], 0x2112a442)
	return string(b)
}

func TestDatagrams(t *testing.T) {
	other := onPorts(4000, 4002)
	rtp := "\x80\x00\x00\x01\x00\x00\x00\xa0\x12\x34\x56\x78payload"
	strange := "NEW sip:b@h SIP/2.0\r\nVia: x\r\n\r\n"
	sip := func(text string, frame int, from uint16) heard {
		return heard{Text: text, Frame: frame, LastFrame: frame, From: from}
	}
	not := func(text string, frame int, from uint16) heard {
		h := sip(text, frame, from)
		h.Datagram = true
		return h
	}
	tests := []struct {
		name  string
		do    func(s *talk)
		want  []heard
		stats SignallingStats
	}{
		{name: "SIP", do: func(s *talk) { s.udp(client, invite); s.udp(server, ringng) }, want: []heard{sip(invite, 1, 40000), sip(ringng, 2, 5060)}},
		{name: "SIP on other ports", do: func(s *talk) { s.udp(client, invite, other) }, want: []heard{sip(invite, 1, 4000)}},
		{name: "RTP", do: func(s *talk) { s.udp(client, rtp, other) }, want: []heard{not(rtp, 1, 4000)}},
		{name: "RTP on a flow of SIP", do: func(s *talk) { s.udp(client, invite); s.udp(client, rtp) }, want: []heard{sip(invite, 1, 40000), not(rtp, 2, 40000)}},
		{name: "line ends in front", do: func(s *talk) { s.udp(client, "\r\n\r\n"+invite) }, want: []heard{sip(invite, 1, 40000)}},
		{name: "junk in front is left for the parser", do: func(s *talk) { s.udp(client, "\r\n\x00"+invite) }, want: []heard{sip("\x00"+invite, 1, 40000)}},
		{name: "octets behind the body", do: func(s *talk) { s.udp(client, invite+bye) }, want: []heard{sip(invite+bye, 1, 40000)}},
		{name: "keep-alives", do: func(s *talk) {
			s.udp(client, invite)
			s.udp(client, "\r\n\r\n")
			s.udp(client, "\r\n\r\n", duplicated)
			s.udp(server, "\x00\x00\x00\x00")
			s.udp(client, "")
		}, want: []heard{sip(invite, 1, 40000)}, stats: SignallingStats{KeepAlives: 3}},
		{name: "the like on other flows", do: func(s *talk) { s.udp(client, "\r\n\r\n", other); s.udp(client, "", other) },
			want: []heard{not("\r\n\r\n", 1, 4000), not("", 2, 4000)}},
		{name: "STUN on a flow of SIP", do: func(s *talk) { s.udp(client, invite, other); s.udp(client, stunBinding(), other) },
			want: []heard{sip(invite, 1, 4000), not(stunBinding(), 2, 4000)}, stats: SignallingStats{KeepAlives: 1}},
		{name: "other text on a flow of SIP", do: func(s *talk) { s.udp(client, invite); s.udp(server, "what?"); s.udp(server, "what?", other) },
			want: []heard{sip(invite, 1, 40000), not("what?", 2, 5060), not("what?", 3, 4000)}, stats: SignallingStats{NonSIP: 1}},
		{name: "an unknown method needs a flow of SIP", do: func(s *talk) {
			s.udp(client, strange, other)
			s.udp(client, invite, other)
			s.udp(client, strange, other)
		}, want: []heard{not(strange, 1, 4000), sip(invite, 2, 4000), sip(strange, 3, 4000)}},
		{name: "cut by the snapshot length", do: func(s *talk) {
			s.udp(client, invite[:60], func(p *Packet) { p.WireLength, p.Cut = len(invite), cutSnaplen })
		}, want: []heard{sip(invite[:60], 1, 40000).cut("snaplen", len(invite)-60)}},
		{name: "an unknown method in a fragment", do: func(s *talk) {
			s.udp(client, strange, other, func(p *Packet) { p.WireLength, p.Cut = 100, cutFragmentLost })
		}, want: []heard{sip(strange, 1, 4000).cut("ip_fragment_lost", 100-len(strange))}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newTalk(t)
			tt.do(s)
			if d := cmp.Diff(tt.want, s.heard); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.stats, s.d.Stats().Signalling); d != "" {
				t.Errorf("counts (-want +got):\n%s", d)
			}
		})
	}
}

// A datagram drives the clock of TCP: a gap ends though no segment comes.
func TestDatagramsMoveTime(t *testing.T) {
	for _, payload := range []string{"\x80 media", "text"} {
		s := newTalk(t)
		s.syn()
		s.send(client, len(invite), bye)
		s.pass(3000)
		s.udp(client, payload, onPorts(4000, 4002))
		if len(s.heard) != 2 || s.heard[0].Text != bye || !s.heard[1].Datagram {
			t.Errorf("%q: heard %v", payload, s.heard)
		}
	}
}

func TestFlowSet(t *testing.T) {
	s := newFlowSet(4)
	key := func(n uint16) flowKey { return flowKey{lowPort: n} }
	for n := range uint16(100) {
		s.add(key(n))
		if !s.has(key(n)) || !s.has(key(0)) {
			t.Fatalf("flow %d or the one that is used all the time is forgotten", n)
		}
		if len(s.younger)+len(s.older) > 8 {
			t.Fatalf("%d flows", len(s.younger)+len(s.older))
		}
	}
	if s.has(key(50)) {
		t.Error("an old flow is not forgotten")
	}
}

func TestFlowKey(t *testing.T) {
	a, b := netip.MustParseAddrPort("192.0.2.1:7"), netip.MustParseAddrPort("[2001:db8::1]:5")
	for _, pair := range [][2]netip.AddrPort{{a, b}, {a, a}, {a, netip.AddrPortFrom(a.Addr(), 9)}} {
		k, r := keyOf(&Packet{Src: pair[0], Dst: pair[1]})
		l, q := keyOf(&Packet{Src: pair[1], Dst: pair[0]})
		if k != l || r == q && pair[0] != pair[1] {
			t.Errorf("%v: keys %v %v, reversed %v %v", pair, k, l, r, q)
		}
	}
}

func BenchmarkDatagram(b *testing.B) {
	d := New(Config{}, &discard{})
	for _, bb := range []struct{ name, data string }{
		{"RTP", "\x80\x00\x00\x01\x00\x00\x00\xa0\x12\x34\x56\x78" + string(make([]byte, 160))},
		{"STUN", stunBinding()},
		{"SIP", invite},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s := newTalk(b)
			p := s.packet(client)
			p.Payload, p.WireLength = []byte(bb.data), len(bb.data)
			b.ReportAllocs()
			for b.Loop() {
				d.datagram(p)
			}
		})
	}
}

func TestDatagramAllocatesNothing(t *testing.T) {
	d := New(Config{}, &discard{})
	s := newTalk(t)
	for _, data := range []string{"\x80media", stunBinding(), invite, "\r\n"} {
		p := s.packet(client)
		b := []byte(data)
		d.datagram(p)
		if n := testing.AllocsPerRun(100, func() { p.Payload, p.WireLength = b, len(b); d.datagram(p) }); n != 0 {
			t.Errorf("%.6q: %v allocations", data, n)
		}
	}
}
