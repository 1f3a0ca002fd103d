package correlate

// A hashTable finds values by 64-bit hash. Calls have a handful of messages,
// so a short list does for most; a map is made for those that have more.
// It is bounded: when it has grown to tableLimit the older half of what it
// knew is forgotten. The zero value is ready for use.
type hashTable[V any] struct {
	keys   []uint64
	values []V
	index  map[uint64]int
	older  *hashTable[V]
}

const (
	listLimit  = 16   // entries that are searched one by one
	tableLimit = 8192 // entries of one generation
)

// find returns the value, which may be changed until the following add, or nil.
func (t *hashTable[V]) find(key uint64) *V {
	if i, ok := t.place(key); ok {
		return &t.values[i]
	}
	if t.older != nil {
		return t.older.find(key)
	}
	return nil
}

func (t *hashTable[V]) place(key uint64) (int, bool) {
	if t.index != nil {
		i, ok := t.index[key]
		return i, ok
	}
	for i, k := range t.keys {
		if k == key {
			return i, true
		}
	}
	return 0, false
}

// put sets the value of a key and returns its place.
func (t *hashTable[V]) put(key uint64, value V) *V {
	if i, ok := t.place(key); ok {
		t.values[i] = value
		return &t.values[i]
	}
	if len(t.keys) >= tableLimit {
		older := *t
		older.older = nil
		*t = hashTable[V]{older: &older}
	}
	t.keys = append(t.keys, key)
	t.values = append(t.values, value)
	t.remember(key)
	return &t.values[len(t.values)-1]
}

func (t *hashTable[V]) remember(key uint64) {
	if t.index != nil {
		t.index[key] = len(t.keys) - 1
		return
	}
	if len(t.keys) <= listLimit {
		return
	}
	t.index = make(map[uint64]int, 2*len(t.keys))
	for i, k := range t.keys {
		t.index[k] = i
	}
}
