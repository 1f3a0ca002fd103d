package watch

import (
	"sync"

	"sipsniff/correlate"
)

// An item is one or several lines to come.
type item struct {
	ending *correlate.Ending // nil when there is a line
	line   []byte
	octets int64
}

// A queue passes items from the packet goroutine to the one that writes. It is
// bounded by the octets that its items hold.
type queue struct {
	limit   int64
	patient bool // wait for room

	mu      sync.Mutex
	changed sync.Cond
	items   []item
	octets  int64
	closed  bool
	lost    uint64 // items for which there was no room
}

func newQueue(limit int64, patient bool) *queue {
	q := &queue{limit: limit, patient: patient}
	q.changed.L = &q.mu
	return q
}

// put appends an item, unless there is no room.
func (q *queue) put(i item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.patient && !q.closed && q.full(i) {
		q.changed.Wait()
	}
	if q.closed || q.full(i) {
		q.lost++
		return
	}
	q.items = append(q.items, i)
	q.octets += i.octets
	q.changed.Broadcast()
}

// full reports whether there is no room; for one item there always is.
func (q *queue) full(i item) bool { return len(q.items) > 0 && q.octets+i.octets > q.limit }

// take returns everything that waits, as soon as there is something; nothing
// when there will never be. The list before it may be used again.
func (q *queue) take(spent []item) []item {
	clear(spent)
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.changed.Wait()
	}
	taken := q.items
	q.items, q.octets = spent[:0], 0
	q.changed.Broadcast()
	return taken
}

// close lets nothing further in.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.changed.Broadcast()
	q.mu.Unlock()
}

func (q *queue) losses() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lost
}
