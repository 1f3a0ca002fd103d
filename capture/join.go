package capture

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

// joinQueue is how many octets of frames may wait between the sources of a
// join and its reader. A source waits when they do: its own buffer, and its
// own count of what did not fit there, come first.
const joinQueue = 8 << 20

// A Join reads several live sources as one, in the order in which their frames
// arrive. It ends when all of them have ended, with the first error.
type Join struct {
	parts   []*joined
	queue   *Queue
	stop    atomic.Bool
	unread  atomic.Uint64 // frames that nobody took in the end
	running sync.WaitGroup
	number  int
	counts  []joinCount // of each file or interface, in the order of Info
}

// A joined is one source of a join.
type joined struct {
	source Source
	first  int // its first entry in the Info of the join
	info   atomic.Pointer[[]SourceInfo]
	err    error // why it ended; read after running
}

type joinCount struct{ frames, octets uint64 }

var (
	_ Source = (*Join)(nil)
	_ Leaver = (*Join)(nil)
)

// NewJoin begins to read the sources, each in a goroutine of its own, and
// closes them in the end.
func NewJoin(sources ...Source) *Join {
	j := &Join{queue: NewQueue(joinQueue)}
	for _, s := range sources {
		info := s.Info()
		p := &joined{source: s, first: len(j.counts)}
		p.info.Store(&info)
		j.counts = append(j.counts, make([]joinCount, len(info))...)
		j.parts = append(j.parts, p)
	}
	for _, p := range j.parts {
		j.running.Go(func() { j.pull(p) })
	}
	go func() {
		j.running.Wait()
		j.queue.Close(j.failure())
	}()
	return j
}

// pull reads one source to its end.
func (j *Join) pull(p *joined) {
	var f Frame
	for n := 1; !j.stop.Load(); n++ {
		switch err := p.source.Next(&f); {
		case err == nil:
			if n%describeEvery == 0 {
				p.describe()
			}
			f.Source += p.first
			if !j.queue.Put(&f) {
				j.unread.Add(1)
				return
			}
		case errors.Is(err, ErrIdle):
			p.describe()
		default:
			if !errors.Is(err, io.EOF) {
				p.err = err
			}
			p.describe()
			return
		}
	}
}

// describeEvery is how many frames pass between two looks at what a busy
// source says of itself.
const describeEvery = 4096

// describe keeps what the source says of itself, for any goroutine.
func (p *joined) describe() {
	info := p.source.Info()
	p.info.Store(&info)
}

// failure is the first error that ended a source.
func (j *Join) failure() error {
	for _, p := range j.parts {
		if p.err != nil {
			return p.err
		}
	}
	return nil
}

// Next hands out the next frame of any source.
func (j *Join) Next(f *Frame) error {
	if err := j.queue.Next(f); err != nil {
		return err
	}
	j.number++
	f.Number = j.number
	c := &j.counts[f.Source]
	c.frames++
	c.octets += uint64(len(f.Data))
	return nil
}

// Info describes the files and interfaces of all sources. What a source says
// of itself may be a little old; the counts are exact.
func (j *Join) Info() []SourceInfo {
	var infos []SourceInfo
	for _, p := range j.parts {
		infos = append(infos, *p.info.Load()...)
	}
	for i := range infos {
		infos[i].Frames, infos[i].Octets = j.counts[i].frames, j.counts[i].octets
	}
	return infos
}

// Drops adds up what the sources lost.
func (j *Join) Drops() Drops {
	sum := Drops{Uncounted: dropsAll}
	for _, p := range j.parts {
		if d, ok := p.source.(interface{ Drops() Drops }); ok {
			sum.Add(d.Drops())
		}
	}
	sum.Queue += j.unread.Load()
	return sum
}

// Leave implements Leaver.
func (j *Join) Leave() {
	j.Stop()
	j.stop.Store(true)
	j.queue.Close(nil)
	j.running.Wait()
	for _, p := range j.parts {
		if s, ok := p.source.(Leaver); ok {
			s.Leave()
		}
		p.describe()
	}
	var f Frame
	for j.queue.Next(&f) == nil {
		j.unread.Add(1)
	}
}

// Stop implements Stopper: each source stops that can be.
func (j *Join) Stop() {
	for _, p := range j.parts {
		if s, ok := p.source.(Stopper); ok {
			s.Stop()
		}
	}
}

// Close ends the sources, which takes as long as their Next waits at most.
func (j *Join) Close() error {
	j.stop.Store(true)
	j.queue.Close(nil)
	var errs []error
	j.running.Wait()
	for _, p := range j.parts {
		errs = append(errs, p.source.Close())
		p.describe()
	}
	return errors.Join(errs...)
}
