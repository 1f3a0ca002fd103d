package capture

import (
	"io"
	"time"
)

const (
	// sip is how long what trickles in is gathered: each octet comes at most that
	// late, and waking up for each packet costs more than the packet.
	sip = 90 * time.Millisecond
	// gulp is how many octets of a sip are too many: who writes had to wait
	// perhaps, for a pipe has room for 64 KiB.
	gulp = 16 << 10
	// hurry is how long nothing is gathered then.
	hurry = time.Second
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

// A sipper reads a stream in sips when it trickles. It stands below what
// unpacks, which may give little at a time of what is there.
type sipper struct {
	r io.Reader
	trickle
}

func newSipper(r io.Reader) *sipper {
	return &sipper{r, trickle{until: time.Now().Add(hurry)}}
}

func (s *sipper) Read(p []byte) (int, error) {
	time.Sleep(s.rest(time.Now()))
	n, err := s.r.Read(p)
	s.took(n, time.Now())
	return n, err
}

// A trickle tells a stream that brings little at a time, which is read in sips,
// from one that brings much.
type trickle struct {
	last  time.Time // when something came
	until time.Time // there is no rest
	sum   int       // octets since the last rest, or since there was none
}

// rest is how long to wait before the next octets are read.
func (t *trickle) rest(now time.Time) time.Duration {
	if now.Before(t.until) {
		return 0
	}
	flows := t.sum >= gulp*int(hurry/sip) // in small pieces, because it is waited for
	if t.sum = 0; flows {
		t.until = now.Add(hurry)
		return 0
	}
	return max(0, sip-now.Sub(t.last))
}

// took takes in that n octets came.
func (t *trickle) took(n int, now time.Time) {
	t.last = now
	if t.sum += n; n >= gulp {
		t.until, t.sum = now.Add(hurry), 0
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
