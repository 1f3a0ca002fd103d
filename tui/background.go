package tui

import (
	"runtime/debug"
	"sync/atomic"
)

// A workshop does work off the event loop, so that no key waits for it. What
// it found out is taken in on the event loop, by way of the refresher.
type workshop struct {
	results chan func()     // nil: work is done at once, as in tests
	ended   <-chan struct{} // nobody takes results any more
	running atomic.Int32
}

// open makes the workshop work beside the event loop until ended is closed.
func (w *workshop) open(ended <-chan struct{}) {
	w.results, w.ended = make(chan func(), 16), ended
}

// do runs work, and then on the event loop what it returns, unless that is
// nil. It is called on the event loop.
func (w *workshop) do(work func() (then func())) {
	if w.results == nil {
		if then := work(); then != nil {
			then()
		}
		return
	}
	w.running.Add(1)
	go func() {
		then := guarded(work)
		select {
		case w.results <- func() {
			w.running.Add(-1)
			if then != nil {
				then()
			}
		}:
		case <-w.ended:
		}
	}()
}

// busy reports whether work is going on.
func (w *workshop) busy() bool { return w.running.Load() > 0 }

// guarded runs work; when it panics the event loop will, which restores the
// terminal first.
func guarded(work func() func()) (then func()) {
	defer func() {
		if broken := caught(recover()); broken != nil {
			then = func() { panic(broken) }
		}
	}()
	return work()
}

// caught keeps a panic with the place where it first came up.
func caught(p any) *panicError {
	broken, known := p.(*panicError)
	if p == nil || known {
		return broken
	}
	return &panicError{p, debug.Stack()}
}

// A turn tells the newest of several tasks of one kind from those before it,
// whose results nobody wants any more.
type turn struct{ latest atomic.Uint64 }

// begin starts a new turn; stale tells whether another one began since.
func (t *turn) begin() (stale func() bool) {
	mine := t.latest.Add(1)
	return func() bool { return t.latest.Load() != mine }
}
