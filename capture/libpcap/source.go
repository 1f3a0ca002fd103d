//go:build cgo && !nopcap

package libpcap

import (
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/gopacket/pcap"

	"sipsniff/capture"
)

// Available says whether this program can capture live.
const Available = true

// Version is that of libpcap, "" when it is not built in.
func Version() string { return pcap.Version() }

const (
	// idleAfter is how long Next waits before it says that nothing came.
	idleAfter = 100 * time.Millisecond

	// holdBack is how long a frame waits for frames of other interfaces that
	// are older: as long as one may be on its way from the kernel.
	holdBack = 2*readTimeout + 20*time.Millisecond
)

// underway is how old a frame may be at most when it arrives on a busy machine:
// what is older has come.
const underway = time.Second

// A Source captures from one or several interfaces. The frames of several
// are merged by time; as one of them may be late, a frame waits up to 120 ms
// for the interfaces of which nothing is there yet.
type Source struct {
	readers []*reader
	infos   []capture.SourceInfo
	forms   []string // of the filter, for each interface
	filled  chan *batch
	closing chan struct{}
	once    sync.Once
	stop    atomic.Int64 // when the capture was stopped, Unix ns; 0: it was not
	running sync.WaitGroup

	// What follows belongs to the goroutine that calls Next.
	queues [][]*batch // of each reader, oldest first
	ended  []bool
	spent  *batch // to be given back at the following Next
	number int
	failed error // the first interface that failed
	timer  *time.Timer
}

var _ capture.Source = (*Source)(nil)

// Open starts to capture on each of the named interfaces; "any" is all of
// them. It returns a *PermissionError, an *InterfaceError or a *FilterError.
func Open(names []string, c Config) (*Source, error) {
	if len(names) == 0 {
		return nil, ErrNoInterface
	}
	c = c.WithDefaults()
	s := &Source{
		filled:  make(chan *batch, len(names)*(batches+1)),
		closing: make(chan struct{}),
		queues:  make([][]*batch, len(names)),
		ended:   make([]bool, len(names)),
		timer:   time.NewTimer(time.Hour),
	}
	for i, name := range names {
		if err := s.add(i, name, c); err != nil {
			for _, r := range s.readers {
				r.close()
			}
			return nil, err
		}
	}
	for _, r := range s.readers {
		s.running.Go(r.run)
	}
	return s, nil
}

func (s *Source) add(index int, name string, c Config) error {
	r := &reader{name: name, index: index, config: c, filled: s.filled, closing: s.closing, stop: &s.stop}
	if err := r.open(); err != nil {
		return err
	}
	s.forms = append(s.forms, r.form)
	r.free = make(chan *batch, batches)
	for range batches {
		r.free <- newBatch(r)
	}
	s.readers = append(s.readers, r)
	s.infos = append(s.infos, capture.SourceInfo{
		Name: name, Format: "live", Nanoseconds: true, LinkTypes: []capture.LinkType{r.linkType}, Warnings: r.warnings,
	})
	return nil
}

