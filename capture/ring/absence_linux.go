package ring

import (
	"errors"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
)

// reopenPace is the time between two looks for an interface that went away.
const reopenPace = 250 * time.Millisecond

var errDisappeared = errors.New("the interface disappeared")

// shake notes that the kernel reports an error of a ring.
func (s *Source) shake(r *ring) {
	_, _ = unix.GetsockoptInt(r.fd, unix.SOL_SOCKET, unix.SO_ERROR) // reading it clears it
	if !r.down {
		// What it brought before is shown within the time of a block.
		r.down, r.look = true, time.Now().Add(2*blockTime)
		s.troubled++
	}
}

// mend looks after the interfaces that went down or away: one that is down
// brings frames again by itself when it is up, one that is gone needs a new
// socket when it is back.
func (s *Source) mend() {
	now := time.Now()
	for _, r := range s.rings {
		if !r.down || r.drained || now.Before(r.look) || r.load() {
			continue
		}
		r.look = now.Add(reopenPace)
		if !r.absence.Gone() {
			link, err := net.InterfaceByIndex(r.ifindex)
			if err == nil && link.Name == r.name {
				if link.Flags&net.FlagUp != 0 {
					s.well(r)
				}
				continue
			}
			if s.leave(r, now); r.drained {
				continue
			}
		}
		s.reopen(r)
	}
}

func (s *Source) well(r *ring) {
	r.down = false
	s.troubled--
}

// leave gives up the socket of an interface that is gone.
func (s *Source) leave(r *ring, now time.Time) {
	r.close()
	r.unmap()
	if !r.config.Reopen {
		s.fail(r, &libpcap.InterfaceError{Interface: r.name, Err: errDisappeared})
		return
	}
	r.absence.Begin(now, errDisappeared)
}

// fail ends the capture on one interface.
func (s *Source) fail(r *ring, err error) {
	s.well(r)
	r.drained = true
	s.infos[r.index].Warnings = append(s.infos[r.index].Warnings, err.Error())
	if s.failed == nil {
		s.failed = err
	}
}

// reopen captures again when the interface is back.
func (s *Source) reopen(r *ring) {
	err := r.open()
	var denied *libpcap.PermissionError
	switch {
	case err == nil:
		r.absence.End()
		s.troubled--
	case errors.As(err, &denied):
		r.absence.Hopeless(capture.NoRight)
	case errors.Is(err, ErrUnsuited):
		r.absence.Hopeless("what has its name now is of another kind: start again")
	}
}
