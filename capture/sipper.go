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

// A sipper reads a stream that brings little at a time in sips, and one that
// brings much as it comes. It stands below what unpacks, which may give little at
// a time of what is there.
type sipper struct {
	r     io.Reader
	last  time.Time // when something came
	until time.Time // there is no rest
	sum   int       // octets since the last rest, or since there was none
}

func newSipper(r io.Reader) *sipper {
	return &sipper{r: r, until: time.Now().Add(hurry)}
}

// Read implements io.Reader.
func (s *sipper) Read(p []byte) (int, error) {
	time.Sleep(s.rest(time.Now()))
	n, err := s.r.Read(p)
	s.took(n, time.Now())
	return n, err
}

// rest is how long to wait before the next octets are read.
func (s *sipper) rest(now time.Time) time.Duration {
	if now.Before(s.until) {
		return 0
	}
	flows := s.sum >= gulp*int(hurry/sip) // in small pieces, because it is waited for
	if s.sum = 0; flows {
		s.until = now.Add(hurry)
		return 0
	}
	return max(0, sip-now.Sub(s.last))
}

// took takes in that n octets came.
func (s *sipper) took(n int, now time.Time) {
	s.last = now
	if s.sum += n; n >= gulp {
		s.until, s.sum = now.Add(hurry), 0
	}
}
