package decode

import (
	"testing"

	"pgregory.net/rapid"
)

// An index holds what a map would.
func TestConnectionIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x connectionIndex
		want := map[flowKey]*connection{}
		for range rapid.IntRange(1, 500).Draw(t, "steps") {
			k := flowKey{lowPort: uint16(rapid.IntRange(1, 200).Draw(t, "port"))}
			k.low[15], k.high[0] = byte(rapid.IntRange(0, 1).Draw(t, "low")), byte(rapid.IntRange(0, 1).Draw(t, "high"))
			c, hash := x.find(&k)
			if c != want[k] {
				t.Fatalf("%v: %p, want %p", k, c, want[k])
			}
			if c == nil {
				want[k] = &connection{key: k}
				x.add(want[k], hash)
			} else if rapid.Bool().Draw(t, "leaves") {
				x.remove(c)
				delete(want, k)
			}
			if x.count != len(want) {
				t.Fatalf("%d, want %d", x.count, len(want))
			}
		}
	})
}

// The parts of a key all count, and keys next to each other do not share heads.
func TestConnectionHash(t *testing.T) {
	var x connectionIndex
	longest := 0
	for i := range 1 << 14 {
		k := flowKey{lowPort: 5061, highPort: uint16(i)}
		k.low[10], k.low[11], k.high[10], k.high[11] = 0xff, 0xff, 0xff, 0xff // IPv4
		k.low[15], k.high[15] = byte(i>>3), byte(i>>7)
		c, hash := x.find(&k)
		if c != nil {
			t.Fatal("found what was not put in")
		}
		x.add(&connection{key: k}, hash)
	}
	for _, c := range x.heads {
		n := 0
		for ; c != nil; c = c.chained {
			n++
		}
		longest = max(longest, n)
	}
	// 16,384 balls in twice as many bins: the fullest has some 7, more than 14 hardly ever.
	if longest > 14 {
		t.Errorf("%d connections share a head", longest)
	}
}
