package hepnet

import (
	"container/heap"
	"io"
	"maps"
	"sync"
	"time"

	"sipsniff/capture"
)

const (
	// settle is how long a packet waits for others that were captured before
	// it. The processes of one agent send each for itself, and what was
	// captured first may well arrive last.
	settle = 100 * time.Millisecond
	// idleAfter is how long next waits before it says that nothing came.
	idleAfter = 100 * time.Millisecond
	// waitingOctets is what a waiting frame occupies besides its octets.
	waitingOctets = 192
	// mostLanes is how many agents are put in order each by its own clock. The
	// packets of all others come as they arrive.
	mostLanes = 1024
	// mostSpares is how many buffers of spareOctets are kept for frames to come.
	mostSpares  = 1024
	spareOctets = 16 << 10
)

// A settler puts the packets of each agent into the order in which they were
// captured. It is bounded by the octets that wait.
type settler struct {
	limit   int
	begun   time.Time
	arrived chan struct{} // holds a token when something came

	mu     sync.Mutex
	room   sync.Cond
	lanes  map[agentKey]*lane
	rest   *lane   // for those who have none
	active []*lane // with packets that wait
	octets int
	order  uint64
	spares [][]byte
	closed bool
	err    error

	// What follows belongs to the goroutine that calls next.
	lent  []byte
	timer *time.Timer
}

func newSettler(limit int) *settler {
	s := &settler{
		limit: limit, begun: time.Now(), arrived: make(chan struct{}, 1), timer: time.NewTimer(time.Hour),
		lanes: make(map[agentKey]*lane), rest: newLane(0, 0),
	}
	s.room.L = &s.mu
	return s
}

// now is the time since the settler was made; clocks that are set do not
// matter to it.
func (s *settler) now() time.Duration { return time.Since(s.begun) }

// put copies a frame that arrived at now. When there is no room it waits for it
// or, unless it may, returns false.
func (s *settler) put(f *capture.Frame, who agentKey, now time.Duration, mayWait bool) bool {
	need := len(f.Data) + waitingOctets
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.closed && s.octets > 0 && s.octets+need > s.limit {
		if !mayWait {
			return false
		}
		s.room.Wait()
	}
	if s.closed {
		return false
	}
	w := waiter{frame: *f, stamp: f.Nanos, order: s.order}
	w.frame.Data = append(s.spare(), f.Data...)
	s.order++
	s.octets += need
	l := s.lane(who, now, f.Nanos)
	if l == s.rest {
		w.stamp = int64(now)
	}
	heap.Push(&l.waiting, w)
	if l.index < 0 {
		l.index = len(s.active)
		s.active = append(s.active, l)
	}
	s.notify()
	return true
}

// lane finds the lane of an agent and lets it learn from a packet. To make
// room, the agents of which nothing waits are forgotten.
func (s *settler) lane(who agentKey, now time.Duration, stamp int64) *lane {
	if l := s.lanes[who]; l != nil {
		l.observe(now, stamp)
		return l
	}
	if len(s.lanes) >= mostLanes {
		maps.DeleteFunc(s.lanes, func(_ agentKey, l *lane) bool { return l.index < 0 })
	}
	if len(s.lanes) >= mostLanes {
		return s.rest
	}
	l := newLane(now, stamp)
	s.lanes[who] = l
	return l
}

// spare is an empty buffer.
func (s *settler) spare() []byte {
	if n := len(s.spares); n > 0 {
		b := s.spares[n-1]
		s.spares = s.spares[:n-1]
		return b[:0]
	}
	return nil
}

func (s *settler) notify() {
	select {
	case s.arrived <- struct{}{}:
	default:
	}
}

// close lets nothing further in. After what waits, next returns err, or io.EOF
// when it is nil. Only the first call counts.
func (s *settler) close(err error) {
	s.mu.Lock()
	if !s.closed {
		s.closed, s.err = true, err
		if err == nil {
			s.err = io.EOF
		}
	}
	s.room.Broadcast()
	s.mu.Unlock()
	s.notify()
}

// next refills f with the frame that has waited enough. f.Data is valid until
// the following call. When there is none for 100 ms it returns capture.ErrIdle.
func (s *settler) next(f *capture.Frame) error {
	idle := time.Duration(-1)
	for {
		now := s.now()
		wait, err := s.take(f, now)
		if wait <= 0 {
			return err
		}
		if idle < 0 {
			idle = now + idleAfter
		}
		if idle <= now {
			return capture.ErrIdle
		}
		s.timer.Reset(min(wait, idle-now))
		select {
		case <-s.arrived:
		case <-s.timer.C:
		}
	}
}

// take takes the first frame when it has waited enough, or tells how long it
// still has to.
func (s *settler) take(f *capture.Frame, now time.Duration) (wait time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.giveBack()
	if len(s.active) == 0 {
		if s.closed {
			return 0, s.err
		}
		return idleAfter, nil
	}
	l := s.first()
	if wait := l.captured() + settle - now; wait > 0 && !s.closed {
		return wait, nil
	}
	w := heap.Pop(&l.waiting).(waiter)
	if len(l.waiting) == 0 {
		s.rested(l)
	}
	*f = w.frame
	s.lent = f.Data
	s.octets -= len(f.Data) + waitingOctets
	s.room.Broadcast()
	return 0, nil
}

// drop forgets the frames that wait and tells how many they were.
func (s *settler) drop() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.active) > 0 {
		l := s.active[0]
		for _, w := range l.waiting {
			s.octets -= len(w.frame.Data) + waitingOctets
		}
		n += len(l.waiting)
		l.waiting = nil
		s.rested(l)
	}
	return n
}

// giveBack keeps the buffer that was lent until now.
func (s *settler) giveBack() {
	if s.lent != nil && len(s.spares) < mostSpares && cap(s.lent) <= spareOctets {
		s.spares = append(s.spares, s.lent)
	}
	s.lent = nil
}

// first is the lane whose first packet was captured first.
func (s *settler) first() *lane {
	first := s.active[0]
	for _, l := range s.active[1:] {
		if l.captured() < first.captured() {
			first = l
		}
	}
	return first
}

// rested takes a lane in which nothing waits off the active ones.
func (s *settler) rested(l *lane) {
	last := len(s.active) - 1
	moved := s.active[last]
	s.active[l.index], moved.index = moved, l.index
	s.active[last] = nil
	s.active = s.active[:last]
	l.index = -1
}
