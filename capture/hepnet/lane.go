package hepnet

import (
	"container/heap"
	"net/netip"
	"time"

	"sipsniff/capture"
)

// clockWindow is how long the quickest packet of an agent is the measure of
// its clock, so that a clock that is set back is understood in the end.
const clockWindow = 30 * time.Second

// An agentKey tells apart who has a clock of his own.
type agentKey struct {
	from  netip.Addr
	agent uint32
}

// A lane holds the waiting packets of one agent in the order of its clock, and
// knows how far our clock is ahead of that. The packet that was on its way for
// the shortest time tells: of those in this window and in the one before.
type lane struct {
	waiting laneHeap
	began   time.Duration // of the window
	least   time.Duration
	before  time.Duration
	index   int // in settler.active, -1 when nothing waits
}

// A waiter is a frame that waits.
type waiter struct {
	frame capture.Frame
	stamp int64  // by the agent's clock, in ns
	order uint64 // of arrival
}

// newLane begins with a packet stamped stamp that arrived at now.
func newLane(now time.Duration, stamp int64) *lane {
	ahead := now - time.Duration(stamp)
	return &lane{began: now, least: ahead, before: ahead, index: -1}
}

// observe learns from a packet that arrived at now.
func (l *lane) observe(now time.Duration, stamp int64) {
	ahead := now - time.Duration(stamp)
	if now-l.began > clockWindow {
		l.began, l.before, l.least = now, l.least, ahead
	}
	l.least = min(l.least, ahead)
}

// captured is when the first waiting packet was captured by our clock, which is
// never after its arrival.
func (l *lane) captured() time.Duration {
	return time.Duration(l.waiting[0].stamp) + min(l.least, l.before)
}

// A laneHeap is a heap of waiters with the earliest in front.
type laneHeap []waiter

var _ heap.Interface = (*laneHeap)(nil)

// Len implements heap.Interface.
func (h laneHeap) Len() int { return len(h) }

// Less implements heap.Interface.
func (h laneHeap) Less(i, j int) bool {
	if h[i].stamp != h[j].stamp {
		return h[i].stamp < h[j].stamp
	}
	return h[i].order < h[j].order
}

// Swap implements heap.Interface.
func (h laneHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *laneHeap) Push(x any) { *h = append(*h, x.(waiter)) }

// Pop implements heap.Interface.
func (h *laneHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	(*h)[last] = waiter{}
	*h = (*h)[:last]
	return x
}
