package main

import (
	"context"
	"io"
	"time"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
	"sipsniff/correlate"
	"sipsniff/internal/pipeline"
	"sipsniff/tui"
)

// While a live capture with a filter brings no SIP, a scout looks at what comes
// without the filter, so that the screen can say where the SIP is. It begins
// when there was none for a while, leaves off after so many packets, and looks
// again some time later.
const (
	scoutAfter  = 2 * time.Second
	scoutFrames = 20_000
	scoutRest   = 30 * time.Second
	scoutBuffer = 1 << 20 // octets, in the kernel
	scoutCalls  = 100
)

// A scout is asked by one goroutine.
type scout struct {
	ifaces  []string
	config  libpcap.Config
	next    time.Time // not before
	looking *pipeline.Pipeline
	stop    func() // ends looking and waits for that; nil: it has ended
	seen    pipeline.Status
	streams *correlate.Snapshot // of the same look
	looked  bool
}

// newScout is nil where there is no filter to look past.
func (o *options) newScout(in input) *scout {
	if !in.live() || in.filter == "" || len(in.ifaces) == 0 || o.testSource != "" {
		return nil
	}
	return &scout{ifaces: in.ifaces, next: time.Now().Add(scoutAfter), config: libpcap.Config{Snaplen: o.snaplen, BufferSize: scoutBuffer, Promiscuous: !o.noPromisc}}
}

// look reports whether it is known what came past the filter. It ends the scout
// when SIP comes through.
func (s *scout) look(calls int, now time.Time) (looked bool) {
	if s == nil {
		return false
	}
	if calls > 0 {
		s.close()
		s.seen, s.streams, s.looked = pipeline.Status{}, nil, false
		return false
	}
	if s.looking != nil {
		st := s.looking.Status()
		if len(st.Traffic.Ports) > 0 || !s.looked {
			s.seen, s.streams, s.looked = st, s.looking.Snapshot(), true
		}
		if st.Done {
			s.close()
			s.next = now.Add(scoutRest)
		}
	} else if !now.Before(s.next) {
		s.begin(now)
	}
	return s.looked
}

// begin looks in a goroutine of its own. Who may not capture any more, or not
// yet, tries again later.
func (s *scout) begin(now time.Time) {
	source, err := openInterfaces(s.ifaces, s.config)
	if err != nil {
		s.next = now.Add(scoutRest)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.looking = pipeline.New(pipeline.Config{
		Source: &glance{Source: source, left: scoutFrames}, Live: true, Ports: true,
		Tracker: correlate.Config{Live: true, MaxCalls: scoutCalls, MaxStreams: scoutCalls, MaxMemory: 16 << 20},
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.looking.Run(ctx) // what it saw until then is enough
		_ = source.Close()     // nothing is kept of it
	}()
	s.stop = func() { cancel(); <-ended }
}

func (s *scout) close() {
	if s != nil && s.stop != nil {
		s.stop()
		s.stop, s.looking = nil, nil
	}
}

// A glance is a source that ends after some frames.
type glance struct {
	capture.Source
	left int
}

// Next implements capture.Source.
func (g *glance) Next(f *capture.Frame) error {
	if g.left <= 0 {
		return io.EOF
	}
	err := g.Source.Next(f)
	if err == nil {
		g.left--
	}
	return err
}

// trafficOf is what came on which port, without the ports of streams.
func trafficOf(t pipeline.Traffic, snap *correlate.Snapshot, beside bool) tui.Traffic {
	media := map[uint16]bool{}
	for _, s := range snap.Streams {
		media[min(s.Src.Port(), s.Dst.Port())] = true
	}
	out := tui.Traffic{Tagged: t.Tagged, Tunnel: t.Tunnel, Beside: beside}
	for _, p := range t.Ports {
		if p.SIP || !media[p.Number] {
			out.Ports = append(out.Ports, tui.Port{Number: p.Number, Packets: p.Packets, SIP: p.SIP})
		}
	}
	return out
}
