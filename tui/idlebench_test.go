package tui

import (
	"context"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/allowance"
)

// BenchmarkIdle is how much of a core the screens take while nobody touches
// them, with 100,000 calls and news of 200 messages a second, without the
// reading of the messages themselves. The goal, with it, is 2 %.
func BenchmarkIdle(b *testing.B) {
	a := newArrivals(100_000)
	sim := tcell.NewSimulationScreen("UTF-8")
	if err := sim.Init(); err != nil {
		b.Fatal(err)
	}
	sim.SetSize(200, 60)
	ctx, cancel := context.WithCancelCause(context.Background())
	pace := &pace{}
	screen := &onceScreen{Screen: &pacedScreen{Screen: sim, pace: pace, now: time.Now}}
	u, err := newUI(Config{Snapshot: a.snapshot, Status: liveStatus, Live: true, Location: time.UTC, Diagnose: diagnosis.New(diagnosis.Options{}).Run}, screen, cancel)
	if err != nil {
		b.Fatal(err)
	}
	u.pace = pace
	u.setPace()
	ended := make(chan error, 1)
	go func() { ended <- u.run(ctx, nil) }()
	news := func(length time.Duration) {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for range length / (250 * time.Millisecond) {
			<-tick.C
			a.next(25)
		}
	}
	news(5 * time.Second) // what is done once is done
	for b.Loop() {
		began := time.Now()
		used := allowance.Processor(func() { news(30 * time.Second) })
		b.ReportMetric(100*float64(used)/float64(time.Since(began)), "%core")
	}
	cancel(nil)
	<-ended
}
