package tui

import (
	"iter"
	"math/bits"

	"sipsniff/correlate"
)

// An indexSet is a set of call indexes. It takes an eighth of an octet for
// each of them, so that those of 100,000 calls stay in the cache.
type indexSet struct {
	least int // of the first bit
	bits  []uint64
}

// newIndexSet makes an empty set that has room for the indexes of calls, which
// are in the order of their indexes.
func newIndexSet(calls []*correlate.Call) indexSet {
	if len(calls) == 0 {
		return indexSet{}
	}
	least := calls[0].Index
	return indexSet{least, make([]uint64, (calls[len(calls)-1].Index-least)/64+1)}
}

func (s *indexSet) place(index int) (word int, bit uint64, ok bool) {
	i := index - s.least
	return i / 64, 1 << (i & 63), i >= 0 && i/64 < len(s.bits)
}

func (s *indexSet) add(index int) {
	if word, bit, ok := s.place(index); ok {
		s.bits[word] |= bit
	}
}

func (s *indexSet) has(index int) bool {
	word, bit, ok := s.place(index)
	return ok && s.bits[word]&bit != 0
}

// addAll adds those of a set that has room for the same indexes.
func (s *indexSet) addAll(other *indexSet) {
	for i, word := range other.bits {
		s.bits[i] |= word
	}
}

// remove takes an index out and reports whether it was there.
func (s *indexSet) remove(index int) bool {
	word, bit, ok := s.place(index)
	if !ok || s.bits[word]&bit == 0 {
		return false
	}
	s.bits[word] &^= bit
	return true
}

func (s *indexSet) len() (n int) {
	for _, word := range s.bits {
		n += bits.OnesCount64(word)
	}
	return n
}

// all are the indexes in order.
func (s *indexSet) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range s.bits {
			for ; word != 0; word &= word - 1 {
				if !yield(s.least + i*64 + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}
