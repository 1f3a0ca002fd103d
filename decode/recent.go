package decode

// A recent remembers the latest values by their keys, up to a number of them;
// the oldest gives way. Its memory grows with what it holds.
type recent[V any] struct {
	most   int
	places map[uint64]int32
	ring   []recentValue[V]
	oldest int // once the ring is full
}

type recentValue[V any] struct {
	key   uint64
	value V
}

// at returns the place of the value of a key, and whether it was there before;
// otherwise it is the zero value. The place is valid until the following call.
func (r *recent[V]) at(key uint64) (value *V, known bool) {
	if i, ok := r.places[key]; ok {
		return &r.ring[i].value, true
	}
	if r.places == nil {
		r.places = make(map[uint64]int32)
	}
	i := len(r.ring)
	if i < r.most {
		r.ring = append(r.ring, recentValue[V]{key: key})
	} else {
		i = r.oldest
		r.oldest = (r.oldest + 1) % r.most
		delete(r.places, r.ring[i].key)
		r.ring[i] = recentValue[V]{key: key}
	}
	r.places[key] = int32(i)
	return &r.ring[i].value, false
}
