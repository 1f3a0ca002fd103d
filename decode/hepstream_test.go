package decode

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/internal/wire"
)

// hepCalls are packets of an agent, and the texts in them.
func hepCalls(n int) (packets, texts []string) {
	for i := range n {
		text := strings.Replace(hepMessage, "SIP/2.0\r\n", fmt.Sprintf("SIP/2.0\r\nX-Number: %d\r\n", i), 1)
		packets = append(packets, string(stamped(hepOf(7, 1, 15, text), 1_700_000_000, uint32(i))))
		texts = append(texts, text)
	}
	return packets, texts
}

// TestHEPStream: an agent's packets on TCP come out as those on UDP do,
// wherever the segments are cut and whatever is missing.
func TestHEPStream(t *testing.T) {
	packets, texts := hepCalls(4)
	all := strings.Join(packets, "")
	first, second := len(packets[0]), len(packets[0])+len(packets[1])
	for _, c := range []struct {
		name string
		say  func(s *talk)
		want []string
	}{
		{"at once", func(s *talk) { s.syn(); s.send(client, 0, all) }, texts},
		{"packet by packet", func(s *talk) {
			s.syn()
			for at := 0; at < len(all); at += first {
				s.send(client, at, all[at:at+first])
			}
		}, texts},
		{"octet by octet", func(s *talk) {
			s.syn()
			for i := range all {
				s.send(client, i, all[i:i+1])
			}
		}, texts},
		{"in another order", func(s *talk) {
			s.syn()
			s.send(client, second, all[second:])
			s.send(client, first-9, all[first-9:second])
			s.send(client, 0, all[:first])
		}, texts},
		{"from the middle", func(s *talk) { s.send(client, 9, all[9:first]); s.send(client, first, all[first:]) }, texts[1:]},
		{"from the middle, at once", func(s *talk) { s.send(client, 0, all) }, texts},
		{"a segment is missing", func(s *talk) {
			s.syn()
			s.send(client, 0, all[:first+20])
			s.send(client, first+40, all[first+40:])
			s.ack(server, len(all))
		}, []string{texts[0], texts[2], texts[3]}},
		{"junk between packets", func(s *talk) { s.syn(); s.send(client, 0, packets[0]+"HEP3\x00\x01HE"+packets[1]) }, texts[:2]},
		{"ends early", func(s *talk) { s.syn(); s.send(client, 0, all[:second-1]); s.fin(client, second-1) }, texts[:1]},
		{"sent twice", func(s *talk) { s.syn(); s.send(client, 0, packets[0]); s.send(client, 0, packets[0]) }, texts[:1]},
		{"HEP in name only", func(s *talk) { s.syn(); s.send(client, 0, "HEP3 is a protocol\r\n\r\n"+strings.Repeat("x", 70000)) }, nil},
		{"a long chunk", func(s *talk) {
			b := []byte(packets[0])
			binary.BigEndian.PutUint16(b[10:], uint16(len(b)))
			s.syn()
			s.send(client, 0, string(b))
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newTalk(t)
			c.say(s)
			s.d.Flush()
			var got []string
			for _, h := range s.heard {
				got = append(got, h.Text)
				if h.From != 5060 || h.Transport != UDP || h.Cut != "" || h.Datagram {
					t.Errorf("%+v", h)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%d messages, want %d:\n%q", len(got), len(c.want), got)
			}
			if s.d.streams.held != 0 {
				t.Errorf("%d octets held", s.d.streams.held)
			}
		})
	}
}

// TestHEPStreamJoined: in the middle of a connection whose segments never
// begin with a packet, the packets are found by the collector's port.
func TestHEPStreamJoined(t *testing.T) {
	packets, texts := hepCalls(800)
	all := strings.Join(packets, "")
	for _, port := range []uint16{9060, 7000, 5060} {
		s := newTalk(t)
		s.d = New(Config{HEPPorts: []uint16{7000}}, s)
		s.server = netip.AddrPortFrom(s.server.Addr(), port)
		for at := 9; at < len(all); {
			end := min(at+1000, len(all))
			if strings.HasPrefix(all[end:], "HEP3") {
				end--
			}
			s.send(client, at, all[at:end])
			at = end
		}
		want := texts[1:]
		if port == 5060 {
			want = nil // given up after 64 KiB
		}
		if got := textsOf(s.heard); !slices.Equal(got, want) {
			t.Errorf("port %d: %d messages, want %d", port, len(got), len(want))
		}
	}
	// What is SIP there is read as SIP.
	s := newTalk(t)
	s.server = netip.AddrPortFrom(s.server.Addr(), 9060)
	s.send(client, 0, invite+bye)
	if got := textsOf(s.heard); !slices.Equal(got, []string{invite, bye}) {
		t.Errorf("%q", got)
	}
}

// tcpFrame is a segment of an agent's connection to its collector.
func tcpFrame(seq uint32, flags int, payload string) []byte {
	return wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: seq, Protocol: 6}.Packet(wire.TCP(33333, 9060, seq, 1, flags, []byte(payload)))
}

