package quality

// The limits of RFC 3550 A.1. MIN_SEQUENTIAL is 1 here: a stream is only
// accounted when signalling or a detector already vouches for it.
const (
	maxDropout  = 3000
	maxMisorder = 100
	windowSize  = 4096 // sequence numbers remembered for telling late from duplicate
)

// Class is what the arrival of one sequence number meant.
type Class uint8

// The classes of spec §5.5.
const (
	First     Class = iota // the first packet of the stream
	InOrder                // the number after the highest
	Gap                    // further ahead: the numbers between are missing so far
	Duplicate              // a number that came before
	Reordered              // a missing number that came late
	Probation              // a jump that one more packet has to confirm; not in unique
	Restart                // the second packet of a new range: a segment begins
)

// Sequence accounts the sequence numbers of one stream (RFC 3550 A.1,
// extended by spec §5.5). The zero value is ready; it does not allocate.
type Sequence struct {
	base, highest int64  // extended numbers of the running segment
	prior         uint64 // numbers expected in the segments before it

	received, unique      uint64
	duplicates, reordered uint64
	restarts              uint64
	depth                 uint32 // the largest reordering depth
	bad                   uint32 // number that would confirm a jump; above 65535 when none
	started               bool

	seen [windowSize / 64]uint64 // bitmap, by extended number modulo windowSize
}

// noBad is a value of Sequence.bad that no sequence number equals.
const noBad = 1 << 16

// Add accounts one packet and says what it was. The extended number is
// meaningful for every class but Probation.
func (s *Sequence) Add(number uint16) (class Class, extended int64) {
	s.received++
	if !s.started {
		s.start(number)
		return First, s.highest
	}
	ahead := number - uint16(s.highest) // modulo 2^16
	switch {
	case ahead == 0:
		s.duplicates++
		return Duplicate, s.highest
	case ahead < maxDropout:
		return s.advance(int64(ahead)), s.highest
	case ahead <= 1<<16-maxMisorder:
		return s.jump(number), s.highest
	}
	return s.late(s.highest - (1<<16 - int64(ahead)))
}

// confirms reports whether number is the one that makes a jump a restart.
func (s *Sequence) confirms(number uint16) bool {
	ahead := number - uint16(s.highest)
	return s.started && uint32(number) == s.bad && ahead >= maxDropout && ahead <= 1<<16-maxMisorder
}

// start begins with number; nothing is expected before it.
func (s *Sequence) start(number uint16) {
	s.started = true
	s.bad = noBad
	s.base, s.highest = int64(number), int64(number)
	s.unique = 1
	s.mark(s.highest)
}

// advance moves the highest number ahead by step, forgetting what the bitmap
// held in the places of the numbers that are now missing.
func (s *Sequence) advance(step int64) Class {
	for i := int64(1); i < step; i++ {
		s.unmark(s.highest + i)
	}
	s.highest += step
	s.mark(s.highest)
	s.unique++
	if step == 1 {
		return InOrder
	}
	return Gap
}

// jump holds a far number in probation until its successor comes.
func (s *Sequence) jump(number uint16) Class {
	if uint32(number) != s.bad {
		s.bad = uint32(number + 1)
		return Probation
	}
	s.prior += uint64(s.highest - s.base + 1)
	s.highest = int64(number)
	s.base = s.highest - 1 // the packet in probation counts
	s.seen = [windowSize / 64]uint64{}
	s.mark(s.base)
	s.mark(s.highest)
	s.unique += 2
	s.restarts++
	s.bad = noBad
	return Restart
}

// late accounts a number behind the highest.
func (s *Sequence) late(extended int64) (Class, int64) {
	if s.marked(extended) {
		s.duplicates++
		return Duplicate, extended
	}
	s.mark(extended)
	s.unique++
	s.reordered++
	s.depth = max(s.depth, uint32(s.highest-extended))
	s.base = min(s.base, extended) // the first packet that came was a late one
	return Reordered, extended
}

func (s *Sequence) mark(n int64)   { s.seen[n&(windowSize-1)>>6] |= 1 << (n & 63) }
func (s *Sequence) unmark(n int64) { s.seen[n&(windowSize-1)>>6] &^= 1 << (n & 63) }

func (s *Sequence) marked(n int64) bool { return s.seen[n&(windowSize-1)>>6]&(1<<(n&63)) != 0 }

// Expected is how many numbers lie between the first and the highest, over
// all segments.
func (s *Sequence) Expected() uint64 {
	if !s.started {
		return 0
	}
	return s.prior + uint64(s.highest-s.base+1)
}

// Newest is the highest sequence number.
func (s *Sequence) Newest() uint16 { return uint16(s.highest) }

// report fills the counters of sequence accounting.
func (s *Sequence) report(r *Report) {
	r.Expected = s.Expected()
	r.Received = s.received
	r.Unique = s.unique
	r.Lost = r.Expected - min(s.unique, r.Expected)
	r.LostRFC = int64(r.Expected) - int64(s.received)
	r.Duplicates = s.duplicates
	r.Reordered = s.reordered
	r.MaxReorder = s.depth
	r.Restarts = s.restarts
}
