package quality

// A Steady is a packet of a Run: what is not the same for all of them.
type Steady struct {
	After     uint32 // ns after the first
	Timestamp uint32
	Frames    uint32 // after that of the first
	Octets    uint16 // of payload
	Around    uint8  // octets of the packet besides
	Marker    bool
}

// A Run is packets of one stream that came each after the other, in number and
// in time: media of one payload type and clock rate.
type Run struct {
	Arrival     int64 // of the first, Unix ns
	Frame       int   // of the first
	ClockRate   uint32
	PayloadType uint8
	Packets     []Steady
}

// Run accounts packets of which the first is the next one of the stream, and
// returns the extended number of the last. It is what Add does with one after
// the other, but does at once what is the same for all.
func (a *Account) Run(r *Run) int64 {
	a.flush()
	number := a.highest
	a.Sequence.run(len(r.Packets))
	p := Packet{ClockRate: r.ClockRate, PayloadType: r.PayloadType}
	for rest := r.Packets; len(rest) > 0; {
		if n := a.timing.steady(r, rest, number, &a.Sequence); n > 0 {
			rest, number = rest[n:], number+int64(n)
			continue
		}
		w := &rest[0]
		number++
		p.Arrival, p.Timestamp, p.Frame, p.Octets, p.Marker = r.Arrival+int64(w.After), w.Timestamp, r.Frame+int(w.Frames), w.Octets, w.Marker
		p.SequenceNumber = uint16(number)
		a.space(&p, InOrder, number)
		rest = rest[1:]
	}
	return number
}

// run accounts so many numbers behind the highest.
func (s *Sequence) run(n int) {
	s.received += uint64(n)
	s.unique += uint64(n)
	for end := s.highest + int64(n); s.highest < end; {
		from := s.highest + 1
		s.highest = min(from|(wordSize-1), end)
		s.seen[from&(windowSize-1)>>6] |= ^uint64(0) << (from & 63) & (^uint64(0) >> (63 - s.highest&63))
	}
}
