package capture

import (
	"fmt"
	"sync/atomic"
	"time"
)

// An Absence tells of the times when an interface was gone. The zero value is
// one that never was. One goroutine tells it; any may ask for Remark.
type Absence struct {
	since time.Time // zero while it is there
	times int
	total time.Duration
	text  atomic.Pointer[string] // nil when it never was
}

// Begin notes that the interface is gone.
func (a *Absence) Begin(now time.Time, why error) {
	a.since = now
	a.times++
	a.say("gone since %s, waiting for it: %v", now.Format(time.TimeOnly), why)
}

// Hopeless notes why it will not come back to us.
func (a *Absence) Hopeless(why string) {
	a.say("gone since %s, and %s", a.since.Format(time.TimeOnly), why)
}

// NoRight is why, for Hopeless, when capturing is not allowed any more.
const NoRight = "there is no right to capture on it again"

// End notes that it is back.
func (a *Absence) End() {
	a.total += time.Since(a.since)
	a.since = time.Time{}
	a.say("was gone for %v in all, %d times: what passed meanwhile was not seen", a.total.Round(time.Millisecond), a.times)
}

// Gone reports whether the interface is gone. It belongs to the goroutine that
// tells.
func (a *Absence) Gone() bool { return !a.since.IsZero() }

// Remark adds what there is to say to the warnings of a SourceInfo, in a list of
// its own.
func (a *Absence) Remark(warnings []string) []string {
	warnings = warnings[:len(warnings):len(warnings)]
	if text := a.text.Load(); text != nil {
		warnings = append(warnings, *text)
	}
	return warnings
}

func (a *Absence) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	a.text.Store(&text)
}
