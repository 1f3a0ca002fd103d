//go:build cgo && !nopcap

package libpcap

import (
	"errors"
	"io"
	"time"

	"sipsniff/capture"
)

// reopenPace is the time between two attempts to capture on an interface that
// went away.
const reopenPace = 250 * time.Millisecond

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
	r.absence.Begin(time.Now(), bareError(why))
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
			r.absence.Hopeless(capture.NoRight)
		}
	}
	r.absence.End()
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
