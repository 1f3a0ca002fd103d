package quality

import (
	"math"
	"slices"
)

// What follows is spec §5.8 in its own words once more, sharing nothing with
// the buffers that it is held against. Times are whole numbers of ns times
// the clock rate, so that nothing is rounded. What the spec leaves open: the
// packet time is taken to be 20 ms until two packets that follow each other
// have told it, and a restart of the numbers begins with a first packet again.

// discards is what a de-jitter buffer threw away.
type discards struct{ late, overflow uint64 }

// A moment is a packet as the words of the spec have it: a, m, n and M.
type moment struct {
	a, m, n, ptime int64
	marker, first  bool
}

// moments are the packets that a buffer gets.
func (t *truth) moments() (all []moment) {
	clock := int64(t.clock)
	ptime := 20_000_000 * clock
	highest, kind := int64(math.MinInt64), uint8(0)
	t.counted(func(p *sentPacket, anew bool) {
		if p.number == highest+1 && !p.Marker && p.PayloadType == kind && !anew {
			ptime = int64(t.step) * 1_000_000_000
		}
		if p.number > highest {
			highest, kind = p.number, p.PayloadType
		}
		a, m := p.Arrival*clock, p.ticks*1_000_000_000
		all = append(all, moment{a: a, m: m, n: a - m, ptime: ptime, marker: p.Marker, first: anew || len(all) == 0})
	})
	return all
}

// fixedByTheWords is Fixed(D, Dmax), in ms.
func (t *truth) fixedByTheWords(d, dmax int64) (got discards) {
	d, dmax = d*1_000_000*int64(t.clock), dmax*1_000_000*int64(t.clock)
	var o, lastM, lateRun int64
	for _, p := range t.moments() {
		if p.first {
			o, lastM = p.n+d, p.m
		} else if p.marker && p.m-lastM > 2*p.ptime {
			o = p.n + d
		}
		slack := o - p.n
		if slack < 0 {
			got.late++
			lateRun++
			if lateRun == 10 {
				o = p.n + d
				lateRun = 0
			}
		} else if slack > dmax {
			got.overflow++
			lateRun = 0
		} else {
			lateRun = 0
		}
		lastM = max(lastM, p.m)
	}
	return got
}

// adaptiveByTheWords is A1(Dinit=40, Dmin=20, Dmax=500).
func (t *truth) adaptiveByTheWords() (got discards) {
	ms := 1_000_000 * int64(t.clock)
	var o, lastShrink int64
	var ring, sorted []int64 // in order of arrival, and of size
	for _, p := range t.moments() {
		if p.first {
			o, lastShrink, ring, sorted = p.n+40*ms, p.a, nil, nil
		}
		slack := o - p.n
		if slack < 0 {
			got.late++
		} else if slack > 500*ms {
			got.overflow++
			ring, sorted = nil, nil
			o = p.n + 40*ms
		}
		ring = append(ring, p.n)
		at, _ := slices.BinarySearch(sorted, p.n)
		sorted = slices.Insert(sorted, at, p.n)
		if len(ring) > 500 {
			at, _ = slices.BinarySearch(sorted, ring[0])
			sorted = slices.Delete(sorted, at, at+1)
			ring = ring[1:]
		}
		base := sorted[0]
		jit := sorted[(97*len(sorted)+99)/100-1] - base
		target := base + min(max(jit+p.ptime, 20*ms), 500*ms)
		if target > o {
			o = min(target, o+p.ptime)
		} else if target < o-p.ptime && p.a-lastShrink >= 500*ms {
			o -= p.ptime
			lastShrink = p.a
		}
	}
	return got
}
