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
	recent []*flow // as many as the flows need, so that the cache keeps it
	shift  uint8   // of the hash of a flow, to its place there
}

// The size of flowIndex.recent, in bits.
const (
	leastRecent = 10
	mostRecent  = 16
)

func newFlowIndex() flowIndex {
	return flowIndex{flows: make(map[flowKey]*flow), recent: make([]*flow, 1<<leastRecent), shift: 64 - leastRecent}
}

// place is where a flow may stand in the small table; the place beside it, with
// the last bit turned, is the other one.
func (x *flowIndex) place(src, dst uint16, ssrc uint32) uint64 {
	ports := uint64(src)<<16 | uint64(dst)
	return (ports<<32 | uint64(ssrc)) * golden >> x.shift
}

// enter puts a flow in its place there, and what stood there beside it.
func (x *flowIndex) enter(f *flow) {
	i := x.place(f.key.src.Port(), f.key.dst.Port(), f.key.ssrc)
	if old := x.recent[i]; old != f {
		x.recent[i^1], x.recent[i] = old, f
	}
}

// of returns the flow that a packet belongs to which came through no tunnel,
// nil when there is none.
func (x *flowIndex) of(p *decode.Packet, ssrc uint32) *flow {
	i := x.place(p.Src.Port(), p.Dst.Port(), ssrc)
	if f := x.recent[i]; f != nil && f.key.isOf(p, ssrc) {
		return f
	}
	if f := x.recent[i^1]; f != nil && f.key.isOf(p, ssrc) {
		return f
	}
	return x.find(&flowKey{src: p.Src, dst: p.Dst, ssrc: ssrc})
}

// isOf reports whether a packet without a tunnel has the key.
func (k *flowKey) isOf(p *decode.Packet, ssrc uint32) bool {
	return k.ssrc == ssrc && k.tunnel == 0 && k.src.Addr() == p.Src.Addr() && k.dst.Addr() == p.Dst.Addr() &&
		k.src.Port() == p.Src.Port() && k.dst.Port() == p.Dst.Port()
}

// find returns the flow of a key, nil when there is none.
func (x *flowIndex) find(k *flowKey) *flow {
	i := x.place(k.src.Port(), k.dst.Port(), k.ssrc)
	if f := x.recent[i]; f != nil && f.key == *k {
		return f
	}
	f := x.flows[*k]
	if f != nil {
		x.enter(f)
	}
	return f
}

// put makes f the flow of its key, in place of another.
func (x *flowIndex) put(f *flow) {
	x.forget(x.flows[f.key])
	x.flows[f.key] = f
	if len(x.flows) > len(x.recent)/4 && len(x.recent) < 1<<mostRecent {
		x.grow()
	}
	x.enter(f)
}

// grow doubles the small table.
func (x *flowIndex) grow() {
	old := x.recent
	x.recent = make([]*flow, 2*len(old))
	x.shift--
	for _, f := range old {
		if f != nil {
			x.enter(f)
		}
	}
}

// remove takes f out, unless another took its place.
func (x *flowIndex) remove(f *flow) {
	if x.flows[f.key] == f {
		delete(x.flows, f.key)
	}
	x.forget(f)
}

// forget takes a flow out of the small table.
func (x *flowIndex) forget(f *flow) {
	if f == nil {
		return
	}
	i := x.place(f.key.src.Port(), f.key.dst.Port(), f.key.ssrc)
	for _, i := range [...]uint64{i, i ^ 1} {
		if x.recent[i] == f {
			x.recent[i] = nil
		}
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
