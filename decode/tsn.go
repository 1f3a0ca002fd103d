package decode

// A tsnWindow tells transmission sequence numbers that were seen from new
// ones. It looks back over 4096 of them.
type tsnWindow struct {
	started bool
	highest uint32
	bits    [64]uint64
}

// first reports whether the number comes for the first time.
func (w *tsnWindow) first(tsn uint32) bool {
	const size = uint32(len(w.bits) * 64)
	ahead := int32(tsn - w.highest)
	switch {
	case !w.started || !w.near(tsn):
		*w = tsnWindow{started: true, highest: tsn}
	case ahead > 0:
		for n := uint32(1); n <= min(uint32(ahead), size); n++ {
			w.clear(tsn - uint32(ahead) + n)
		}
		w.highest = tsn
	case uint32(-ahead) >= size:
		return false
	}
	slot, bit := tsn%size/64, uint64(1)<<(tsn%64)
	if w.bits[slot]&bit != 0 {
		return false
	}
	w.bits[slot] |= bit
	return true
}

func (w *tsnWindow) clear(tsn uint32) {
	const size = uint32(len(w.bits) * 64)
	w.bits[tsn%size/64] &^= 1 << (tsn % 64)
}

// near reports whether the number can belong to the same association.
func (w *tsnWindow) near(tsn uint32) bool {
	return w.started && tsn-w.highest+1<<16 <= 1<<17
}
