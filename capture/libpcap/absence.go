//go:build cgo && !nopcap

package libpcap

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"sipsniff/capture"
)

// reopenPace is the time between two attempts to capture on an interface that
// went away.
const reopenPace = 250 * time.Millisecond

// An absence is the times when an interface was gone.
type absence struct {
	times int
	total time.Duration
	text  atomic.Pointer[string] // for Info, nil when it never was
}

func (a *absence) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	a.text.Store(&text)
}

// open begins to capture.
func (r *reader) open() error {
	handle, err := activate(r.name, r.config)
	if err != nil {
		return err
	}
	r.handle, r.linkType = handle, chooseLinkType(handle, r.name)
	if r.form, r.warnings, err = setFilter(handle, r.config); err != nil {
		r.close()
		return &FilterError{Expression: r.config.BPF, Err: err}
	}
	return nil
}

// close ends the capture and keeps the counts.
func (r *reader) close() {
	if r.handle == nil {
		return
	}
	r.countDrops()
	r.handle.Close()
	r.handle = nil
	for _, c := range []*counter{&r.received, &r.kernel, &r.lower} {
		c.last = 0
	}
}

// await captures again as soon as the interface is there again. It returns
// io.EOF when the source is closed or stopped before that.
func (r *reader) await(why error) error {
	r.close()
	since := time.Now()
	r.absence.times++
	r.absence.say("gone since %s, waiting for it: %v", since.Format(time.TimeOnly), bareError(why))
	retry := time.NewTicker(reopenPace)
	defer retry.Stop()
	for {
		select {
		case <-r.closing:
			return io.EOF
		case <-retry.C:
		}
		if r.stop.Load() != 0 {
			return io.EOF
		}
		err := r.open()
		if err == nil {
			break
		}
		var denied *PermissionError
		if errors.As(err, &denied) {
			r.absence.say("gone since %s, and there is no right to capture on it again", since.Format(time.TimeOnly))
		}
	}
	r.absence.total += time.Since(since)
	r.absence.say("was gone for %v in all, %d times: what passed meanwhile was not seen", r.absence.total.Round(time.Millisecond), r.absence.times)
	return nil
}

// bareError leaves out the name of the interface, which stands in front of the
// warning.
func bareError(err error) error {
	var of *InterfaceError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

var _ capture.Stopper = (*Source)(nil)
