package quality

// minGap is Gmin of RFC 3611 §4.7.2: losses with fewer received packets
// between them belong to one burst.
const minGap = 16

// A Pattern tells bursts of loss from scattered losses (RFC 3611 §4.7.2, in
// the exact form of spec §5.7). It is fed in the order of sequence numbers.
// The zero value is ready.
type Pattern struct {
	packets, lost, runs uint64
	longest             uint64 // the most losses in a row
	row                 uint64 // losses in a row up to now, 0 after a received one

	bursts, burstPackets, burstLost uint64 // those that are over
	ahead                           uint64 // packets in front of the first burst

	// The losses that are not judged yet: one alone is pending, more are a
	// burst that may go on.
	open, openLost uint64 // packets from the first to the last of them
	since          uint64 // received packets since the last loss
}

// Received takes n received packets in a row.
func (p *Pattern) Received(n uint64) {
	if n == 0 {
		return
	}
	p.packets += n
	p.since += n
	p.row = 0
	if p.since >= minGap && p.openLost > 0 {
		p.close()
	}
}

// Lost takes n lost packets in a row.
func (p *Pattern) Lost(n uint64) {
	if n == 0 {
		return
	}
	if p.row == 0 {
		p.runs++
	}
	p.row += n
	p.longest = max(p.longest, p.row)
	if p.openLost == 0 {
		p.since = 0
	}
	p.packets += n
	p.lost += n
	p.open += p.since + n
	p.openLost += n
	p.since = 0
}

// close judges the losses that are open: one alone belongs to the gap.
func (p *Pattern) close() {
	if p.openLost > 1 {
		if p.bursts == 0 {
			p.ahead = p.packets - p.since - p.open
		}
		p.bursts++
		p.burstPackets += p.open
		p.burstLost += p.openLost
	}
	p.open, p.openLost = 0, 0
}

// Bursts is what a Pattern found.
type Bursts struct {
	Packets, Lost uint64
	Runs, Longest uint64 // runs of losses in a row, the longest of them

	Bursts, BurstPackets, BurstLost uint64
	Gaps, GapPackets, GapLost       uint64
}

// Report says what was found so far: a loss that is pending counts as
// isolated, a burst that is open ends at its last loss.
func (p *Pattern) Report() Bursts {
	end := *p
	end.close()
	b := Bursts{
		Packets: end.packets, Lost: end.lost, Runs: end.runs, Longest: end.longest,
		Bursts: end.bursts, BurstPackets: end.burstPackets, BurstLost: end.burstLost,
		GapPackets: end.packets - end.burstPackets, GapLost: end.lost - end.burstLost,
	}
	b.Gaps = end.gaps()
	return b
}

// gaps counts the gaps: in front of the first burst, between bursts, behind
// the last.
func (p *Pattern) gaps() uint64 {
	switch {
	case p.packets == 0:
		return 0
	case p.bursts == 0:
		return 1
	}
	n := p.bursts - 1
	if p.ahead > 0 {
		n++
	}
	if p.row == 0 { // it ends with a received packet
		n++
	}
	return n
}

// BurstDensity is the share of lost packets inside bursts, GapDensity outside
// of them, 0 to 1; 0 when there are none.
func (b *Bursts) BurstDensity() float64 { return share(b.BurstLost, b.BurstPackets) }

// GapDensity is the share of lost packets outside bursts.
func (b *Bursts) GapDensity() float64 { return share(b.GapLost, b.GapPackets) }

// BurstLength is the mean length of a burst in packets, 0 without one.
func (b *Bursts) BurstLength() float64 { return share(b.BurstPackets, b.Bursts) }

// GapLength is the mean length of a gap in packets.
func (b *Bursts) GapLength() float64 { return share(b.GapPackets, b.Gaps) }

// Ratio is BurstR of G.107 §7.5: 1 for losses at random, more when they come
// in bursts; clamped to 1…8.
func (b *Bursts) Ratio() float64 { return BurstRatio(b.Packets, b.Lost, b.Runs) }

// BurstRatio is the burst ratio of so many losses, in so many runs, among so
// many packets.
func BurstRatio(packets, lost, runs uint64) float64 {
	if runs == 0 || packets == 0 {
		return 1
	}
	return min(max(float64(lost)/float64(runs)*(1-float64(lost)/float64(packets)), 1), 8)
}

func share(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
