package quality

// Role is what a packet carries, as far as the arithmetic has to know it.
type Role uint8

// The roles. Media is everything that is sampled with the clock.
const (
	Media   Role = iota
	Event        // telephone-event: its timestamp stands still (RFC 4733)
	Comfort      // comfort noise or a silence descriptor: speech paused
	Repair       // retransmission or forward error correction
)

// A Packet is one RTP packet as the accounting sees it.
type Packet struct {
	Arrival        int64 // Unix ns
	Frame          int
	Timestamp      uint32
	ClockRate      uint32 // Hz, 0 when unknown
	SequenceNumber uint16
	PayloadType    uint8
	Marker         bool
	Role           Role
}

// Spacing is what the arrival times of one stream say: jitter, delta and
// packet time. The zero value is ready.
type Spacing struct {
	Jitter
	Delta
	PTime
	skew

	timestamp uint32 // of the packet that arrived before
	comfort   bool   // that packet was comfort noise
	started   bool
}

// Add takes a packet with the class and the extended number that Sequence
// gave it, in order of arrival.
func (s *Spacing) Add(p *Packet, class Class, extended int64) {
	if class == Duplicate {
		return
	}
	s.Delta.Add(p.Arrival, p.Frame, s.afterPause(p))
	s.timestamp, s.comfort, s.started = p.Timestamp, p.Role == Comfort, true
	switch class {
	case Probation: // perhaps of another stream altogether
		return
	case Restart:
		s.Jitter.Restart()
		s.PTime.Restart()
	}
	if p.Role == Event || p.Role == Repair {
		return
	}
	s.Jitter.Add(p.Arrival, p.Timestamp, p.ClockRate)
	s.PTime.Add(extended, p.Timestamp, p.PayloadType, p.Marker, p.ClockRate, p.Arrival)
}

// afterPause reports whether p is the first packet after the speaker was
// silent: comfort noise came before it, or it is marked and its timestamp
// went on by more than one and a half packets.
func (s *Spacing) afterPause(p *Packet) bool {
	if !s.started {
		return false
	}
	if s.comfort {
		return true
	}
	if !p.Marker || p.ClockRate == 0 {
		return false
	}
	usual := s.Step(p.ClockRate)
	if usual == 0 {
		usual = p.ClockRate / 50 // 20 ms, RFC 3551 §4.2
	}
	return int64(int32(p.Timestamp-s.timestamp))*2 > int64(usual)*3
}

// An Account is the arithmetic of one stream. The zero value is ready; but for
// the list of intervals it does not allocate.
type Account struct {
	Sequence
	Spacing
	playout
}

// Add accounts one packet in order of arrival.
func (a *Account) Add(p *Packet) Class {
	class, extended := a.Number(p.SequenceNumber)
	a.Space(p, class, extended)
	return class
}

// Number accounts the sequence number of a packet whose meaning is not known
// yet. What it returns goes to Space once it is.
func (a *Account) Number(number uint16) (Class, int64) {
	if a.Sequence.confirms(number) {
		a.playout.finish(&a.Sequence)
	}
	return a.Sequence.Add(number)
}

// Space accounts the times of a packet, with the class and the extended
// number that Number gave it, in order of arrival.
func (a *Account) Space(p *Packet, class Class, extended int64) {
	a.Spacing.Add(p, class, extended)
	a.playout.add(p, class, extended, &a.Sequence, &a.Spacing)
}

// Report says what is known so far. Its lists never change.
func (a *Account) Report() Report {
	var r Report
	a.Sequence.report(&r)
	a.Jitter.report(&r)
	a.Delta.report(&r)
	a.playout.report(&a.Sequence, &r)
	a.skew.report(&r)
	r.PTime = a.Milliseconds()
	return r
}
