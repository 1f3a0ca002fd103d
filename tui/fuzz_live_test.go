package tui

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/pipeline"
	"sipsniff/pcaps/gen"
)

// The traffic of the live source: so many calls and registrations, so fast,
// after which another one begins.
const (
	liveCalls = 300
	liveSpeed = 8 // seconds of packets in a second
)

// openLive makes a presser on a capture that goes on: the pipeline reads what
// is generated meanwhile.
func openLive(t *testing.T) *presser {
	live := &liveSource{t: t}
	t.Cleanup(live.end)
	return &presser{rig: live.begin(80, 24), live: live}
}

// A liveSource is a pipeline over generated traffic that plays while the keys
// are pressed.
type liveSource struct {
	t        *testing.T
	pipeline *pipeline.Pipeline
	cancel   context.CancelFunc
	source   *played
	done     chan error
	poller   *poller
	ended    chan struct{} // nobody wants results of the workshop any more
	played   int           // captures, this one included
	most     struct{ calls, streams int }
}

// begin starts a capture, and the screens on it: the octets go through a pipe,
// as from a tcpdump that goes on.
func (l *liveSource) begin(w, h int) *rig {
	l.played++
	in, out := io.Pipe()
	options := gen.Options{
		Seed: uint64(l.played), Start: time.Now(), Calls: liveCalls, Rate: 4, Length: 8 * time.Second, Mix: gen.EverydayMix(), RegisterShare: 0.15, RegisterFail: 0.3,
		Legs: 1 + l.played%2, RTCP: true, DTMF: "12", Loss: 0.03, Burst: 3, Jitter: 5 * time.Millisecond, Reorder: 0.01, Retransmit: 0.1, IPv6: 0.2, TCP: 0.2, Noise: 5,
		Evil: l.played%3 == 0,
	}
	go func() {
		_, err := gen.Write(out, options)
		out.CloseWithError(err)
	}()
	read, err := capture.Open([]string{"-"}, capture.Options{Stdin: in})
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.source = &played{Source: read, stopped: ctx.Done(), in: in}
	l.pipeline = pipeline.New(pipeline.Config{Source: l.source, Live: true, Tracker: correlate.Config{MaxCalls: liveCalls / 2}})
	l.cancel, l.done = cancel, make(chan error, 1)
	go func(p *pipeline.Pipeline, done chan<- error) { done <- p.Run(ctx) }(l.pipeline, l.done)
	r := newRig(l.t, rigOptions{w: w, h: h, status: l.status(), live: true, save: emptySaver(), stop: l.stop})
	r.config.Snapshot, r.config.Status, r.config.Diagnose = l.pipeline.Snapshot, l.status, diagnosis.New(diagnosis.Options{}).Run
	r.clock = time.Now()
	r.started = r.clock
	l.ended = make(chan struct{})
	r.workshop.open(l.ended)
	l.poller = &poller{config: r.config, now: r.now}
	return r
}

// end waits for the pipeline to end.
func (l *liveSource) end() {
	l.cancel()
	close(l.ended)
	if err := errors.Join(<-l.done, l.source.Close()); err != nil {
		l.t.Errorf("the pipeline ended with %v", err)
	}
}

func (l *liveSource) stop() { l.cancel() }

// status is what a live capture says of itself. One packet in 500 was dropped.
func (l *liveSource) status() Status {
	st := l.pipeline.Status()
	s := Status{Source: "gen0", Filter: "udp or tcp", Frames: st.Frames, Octets: st.Octets, First: st.First, Last: st.Last, Pace: Pace(st.Pace),
		Done: st.Done, Err: st.Err, Undecoded: st.Decode.Undecoded, Dropped: st.Frames / 500}
	s.Drops = Drops{Kernel: s.Dropped}
	for i := range st.Sources {
		in := &st.Sources[i]
		s.Inputs = append(s.Inputs, Input{Name: in.Name, Detail: in.Format, State: "on", Frames: in.Frames, Octets: in.Octets, Drops: s.Drops, HasDrops: true, Warnings: in.Warnings})
	}
	return s
}

// take does what the refresher does between two keys. When the capture is over
// and was looked at for a while, another one begins.
func (l *liveSource) take(p *presser) {
	p.clock = time.Now()
	if snap, status, news := l.poller.poll(); news {
		p.show(snap, status)
		l.most.calls, l.most.streams = max(l.most.calls, len(snap.Calls)), max(l.most.streams, len(snap.Streams))
		if p.frozen == nil && p.latest != snap {
			p.wrong("the latest snapshot is not shown")
		}
	}
	for taking := true; taking; {
		select {
		case then := <-p.workshop.results:
			then()
		default:
			taking = false
		}
	}
	if p.status.Done && p.random.IntN(2000) == 0 {
		p.note("another capture")
		l.end()
		p.rig = l.begin(p.sim.Size())
	}
}

// prove fails when nothing came while keys were pressed: a slow machine may need
// longer for the first call.
func (l *liveSource) prove(p *presser) {
	look := time.NewTicker(lookInterval)
	defer look.Stop()
	for late := time.After(patience); l.most.calls == 0; {
		select {
		case <-look.C:
			l.take(p)
		case <-late:
			p.wrong("no call came")
		}
	}
	l.t.Logf("%d captures were played, with up to %d calls and %d streams at once", l.played, l.most.calls, l.most.streams)
}

// A played source hands frames on when their time has come.
type played struct {
	capture.Source
	in      *io.PipeReader
	stopped <-chan struct{}
	began   time.Time
	first   int64
	held    *capture.Frame
	last    int64
}

// Next implements capture.Source.
func (s *played) Next(f *capture.Frame) error {
	if s.held == nil {
		if err := s.Source.Next(f); err != nil {
			return err
		}
		if s.first == 0 {
			s.first, s.began = f.Nanos, time.Now()
		}
		kept := *f
		s.held = &kept
	}
	if wait := time.Duration(s.held.Nanos-s.first)/liveSpeed - time.Since(s.began); wait > 0 {
		due := time.NewTimer(min(wait, 20*time.Millisecond))
		defer due.Stop()
		select {
		case <-due.C:
		case <-s.stopped:
		}
		if wait > 20*time.Millisecond {
			f.Nanos = s.last
			return capture.ErrIdle
		}
	}
	*f, s.held = *s.held, nil
	s.last = f.Nanos
	return nil
}

// Close implements capture.Source.
func (s *played) Close() error { return errors.Join(s.in.Close(), s.Source.Close()) }
