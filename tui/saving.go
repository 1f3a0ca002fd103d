package tui

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
)

// A saving is a file that is being written.
type saving struct {
	request SaveRequest
	share   func() float64
	cancel  context.CancelFunc
	all     *correlate.Snapshot // of which it holds every packet; nil for none
	done    chan struct{}       // closed when nothing is written any more
	stopped bool                // the user gave it up
	open    bool                // it is to be read in place of what there is
}

// startSave writes in the background; the dialog stays open until it is done.
func (u *UI) startSave(r SaveRequest, all *correlate.Snapshot, open bool) {
	ctx, cancel := context.WithCancel(context.Background())
	share := &doneShare{}
	s := &saving{request: r, share: share.load, cancel: cancel, all: all, open: open, done: make(chan struct{})}
	u.saving = s
	u.workshop.do(func() func() {
		defer close(s.done)
		result, err := u.config.Save.Run(ctx, r, share.store)
		return func() { u.saved(s, result, err) }
	})
	if u.saving == s {
		u.dialog = &savingDialog{s: s}
	}
}

// endSaving gives up the file that is being written, and waits until nothing of
// it is left, within reason. The event loop has ended.
func (u *UI) endSaving() {
	if u.saving == nil {
		return
	}
	u.saving.cancel()
	patience := time.NewTimer(exitPatience)
	defer patience.Stop()
	select {
	case <-u.saving.done:
	case <-patience.C:
	}
}

// saved says what became of a save.
func (u *UI) saved(s *saving, result SaveResult, err error) {
	s.cancel()
	if u.saving == s {
		u.saving = nil
	}
	if d, ok := u.dialog.(*savingDialog); ok && d.s == s {
		u.dialog = nil
	}
	switch {
	case err != nil && s.stopped:
		u.say("saving was given up; no file was changed")
	case err != nil:
		u.saveFailed(s, err)
	default:
		if s.all != nil {
			u.savedAll = s.all
		}
		line := "saved " + plural(len(s.request.Calls), "call")
		if result.Frames > 0 {
			line += ", " + plural(result.Frames, "packet")
		}
		line += " in " + u.clean(strings.Join(result.Files, ", ")) + " (" + octets(uint64(result.Octets)) + ")"
		for _, remark := range result.Remarks {
			line += "; " + u.clean(remark)
		}
		u.say("%s", line)
		if s.open && len(result.Files) == 1 {
			u.reopen(&Reopening{File: result.Files[0]})
		}
	}
}

// A doneShare is how much of some work is done, from any goroutine.
type doneShare struct{ bits atomic.Uint64 }

func (s *doneShare) store(done float64) { s.bits.Store(math.Float64bits(done)) }
func (s *doneShare) load() float64      { return math.Float64frombits(s.bits.Load()) }

// A savingDialog shows how far a save is. It can be left: the save goes on.
type savingDialog struct{ s *saving }

func (d *savingDialog) context() Context { return InSave }

func (d *savingDialog) other(*UI, *tcell.EventKey) {}

func (d *savingDialog) draw(u *UI, c canvas) {
	done := d.s.share()
	box := u.dialogBox(c, "Saving", 60, 4)
	box.text(1, 0, fmt.Sprintf("%s, %3.0f %%", plural(len(d.s.request.Calls), "call"), done*100), u.theme[roleDialog])
	width := box.w - 2
	box.text(1, 1, strings.Repeat(u.set.Thumb, int(done*float64(width))), u.theme[roleDialog])
	box.text(1, 3, "Enter: go on looking   Esc: give it up", u.theme[roleDim])
}
