package ring

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
)

const (
	// idleAfter is how long Next waits before it says that nothing came.
	idleAfter = 100 * time.Millisecond

	// holdBack is how long a frame waits for frames of other interfaces that
	// are older: as long as one may be on its way from the kernel.
	holdBack = 2*blockTime + 20*time.Millisecond

	// quiet is how long a stopped interface has to be quiet: a frame from before
	// the stop may be on its way to the ring.
	quiet = 2 * blockTime

	// heldMost is how long the kernel may hold frames in a block that it fills. It
	// shows the block when it is as old as blockTime, or later on a busy machine.
	heldMost = 5 * time.Second

	// underway is how old a frame may be at most when it arrives on a busy
	// machine: what is older has come.
	underway = time.Second
)

// A Source captures from one or several interfaces, all in the goroutine that
// calls Next: frames wait in the memory that the kernel writes to, so that it
// may be late by what that holds. The frames of several are merged by time; as
// one of them may be late, a frame waits up to 120 ms for the interfaces of
// which nothing is there yet.
type Source struct {
	rings   []*ring
	infos   []capture.SourceInfo
	wake    int          // an eventfd: somebody closes the source
	stop    atomic.Int64 // when the capture was stopped, Unix ns; 0: it was not
	closing atomic.Bool

	using  sync.Mutex // held while the rings are read, and while they are unmapped
	lent   *ring      // whose frame is lent
	closed bool

	// What follows belongs to the goroutine that calls Next.
	polled   []unix.PollFd
	number   int
	troubled int   // interfaces that are down or away
	failed   error // the first interface that failed
}

var (
	_ capture.Source  = (*Source)(nil)
	_ capture.Stopper = (*Source)(nil)
	_ capture.Leaver  = (*Source)(nil)
)

// Open starts to capture on each of the named interfaces; "any" is all of them.
// It returns ErrUnsuited when one of them has no ring, and the errors of
// libpcap.Open. Immediate has frames come 1 ms late at most.
func Open(names []string, c libpcap.Config) (*Source, error) {
	if len(names) == 0 {
		return nil, libpcap.ErrNoInterface
	}
	c = c.WithDefaults()
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, err
	}
	s := &Source{wake: wake, polled: make([]unix.PollFd, 0, len(names)+1)}
	for i, name := range names {
		r := &ring{name: name, index: i, config: c, fd: -1}
		if err := r.open(); err != nil {
			_ = s.Close() // has no errors
			return nil, err
		}
		s.rings = append(s.rings, r)
		s.infos = append(s.infos, capture.SourceInfo{
			Name: name, Format: "live", Nanoseconds: true, LinkTypes: []capture.LinkType{r.linkType}, Warnings: r.warnings,
		})
	}
	return s, nil
}

// Next hands out the next frame. When none comes for 100 ms it returns
// capture.ErrIdle, and f.Nanos tells the time. After Close it returns io.EOF.
// When an interface fails, its SourceInfo gets a warning and the others go on;
// when the last one failed, the first error is returned.
func (s *Source) Next(f *capture.Frame) error {
	s.using.Lock()
	defer s.using.Unlock()
	s.takeBack()
	var idle time.Time // set when there is something to wait for
	for {
		if s.closing.Load() {
			s.release()
			return io.EOF
		}
		if s.troubled > 0 {
			s.mend()
		}
		r, wait := s.earliest()
		if r != nil && wait <= 0 {
			s.handOut(f, r)
			return nil
		}
		if r == nil && s.allDrained() {
			if s.failed != nil {
				return s.failed
			}
			return io.EOF
		}
		if idle.IsZero() {
			idle = time.Now().Add(idleAfter)
		}
		left := time.Until(idle)
		if left <= 0 {
			f.Nanos = time.Now().Add(-underway).UnixNano()
			return capture.ErrIdle
		}
		if r != nil {
			left = min(left, wait)
		}
		s.poll(left)
	}
}

// takeBack ends the lending of a frame.
func (s *Source) takeBack() {
	if s.lent != nil {
		s.lent.ready = false
		s.lent = nil
	}
}

// earliest gives the interface with the earliest frame, and how long that is
// still to wait for the interfaces of which nothing is there.
func (s *Source) earliest() (first *ring, wait time.Duration) {
	stop := s.stop.Load()
	complete := true
	for _, r := range s.rings {
		switch {
		case r.drained:
		case !r.load():
			r.drained = stop != 0 && r.empty(stop)
			complete = complete && (r.drained || r.down)
		case stop != 0 && r.next.nanos > stop:
			r.drained = true
		case first == nil || r.next.nanos < first.next.nanos:
			first = r
		}
	}
	if first == nil || complete || first.released {
		return first, 0
	}
	wait = holdBack - time.Since(first.arrived)
	if first.pressed() {
		wait = 0
	}
	first.released = wait <= 0
	return first, wait
}

