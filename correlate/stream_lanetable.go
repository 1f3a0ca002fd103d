package correlate

import "math"

const (
	// mostLanes is how many streams may have a lane at one time, a multiple of
	// laneBlock, which are made together.
	mostLanes = 1 << 14
	laneBlock = 64
	// laneWays is how many lanes there may be of one hash, leastLanes how many
	// hashes there are at first.
	laneWays   = 4
	leastLanes = 64
	// laneGuesses is how many guesses there are for each hash.
	laneGuesses = 8
	// laneSweep is how many lanes are looked at for one that rests, before a
	// stream goes without.
	laneSweep = 2
)

// A laneTable finds the lanes. The zero value is ready.
type laneTable struct {
	sets []laneSet // a power of two
	// guesses are lanes by more of their hash, the latest of those that share it:
	// nearly always the one that is looked for, and found without a choice.
	guesses []*lane
	all     []*lane
	free    []uint32 // places in all, from 1
	hand    int      // looks for lanes that rest
}

// A laneSet is where the lanes of one hash are: above the place of each in
// laneTable.all, from 1, stands more of the hash.
type laneSet [laneWays]uint64

// hashOfEnds mixes the ends; it is the same in every run.
func hashOfEnds(ends *[2]uint64) uint64 {
	h := (ends[0]*golden ^ ends[1]) * golden
	h ^= h >> 29
	return h * golden
}

// hash gives the set of a lane, the tag that tells it from others there, and the
// place of a guess.
func (t *laneTable) hash(ends *[2]uint64) (set *laneSet, tag uint64, guess **lane) {
	h := hashOfEnds(ends)
	return &t.sets[h>>32&uint64(len(t.sets)-1)], h << 32, &t.guesses[h>>32&uint64(len(t.guesses)-1)]
}

// find returns the lane of a packet, nil when there is none.
func (t *laneTable) find(ends *[2]uint64) *lane {
	if len(t.sets) == 0 {
		return nil
	}
	set, tag, guess := t.hash(ends)
	if l := *guess; l != nil && l.ends == *ends {
		return l
	}
	for _, at := range set {
		if at&^math.MaxUint32 == tag && at != 0 {
			if l := t.all[uint32(at)-1]; l.ends == *ends {
				return l
			}
		}
	}
	return nil
}

// busy is how many lanes are in use.
func (t *laneTable) busy() int { return len(t.all) - len(t.free) }

// leave takes a lane out of the table.
func (t *laneTable) leave(l *lane) {
	set, _, guess := t.hash(&l.ends)
	if *guess == l {
		*guess = nil
	}
	for i, at := range set {
		if at != 0 && t.all[uint32(at)-1] == l {
			set[i] = 0
			t.free = append(t.free, uint32(at))
		}
	}
	l.flow = nil
}

// lane returns an empty one that is in the table, nil when all are busy.
func (t *streamTable) lane(f *flow, p *Plain) *lane {
	x := &t.lanes
	if len(x.free) == 0 {
		switch {
		case len(x.all) < mostLanes:
			block := new([laneBlock]lane)
			for i := range block {
				x.all = append(x.all, &block[i])
				x.free = append(x.free, uint32(len(x.all)))
			}
			t.spread()
		case !t.wake():
			return nil
		}
	}
	n := len(x.free) - 1
	place := x.free[n]
	x.free = x.free[:n]
	l := x.all[place-1]
	l.ends, l.flow, l.count = endsOf(p), f, 0
	t.enter(l, place)
	return l
}

// wake frees a lane in which nothing came lately, and reports whether it found one.
func (t *streamTable) wake() bool {
	x := &t.lanes
	for range laneSweep {
		l := x.all[x.hand]
		x.hand = (x.hand + 1) % len(x.all)
		if l.flow != nil && t.now-l.last > touchInterval {
			t.park(l.flow)
			return true
		}
	}
	return false
}

// enter puts a lane into the table, where all places of its hash are taken for
// another.
func (t *streamTable) enter(l *lane, place uint32) {
	x := &t.lanes
	set, tag, guess := x.hash(&l.ends)
	way := 0
	for way < laneWays-1 && set[way] != 0 {
		way++
	}
	if at := set[way]; at != 0 {
		t.park(x.all[uint32(at)-1].flow)
	}
	set[way] = tag | uint64(place)
	*guess = l
}

// spread has as many sets as there are lanes.
func (t *streamTable) spread() {
	x := &t.lanes
	if len(x.all) <= len(x.sets) {
		return
	}
	x.sets = make([]laneSet, max(2*len(x.sets), leastLanes))
	x.guesses = make([]*lane, laneGuesses*len(x.sets))
	for i, l := range x.all {
		if l.flow != nil {
			t.enter(l, uint32(i+1))
		}
	}
}
