package tui

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sipsniff/correlate"
)

// An indexSet is a set, whatever the gaps between the indexes.
func TestIndexSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		indexes := rapid.SliceOfNDistinct(rapid.IntRange(1, 1000), 1, 50, rapid.ID[int]).Draw(t, "indexes")
		slices.Sort(indexes)
		calls := make([]*correlate.Call, len(indexes))
		for i, index := range indexes {
			calls[i] = &correlate.Call{Index: index}
		}
		whole, model := newIndexSet(calls), map[int]bool{}
		for part := range 3 {
			s := newIndexSet(calls)
			for i := part; i < len(indexes); i += 3 {
				if rapid.Bool().Draw(t, "in") {
					s.add(indexes[i])
					model[indexes[i]] = true
				}
			}
			whole.addAll(&s)
		}
		for _, index := range rapid.SliceOf(rapid.IntRange(-70, 1100)).Draw(t, "removed") {
			if whole.remove(index) != model[index] {
				t.Fatalf("%d: want %v", index, model[index])
			}
			delete(model, index)
		}
		var want []int
		for _, index := range indexes {
			if model[index] {
				want = append(want, index)
			}
		}
		if got := slices.Collect(whole.all()); !slices.Equal(got, want) || whole.len() != len(want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for _, index := range want {
			if c := correlate.CallAt(calls, index); c == nil || c.Index != index {
				t.Fatalf("call %d is not found", index)
			}
		}
		if c := correlate.CallAt(calls, 2000); c != nil {
			t.Fatalf("call 2000 is %d", c.Index)
		}
	})
}
