package decode

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"

	"sipsniff/internal/wire"
)

// hepOf builds a packet of version 3 from the layout in its specification.
func hepOf(agent uint32, kind uint8, payloadChunk uint16, payload string) []byte {
	chunk := func(kind uint16, value ...any) []byte {
		v := wire.Join(value...)
		return wire.Join(uint16(0), kind, uint16(6+len(v)), v)
	}
	all := wire.Join(chunk(3, insideV4a.AsSlice()), chunk(4, insideV4b.AsSlice()), chunk(7, uint16(5060)), chunk(8, uint16(5062)),
		chunk(11, int(kind)), chunk(12, agent), chunk(payloadChunk, payload))
	return wire.Join("HEP3", uint16(6+len(all)), all)
}

// stamped adds a time to a packet of hepOf.
func stamped(packet []byte, seconds, micros uint32) []byte {
	b := wire.Join(packet, uint16(0), uint16(9), uint16(10), seconds, uint16(0), uint16(10), uint16(10), micros)
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	return b
}

// TestHEPRepeated: a packet with a time is recognised wherever it comes from;
// the same message at another time was sent again.
func TestHEPRepeated(t *testing.T) {
	r := newRun(Config{})
	first := stamped(hepOf(1, 1, 15, hepMessage), 1_700_000_000, 5)
	r.at(0, 101, hepFrom(outsideV4a, 1, 9060, first))
	r.at(70_000, 101, hepFrom(outsideV4a, 2, 9060, first))
	r.at(70_001, 101, hepFrom(outsideV4a, 3, 9060, stamped(hepOf(1, 1, 15, hepMessage), 1_700_000_000, 6)))
	for i, want := range []bool{false, true, false} {
		if r.packets[i].Duplicate != want {
			t.Errorf("packet %d: copy %v", i, r.packets[i].Duplicate)
		}
	}
	if n := r.Stats().Duplicates; n != 1 {
		t.Errorf("%d duplicates", n)
	}
}

// hepFrom is a packet of HEP on its way to the collector.
func hepFrom(agent netip.Addr, id uint32, port uint16, packet []byte) []byte {
	return wire.IP{Src: agent, Dst: outsideV4b, ID: id, Protocol: 17}.Packet(wire.UDP(33333, port, packet))
}

// TestHEPKinds: SIP, RTP and RTCP are handed on, the rest is counted.
func TestHEPKinds(t *testing.T) {
	const receiverReport = "\x81\xc9\x00\x07\x00\x00\x00\x01\x00\x00\x00\x02\x10\x00\x00\x05\x00\x01\x00\x09\x00\x00\x00\x50\x00\x00\x00\x00\x00\x00\x00\x00"
	const asJSON = `{"ssrc":1,"type":201,"report_blocks":[{"source_ssrc":2,"fraction_lost":16,"packets_lost":5,"highest_seq_no":65545,"ia_jitter":80}]}`
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	fmt.Fprint(w, hepMessage)
	w.Close()
	for _, c := range []struct {
		name     string
		kind     uint8
		chunk    uint16
		payload  string
		want     string // payload handed on
		undecode string
	}{
		{"SIP", 1, 15, hepMessage, hepMessage, ""},
		{"compressed SIP", 1, 16, packed.String(), hepMessage, ""},
		{"not compressed after all", 1, 16, hepMessage, "", "hep_compressed"},
		{"RTP", 4, 15, "\x80\x08\x00\x01 an RTP packet", "\x80\x08\x00\x01 an RTP packet", ""},
		{"RTCP", 5, 15, receiverReport, receiverReport, ""},
		{"RTCP of another kind", 0x3a, 15, receiverReport, receiverReport, ""},
		{"RTCP as JSON", 5, 15, asJSON, receiverReport, ""},
		{"RTCP that reports nothing", 5, 15, `{"ssrc":1}`, "", "hep_report"},
		{"quality", 0x22, 15, `{"MOS":4.4}`, "", "hep_report"},
		{"log", 100, 15, "a line of a log", "", "hep_other"},
	} {
		r := newRun(Config{})
		r.at(7, 101, hepFrom(outsideV4a, 1, 9060, hepOf(1, c.kind, c.chunk, c.payload)))
		if c.undecode != "" {
			if len(r.packets) != 0 || r.Stats().Undecoded[c.undecode] != 1 {
				t.Errorf("%s: %d packets, undecoded %v", c.name, len(r.packets), r.Stats().Undecoded)
			}
			continue
		}
		if p := r.one(t); string(p.Payload) != c.want || p.Agent == 0 || p.Src != netip.AddrPortFrom(insideV4a, 5060) {
			t.Errorf("%s: %q from %v of agent %d", c.name, p.Payload, p.Src, p.Agent)
		}
	}
}

