package quality

import "unsafe"

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
	Octets         uint16 // of payload
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
	spurt     int64   // arrival of the packet that the talkspurt began with
	breaks    *breaks // nil while the stream is steady
}

// Add takes a packet with the class and the extended number that Sequence
// gave it, in order of arrival.
func (s *Spacing) Add(p *Packet, class Class, extended int64) {
	if class == Duplicate {
		return
	}
	paused, gap := s.afterPause(p), p.Arrival-s.Delta.last
	switch {
	case !s.started:
		s.spurt = p.Arrival
	case paused, class == Gap, p.Role == Comfort && !s.comfort:
		s.watch(p, class, extended, paused)
	}
	s.Delta.Add(p.Arrival, p.Frame, paused)
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
	jumps := s.jumps
	s.Jitter.Add(p.Arrival, p.Timestamp, p.ClockRate)
	if s.jumps != jumps && !p.Marker && gap < leastOutage {
		s.broken().unmarked++
	}
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

// A timing is the part of an Account that has to know what packets mean.
type timing struct {
	Spacing
	playout
	seconds
}

// TimingSize is what an Account takes, in octets, once it accounts times.
const TimingSize = int64(unsafe.Sizeof(timing{}))

// An Account is the arithmetic of one stream. The zero value is ready. It
// allocates once, when it begins to account times, and for the list of
// intervals.
type Account struct {
	Sequence
	Buffer  *BufferModel // in place of f60, before Space is called first; nil: that
	Batches *Batches     // those that packets may wait in; nil: each is accounted at once
	timing  *timing      // nil until the first is
	batch   *batch       // of those that wait, nil when there is none
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
	if a.batch != nil && number != uint16(a.highest)+1 {
		a.flush()
	}
	if a.timing != nil && a.confirms(number) {
		a.timing.finish(&a.Sequence)
	}
	return a.Sequence.Add(number)
}

// Space accounts the times of a packet, with the class and the extended
// number that Number gave it, in order of arrival.
func (a *Account) Space(p *Packet, class Class, extended int64) {
	if class == InOrder && a.timing != nil && a.wait(p, extended) {
		return
	}
	a.flush()
	a.space(p, class, extended)
}

// Recover is Sequence.Recover: a number that did not come was made good.
func (a *Account) Recover(extended int64) bool {
	a.flush()
	return a.Sequence.Recover(extended)
}

func (a *Account) space(p *Packet, class Class, extended int64) {
	if a.timing == nil {
		a.timing = new(timing)
		if a.Buffer != nil {
			a.timing.fixed[0].model = a.Buffer
		}
	}
	t := a.timing
	if class == Probation {
		t.seconds.farOutage(p, &t.Spacing)
	}
	t.seconds.enter(p, class, extended, &t.Spacing, &t.playout)
	t.Spacing.Add(p, class, extended)
	t.playout.add(p, class, extended, &a.Sequence, &t.Spacing)
	t.seconds.leave(p, &t.playout, &t.Spacing)
}

// Step is the usual step of the timestamp from packet to packet, 0 while it
// is not known.
func (a *Account) Step(clock uint32) uint32 {
	if a.timing == nil {
		return 0
	}
	a.flush()
	return a.timing.Spacing.Step(clock)
}

// Report says what is known so far. Its lists never change.
func (a *Account) Report() Report {
	a.flush()
	var r Report
	a.Sequence.report(&r)
	if t := a.timing; t != nil {
		t.Jitter.report(&r)
		t.Delta.report(&r)
		t.playout.report(&a.Sequence, &r)
		t.Spacing.skew.report(&r)
		t.seconds.report(&t.playout, &t.Spacing, &r)
		t.reportBreaks(&r)
		r.PTime = t.Milliseconds()
	}
	return r
}