// TestHEPStreamFrames: several packets in one frame, of several kinds, tell
// where they come from, and the frame's own packet is not disturbed.
func TestHEPStreamFrames(t *testing.T) {
	const report = "\x81\xc9\x00\x07\x00\x00\x00\x01\x00\x00\x00\x02\x10\x00\x00\x05\x00\x01\x00\x09\x00\x00\x00\x50\x00\x00\x00\x00\x00\x00\x00\x00"
	packets, texts := hepCalls(2)
	secure := strings.Replace(packets[1], "\x00\x00\x00\x0b\x00\x07\x01", "\x00\x00\x00\x02\x00\x07\x16", 1)
	r := newRun(Config{})
	r.at(1, 101, tcpFrame(1, tcpSyn, ""))
	r.at(2, 101, tcpFrame(2, tcpAck, packets[0]+secure+string(hepOf(7, 5, 15, report))+string(hepOf(7, 100, 15, "log"))))
	want := []struct {
		text      string
		message   bool
		transport Transport
	}{{texts[0], true, UDP}, {texts[1], true, TLS}, {report, false, UDP}}
	if len(r.packets) != len(want) {
		t.Fatalf("%d packets, undecoded %v", len(r.packets), r.Stats().Undecoded)
	}
	for i, w := range want {
		p := r.packets[i]
		if string(p.Payload) != w.text || p.message != w.message || p.Transport != w.transport || p.Frame != 2 || p.Nanos != 2*millisecond || p.Duplicate {
			t.Errorf("packet %d: %+v", i, p)
		}
		if p.Tunnel != "hep" || p.TunnelSrc != outsideV4a || p.TunnelDst != outsideV4b || p.Agent == 0 || p.Src != netip.AddrPortFrom(insideV4a, 5060) {
			t.Errorf("packet %d: in %q from %v to %v, agent %d, of %v", i, p.Tunnel, p.TunnelSrc, p.TunnelDst, p.Agent, p.Src)
		}
	}
	if s := r.Stats(); s.Undecoded["hep_other"] != 1 || s.Signalling.HEPPackets != 4 || s.TCP != 2 {
		t.Errorf("%+v", s)
	}
}

// TestHEPStreamInterleaved: what another connection's segment makes known of
// this one has the ends of this one.
func TestHEPStreamInterleaved(t *testing.T) {
	packets, texts := hepCalls(2)
	r := newRun(Config{})
	r.at(1, 101, tcpFrame(1, tcpSyn, ""))
	r.at(2, 101, tcpFrame(2+uint32(len(packets[0])), tcpAck, packets[1])) // the first never comes
	other := wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 17}
	r.at(5000, 101, other.Packet(wire.UDP(5060, 5060, []byte(hepMessage))))
	if len(r.packets) != 2 {
		t.Fatalf("%d packets", len(r.packets))
	}
	if p := r.packets[0]; string(p.Payload) != texts[1] || p.Frame != 2 || p.TunnelSrc != outsideV4a {
		t.Errorf("%+v", p)
	}
	if p := r.packets[1]; p.Tunnel != "" || p.Src != netip.AddrPortFrom(insideV6a, 5060) || p.Frame != 3 {
		t.Errorf("%+v", p)
	}
}
