package allowance

import (
	"testing"
	"time"
)

// patience is how many times longer than its processor time work may take by the
// clock, on a machine whose load comes and goes.
const patience = 10

// An Allowance is the time that work may take on the nominal machine:
//
//	a := allowance.New(t, "sorting", 300*time.Millisecond)
//	for a.Try(5) {
//		prepare()
//		a.Time(sort)
//	}
//
// It is kept when one of the tries keeps it.
type Allowance struct {
	t       testing.TB
	what    string
	nominal time.Duration
	cores   int

	tries   int
	started bool  // a try is going on
	before  spent // on the yardstick
	most    spent // by what is timed in this try
	closest spent // of all tries
}

// New makes the allowance of what is named. Other tests must not run at the same time
// in the same process.
func New(t testing.TB, what string, nominal time.Duration) *Allowance {
	return &Allowance{t: t, what: what, nominal: nominal, cores: 1}
}

// On says that the work is done on so many cores at once.
func (a *Allowance) On(cores int) *Allowance {
	a.cores = cores
	return a
}

// Try reports whether the work has to be done once more: in the beginning, and
// until it was in time, so many times at most. After the last of them the test
// fails.
func (a *Allowance) Try(most int) bool {
	a.t.Helper()
	if a.started {
		a.started = false
		if a.kept() {
			return false
		}
	}
	if a.tries == most {
		a.t.Errorf("%s took %v of processor time and %v by the clock, at the best of %d times: more than %v on the nominal machine",
			a.what, a.closest.processor, a.closest.clock, most, a.nominal)
		return false
	}
	a.tries++
	a.started, a.before, a.most = true, measureYardstick(), spent{}
	return true
}

// Time does a part of the work of a try. Of several parts that which takes longest
// is held to the allowance.
func (a *Allowance) Time(work func()) {
	s := spend(work)
	a.most.processor, a.most.clock = max(a.most.processor, s.processor), max(a.most.clock, s.clock)
}

// kept judges a try.
func (a *Allowance) kept() bool {
	a.t.Helper()
	after := measureYardstick()
	slower := max(1, ratio(a.before.processor+after.processor, 2*Yardstick))
	loaded := max(1, ratio(max(a.before.clock, after.clock), Yardstick))
	limit := time.Duration(float64(a.nominal) * slower)
	latest := time.Duration(float64(a.nominal) * loaded * patience)
	if a.closest.clock == 0 || a.most.processor < a.closest.processor {
		a.closest = a.most
	}
	ok := a.most.clock <= limit || a.most.processor <= limit*time.Duration(a.cores) && a.most.clock <= latest
	a.t.Logf("%s: %v of processor time, %v by the clock; it may take %v on each of %d cores, which is %.2f times as long as on the nominal machine, load %.1f",
		a.what, a.most.processor, a.most.clock, limit, a.cores, slower, loaded/slower)
	return ok
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// Processor is the processor time that the process takes while work is done. It is
// for comparing: others on the machine make it longer by little.
func Processor(work func()) time.Duration { return spend(work).processor }

// spent is what work took.
type spent struct{ processor, clock time.Duration }

func spend(work func()) spent {
	began, used := time.Now(), processorTime()
	work()
	return spent{processor: processorTime() - used, clock: time.Since(began)}
}
