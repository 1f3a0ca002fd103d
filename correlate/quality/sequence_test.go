package quality

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"unsafe"
)

// The vectors of spec §5.5.
func TestSequence(t *testing.T) {
	type counts struct {
		received, unique, expected, lost uint64
		lostRFC                          int64
		duplicates, reordered, restarts  uint64
		maxReorder                       uint32
	}
	tests := []struct {
		name    string
		numbers []uint16
		classes []Class
		want    counts
	}{
		{"in order over the wrap", []uint16{65533, 65534, 65535, 0, 1},
			[]Class{First, InOrder, InOrder, InOrder, InOrder}, counts{5, 5, 5, 0, 0, 0, 0, 0, 0}},
		{"two lost", []uint16{10, 11, 14, 15},
			[]Class{First, InOrder, Gap, InOrder}, counts{4, 4, 6, 2, 2, 0, 0, 0, 0}},
		{"reordered", []uint16{10, 12, 11, 13},
			[]Class{First, Gap, Reordered, InOrder}, counts{4, 4, 4, 0, 0, 0, 1, 0, 1}},
		{"duplicates", []uint16{10, 11, 11, 12, 10},
			[]Class{First, InOrder, Duplicate, InOrder, Duplicate}, counts{5, 3, 3, 0, -2, 2, 0, 0, 0}},
		{"reordered over the wrap", []uint16{65534, 0, 65535, 1},
			[]Class{First, Gap, Reordered, InOrder}, counts{4, 4, 4, 0, 0, 0, 1, 0, 1}},
		{"restart", []uint16{100, 101, 20000, 20001, 20002},
			[]Class{First, InOrder, Probation, Restart, InOrder}, counts{5, 5, 5, 0, 0, 0, 0, 1, 0}},
		{"one wild packet", []uint16{100, 101, 20000, 102, 103},
			[]Class{First, InOrder, Probation, InOrder, InOrder}, counts{5, 4, 4, 0, -1, 0, 0, 0, 0}},
		{"the first packet is a late one", []uint16{11, 10, 12},
			[]Class{First, Reordered, InOrder}, counts{3, 3, 3, 0, 0, 0, 1, 0, 1}},
		{"the largest gap", []uint16{1, 3000},
			[]Class{First, Gap}, counts{2, 2, 3000, 2998, 2998, 0, 0, 0, 0}},
		{"the smallest jump", []uint16{1, 3001, 3002},
			[]Class{First, Probation, Restart}, counts{3, 3, 3, 0, 0, 0, 0, 1, 0}},

		// Facts of the rules beyond the table.
		{"a hundred back is a jump, ninety-nine late", []uint16{200, 100, 101},
			[]Class{First, Probation, Reordered}, counts{3, 2, 100, 98, 97, 0, 1, 0, 99}},
		{"too far back is a jump", []uint16{300, 150, 151},
			[]Class{First, Probation, Restart}, counts{3, 3, 3, 0, 0, 0, 0, 1, 0}},
		{"restart at zero counts the packet before", []uint16{30000, 65535, 0, 1},
			[]Class{First, Probation, Restart, InOrder}, counts{4, 4, 4, 0, 0, 0, 0, 1, 0}},
		{"late before the first, over the wrap", []uint16{1, 65535, 0},
			[]Class{First, Reordered, Reordered}, counts{3, 3, 3, 0, 0, 0, 2, 0, 2}},
		{"late numbers twice", []uint16{10, 13, 12, 12, 11, 11},
			[]Class{First, Gap, Reordered, Duplicate, Reordered, Duplicate}, counts{6, 4, 4, 0, -2, 2, 2, 0, 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Sequence
			var classes []Class
			for _, n := range tt.numbers {
				c, _ := s.Add(n)
				classes = append(classes, c)
			}
			if !slices.Equal(classes, tt.classes) {
				t.Errorf("classes %v, want %v", classes, tt.classes)
			}
			var r Report
			s.report(&r)
			got := counts{r.Received, r.Unique, r.Expected, r.Lost, r.LostRFC, r.Duplicates, r.Reordered, r.Restarts, r.MaxReorder}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestSequenceOfNothing(t *testing.T) {
	var s Sequence
	var r Report
	s.report(&r)
	if !reflect.DeepEqual(r, Report{}) {
		t.Errorf("got %+v, want nothing", r)
	}
}

// A long stream with loss, duplicates and reordering inside the window has
// counts that the generator knows.
func TestSequenceAgainstTruth(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var s Sequence
	var lost, duplicated, sent uint64
	s.Add(65000)
	s.Add(65001)
	for i := 2; i < 300_000; i += 2 {
		pair := []uint16{uint16(65000 + i), uint16(65000 + i + 1)}
		sent += 2
		switch rnd.IntN(20) {
		case 0: // lose the first of the pair
			pair = pair[1:]
			lost++
		case 1:
			pair = append(pair, pair[0])
			duplicated++
		case 2:
			pair[0], pair[1] = pair[1], pair[0]
		}
		for _, n := range pair {
			s.Add(n)
		}
	}
	var r Report
	s.report(&r)
	if r.Expected != sent+2 || r.Lost != lost || r.Duplicates != duplicated || r.Restarts != 0 {
		t.Errorf("expected %d lost %d duplicates %d restarts %d, want %d %d %d 0",
			r.Expected, r.Lost, r.Duplicates, r.Restarts, sent+2, lost, duplicated)
	}
}

// Whatever arrives, the counts stay consistent.
func FuzzSequence(f *testing.F) {
	f.Add([]byte{0, 1, 0, 2, 0, 5, 255, 255, 0, 3})
	f.Add([]byte{78, 32, 78, 33, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Sequence
		for i := 0; i+1 < len(b); i += 2 {
			s.Add(uint16(b[i])<<8 | uint16(b[i+1]))
		}
		var r Report
		s.report(&r)
		if r.Unique > r.Expected || r.Unique+r.Duplicates > r.Received || r.Lost != r.Expected-r.Unique {
			t.Errorf("inconsistent: %+v", r)
		}
	})
}

// One account is what every stream of a busy link costs.
func TestAccountIsSmall(t *testing.T) {
	if size := int64(unsafe.Sizeof(Account{})) + TimingSize; size > 5650 {
		t.Errorf("an Account takes %d octets, want at most 5650", size)
	}
}
