package decode

import "bytes"

// A flowKey identifies the packets between two transport addresses, in both
// directions. It is a plain value without pointers, so that tables of it cost
// the garbage collector nothing. VLANs and tunnels are not part of it.
type flowKey struct {
	low, high         [16]byte
	lowPort, highPort uint16
}

// keyOf returns the key of the packet's flow; reversed is set when the source
// is the higher of the two addresses.
func keyOf(p *Packet) (k flowKey, reversed bool) {
	src, dst := p.Src.Addr().As16(), p.Dst.Addr().As16()
	c := bytes.Compare(src[:], dst[:])
	if c < 0 || c == 0 && p.Src.Port() <= p.Dst.Port() {
		return flowKey{src, dst, p.Src.Port(), p.Dst.Port()}, false
	}
	return flowKey{dst, src, p.Dst.Port(), p.Src.Port()}, true
}

// A flowSet remembers flows in bounded memory. It keeps two generations: when
// the younger one is full the older one is forgotten, so what is asked for
// now and then stays.
type flowSet struct {
	limit          int
	younger, older map[flowKey]struct{}
}

func newFlowSet(limit int) flowSet {
	return flowSet{limit: limit, younger: map[flowKey]struct{}{}, older: map[flowKey]struct{}{}}
}

func (s *flowSet) has(k flowKey) bool {
	if _, ok := s.younger[k]; ok {
		return true
	}
	if _, ok := s.older[k]; !ok {
		return false
	}
	s.add(k)
	return true
}

func (s *flowSet) add(k flowKey) {
	if len(s.younger) >= s.limit {
		s.younger, s.older = s.older, s.younger
		clear(s.younger)
	}
	s.younger[k] = struct{}{}
}
