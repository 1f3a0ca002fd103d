package decode

// fragmentTable holds the IP datagrams, of both versions, of which fragments
// are missing. Their number and their octets are limited; the oldest leave
// first.
type fragmentTable struct {
	open           map[fragmentKey]*fragmented
	oldest, newest *fragmented
	octets         int // held by the open datagrams

	mostOpen, mostOctets int

	// lost are the datagrams that were given up and not looked at yet, linked
	// by newer, up to lastLost. They are looked at between frames, because the
	// Packet is in use during one.
	lost, lastLost *fragmented

	free    [fragmentSizes][][]byte // buffers to use again, by size
	unused  *fragmented             // records to use again, linked by newer
	unusedN int
}

// The buffers of datagrams have 2, 4, 8, 16, 32 or 64 KiB.
const (
	fragmentSizes     = 6
	leastFragmentSize = 2 << 10
	// freeBuffers is how many buffers of each size are kept for later.
	freeBuffers = 8
	// freeRecords is how many records are kept for later.
	freeRecords = 64
	// fragmentedOctets is what the record of a datagram occupies besides its
	// buffer, rounded up.
	fragmentedOctets = 2 << 10
	// leastFragmentOctets holds two datagrams of the largest size.
	leastFragmentOctets = 2 * (leastFragmentSize<<(fragmentSizes-1) + fragmentedOctets)
)

func (t *fragmentTable) init(c Config) {
	t.open = make(map[fragmentKey]*fragmented)
	t.mostOpen, t.mostOctets = c.MaxFragmented, c.MaxFragmentOctets
}

// add opens a datagram.
func (t *fragmentTable) add(key fragmentKey, now int64) *fragmented {
	g := t.unused
	if g != nil {
		t.unused = g.newer
		t.unusedN--
	} else {
		g = new(fragmented)
	}
	*g = fragmented{key: key, total: -1, started: now}
	for len(t.open) >= t.mostOpen {
		t.lose(t.oldest)
	}
	t.open[key] = g
	t.octets += fragmentedOctets
	g.older = t.newest
	if t.newest != nil {
		t.newest.newer = g
	} else {
		t.oldest = g
	}
	t.newest = g
	return g
}

// reserve makes room for n octets of a datagram; others leave when the table
// has no room.
func (t *fragmentTable) reserve(g *fragmented, n int) {
	if n <= len(g.octets) {
		return
	}
	size, class := leastFragmentSize, 0
	for size < n {
		size, class = size*2, class+1
	}
	t.makeRoom(g, size-len(g.octets))
	b := t.buffer(class, size)
	copy(b, g.octets)
	t.release(g.octets)
	t.octets += size - len(g.octets)
	g.octets = b
}

// makeRoom gives up the oldest datagrams but g until n more octets fit.
func (t *fragmentTable) makeRoom(g *fragmented, n int) {
	for t.octets+n > t.mostOctets {
		victim := t.oldest
		if victim == g {
			victim = g.newer
		}
		if victim == nil {
			return
		}
		t.lose(victim)
	}
}

// buffer returns a buffer of a size.
func (t *fragmentTable) buffer(class, size int) []byte {
	free := t.free[class]
	if n := len(free); n > 0 {
		t.free[class] = free[:n-1]
		return free[n-1]
	}
	return make([]byte, size)
}

// release keeps a buffer for later, unless there are enough.
func (t *fragmentTable) release(b []byte) {
	class := 0
	for leastFragmentSize<<class < len(b) {
		class++
	}
	if len(b) > 0 && len(t.free[class]) < freeBuffers {
		t.free[class] = append(t.free[class], b)
	}
}

// remove takes a datagram out of the table.
func (t *fragmentTable) remove(g *fragmented) {
	delete(t.open, g.key)
	t.octets -= fragmentedOctets + len(g.octets)
	if g.older != nil {
		g.older.newer = g.newer
	} else {
		t.oldest = g.newer
	}
	if g.newer != nil {
		g.newer.older = g.older
	} else {
		t.newest = g.older
	}
	g.older, g.newer = nil, nil
}

// lose gives a datagram up: it is looked at after this frame.
func (t *fragmentTable) lose(g *fragmented) {
	t.remove(g)
	if t.lost == nil {
		t.lost = g
	} else {
		t.lastLost.newer = g
	}
	t.lastLost = g
}

// nextLost takes the first of the datagrams that were given up.
func (t *fragmentTable) nextLost() *fragmented {
	g := t.lost
	t.lost, g.newer = g.newer, nil
	return g
}

// loseAll gives up every datagram.
func (t *fragmentTable) loseAll() {
	for t.oldest != nil {
		t.lose(t.oldest)
	}
}

// forget drops a datagram that holds nothing new.
func (t *fragmentTable) forget(g *fragmented) {
	t.remove(g)
	t.recycle(g)
}

// recycle keeps the buffer and the record of a removed datagram for later.
func (t *fragmentTable) recycle(g *fragmented) {
	t.release(g.octets)
	g.octets = nil
	if t.unusedN < freeRecords {
		g.newer = t.unused
		t.unused = g
		t.unusedN++
	}
}

// due reports whether the oldest datagram has waited too long by a time.
func (t *fragmentTable) due(now int64, c *Config) bool {
	return t.oldest != nil && now-t.oldest.started > int64(c.FragmentTimeout)
}
