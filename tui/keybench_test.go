package tui

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/tui/internal/sample"
)

// A stopwatch is a screen that tells when a frame is complete that shows what
// was waited for.
type stopwatch struct {
	tcell.SimulationScreen
	u *UI

	mu      sync.Mutex
	began   time.Time
	done    func(u *UI) bool // asked on the event loop
	reached chan time.Duration
}

// Show implements tcell.Screen: a frame is complete.
func (s *stopwatch) Show() {
	s.SimulationScreen.Show()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done != nil && s.u != nil && s.done(s.u) {
		s.reached <- time.Since(s.began)
		s.done = nil
	}
}

// measure presses keys and returns the time until the frame after which done
// is true.
func (s *stopwatch) measure(b *testing.B, done func(u *UI) bool, press func()) time.Duration {
	b.Helper()
	s.mu.Lock()
	s.began, s.done = time.Now(), done
	s.mu.Unlock()
	press()
	select {
	case took := <-s.reached:
		return took
	case <-time.After(20 * time.Second):
		b.Fatal("the frame never came")
	}
	return 0
}

// arrivals publishes snapshots as 200 messages a second make them: every
// 250 ms another one, with 25 calls that are new and 25 that changed.
type arrivals struct {
	mu   sync.Mutex
	all  *correlate.Snapshot
	n    int
	snap *correlate.Snapshot
}

func newArrivals(n int) *arrivals {
	a := &arrivals{all: manyCalls(n + 20_000), n: n}
	a.next(0)
	return a
}

func (a *arrivals) next(more int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n = min(a.n+more, len(a.all.Calls))
	s := *a.all
	s.Calls = slices.Clone(a.all.Calls[:a.n])
	for i := range more {
		at := (a.n*31 + i*977) % a.n
		changed := *s.Calls[at]
		changed.MessageCount++
		s.Calls[at], a.all.Calls[at] = &changed, &changed
	}
	s.Generation = uint64(a.n)
	s.Last = sample.Start.UnixNano() + int64(a.n)*1e7
	a.snap = &s
}

func (a *arrivals) snapshot() *correlate.Snapshot {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.snap
}

// BenchmarkKeys is the time from a key to the complete frame, which shows what
// was asked for even if more news are being worked in, on a screen of
// 200x60 with 100,000 calls while 200 messages a second come in and are judged: the event
// loop, the refresher and the workshop are those of Run. The goal of each p99
// is 50 ms.
func BenchmarkKeys(b *testing.B) {
	a := newArrivals(100_000)
	sim := tcell.NewSimulationScreen("UTF-8")
	s := &stopwatch{SimulationScreen: sim, reached: make(chan time.Duration, 1)}
	if err := s.Init(); err != nil {
		b.Fatal(err)
	}
	sim.SetSize(200, 60)
	ctx, cancel := context.WithCancelCause(context.Background())
	pace := &pace{} // which has to hear of the keys, as in Run
	screen := &onceScreen{Screen: &pacedScreen{Screen: s, pace: pace, now: time.Now}}
	u, err := newUI(Config{Snapshot: a.snapshot, Status: liveStatus, Live: true, Location: time.UTC, Diagnose: diagnosis.New(diagnosis.Options{}).Run}, screen, cancel)
	if err != nil {
		b.Fatal(err)
	}
	u.pace = pace
	u.setPace()
	ended := make(chan error, 1)
	go func() { ended <- u.run(ctx, nil) }()
	s.mu.Lock()
	s.u = u
	s.mu.Unlock()
	stop := make(chan struct{})
	go func() {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				a.next(25)
			case <-stop:
				return
			}
		}
	}()
	b.Cleanup(func() {
		close(stop)
		cancel(nil)
		<-ended
	})
	key := func(k tcell.Key, r rune) func() { return func() { sim.InjectKey(k, r, 0) } }
	settled := func(u *UI) bool { return !u.calls.working }
	s.measure(b, settled, key(tcell.KeyHome, 0))
	text := 0
	for name, once := range map[string]func() time.Duration{
		"move": func() time.Duration {
			before := u.calls.list.id // read between keys: the event loop is idle
			return s.measure(b, func(u *UI) bool { return u.calls.list.id != before }, key(tcell.KeyDown, 0))
		},
		"page": func() time.Duration {
			before := u.calls.list.id
			return s.measure(b, func(u *UI) bool { return u.calls.list.id != before }, key(tcell.KeyPgDn, 0))
		},
		"sort": func() time.Duration {
			before := u.calls.shown.wish.descending
			return s.measure(b, func(u *UI) bool { return u.calls.shown.wish.descending != before }, key(tcell.KeyRune, 'z'))
		},
		"filter": func() time.Duration {
			text = (text + 1) % 10
			s.measure(b, func(u *UI) bool { return u.dialog != nil }, key(tcell.KeyRune, '/'))
			s.measure(b, func(u *UI) bool { return len(u.calls.filter.text) == 0 && !u.calls.working }, key(tcell.KeyCtrlU, 0))
			took := s.measure(b, func(u *UI) bool {
				return len(u.calls.filter.text) == 1 && u.calls.shown.wish.expr == u.calls.filter.expr()
			}, key(tcell.KeyRune, rune('0'+text)))
			s.measure(b, func(u *UI) bool { return u.dialog == nil && u.calls.filter.expr() == nil && !u.calls.working }, key(tcell.KeyEscape, 0))
			return took
		},
		"ladder": func() time.Duration {
			took := s.measure(b, func(u *UI) bool { return len(u.stack) == 2 }, key(tcell.KeyEnter, 0))
			s.measure(b, func(u *UI) bool { return len(u.stack) == 1 }, key(tcell.KeyEscape, 0))
			return took
		},
	} {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				times = append(times, once())
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(times[min(len(times)-1, len(times)*99/100)].Microseconds())/1000, "p99-ms")
		})
	}
}
