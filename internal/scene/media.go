package scene

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"sipsniff/internal/wire"
)

// options reads NAME=NUMBER fields over defaults; a name alone is 1.
func (s *script) options(fields []string, n map[string]int) map[string]int {
	s.t.Helper()
	for _, f := range fields {
		name, value, has := strings.Cut(f, "=")
		if _, known := n[name]; !known {
			s.t.Fatalf("scene: unknown option %s", f)
		}
		if n[name] = 1; !has {
			continue
		}
		var err error
		if n[name], err = strconv.Atoi(value); err != nil {
			s.t.Fatalf("scene: %s: %v", f, err)
		}
	}
	return n
}

// media adds a run of RTP packets.
func (s *script) media(nanos int64, from, to netip.AddrPort, fields []string) {
	s.t.Helper()
	count, err := strconv.Atoi(fields[0])
	if err != nil {
		s.t.Fatalf("scene: rtp %q: %v", fields[0], err)
	}
	n := s.options(fields[1:], map[string]int{
		"pt": 0, "port": 4000, "to": 4000, "every": 20, "ssrc": int(from.Addr().As16()[15]) << 8, "seq": 1, "size": 160, "payload": -1, "mark": 0,
		"step": -1, "ticks": -1, "lose": 0, "late": 0, "by": 100, "dscp": 46, "pieces": 0, "twice": 0, "ttl": 64, "event": -1, "length": 0, "end": 0, "volume": 10,
	})
	step := n["step"]
	if step < 0 {
		step = 8 * n["every"]
	}
	ticks := n["ticks"]
	if ticks < 0 {
		ticks = n["seq"] * step
	}
	src, dst := netip.AddrPortFrom(from.Addr(), uint16(n["port"])), netip.AddrPortFrom(to.Addr(), uint16(n["to"]))
	for i := range count {
		if n["lose"] > 0 && i%n["lose"] == n["lose"]-1 {
			continue
		}
		at := nanos + int64(i*n["every"])*1e6
		if n["late"] > 0 && i%n["late"] == n["late"]-1 {
			at += int64(n["by"]) * 1e6
		}
		mark := 0
		if n["mark"] == 1 && i == 0 {
			mark = 0x80
		}
		packet := wire.Join(0x80, n["pt"]|mark, uint16(n["seq"]+i), uint32(ticks+i*step), uint32(n["ssrc"]), s.sound(n, i))
		h := wire.IP{TOS: uint8(n["dscp"])<<2 | 1, TTL: uint8(n["ttl"])}
		for range 1 + n["twice"] {
			if n["pieces"] == 0 {
				s.putIn(h, at, src, dst, packet)
			} else {
				s.pieces(h, at, src, dst, packet)
			}
		}
	}
}

// sound is the payload of packet i: octets that are all the same, an event, or
// without either something loud.
func (s *script) sound(n map[string]int, i int) []byte {
	if n["event"] >= 0 {
		end := 0
		if n["end"] > 0 && i >= n["end"]-1 {
			end = 0x80
		}
		length := n["length"]
		if length == 0 {
			length = 160 * (i + 1)
		}
		return wire.Join(n["event"], n["volume"]|end, uint16(length))
	}
	b := make([]byte, n["size"])
	for j := range b {
		if b[j] = byte(n["payload"]); n["payload"] < 0 {
			b[j] = byte(0x80 | 37*j + 11*i)
		}
	}
	return b
}

// pieces adds a datagram in two IP fragments.
func (s *script) pieces(h wire.IP, nanos int64, src, dst netip.AddrPort, payload []byte) {
	s.id++
	h.Src, h.Dst, h.ID, h.Protocol = src.Addr(), dst.Addr(), s.id, 17
	datagram := wire.UDP(src.Port(), dst.Port(), payload)
	for _, part := range h.Fragments(datagram, (len(datagram)/2+7)&^7) {
		s.frames = append(s.frames, frame{nanos, part})
	}
}

// control adds an RTCP packet: a sender report, or without packets a receiver
// report, with a block about another source when one is named.
func (s *script) control(nanos int64, from, to netip.AddrPort, fields []string) {
	s.t.Helper()
	n := s.options(fields, map[string]int{
		"port": 4001, "to": 4001, "ssrc": int(from.Addr().As16()[15]) << 8, "packets": 0, "ntp": 0,
		"about": 0, "lost": 0, "fraction": 0, "highest": 0, "jitter": 0, "last": 0, "delay": 0, "count": 1, "every": 5000, "step": 250,
	})
	src, dst := netip.AddrPortFrom(from.Addr(), uint16(n["port"])), netip.AddrPortFrom(to.Addr(), uint16(n["to"]))
	for i := range n["count"] {
		var body []byte
		kind, blocks := 201, 0
		if n["packets"] > 0 {
			kind = 200
			body = wire.Join(uint32(n["ntp"]+i*n["every"]/1000), uint32(0), uint32(0), uint32(n["packets"]+i*n["step"]), uint32(0))
		}
		if n["about"] > 0 {
			blocks = 1
			body = wire.Join(body, uint32(n["about"]), uint32(n["fraction"])<<24|uint32(n["lost"]*(i+1))&0xFFFFFF, uint32(n["highest"]+i*n["step"]), uint32(n["jitter"]),
				uint32(n["last"]), uint32(n["delay"]))
		}
		packet := wire.Join(0x80|blocks, kind, uint16((8+len(body))/4-1), uint32(n["ssrc"]), body)
		s.put(nanos+int64(i*n["every"])*1e6, src, dst, packet)
	}
}

func octets(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatalf("scene: %v", err)
	}
	return b
}
