package correlate

const (
	// mostSpares is how many working memories are kept for the next calls.
	mostSpares = 256
	// spareEvents is how many messages the call may have had: a longer one would
	// leave too much behind.
	spareEvents = 64
)

// spares are the working memories of calls that were frozen or left, emptied.
// Calls come and go all the time; so the collector need not.
type spares []*following

// take returns an empty one.
func (s *spares) take() *following {
	n := len(*s)
	if n == 0 {
		return &following{}
	}
	f := (*s)[n-1]
	(*s)[n-1] = nil
	*s = (*s)[:n-1]
	return f
}

// put empties one that nobody needs any more, nil or not. What was published
// of its call points to nothing in it but the story, which it then lets go of.
func (s *spares) put(f *following) {
	if f == nil || len(*s) == mostSpares || cap(f.events) > spareEvents {
		return
	}
	clear(f.events)
	m, _ := f.run.machine.(*callMachine)
	if m == nil {
		m = f.spare
	} else {
		m.restarted()
	}
	*f = following{events: f.events[:0], hops: f.hops.emptied(), run: f.run.emptied(), spare: m}
	*s = append(*s, f)
}

// emptied is an empty run that has the tables of the one before.
func (u *run) emptied() run {
	clear(u.dialogs.list)
	return run{
		seen:         u.seen.emptied(),
		dialogs:      dialogTable{u.dialogs.list[:0]},
		transactions: transactionTable{table: u.transactions.table.emptied()},
	}
}

// emptied is an empty table with the lists of one that is short.
func (t *hashTable[V]) emptied() hashTable[V] {
	if t.index != nil {
		return hashTable[V]{}
	}
	clear(t.values)
	return hashTable[V]{keys: t.keys[:0], values: t.values[:0]}
}

// emptied is an empty table in the same memory.
func (t *hopTable) emptied() hopTable {
	clear(t.sets)
	return hopTable{sets: t.sets[:0]}
}
