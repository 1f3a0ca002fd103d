package tui

import (
	"strings"
	"sync/atomic"
	"testing"
)

// Every place is in one part, whatever the number of parts.
func TestInParts(t *testing.T) {
	for _, n := range []int{0, 1, 7, 4096, 100_003} {
		for parts := 1; parts <= 5; parts++ {
			seen, lists := make([]atomic.Int32, n), make([][]int, parts)
			inParts(n, parts, func(part, from, to int) {
				for i := from; i < to; i++ {
					seen[i].Add(1)
					lists[part] = append(lists[part], i)
				}
			})
			for i := range seen {
				if seen[i].Load() != 1 {
					t.Fatalf("%d of %d in %d parts: place %d was seen %d times", i, n, parts, i, seen[i].Load())
				}
			}
			all := joined(lists)
			for i := range all {
				if all[i] != i {
					t.Fatalf("place %d holds %d", i, all[i])
				}
			}
			if len(all) != n {
				t.Fatalf("%d of %d", len(all), n)
			}
		}
	}
}

func breaks() { panic("broken part") }

// A panic beside the event loop arrives where the terminal is restored, with
// the place where it came up.
func TestSideBySidePanics(t *testing.T) {
	for at := range 3 {
		then := guarded(func() func() {
			tasks := []func(){func() {}, func() {}, func() {}}
			tasks[at] = breaks
			sideBySide(tasks...)
			return nil
		})
		if then == nil {
			t.Fatal("the panic is lost")
		}
		func() {
			defer func() {
				p, _ := recover().(*panicError)
				if p == nil || p.value != "broken part" || !strings.Contains(string(p.stack), "tui.breaks") {
					t.Errorf("task %d: %+v", at, p)
				}
			}()
			then()
		}()
	}
}

// Calls are given out once each, to each worker in their order.
func TestHandOut(t *testing.T) {
	for _, n := range []int{0, 1, slice - 1, slice, slice + 1, 10*slice + 3} {
		for workers := 1; workers <= 4; workers++ {
			seen, latest := make([]atomic.Int32, n), make([]int, workers)
			handOut(n, workers, func(worker, piece, from, to int) {
				if from != piece*slice || to <= from || to > n || from < latest[worker] {
					t.Errorf("%d calls: piece %d is %d to %d, after %d", n, piece, from, to, latest[worker])
				}
				latest[worker] = to
				for i := from; i < to; i++ {
					seen[i].Add(1)
				}
			})
			for i := range seen {
				if seen[i].Load() != 1 {
					t.Fatalf("%d calls, %d workers: call %d was seen %d times", n, workers, i, seen[i].Load())
				}
			}
		}
	}
}

// A worker that is held up leaves the rest to the others.
func TestHandOutHeldUp(t *testing.T) {
	const n = 8 * slice
	var done atomic.Int32
	others := make(chan struct{})
	handOut(n, 2, func(_, piece, _, _ int) {
		if piece == 0 {
			<-others
			return
		}
		if done.Add(1) == 7 {
			close(others)
		}
	})
	if done.Load() != 7 {
		t.Errorf("%d of 7 pieces were done meanwhile", done.Load())
	}
}
