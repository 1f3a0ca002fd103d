package decode

import (
	"net/netip"
	"testing"

	"sipsniff/internal/wire"
)

// errorCollector keeps the ICMP errors as well.
type errorCollector struct {
	collector
	errors []ICMPError
	quoted []string
	copies int
}

func (c *errorCollector) ICMP(p *Packet, e *ICMPError) {
	c.errors = append(c.errors, *e)
	c.quoted = append(c.quoted, string(e.Quoted))
	if p.Duplicate {
		c.copies++
	}
}

// icmpOf feeds one ICMP packet and returns what came of it.
func icmpOf(t *testing.T, ips ...[]byte) (*errorCollector, *Decoder) {
	t.Helper()
	c := &errorCollector{}
	d := New(Config{}, c)
	r := &run{Decoder: d}
	for i, ip := range ips {
		r.at(int64(i)*100, 1, wire.EthernetIP(ip))
	}
	return c, d
}

func TestICMPErrors(t *testing.T) {
	a, b := insideV4a, insideV4b
	sip := []byte("OPTIONS sip:b SIP/2.0\r\nCall-ID: 1\r\n")
	quoted := wire.IP{Src: a, Dst: b, Protocol: 17, ID: 77}.Packet(wire.UDP(5062, 5060, sip))
	quoted6 := wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 17}.Packet(wire.UDP(4000, 5000, sip))
	tcp := wire.IP{Src: a, Dst: b, Protocol: 6}.Packet(wire.TCP(33000, 5060, 7, 0, 2, nil))
	v4 := func(kind, code int, rest uint32, q []byte) []byte {
		return wire.IP{Src: outsideV4a, Dst: a, Protocol: 1}.Packet(wire.Join(kind, code, uint16(0), rest, q))
	}
	v6 := func(kind, code int, rest uint32, q []byte) []byte {
		return wire.IP{Src: outsideV6a, Dst: insideV6a, Protocol: 58}.Packet(wire.Join(kind, code, uint16(0), rest, q))
	}
	fragmentOf6 := wire.Join(quoted6[:6], 44, quoted6[7:40], 17, 0, uint16(1), uint32(9), quoted6[40:])
	for _, tt := range []struct {
		name      string
		ip        []byte
		src, dst  string
		transport Transport
		mtu       uint32
		hard, big bool
		quoted    string
	}{
		{"port", v4(3, 3, 0, quoted), "192.0.2.1:5062", "192.0.2.2:5060", UDP, 0, true, false, string(sip)},
		{"eight octets only", v4(3, 1, 0, quoted[:28]), "192.0.2.1:5062", "192.0.2.2:5060", UDP, 0, true, false, ""},
		{"ports only", v4(3, 10, 0, quoted[:24]), "192.0.2.1:5062", "192.0.2.2:5060", UDP, 0, true, false, ""},
		{"too big", v4(3, 4, 1400, quoted), "192.0.2.1:5062", "192.0.2.2:5060", UDP, 1400, false, true, string(sip)},
		{"time exceeded", v4(11, 0, 0, quoted), "192.0.2.1:5062", "192.0.2.2:5060", UDP, 0, false, false, string(sip)},
		{"source quench", v4(4, 0, 0, quoted), "192.0.2.1:5062", "192.0.2.2:5060", UDP, 0, false, false, string(sip)},
		{"of TCP", v4(3, 13, 0, tcp), "192.0.2.1:33000", "192.0.2.2:5060", TCP, 0, true, false, ""},
		{"IPv6 port", v6(1, 4, 0, quoted6), "[2001:db8::1]:4000", "[2001:db8::2]:5000", UDP, 0, true, false, string(sip)},
		{"IPv6 too big", v6(2, 0, 1280, fragmentOf6), "[2001:db8::1]:4000", "[2001:db8::2]:5000", UDP, 1280, false, true, string(sip)},
	} {
		c, d := icmpOf(t, tt.ip)
		if len(c.errors) != 1 || d.Stats().ICMPErrors != 1 || len(d.Stats().Undecoded) != 0 {
			t.Errorf("%s: %d errors, not decoded %v", tt.name, len(c.errors), d.Stats().Undecoded)
			continue
		}
		e := c.errors[0]
		if e.Src != netip.MustParseAddrPort(tt.src) || e.Dst != netip.MustParseAddrPort(tt.dst) || e.Transport != tt.transport || e.MTU != tt.mtu {
			t.Errorf("%s: %+v", tt.name, e)
		}
		if e.Unreachable() != tt.hard || e.TooBig() != tt.big || c.quoted[0] != tt.quoted {
			t.Errorf("%s: unreachable %v, too big %v, %q", tt.name, e.Unreachable(), e.TooBig(), c.quoted[0])
		}
		if from := e.From; from != outsideV4a && from != outsideV6a {
			t.Errorf("%s: says %v", tt.name, from)
		}
	}
}

// What quotes nothing that is followed is counted as not decoded.
func TestICMPErrorsOfOthers(t *testing.T) {
	quoted := wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 17}.Packet(wire.UDP(5062, 5060, nil))
	for name, q := range map[string][]byte{
		"nothing":          nil,
		"half a header":    quoted[:19],
		"half the ports":   quoted[:23],
		"no version":       wire.Join(0, quoted[1:]),
		"header too short": wire.Join(0x44, quoted[1:]),
		"another protocol": wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 47}.Packet(wire.Zeros(20)),
		"a later fragment": wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 17, Offset: 8}.Packet(wire.Zeros(20)),
		"options cut":      wire.Join(0x4f, quoted[1:]),
		"extension cut":    wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 0}.Packet(wire.Join(17, 3, wire.Zeros(6))),
	} {
		c, d := icmpOf(t, wire.IP{Src: outsideV4a, Dst: insideV4a, Protocol: 1}.Packet(wire.Join(3, 3, wire.Zeros(6), q)))
		if len(c.errors) != 0 || d.Stats().Undecoded["icmp_error"] != 1 || d.Stats().ICMPErrors != 0 {
			t.Errorf("%s: %+v, not decoded %v", name, c.errors, d.Stats().Undecoded)
		}
	}
}

// An error that was captured twice is handed on as such.
func TestICMPErrorTwice(t *testing.T) {
	quoted := wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 17}.Packet(wire.UDP(5062, 5060, nil))
	ip := wire.IP{Src: outsideV4a, Dst: insideV4a, Protocol: 1, ID: 5}.Packet(wire.Join(3, 3, wire.Zeros(6), quoted))
	c := &errorCollector{}
	r := &run{Decoder: New(Config{}, c)}
	r.at(0, 1, wire.EthernetIP(ip))
	r.at(1, 1, wire.EthernetIP(ip))
	if len(c.errors) != 2 || c.copies != 1 {
		t.Errorf("%d errors, %d of them copies", len(c.errors), c.copies)
	}
}
