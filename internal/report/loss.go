package report

import "sipsniff/capture"

// A Loss is packets by who lost them; null where nobody counts.
type Loss struct {
	Kernel    *uint64 `json:"kernel"`
	Interface *uint64 `json:"interface"`
	Queue     *uint64 `json:"queue"`
}

// NewLoss gives the numbers that somebody counted; d may be nil.
func NewLoss(d *capture.Drops) Loss {
	all := newDrops(d)
	if all == nil {
		return Loss{}
	}
	return Loss{Kernel: all.Kernel, Interface: all.Interface, Queue: all.Queue}
}

// Sum is how many packets are known to be lost.
func (l Loss) Sum() (n uint64) {
	for _, p := range []*uint64{l.Kernel, l.Interface, l.Queue} {
		if p != nil {
			n += *p
		}
	}
	return n
}
