package tui

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
	"sipsniff/tui/internal/sample"
)

// manyCalls is a snapshot of n calls without messages.
func manyCalls(n int) *correlate.Snapshot {
	snap := &correlate.Snapshot{First: sample.Start.UnixNano(), Last: sample.Start.UnixNano()}
	for i := 1; i <= n; i++ {
		b := sample.New(i, fmt.Sprintf("%d-9f@192.0.2.1", i*2654435761%n), fmt.Sprintf("sip:+49%d@a", i*7919%n), fmt.Sprintf("sip:+44%d@b", i*104729%n), float64(i))
		b.Call.State = correlate.State(i % 26)
		snap.Calls = append(snap.Calls, &b.Call)
	}
	return snap
}

func benchUI(b *testing.B, n, w, h int) (*UI, tcell.SimulationScreen) {
	b.Helper()
	sim := tcell.NewSimulationScreen("UTF-8")
	if err := sim.Init(); err != nil {
		b.Fatal(err)
	}
	sim.SetSize(w, h)
	snap := manyCalls(n)
	_, cancel := context.WithCancelCause(context.Background())
	u, err := newUI(Config{Snapshot: fixed(snap), Status: liveStatus, Live: true, Location: time.UTC}, sim, cancel)
	if err != nil {
		b.Fatal(err)
	}
	u.draw(sim)
	return u, sim
}

// BenchmarkDrawList is one key press in the list and its frame, without the
// terminal; the budget is 5 ms at 200x60.
func BenchmarkDrawList(b *testing.B) {
	u, sim := benchUI(b, 100_000, 200, 60)
	for b.Loop() {
		u.calls.move(pageDown)
		if u.calls.list.cursor == u.calls.Len()-1 {
			u.calls.move(toFirst)
		}
		u.draw(sim)
	}
}

// BenchmarkSort is a change of the order of 100,000 calls; the budget is 150 ms.
func BenchmarkSort(b *testing.B) {
	u, _ := benchUI(b, 100_000, 200, 60)
	for _, column := range []string{"from", "callid", "state"} {
		b.Run(column, func(b *testing.B) {
			for b.Loop() {
				u.calls.sortBy("time")
				u.calls.sortBy(column)
			}
		})
	}
}

// BenchmarkShow is the arrival of a snapshot in which 100 of 100,000 calls are new.
func BenchmarkShow(b *testing.B) {
	u, _ := benchUI(b, 100_000, 200, 60)
	all := manyCalls(200_000)
	n := 100_000
	for b.Loop() {
		if n += 100; n > 200_000 {
			b.StopTimer()
			u, _ = benchUI(b, 100_000, 200, 60)
			n = 100_100
			b.StartTimer()
		}
		next := *all
		next.Calls = all.Calls[:n:n]
		u.show(&next, liveStatus())
	}
}

// BenchmarkDrawLadder is a key press in a ladder of 20,000 messages.
func BenchmarkDrawLadder(b *testing.B) {
	u, sim := benchUI(b, 1, 120, 40)
	s := sample.New(2, "long", "sip:a@b", "sip:c@d", 0)
	for range 10_000 {
		s.After(100).Request("192.0.2.1:5060", "192.0.2.9:5060", "MESSAGE")
		s.After(10).Response("192.0.2.9:5060", "192.0.2.1:5060", 200, "OK", "MESSAGE")
	}
	u.show(&correlate.Snapshot{Calls: []*correlate.Call{&s.Call}, First: 1}, liveStatus())
	u.calls.open()
	for b.Loop() {
		u.top().move(pageDown)
		u.draw(sim)
	}
}
