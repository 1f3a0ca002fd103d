package quality

import (
	"math"
	"unsafe"
)

const (
	// batchSize is how many packets of a stream are accounted together: what
	// their accounting looks at is then fetched from memory once for all of them.
	batchSize = 16
	// mostBatches is how many streams may have packets waiting at one time.
	mostBatches = 1 << 14
	// sweep is how many batches are looked at for one that rests, before a packet
	// is accounted by itself.
	sweep = 2
)

// A batch holds packets of one stream that came each after the other, until
// they are accounted. What accounts them sees the same as at once: nobody asks
// before they are, and the sequence numbers did no more than go on.
type batch struct {
	owner   *Account
	first   int64 // number of the first packet
	frame   int   // of the first
	clock   uint32
	count   uint8
	payload uint8 // type
	used    bool  // since it was looked at for a rest
	packets [batchSize]batched
}

// A batched is what is not the same for all packets of a batch.
type batched struct {
	arrival   int64
	timestamp uint32
	frame     uint32 // after that of the first
	octets    uint16
	role      Role
	marker    bool
}

// Batches are those of all streams: as many as streams are busy, within bounds.
// The zero value is ready. One goroutine uses them.
type Batches struct {
	all  []*batch
	free []*batch
	hand int // looks for batches that rest
}

// Memory is what those in use take, in octets.
func (s *Batches) Memory() int64 {
	return int64(len(s.all)-len(s.free)) * int64(unsafe.Sizeof(batch{}))
}

// take returns an empty batch for an Account, nil when all are busy.
func (s *Batches) take(a *Account) *batch {
	if n := len(s.free); n > 0 {
		b := s.free[n-1]
		s.free = s.free[:n-1]
		b.owner = a
		return b
	}
	if len(s.all) < mostBatches {
		b := &batch{owner: a}
		s.all = append(s.all, b)
		return b
	}
	for range sweep {
		b := s.all[s.hand]
		s.hand = (s.hand + 1) % len(s.all)
		if !b.used {
			b.owner.flush()
			b.owner.batch = nil
			b.owner = a
			return b
		}
		b.used = false
	}
	return nil
}

// wait keeps a packet that is the next one of its stream for later, and reports
// whether it could.
func (a *Account) wait(p *Packet, number int64) bool {
	b := a.batch
	if b == nil {
		if a.Batches == nil {
			return false
		}
		if b = a.Batches.take(a); b == nil {
			return false
		}
		a.batch = b
	}
	if b.count > 0 && (b.payload != p.PayloadType || b.clock != p.ClockRate || number != b.first+int64(b.count) || uint(p.Frame-b.frame) > math.MaxUint32) {
		a.flush()
	}
	if b.count == 0 {
		b.first, b.frame, b.clock, b.payload = number, p.Frame, p.ClockRate, p.PayloadType
	}
	w := &b.packets[b.count]
	w.arrival, w.timestamp, w.frame, w.octets, w.role, w.marker = p.Arrival, p.Timestamp, uint32(p.Frame-b.frame), p.Octets, p.Role, p.Marker
	b.used = true
	if b.count++; b.count == batchSize {
		a.flush()
	}
	return true
}

// flush accounts what waits.
func (a *Account) flush() {
	b := a.batch
	if b == nil || b.count == 0 {
		return
	}
	p := Packet{ClockRate: b.clock, PayloadType: b.payload}
	n := int(b.count)
	b.count = 0
	for i := range b.packets[:n] {
		w := &b.packets[i]
		p.Arrival, p.Timestamp, p.Frame, p.Octets, p.Role, p.Marker = w.arrival, w.timestamp, b.frame+int(w.frame), w.octets, w.role, w.marker
		p.SequenceNumber = uint16(b.first + int64(i))
		a.space(&p, InOrder, b.first+int64(i))
	}
}

// Rest accounts what waits, and needs no room for it until the next packet.
func (a *Account) Rest() {
	if b := a.batch; b != nil {
		a.flush()
		b.owner, a.batch = nil, nil
		a.Batches.free = append(a.Batches.free, b)
	}
}
