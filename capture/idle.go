package capture

import (
	"io"
	"time"
)

// idleAfter is how long a stream may be quiet before Next says so.
const idleAfter = 100 * time.Millisecond

// An idleReader reads a stream in a goroutine, so that waiting for it can end
// with ErrIdle. The goroutine reads only what was asked for. It is not waited
// for at the end, because nothing ends a read of a pipe but the other side.
// What it reads from belongs to it: while an answer is to come nobody else may
// touch that.
type idleReader struct {
	enabled bool // else it waits as long as it takes

	ask     chan struct{}
	answers chan answer
	asked   bool   // an answer is still to come
	left    []byte // read, but not taken yet
	err     error  // that came with left
	timer   *time.Timer
}

// An answer lends the buffer of the goroutine until it is asked again.
type answer struct {
	data []byte
	err  error
}

// newIdleReader begins to read r when it is asked to. release is called when
// nothing reads r any more; it may be nil.
func newIdleReader(r io.Reader, size int, release func()) *idleReader {
	i := &idleReader{ask: make(chan struct{}, 1), answers: make(chan answer, 1), timer: time.NewTimer(time.Hour)}
	go i.serve(r, make([]byte, size), release)
	return i
}

func (i *idleReader) serve(r io.Reader, buf []byte, release func()) {
	if release != nil {
		defer release()
	}
	for range i.ask {
		n, err := r.Read(buf)
		i.answers <- answer{buf[:n], err}
	}
}

// close lets the goroutine end, now or when its read does.
func (i *idleReader) close() error {
	close(i.ask)
	return nil
}

// Read returns ErrIdle when enabled and nothing came for a while.
func (i *idleReader) Read(p []byte) (int, error) {
	if len(i.left) == 0 {
		if i.err != nil {
			return 0, i.err
		}
		if !i.next() {
			return 0, ErrIdle
		}
	}
	n := copy(p, i.left)
	i.left = i.left[n:]
	if len(i.left) == 0 {
		return n, i.err
	}
	return n, nil
}

// next reports whether an answer came in time.
func (i *idleReader) next() bool {
	if !i.asked {
		i.ask <- struct{}{}
		i.asked = true
	}
	var quiet <-chan time.Time
	if i.enabled {
		i.timer.Reset(idleAfter)
		quiet = i.timer.C
	}
	select {
	case a := <-i.answers:
		i.asked = false
		i.left, i.err = a.data, a.err
		return true
	case <-quiet:
		return false
	}
}
