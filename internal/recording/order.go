package recording

import (
	"cmp"
	"slices"
	"strings"
)

const (
	maxDropout = 3000 // sequence numbers that a stream may jump ahead (RFC 3550 A.1)
	apart      = 2e9  // ns between what the clocks of arrival and of the stream say, to take it for a new beginning
)

// A segment is packets whose sequence numbers and timestamps go on from each
// other, in the order in which they were sent and each once.
type segment []step

// A step is a packet with its numbers unwrapped.
type step struct {
	*packet
	sequence int64
	ticks    int64 // from the first packet of the segment
}

// segments puts the packets of a stream in order and takes them apart where
// the source began anew.
func (s *stream) segments() []segment {
	s.countG722()
	var all []segment
	for _, run := range s.runs() {
		slices.SortStableFunc(run, func(a, b step) int { // the packet itself before its copy
			return cmp.Or(cmp.Compare(a.sequence, b.sequence), cmp.Compare(index(a.redundant), index(b.redundant)))
		})
		run = slices.CompactFunc(run, func(a, b step) bool { return a.sequence == b.sequence })
		all = append(all, s.byTime(run)...)
	}
	return all
}

// runs unwraps sequence numbers. After a jump two packets in a row begin a
// run; one alone is a stray.
func (s *stream) runs() []segment {
	var all []segment
	var run segment
	var highest int64
	var odd *packet // the packet before did not fit
	for i := range s.packets {
		p := &s.packets[i]
		if len(run) == 0 {
			run, highest = append(run, step{packet: p}), 0
			continue
		}
		delta := int64(int16(p.sequenceNumber - run[0].sequenceNumber - uint16(highest)))
		if delta <= maxDropout && delta >= -maxDropout {
			run = append(run, step{packet: p, sequence: highest + delta})
			highest, odd = max(highest, highest+delta), nil
			continue
		}
		if odd == nil || p.sequenceNumber != odd.sequenceNumber+1 {
			odd = p
			continue
		}
		all = append(all, run)
		run, highest, odd = segment{{packet: odd}, {packet: p, sequence: 1}}, 1, nil
	}
	if len(run) > 0 {
		all = append(all, run)
	}
	return all
}

// byTime unwraps timestamps and cuts a run where they jump away from the time
// of arrival, or where their clock changes.
func (s *stream) byTime(run segment) []segment {
	var all []segment
	from := 0
	for i := 1; i < len(run); i++ {
		before, p := &run[i-1], &run[i]
		clock := s.clock(p.packet)
		ticks := int64(int32(p.timestamp - before.timestamp))
		off := scaled(ticks, 1e9, clock) - (p.nanos - before.nanos)
		if clock != s.clock(before.packet) || off > apart || off < -apart {
			all, from = append(all, run[from:i]), i
			p.ticks = 0
			continue
		}
		p.ticks = before.ticks + ticks
	}
	return append(all, run[from:])
}

// clock is the rate of a packet's timestamp.
func (s *stream) clock(p *packet) int64 {
	if c := s.formats[p.format].ClockRate; c > 0 {
		return int64(c)
	}
	return 8000
}

// countG722 finds out by which clock a stream of G.722 counts: 8 kHz, one tick
// an octet (RFC 3551 §4.5.2), or wrongly the 16 kHz of its samples.
func (s *stream) countG722() {
	const wrong = 16000
	var right, twice [maxFormats]int
	for i := 1; i < len(s.packets); i++ {
		before, p := &s.packets[i-1], &s.packets[i]
		if p.format != before.format || p.sequenceNumber != before.sequenceNumber+1 || len(before.payload) == 0 {
			continue
		}
		switch int(p.timestamp - before.timestamp) {
		case len(before.payload):
			right[p.format]++
		case 2 * len(before.payload):
			twice[p.format]++
		}
	}
	for i := range s.formats {
		if strings.EqualFold(s.formats[i].Codec, "G722") && twice[i] > right[i] {
			s.formats[i].ClockRate = wrong
		}
	}
}
