package correlate

import (
	"net/netip"

	"sipsniff/decode"
)

// flowKey identifies a flow: the packets of one SSRC from one address to
// another, through one tunnel (spec §5.2).
type flowKey struct {
	src, dst netip.AddrPort
	ssrc     uint32
	tunnel   uint32 // 0 when there is none, see streamTable.tunnelOf
}

// A flowIndex finds the flow that the packets of a key belong to. In front of
// the map stands a small table of the flows met last, one for each value of a
// cheap hash: most packets find theirs there, without hashing addresses.
type flowIndex struct {
	flows  map[flowKey]*flow
	recent []*flow
}

const recentBits = 14 // of the size of flowIndex.recent

func newFlowIndex() flowIndex {
	return flowIndex{flows: make(map[flowKey]*flow), recent: make([]*flow, 1<<recentBits)}
}

// place is where a flow of the key may stand in the small table.
func (k *flowKey) place() uint64 {
	ports := uint64(k.src.Port())<<16 | uint64(k.dst.Port())
	return (ports<<32 | uint64(k.ssrc)) * golden >> (64 - recentBits)
}

// find returns the flow of a key, nil when there is none.
func (x *flowIndex) find(k *flowKey) *flow {
	at := &x.recent[k.place()]
	if f := *at; f != nil && f.key == *k {
		return f
	}
	f := x.flows[*k]
	if f != nil {
		*at = f
	}
	return f
}

// put makes f the flow of its key, in place of another.
func (x *flowIndex) put(f *flow) {
	x.flows[f.key] = f
	x.recent[f.key.place()] = f
}

// remove takes f out, unless another took its place.
func (x *flowIndex) remove(f *flow) {
	if x.flows[f.key] == f {
		delete(x.flows, f.key)
	}
	if at := &x.recent[f.key.place()]; *at == f {
		*at = nil
	}
}

func (t *streamTable) keyOf(p *decode.Packet, ssrc uint32) flowKey {
	k := flowKey{src: p.Src, dst: p.Dst, ssrc: ssrc}
	if p.TunnelSrc.IsValid() {
		k.tunnel = t.tunnelOf(p)
	}
	return k
}

// maxTunnels bounds the tunnels that are told apart; further ones count as none.
const maxTunnels = 4096

// tunnelOf numbers the tunnels from 1 in order of appearance.
func (t *streamTable) tunnelOf(p *decode.Packet) uint32 {
	ends := [2]netip.Addr{p.TunnelSrc, p.TunnelDst}
	n, known := t.tunnels[ends]
	if !known && len(t.tunnels) < maxTunnels {
		n = uint32(len(t.tunnels) + 1)
		t.tunnels[ends] = n
	}
	return n
}
