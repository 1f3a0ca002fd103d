package main

import (
	"fmt"
	"time"

	"sipsniff/tui/figure"
)

const (
	progressAfter = 500 * time.Millisecond // short runs show none
	progressEvery = 250 * time.Millisecond
)

// showsProgress says whether progress is wanted: only on a terminal.
func (o *options) showsProgress() bool { return o.errIsTerminal && !o.quiet }

// progress keeps one line on standard error up to date until the function
// that it returns is called.
func (o *options) progress(s *session) (stop func()) {
	if !o.showsProgress() {
		return func() {}
	}
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		timer := time.NewTimer(progressAfter)
		defer timer.Stop()
		shown := false
		for {
			select {
			case <-done:
				if shown {
					fmt.Fprint(o.err, "\r\x1b[K")
				}
				return
			case <-timer.C:
				fmt.Fprintf(o.err, "\r\x1b[K%s", progressLine(s))
				shown = true
				timer.Reset(progressEvery)
			}
		}
	}()
	return func() { close(done); <-stopped }
}

func progressLine(s *session) string {
	s.pipeline.Want() // for the next line
	st := s.pipeline.Status()
	frames, calls := figure.Counted(st.Frames, "frame"), figure.Counted(uint64(len(s.pipeline.Snapshot().Calls)), "call")
	var size, position int64
	for _, in := range st.Sources {
		size += in.Size
		position += in.Position
	}
	if size > 0 {
		return fmt.Sprintf("%d%%  %s  %s", 100*position/size, frames, calls)
	}
	return frames + "  " + calls
}
