package quality

import "math"

const (
	ringSize   = 500
	blockSize  = 20
	ringBlocks = ringSize / blockSize
	// topSize is how many of the largest are kept in order: the 97th
	// percentile of 500 is the 16th largest, the others are in reserve so that
	// those that leave need not be looked for at once.
	topSize = 48
)

// transitUnit is the resolution in ns. It bounds what 32 bits hold to 214 s
// either way, which a clock reaches after weeks; beyond it values stick.
const transitUnit = 100

// transits holds the last 500 transit times and answers for the least and the
// 97th percentile without looking at all of them.
type transits struct {
	ring   [ringSize]int32
	least  [ringBlocks]int32 // of each block of the ring
	top    [topSize]int32    // the largest, in falling order
	tops   int               // how many of them
	filled int               // of the ring
	next   int
	lowest int32
}

func (t *transits) reset() { t.tops, t.filled, t.next = 0, 0, 0 }

// add takes a transit time in ns, in place of the oldest.
func (t *transits) add(nanos int64) {
	v := unitsOf(nanos)
	if t.filled == ringSize {
		t.replace(v)
	} else {
		t.append(v)
	}
	if t.next++; t.next == ringSize {
		t.next = 0
	}
	if t.tops < t.rank() {
		t.rebuild()
	}
}

// unitsOf is a transit time as the ring keeps it.
func unitsOf(nanos int64) int32 {
	return int32(min(max(nanos/transitUnit, math.MinInt32), math.MaxInt32))
}

// slip is add where spread says the same afterwards, because neither v nor the
// oldest is one of the largest or the least of its block; else it does nothing. It
// reports whether it was so.
func (t *transits) slip(v int32) bool {
	if t.filled != ringSize || t.tops == 0 {
		return false
	}
	i := t.next
	old := t.ring[i]
	if max(v, old) >= t.top[t.tops-1] || min(v, old) <= t.least[i/blockSize] {
		return false
	}
	t.ring[i] = v
	if t.next++; t.next == ringSize {
		t.next = 0
	}
	return true
}

func (t *transits) append(v int32) {
	t.ring[t.next] = v
	if block := t.next / blockSize; t.next%blockSize == 0 || v < t.least[block] {
		t.least[block] = v
	}
	if t.filled == 0 || v < t.lowest {
		t.lowest = v
	}
	if t.filled == t.tops {
		t.insert(v)
	} else {
		t.offer(v)
	}
	t.filled++
}

// replace puts v in the place of the oldest.
func (t *transits) replace(v int32) {
	old := t.ring[t.next]
	t.ring[t.next] = v
	if t.tops > 0 && old >= t.top[t.tops-1] {
		t.remove(old)
	}
	t.offer(v)
	block := t.next / blockSize
	switch {
	case v <= t.least[block]:
		t.least[block] = v
		t.lowest = min(t.lowest, v)
	case old == t.least[block]:
		t.reblock(block)
		if old == t.lowest {
			t.relowest()
		}
	}
}

func (t *transits) reblock(block int) {
	least := t.ring[block*blockSize]
	for _, v := range t.ring[block*blockSize+1 : (block+1)*blockSize] {
		least = min(least, v)
	}
	t.least[block] = least
}

func (t *transits) relowest() {
	lowest := t.least[0]
	for _, v := range t.least[1:] {
		lowest = min(lowest, v)
	}
	t.lowest = lowest
}

// offer puts v among the largest if it is known to be one of them.
func (t *transits) offer(v int32) {
	if t.tops > 0 && v >= t.top[t.tops-1] {
		t.insert(v)
	}
}

// insert puts v in its place; the least of a full list leaves it.
func (t *transits) insert(v int32) {
	if t.tops < topSize {
		t.tops++
	} else if v <= t.top[topSize-1] {
		return
	}
	i := t.tops - 1
	for ; i > 0 && t.top[i-1] < v; i-- {
		t.top[i] = t.top[i-1]
	}
	t.top[i] = v
}

// remove takes one v from the list; of several the last, which moves the
// fewest.
func (t *transits) remove(v int32) {
	for i := t.tops - 1; i >= 0; i-- {
		if t.top[i] == v {
			copy(t.top[i:t.tops], t.top[i+1:t.tops])
			t.tops--
			return
		}
	}
}

// rebuild looks for the largest among all.
func (t *transits) rebuild() {
	t.tops = 0
	for _, v := range t.ring[:t.filled] {
		t.insert(v)
	}
}

// rank is which of the largest the 97th percentile is, counted from 1, by
// nearest rank.
func (t *transits) rank() int {
	const full = ringSize - (97*ringSize+99)/100 + 1
	if t.filled == ringSize {
		return full
	}
	return t.filled - (97*t.filled+99)/100 + 1
}

// spread returns the least and the 97th percentile in ns.
func (t *transits) spread() (lowest, high int64) {
	return int64(t.lowest) * transitUnit, int64(t.top[t.rank()-1]) * transitUnit
}
