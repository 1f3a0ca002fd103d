package pipeline_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"net/netip"
	"testing"

	"sipsniff/internal/allowance"
	"sipsniff/internal/wire"
)

// hepForms are the ways in which an agent may report a datagram (spec §8).
var hepForms = map[string]func(t *testing.T, r hepReport) []byte{
	"version 1": func(_ *testing.T, r hepReport) []byte {
		return wire.Join(1, r.headLength(), r.family(), 17, r.ports(), r.ends(), r.payload)
	},
	"version 2": func(_ *testing.T, r hepReport) []byte {
		var time [8]byte
		binary.LittleEndian.PutUint32(time[:], uint32(r.nanos/1e9))
		binary.LittleEndian.PutUint32(time[4:], uint32(r.nanos%1e9/1e3))
		return wire.Join(2, r.headLength(), r.family(), 17, r.ports(), r.ends(), time[:], uint16(0x0100), uint16(0), r.payload)
	},
	"version 3": func(_ *testing.T, r hepReport) []byte { return r.version3(15, r.payload) },
	"version 3 compressed": func(t *testing.T, r hepReport) []byte {
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		if _, err := w.Write(r.payload); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return r.version3(16, packed.Bytes())
	},
}

// A hepReport is a datagram that an agent saw.
type hepReport struct {
	nanos    int64
	src, dst netip.AddrPort
	payload  []byte
}

// reportOf takes an IP packet with UDP apart.
func reportOf(p ipPacket) hepReport {
	head, _ := ipHeader(p.octets)
	size := 4
	if p.octets[0]>>4 == 6 {
		size = 16
	}
	udp := p.octets[head:]
	end := func(at int, port []byte) netip.AddrPort {
		a, _ := netip.AddrFromSlice(p.octets[at : at+size])
		return netip.AddrPortFrom(a, binary.BigEndian.Uint16(port))
	}
	first := map[int]int{4: 12, 16: 8}[size]
	return hepReport{p.nanos, end(first, udp), end(first+size, udp[2:]), udp[8:]}
}

func (r hepReport) family() int { return map[bool]int{true: 2, false: 10}[r.src.Addr().Is4()] }

func (r hepReport) headLength() int { return 8 + 2*len(r.src.Addr().AsSlice()) }

func (r hepReport) ports() []byte { return wire.Join(r.src.Port(), r.dst.Port()) }

func (r hepReport) ends() []byte { return wire.Join(r.src.Addr().AsSlice(), r.dst.Addr().AsSlice()) }

// version3 writes the chunks of version 3, the payload in the one of that
// number.
func (r hepReport) version3(payloadChunk uint16, payload []byte) []byte {
	chunk := func(kind uint16, value ...any) []byte {
		v := wire.Join(value...)
		return wire.Join(uint16(0), kind, uint16(6+len(v)), v)
	}
	kind, address := 1, uint16(3)
	if r.src.Addr().Is6() {
		address = 5
	}
	if r.payload[0]>>6 == 2 {
		kind = 4
		if r.payload[1] >= 200 && r.payload[1] <= 207 {
			kind = 5
		}
	}
	all := wire.Join(chunk(1, r.family()), chunk(2, 17), chunk(address, r.src.Addr().AsSlice()), chunk(address+1, r.dst.Addr().AsSlice()),
		chunk(7, r.src.Port()), chunk(8, r.dst.Port()), chunk(9, uint32(r.nanos/1e9)), chunk(10, uint32(r.nanos%1e9/1e3)),
		chunk(11, kind), chunk(12, uint32(2001)), chunk(payloadChunk, payload))
	return wire.Join("HEP3", uint16(6+len(all)), all)
}

// TestMatrixHEP sends five calls as an agent reports them, in every version of
// HEP, over every link layer and both versions of IP, whole and in fragments.
func TestMatrixHEP(t *testing.T) {
	combinations, n := 0, 0
	for _, v6 := range []bool{false, true} {
		calls := fiveCalls(t, v6, 0)
		want := found(t, &carried{packets: calls, link: wire.Links()[0]})
		checkFound(t, want)
		want = bytes.ReplaceAll(want, []byte(`"ttl":[64]`), []byte(`"ttl":[]`)) // which agents do not tell
		for name, form := range hepForms {
			for _, outer := range []int{4, 6} {
				for _, fragments := range []bool{false, true} {
					packets := reported(t, calls, form, outer, fragments)
					for _, link := range wire.Links() {
						if n++; allowance.RaceDetector && n%raceStride != 0 {
							continue
						}
						combinations++
						if got := found(t, &carried{packets: packets, link: link}); !bytes.Equal(got, want) {
							t.Errorf("%s in IPv%d on %s, in fragments %v: %s", name, outer, link.Name, fragments, firstDifference(want, got))
						}
					}
				}
			}
		}
	}
	t.Logf("%d combinations of link layer, HEP, IP versions and fragmentation", combinations)
}

// reported is what an agent sends of the calls.
func reported(t *testing.T, calls []ipPacket, form func(*testing.T, hepReport) []byte, outer int, fragments bool) []ipPacket {
	var all []ipPacket
	ends := tunnelEnds[outer]
	for i, p := range calls {
		h := wire.IP{Src: ends[0], Dst: ends[1], ID: uint32(i + 1), Protocol: 17}
		pieces := [][]byte{h.Packet(wire.UDP(40000, 9060, form(t, reportOf(p))))}
		if fragments {
			pieces = inTwo(uint32(i+1), pieces[0])
		}
		for _, piece := range pieces {
			all = append(all, ipPacket{p.nanos, piece})
		}
	}
	return all
}
