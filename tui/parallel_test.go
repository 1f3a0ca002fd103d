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
