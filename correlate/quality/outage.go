package quality

const (
	// leastOutage is how long nothing must arrive to be more than a burst of
	// losses, in ns.
	leastOutage = int64(second)
	// maxOutages is how many are listed of a stream.
	maxOutages = 16
)

// An Outage is a time in which nothing arrived although the sender went on:
// numbers and timestamps continued in step with the clock.
type Outage struct {
	Start, End int64 // arrival of the packets before and after, Unix ns
	Lost       uint64
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
	s.outages.lost += uint64(missing)
	if len(s.outages.list) < maxOutages {
		s.outages.list = append(s.outages.list, Outage{since, p.Arrival, uint64(missing)})
	}
}

func (o *outages) report(r *Report) {
	if o != nil {
		r.Outages, r.OutageLost = o.list[:len(o.list):len(o.list)], o.lost
	}
}