// Next hands out the next frame. When none comes for 100 ms it returns
// capture.ErrIdle, and f.Nanos tells the time. After Close it hands out what was captured before, then
// returns io.EOF. When an interface fails, its SourceInfo gets a warning and
// the others go on; when the last one failed, the first error is returned.
func (s *Source) Next(f *capture.Frame) error {
	s.giveBack()
	var idle time.Time // set when there is something to wait for
	for {
		for len(s.filled) > 0 {
			s.take(<-s.filled)
		}
		b, wait := s.earliest()
		if b != nil && wait <= 0 {
			s.handOut(f, b)
			return nil
		}
		if b == nil && s.allEnded() {
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
		if b != nil {
			left = min(left, wait)
		}
		s.wait(left)
	}
}

// wait waits for a batch, but not longer than d.
func (s *Source) wait(d time.Duration) {
	s.timer.Reset(d)
	select {
	case b := <-s.filled:
		s.take(b)
	case <-s.timer.C:
	}
}

// take puts a batch into the queue of its interface.
func (s *Source) take(b *batch) {
	i := b.from.index
	switch {
	case b.final:
		s.ended[i] = true
		if b.err != nil {
			s.infos[i].Warnings = append(s.infos[i].Warnings, b.err.Error())
			if s.failed == nil {
				s.failed = b.err
			}
		}
	case len(b.frames) == 0:
		b.from.free <- b
	default:
		b.arrived = time.Now()
		if known := &s.infos[i].LinkTypes; !slices.Contains(*known, b.link) {
			*known = append((*known)[:len(*known):len(*known)], b.link)
		}
		s.queues[i] = append(s.queues[i], b)
	}
}

// earliest gives the batch with the earliest frame, and how long it is still
// to wait for the interfaces of which nothing is there.
func (s *Source) earliest() (first *batch, wait time.Duration) {
	complete := true
	for i, q := range s.queues {
		switch {
		case len(q) == 0:
			complete = complete && s.ended[i]
		case first == nil || q[0].head() < first.head():
			first = q[0]
		}
	}
	if first == nil || complete || first.released {
		return first, 0
	}
	wait = holdBack - time.Since(first.arrived)
	if len(s.queues[first.from.index]) == batches {
		wait = 0 // its reader has nothing left to read into
	}
	first.released = wait <= 0
	return first, wait
}

func (s *Source) allEnded() bool {
	for _, ended := range s.ended {
		if !ended {
			return false
		}
	}
	return true
}

// handOut lends the next frame of b, the first in its queue.
func (s *Source) handOut(f *capture.Frame, b *batch) {
	r := b.frames[b.next]
	i := b.from.index
	s.number++
	*f = capture.Frame{
		Number: s.number, Nanos: r.nanos, Data: b.data[r.start:r.end:r.end], Length: r.length,
		LinkType: b.link, Interface: r.index, Source: i,
	}
	s.infos[i].Frames++
	s.infos[i].Octets += uint64(len(f.Data))
	b.next++
	if b.next == len(b.frames) {
		q := s.queues[i]
		copy(q, q[1:])
		q[len(q)-1] = nil
		s.queues[i] = q[:len(q)-1]
		s.spent = b
	}
}

// giveBack returns a batch to its reader, which may only happen now that its
// last frame is no longer lent.
func (s *Source) giveBack() {
	if s.spent != nil {
		s.spent.from.free <- s.spent // never blocks: it has room for all
		s.spent = nil
	}
}

// Forms gives the capture filter of each interface in the form in use there.
func (s *Source) Forms() []string { return s.forms[:len(s.forms):len(s.forms)] }

// Info describes each interface.
func (s *Source) Info() []capture.SourceInfo {
	infos := append([]capture.SourceInfo(nil), s.infos...)
	for i := range infos {
		drops := s.readers[i].drops()
		infos[i].Drops = &drops
		infos[i].Warnings = s.readers[i].absence.Remark(infos[i].Warnings)
	}
	return infos
}

// Drops adds up what the interfaces lost. It may be called by any goroutine;
// the figures are at most some 150 ms old, and final after Leave and Close.
func (s *Source) Drops() capture.Drops {
	var sum capture.Drops
	for _, r := range s.readers {
		sum.Add(r.drops())
	}
	return sum
}

// Stop implements capture.Stopper. What the kernel holds is still read, which
// takes some 100 ms on a quiet wire.
func (s *Source) Stop() { s.stop.CompareAndSwap(0, time.Now().UnixNano()) }

// Close ends the capture where it is and waits until the interfaces are released, which
// takes some 50 ms. It may be called by any goroutine, also while another one
// waits in Next.
func (s *Source) Close() error {
	s.once.Do(func() { close(s.closing) })
	s.running.Wait()
	return nil
}
