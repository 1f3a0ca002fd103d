package capture

import (
	"io"
	"sync"
	"time"
)

// A Queue passes frames from several goroutines to one, in the order in which
// they came. It is bounded by the octets that wait. There are two batches, one
// being filled and one being emptied, that change places when the latter is
// empty: a frame costs a copy and no allocation.
type Queue struct {
	limit   int
	arrived chan struct{} // holds a token when something came

	mu      sync.Mutex
	room    sync.Cond // something left, or the queue was closed
	filling *queued
	closed  bool
	err     error // for Next after the last frame

	// What follows belongs to the goroutine that calls Next.
	emptying *queued
	timer    *time.Timer
}

// queued is a batch of frames.
type queued struct {
	frames []Frame // their Data is data[start:end]
	ends   []int
	data   []byte
	next   int // of frames
}

// queuedFrame is what a frame occupies besides its octets.
const queuedFrame = 96

// NewQueue returns a queue in which at most limit octets wait.
func NewQueue(limit int) *Queue {
	q := &Queue{
		limit: limit, arrived: make(chan struct{}, 1), filling: &queued{}, emptying: &queued{}, timer: time.NewTimer(time.Hour),
	}
	q.room.L = &q.mu
	return q
}

// Offer copies the frame into the queue unless the queue is full or closed.
func (q *Queue) Offer(f *Frame) bool {
	q.mu.Lock()
	ok := !q.closed && q.filling.fits(f, q.limit)
	if ok {
		q.filling.add(f)
	}
	q.mu.Unlock()
	if ok {
		q.notify()
	}
	return ok
}

// Put copies the frame into the queue as soon as there is room. It returns
// false when the queue was closed.
func (q *Queue) Put(f *Frame) bool {
	q.mu.Lock()
	for !q.closed && !q.filling.fits(f, q.limit) {
		q.room.Wait()
	}
	ok := !q.closed
	if ok {
		q.filling.add(f)
	}
	q.mu.Unlock()
	if ok {
		q.notify()
	}
	return ok
}

func (q *Queue) notify() {
	select {
	case q.arrived <- struct{}{}:
	default:
	}
}

// Close lets nothing further in. After what waits, Next returns err, or io.EOF
// when it is nil. Only the first call counts.
func (q *Queue) Close(err error) {
	q.mu.Lock()
	if !q.closed {
		q.closed, q.err = true, err
		if err == nil {
			q.err = io.EOF
		}
	}
	q.room.Broadcast()
	q.mu.Unlock()
	q.notify()
}

// Next refills f with the frame that waited longest. f.Data is valid until the
// following call. When none comes for 100 ms it returns ErrIdle.
func (q *Queue) Next(f *Frame) error {
	if q.emptying.take(f) {
		return nil
	}
	waiting := false
	for {
		if ended := q.swap(); q.emptying.take(f) {
			return nil
		} else if ended != nil {
			return ended
		}
		if !waiting {
			q.timer.Reset(idleAfter)
			waiting = true
		}
		select {
		case <-q.arrived:
		case <-q.timer.C:
			return ErrIdle
		}
	}
}

// swap exchanges the batches and returns the end when nothing is left.
func (q *Queue) swap() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.filling.frames) == 0 {
		if q.closed {
			return q.err
		}
		return nil
	}
	q.emptying.reset()
	q.filling, q.emptying = q.emptying, q.filling
	q.room.Broadcast()
	return nil
}

// fits reports whether there is room for a frame. There always is for one.
func (b *queued) fits(f *Frame, limit int) bool {
	return len(b.frames) == 0 || len(b.data)+len(b.frames)*queuedFrame+len(f.Data)+queuedFrame <= limit
}

func (b *queued) add(f *Frame) {
	b.data = append(b.data, f.Data...)
	b.ends = append(b.ends, len(b.data))
	b.frames = append(b.frames, *f)
	b.frames[len(b.frames)-1].Data = nil
}

func (b *queued) take(f *Frame) bool {
	if b.next == len(b.frames) {
		return false
	}
	start := 0
	if b.next > 0 {
		start = b.ends[b.next-1]
	}
	end := b.ends[b.next]
	*f = b.frames[b.next]
	f.Data = b.data[start:end:end]
	b.next++
	return true
}

// keptOctets is the memory that an empty batch keeps after a rush.
const keptOctets = 1 << 20

func (b *queued) reset() {
	if cap(b.data) > keptOctets {
		*b = queued{}
		return
	}
	b.frames, b.ends, b.data, b.next = b.frames[:0], b.ends[:0], b.data[:0], 0
}
