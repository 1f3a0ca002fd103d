package scene

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sipsniff/internal/wire"
)

// Epoch is the second 0 of scripts, Unix ns.
const Epoch = int64(1_700_000_000) * 1e9

// At is the time of a second of a script, Unix ns.
func At(seconds float64) int64 { return Epoch + int64(seconds*1e6+0.5)*1000 }

// A frame is one packet of a script.
type frame struct {
	nanos int64
	ip    []byte
}

// A script is a text being read.
type script struct {
	t      testing.TB
	hosts  map[string]netip.AddrPort
	frames []frame
	id     uint32
	lines  []int // index in frames of the first frame of each line
}

func read(t testing.TB, text string) []frame {
	t.Helper()
	s := &script{t: t, hosts: make(map[string]netip.AddrPort)}
	for _, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, " #")
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			s.line(line)
		}
	}
	slices.SortStableFunc(s.frames, func(a, b frame) int { return int(min(max(a.nanos-b.nanos, -1), 1)) })
	return s.frames
}

func (s *script) line(line string) {
	s.t.Helper()
	fields := strings.Fields(line)
	if fields[0] == "host" {
		s.hosts[fields[1]] = address(s.t, fields[2])
		return
	}
	seconds, err := strconv.ParseFloat(fields[0], 64)
	if err != nil || len(fields) < 2 {
		s.t.Fatalf("scene: %q: %v", line, err)
	}
	nanos := At(seconds)
	s.lines = append(s.lines, len(s.frames))
	if fields[1] == "end" {
		s.put(nanos, netip.MustParseAddrPort("203.0.113.253:9"), netip.MustParseAddrPort("203.0.113.254:9"), []byte("end"))
		return
	}
	src, dst, ok := strings.Cut(fields[1], ">")
	if !ok || len(fields) < 3 {
		s.t.Fatalf("scene: %q", line)
	}
	switch from, to := s.host(src), s.host(dst); fields[2] {
	case "rtp":
		s.media(nanos, from, to, fields[3:])
	case "rtcp":
		s.control(nanos, from, to, fields[3:])
	case "hex":
		s.put(nanos, withPort(from, fields[3]), withPort(to, fields[4]), octets(s.t, strings.Join(fields[5:], "")))
	case "udp":
		s.put(nanos, withPort(from, fields[3]), withPort(to, fields[4]), []byte(strings.ReplaceAll(strings.Join(fields[5:], " "), "_", " ")))
	case "icmp":
		s.icmp(nanos, from, to, fields[3:])
	default:
		w := writing{src: src, dst: dst, from: from, to: to, vias: 1, callID: "call", caller: "alice", callee: "bob", params: map[string]string{}}
		if src != "A" && dst != "A" && (src == "P" || dst == "P") {
			w.vias = 2
		}
		if err := w.read(fields[2:]); err != nil {
			s.t.Fatalf("scene: %q: %v", line, err)
		}
		s.put(nanos, from, to, []byte(w.text()))
	}
}

func (s *script) host(name string) netip.AddrPort {
	if a, ok := s.hosts[name]; ok {
		return a
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, name[0]}), 5060)
}

func address(t testing.TB, text string) netip.AddrPort {
	t.Helper()
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.AddrPortFrom(a, 5060)
	}
	a, err := netip.ParseAddrPort(text)
	if err != nil {
		t.Fatalf("scene: %v", err)
	}
	return a
}

func withPort(a netip.AddrPort, port string) netip.AddrPort {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		panic(err)
	}
	return netip.AddrPortFrom(a.Addr(), uint16(n))
}

// put adds a datagram.
func (s *script) put(nanos int64, src, dst netip.AddrPort, payload []byte) {
	s.putIn(wire.IP{}, nanos, src, dst, payload)
}

// putIn adds a datagram with some values of its IP header.
func (s *script) putIn(h wire.IP, nanos int64, src, dst netip.AddrPort, payload []byte) {
	s.id++
	h.Src, h.Dst, h.ID, h.Protocol = src.Addr(), dst.Addr(), s.id, 17
	s.frames = append(s.frames, frame{nanos, h.Packet(wire.UDP(src.Port(), dst.Port(), payload))})
}

// icmp adds an ICMP error about the datagram of an earlier line.
func (s *script) icmp(nanos int64, src, dst netip.AddrPort, fields []string) {
	kind, code, _ := strings.Cut(fields[0], "/")
	t, _ := strconv.Atoi(kind)
	c, _ := strconv.Atoi(code)
	n, err := strconv.Atoi(fields[1])
	if err != nil || n < 1 || n >= len(s.lines) {
		s.t.Fatalf("scene: icmp about line %v of %d", fields[1], len(s.lines)-1)
	}
	quoted := s.frames[s.lines[n-1]].ip
	protocol := uint8(1)
	if src.Addr().Is6() {
		protocol = 58
	}
	s.id++
	h := wire.IP{Src: src.Addr(), Dst: dst.Addr(), ID: s.id, Protocol: protocol}
	s.frames = append(s.frames, frame{nanos, h.Packet(wire.Join(t, c, uint16(0), uint32(0), quoted[:min(len(quoted), 548)]))})
}
