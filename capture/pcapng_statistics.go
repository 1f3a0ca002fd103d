package capture

// statistics keeps the drop counters of an interface statistics block. They
// count from the start of the capture, so the latest block of an interface
// replaces the ones before.
func (r *pcapngReader) statistics(body []byte) error {
	if len(body) < 12 {
		return shortBlock(blockStatistics, body)
	}
	index := r.uint32(body)
	if uint64(index) >= uint64(len(r.interfaces)) {
		return nil // a count without an interface tells nothing
	}
	var d Drops
	known := DropKind(0)
	r.options(body[12:], func(code uint16, value []byte) {
		if len(value) < 8 {
			return
		}
		n := r.order.Uint64(value)
		switch code {
		case 4: // isb_ifrecv
			d.Received, known = n, known|DropsReceived
		case 5: // isb_ifdrop
			d.Interface, known = n, known|DropsInterface
		case 7: // isb_osdrop
			d.Kernel, known = n, known|DropsKernel
		}
	})
	if known != 0 {
		r.addDrops(&r.interfaces[index], d, known)
	}
	return nil
}

// addDrops replaces what i contributed to the drops of the file by d.
// Unsigned arithmetic makes the replacing right also when d is smaller.
func (r *pcapngReader) addDrops(i *ngInterface, d Drops, known DropKind) {
	if r.info.Drops == nil {
		r.info.Drops = &Drops{Uncounted: dropsAll}
	}
	sum := *r.info.Drops
	sum.Uncounted &^= known
	sum.Received += d.Received - i.drops.Received
	sum.Interface += d.Interface - i.drops.Interface
	sum.Kernel += d.Kernel - i.drops.Kernel
	i.drops = d
	r.info.Drops = &sum // a new value: the one handed out stays as it was
}
