package decode

import "testing"

func TestRecent(t *testing.T) {
	r := recent[int]{most: 3}
	for i, c := range []struct {
		key   uint64
		known bool
	}{{1, false}, {2, false}, {1, true}, {3, false}, {4, false}, {1, false}, {3, true}, {4, true}, {2, false}, {3, false}, {4, false}, {2, true}} {
		v, known := r.at(c.key)
		if known != c.known || known != (*v == int(c.key)) {
			t.Errorf("step %d: key %d known %v, value %d", i, c.key, known, *v)
		}
		*v = int(c.key)
		if len(r.ring) > 3 || len(r.places) != len(r.ring) {
			t.Fatalf("step %d: %d places of %d", i, len(r.places), len(r.ring))
		}
	}
}
