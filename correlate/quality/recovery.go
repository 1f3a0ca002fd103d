package quality

// A recovery is which missing numbers were made good by other packets:
// redundancy, retransmission or forward error correction (spec §5.11). They
// stay lost in the accounting of the network.
type recovery struct {
	count uint64
	seen  [windowSize / 64]uint64 // bitmap, by extended number modulo windowSize
}

// Wanted reports whether a packet between the first and the last is missing
// and was not recovered.
func (s *Sequence) Wanted(extended int64) bool {
	return s.within(extended) && !s.marked(extended) && (s.recovery == nil || !s.recovery.has(extended))
}

func (s *Sequence) within(extended int64) bool {
	return s.started && extended > s.base && extended < s.highest && extended > s.highest-windowSize
}

// Recover notes that the content of a missing packet came, and reports whether
// it was wanted.
func (s *Sequence) Recover(extended int64) bool {
	if !s.Wanted(extended) {
		return false
	}
	if s.recovery == nil {
		s.recovery = new(recovery)
	}
	s.recovery.count++
	s.recovery.seen[extended&(windowSize-1)>>6] |= 1 << (extended & 63)
	return true
}

// Report is the part of a Report that sequence numbers give.
func (s *Sequence) Report() (r Report) {
	s.report(&r)
	return r
}

// Recovered is how many missing packets were made good.
func (s *Sequence) Recovered() uint64 {
	if s.recovery == nil {
		return 0
	}
	return s.recovery.count
}

// RecoverySize is what a Sequence takes besides itself once something was
// recovered, in octets.
const RecoverySize = windowSize/8 + 8

func (r *recovery) has(extended int64) bool {
	return r.seen[extended&(windowSize-1)>>6]&(1<<(extended&63)) != 0
}

// came takes back a number that arrived itself after all.
func (r *recovery) came(extended int64) {
	if r != nil && r.has(extended) {
		r.count--
		r.seen[extended&(windowSize-1)>>6] &^= 1 << (extended & 63)
	}
}

// forget makes room for the numbers from one up to another, without it.
func (r *recovery) forget(from, to int64) {
	for n := max(from, to-windowSize); n < to; n++ {
		r.seen[n&(windowSize-1)>>6] &^= 1 << (n & 63)
	}
}

// restart forgets the numbers of the segment before.
func (r *recovery) restart() {
	if r != nil {
		r.seen = [windowSize / 64]uint64{}
	}
}
