package quality

const (
	// leastOutage is how long nothing must arrive to be more than a burst of
	// losses, in ns.
	leastOutage = int64(second)
	// maxOutages is how many are listed of a stream.
	maxOutages = 16
)

// A minute that passes for us and not for the sender of a stream, who goes on at
// the number and the time where he was, is no outage: he stood still, or our clock
// was set.
const (
	leastStand = 60 * second
	mostSpoken = 12 * second // that he may have gone on by meanwhile
)

// stood reports whether that is so of the time in front of a packet, when no
// numbers are missing there.
func stood(p *Packet, since int64, timestamp uint32) bool {
	if p.ClockRate == 0 || p.Arrival-since < leastStand {
		return false
	}
	spoken := int64(int32(p.Timestamp-timestamp)) * int64(second) / int64(p.ClockRate)
	return spoken >= 0 && spoken <= mostSpoken
}

// An Outage is a time in which nothing arrived although the sender went on:
// numbers and timestamps continued in step with the clock.
type Outage struct {
	Start, End int64 // arrival of the packets before and after, Unix ns
	Lost       uint64
	Frame      int // of the packet after
}

// outages are those of one stream.
type outages struct {
	list []Outage // published as list[:n:n]
	lost uint64
}

// outage notes that numbers are missing in front of a packet, if they are one.
func (s *seconds) outage(p *Packet, since, missing int64, before *Spacing) {
	gap := p.Arrival - since
	if gap < leastOutage || p.ClockRate == 0 || p.Role == Repair {
		return
	}
	// Unsigned subtraction read as signed stays right across the 2^32 wrap.
	spoken := int64(int32(p.Timestamp-before.timestamp)) * int64(second) / int64(p.ClockRate)
	if apart := spoken - gap; apart > gap/5 || apart < -gap/5 {
		return
	}
	if s.outages == nil {
		s.outages = new(outages)
	}
	if missing < maxDropout { // beyond it the numbers count as begun anew, and none as lost
		s.outages.lost += uint64(missing)
	}
	if len(s.outages.list) < maxOutages {
		s.outages.list = append(s.outages.list, Outage{since, p.Arrival, uint64(missing), p.Frame})
	}
}

// farOutage looks at a packet whose number is so far ahead that another one has
// to confirm it: it may be the first after a minute or more.
func (s *seconds) farOutage(p *Packet, before *Spacing) {
	if s.running && !s.quiet {
		s.outage(p, before.Delta.last, int64(p.SequenceNumber-uint16(s.highest))-1, before)
	}
}

func (o *outages) report(r *Report) {
	if o != nil {
		r.Outages, r.OutageLost = o.list[:len(o.list):len(o.list)], o.lost
	}
}