func (s *Source) allDrained() bool {
	for _, r := range s.rings {
		if !r.drained {
			return false
		}
	}
	return true
}

// handOut lends the next frame of r.
func (s *Source) handOut(f *capture.Frame, r *ring) {
	n := &r.next
	s.number++
	s.lent = r
	*f = capture.Frame{
		Number: s.number, Nanos: n.nanos, Data: r.memory[n.start:n.end:n.end], Length: n.length,
		LinkType: r.linkType, Interface: n.from, Source: r.index,
	}
	s.infos[r.index].Frames++
	s.infos[r.index].Octets += uint64(len(f.Data))
}

// poll waits for a block of an interface of which nothing is there, but not
// longer than d.
func (s *Source) poll(d time.Duration) {
	list := append(s.polled[:0], unix.PollFd{Fd: int32(s.wake), Events: unix.POLLIN})
	for _, r := range s.rings {
		if fd := int32(r.fd); !r.ready && !r.drained {
			list = append(list, unix.PollFd{Fd: fd, Events: unix.POLLIN}) // one of -1 is passed over
		}
	}
	timeout := unix.NsecToTimespec(int64(max(d, 0)))
	if n, err := unix.Ppoll(list, &timeout, nil); err != nil || n == 0 {
		return // interrupted: Next looks at the time
	}
	for _, p := range list[1:] {
		if p.Revents&(unix.POLLERR|unix.POLLHUP|unix.POLLNVAL) == 0 {
			continue
		}
		for _, r := range s.rings {
			if int32(r.fd) == p.Fd {
				s.shake(r)
			}
		}
	}
}

// Forms gives the capture filter of each interface in the form in use there.
func (s *Source) Forms() []string {
	var forms []string
	for _, r := range s.rings {
		forms = append(forms, r.form)
	}
	return forms
}

// Info describes each interface.
func (s *Source) Info() []capture.SourceInfo {
	infos := append([]capture.SourceInfo(nil), s.infos...)
	for i, r := range s.rings {
		drops := r.drops()
		infos[i].Drops = &drops
		infos[i].Warnings = r.absence.Remark(infos[i].Warnings)
	}
	return infos
}

// Drops adds up what the interfaces lost. It may be called by any goroutine;
// the figures are at most 100 ms old, and final after Leave and Close.
func (s *Source) Drops() capture.Drops {
	var sum capture.Drops
	for _, r := range s.rings {
		sum.Add(r.drops())
	}
	return sum
}

// Stop implements capture.Stopper. What the kernel holds is still read, which
// takes some 100 ms on a quiet wire.
func (s *Source) Stop() { s.stop.CompareAndSwap(0, time.Now().UnixNano()) }

// Leave implements capture.Leaver.
func (s *Source) Leave() {
	s.Stop()
	s.using.Lock()
	defer s.using.Unlock()
	s.takeBack()
	s.countUnread()
	s.closing.Store(true)
	s.release()
}

// leaveWithin is how long counting what nobody took may last. A ring of 64 MiB
// takes some 10 ms.
const leaveWithin = 2 * time.Second

// countUnread counts the frames from before the stop that are in the rings.
func (s *Source) countUnread() {
	for by := time.Now().Add(leaveWithin); time.Now().Before(by) && !s.allDrained() && !s.closing.Load(); {
		for _, r := range s.rings {
			for !r.drained && r.load() {
				if r.next.nanos > s.stop.Load() {
					r.drained = true
					break
				}
				r.ready = false
				r.lock.Lock()
				r.counted.Queue++
				r.lock.Unlock()
			}
			r.drained = r.drained || r.fd < 0 || r.empty(s.stop.Load())
		}
		if !s.allDrained() {
			s.poll(blockTime / 2)
		}
	}
}

// Close ends the capture where it is. It may be called by any goroutine, also
// while another one waits in Next. The memory of a frame that is lent stays
// until Next or Leave is called.
func (s *Source) Close() error {
	if !s.closing.Swap(true) {
		if _, err := unix.Write(s.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}); err != nil {
			return err
		}
	}
	s.using.Lock()
	defer s.using.Unlock()
	for _, r := range s.rings {
		r.close()
	}
	if s.lent == nil {
		s.release()
	}
	if !s.closed {
		s.closed = true
		return unix.Close(s.wake)
	}
	return nil
}

// release gives everything back that no frame is lent of.
func (s *Source) release() {
	for _, r := range s.rings {
		r.close()
		r.unmap()
	}
}