// TestHEPPorts: versions without a mark are found on the ports named.
func TestHEPPorts(t *testing.T) {
	one := wire.Join(1, 16, 2, 17, uint16(5060), uint16(5062), insideV4a.AsSlice(), insideV4b.AsSlice(), hepMessage)
	r := newRun(Config{HEPPorts: []uint16{7000}})
	r.at(0, 101, hepFrom(outsideV4a, 1, 7000, one))
	r.at(0, 101, hepFrom(outsideV4a, 2, 7001, one))
	if len(r.packets) != 2 || r.packets[0].Tunnel != tunnelHEP || r.packets[1].Tunnel != "" {
		t.Errorf("%d packets", len(r.packets))
	}
}

// TestViews: what one observer reports twice was sent twice; what two report
// was seen twice.
func TestViews(t *testing.T) {
	const direct, x, y, z, u, v = 0, 1, 2, 3, 4, 5
	for _, c := range []struct {
		name      string
		observers []int
		apart     int64  // ms
		want      string // a copy is "c", a new message "n"
	}{
		{"one agent", []int{x, x, x}, 1, "nnn"},
		{"two agents", []int{x, y}, 1, "nc"},
		{"two agents, retransmission", []int{x, y, x, y}, 500, "ncnc"},
		{"retransmission overtakes", []int{x, x, y, y}, 1, "nncc"},
		{"the second agent misses one", []int{x, x, y, x}, 500, "nncn"},
		{"the first agent misses one", []int{x, y, y, x}, 500, "ncnc"},
		{"wire and agent", []int{direct, x, direct, x}, 500, "ncnc"},
		{"agent and wire", []int{x, direct}, 500, "nc"},
		{"the wire alone", []int{direct, direct}, 500, "nn"},
		{"a minute apart", []int{x, y}, 60_000, "nc"},
		{"longer apart", []int{x, y}, 60_001, "nn"},
		{"more observers than are told apart", []int{direct, x, y, z, u, v, u}, 1, "ncccccc"},
	} {
		for kind, payload := range map[uint8]string{1: hepMessage, 5: "\x80\xc9\x00\x01\x00\x00\x00\x01"} {
			r := newRun(Config{})
			got := ""
			for i, who := range c.observers {
				frame := hepFrom(outsideV4a, uint32(i+1), 9060, hepOf(uint32(who), kind, 15, payload))
				if who == direct {
					frame = wire.IP{Src: insideV4a, Dst: insideV4b, ID: uint32(i + 1), Protocol: 17}.Packet(wire.UDP(5060, 5062, []byte(payload)))
				}
				r.at(int64(i)*c.apart, 101, frame)
				got += map[bool]string{true: "c", false: "n"}[r.packets[len(r.packets)-1].Duplicate]
			}
			if got != c.want {
				t.Errorf("%s, kind %d: %s, want %s", c.name, kind, got, c.want)
			}
		}
	}
}

// TestViewsApart: other ends or another agent's address make another message
// or agent, and a table that overflows only forgets.
func TestViewsApart(t *testing.T) {
	r := newRun(Config{})
	r.at(0, 101, hepFrom(outsideV4a, 1, 9060, hepOf(1, 1, 15, hepMessage)))
	r.at(1, 101, wire.IP{Src: insideV4b, Dst: insideV4a, ID: 2, Protocol: 17}.Packet(wire.UDP(5060, 5062, []byte(hepMessage))))
	r.at(2, 101, hepFrom(outsideV4b, 3, 9060, hepOf(1, 1, 15, hepMessage)))
	for i, want := range []bool{false, false, true} {
		if r.packets[i].Duplicate != want {
			t.Errorf("packet %d: copy %v", i, r.packets[i].Duplicate)
		}
	}
	for i := range 2 * mostViewed {
		r.at(3, 101, wire.IP{Src: insideV4b, Dst: insideV4a, ID: 9, Protocol: 17}.Packet(wire.UDP(5060, 5062, fmt.Appendf(nil, "OPTIONS sip:%d SIP/2.0\r\n\r\n", i))))
	}
	n := len(r.packets)
	r.at(4, 101, hepFrom(outsideV4a, 10, 9060, hepOf(1, 1, 15, hepMessage)))
	if len(r.packets) != n+1 || r.packets[n].Duplicate {
		t.Errorf("%d packets, the last a copy: %v", len(r.packets)-n, r.packets[len(r.packets)-1].Duplicate)
	}
}

// TestHEPCorrelation: what an agent says a packet belongs to is handed on, and
// forgotten with the packet.
func TestHEPCorrelation(t *testing.T) {
	r := newRun(Config{})
	correlated := wire.Join(hepOf(1, 1, 15, hepMessage), uint16(0), uint16(0x11), uint16(6+5), "a-leg")
	binary.BigEndian.PutUint16(correlated[4:], uint16(len(correlated)))
	r.at(0, 101, hepFrom(outsideV4a, 1, 9060, correlated))
	r.at(1, 101, hepFrom(outsideV4a, 2, 9060, hepOf(1, 1, 15, hepMessage+" ")))
	if len(r.packets) != 2 || string(r.packets[0].Correlation) != "a-leg" || r.packets[1].Correlation != nil {
		t.Errorf("%+v", r.packets)
	}
}
