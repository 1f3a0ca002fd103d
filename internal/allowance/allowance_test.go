package allowance

import (
	"testing"
	"time"
)

// A witness is a test that hears whether an allowance was kept.
type witness struct {
	testing.TB
	failed bool
}

func (w *witness) Errorf(string, ...any) { w.failed = true }

// yards is work of so many yardsticks.
func yards(n int) func() {
	return func() {
		for range n {
			yard.run()
		}
	}
}

// However slow or busy this machine is: work of half an allowance keeps it, and work of
// two allowances does not.
func TestAllowance(t *testing.T) {
	for _, tt := range []struct {
		name   string
		yards  int
		failed bool
	}{{"half", 2, false}, {"twice", 8, true}} {
		w := &witness{TB: t}
		faster := min(1, ratio(measureYardstick().processor, Yardstick)) // a fast machine is given no less
		a := New(w, tt.name, time.Duration(4*faster*float64(Yardstick)))
		times := 0
		for a.Try(3) {
			a.Time(func() {})
			a.Time(yards(tt.yards))
			times++
		}
		if w.failed != tt.failed || tt.failed && times != 3 || times == 0 {
			t.Errorf("%s the allowance: failed %v after %d times", tt.name, w.failed, times)
		}
	}
}

// What waits takes no processor time, but does not keep an allowance for ever.
func TestAllowanceOfWaiting(t *testing.T) {
	for wait, failed := range map[time.Duration]bool{0: false, time.Second: true} {
		w := &witness{TB: t}
		a := New(w, "waiting", time.Millisecond)
		for a.Try(1) {
			a.Time(func() { <-time.After(wait) })
		}
		if w.failed != failed {
			t.Errorf("waiting %v: failed %v", wait, w.failed)
		}
	}
}

func TestProcessor(t *testing.T) {
	if one, ten := Processor(yards(2)), Processor(yards(20)); ten < 4*one || one <= 0 {
		t.Errorf("ten times the work takes %v instead of %v", ten, one)
	}
}
