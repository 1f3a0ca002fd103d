package tui

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// The drops of the last ten seconds are worth a banner when they are more
// than one packet in a thousand.
const (
	dropWindow = 10_000_000_000 // ns of the wall clock
	dropShare  = 0.001
)

// mostDropSpans bounds the times that are remembered; older ones become one.
const mostDropSpans = 256

// A dropLog remembers when packets were dropped, by the clock of the capture,
// and how many of late.
type dropLog struct {
	spans   []span64 // capture times between which packets were dropped
	recent  []dropSample
	hidden  bool   // the user closed the banner
	dropped uint64 // in all, when it was looked at last
	last    int64  // capture time then
}

type span64 struct{ from, to int64 }

// A dropSample is the counters at one moment of the wall clock.
type dropSample struct {
	at              int64
	frames, dropped uint64
	kinds           Drops
}

// Drops are packets that were lost before anybody looked at them, by who lost
// them.
type Drops struct {
	Kernel, Interface, Queue uint64

	unknown uint64 // nobody says who lost them
}

// sum adds them up.
func (d Drops) sum() uint64 { return d.Kernel + d.Interface + d.Queue + d.unknown }

// sample takes in the counters of a status; now is the wall clock.
func (l *dropLog) sample(s *Status, now int64) {
	if (s.Dropped > l.dropped || s.MediaOff) && l.last != 0 { // RTP that is let pass is missing as well
		l.note(span64{l.last, max(s.Last, l.last)})
	}
	l.dropped, l.last = s.Dropped, s.Last
	l.recent = append(l.recent, dropSample{now, s.Frames, s.Dropped, s.Drops})
	for len(l.recent) > 2 && l.recent[1].at <= now-dropWindow {
		l.recent = l.recent[1:]
	}
}

func (l *dropLog) note(s span64) {
	if n := len(l.spans); n > 0 && s.from <= l.spans[n-1].to {
		l.spans[n-1].to = s.to
		return
	}
	l.spans = append(l.spans, s)
	if len(l.spans) > mostDropSpans {
		l.spans[1].from = l.spans[0].from
		l.spans = l.spans[1:]
	}
}

// during reports whether packets were dropped between two capture times.
func (l *dropLog) during(from, to int64) bool {
	for _, s := range l.spans {
		if s.from <= to && s.to >= from {
			return true
		}
	}
	return false
}

// lately is what came and what was dropped in the last ten seconds.
func (l *dropLog) lately() (frames uint64, dropped Drops, share float64) {
	if len(l.recent) < 2 {
		return 0, Drops{}, 0
	}
	a, b := &l.recent[0], &l.recent[len(l.recent)-1]
	frames = b.frames - a.frames
	dropped = Drops{Kernel: b.kinds.Kernel - a.kinds.Kernel, Interface: b.kinds.Interface - a.kinds.Interface, Queue: b.kinds.Queue - a.kinds.Queue}
	lost := b.dropped - a.dropped
	if dropped.sum() == 0 {
		dropped.unknown = lost // nobody says who
	}
	if total := frames + lost; total > 0 {
		share = float64(lost) / float64(total)
	}
	return frames, dropped, share
}

// active is the time in which a call went on.
func (u *UI) active(c *correlate.Call) (from, to int64) {
	to = c.Ended
	if to == 0 {
		to = u.snap.Last
	}
	if n := len(c.Messages()); n > 0 {
		to = max(to, c.Messages()[n-1].Nanos)
	}
	return c.Started, to
}

// doubt puts a question mark behind a figure of quality when packets were
// dropped while the call was on: they may be among those that are missing.
func (u *UI) doubt(c *correlate.Call, text string, width int) string {
	if text == "" || len(u.drops.spans) == 0 {
		return text
	}
	if from, to := u.active(c); !u.drops.during(from, to) {
		return text
	}
	if len(text) >= width { // a decimal less
		text = text[:width-1]
	}
	return text + "?"
}

// dropNote is how bad it is at the moment, for the title bar; "" when nothing
// was dropped of late.
func (u *UI) dropNote() string {
	_, _, share := u.drops.lately()
	if share <= 0 {
		return ""
	}
	if share < 0.001 {
		return "DROP <0.1% now"
	}
	return fmt.Sprintf("DROP %.1f%% now", share*100)
}

// drawBanner warns of drops above a list, and returns what is left below.
func (u *UI) drawBanner(c canvas) canvas {
	frames, dropped, share := u.drops.lately()
	if share <= dropShare {
		u.drops.hidden = false
		return c
	}
	if u.drops.hidden {
		return c
	}
	who, n := "kernel", dropped.Kernel
	switch {
	case dropped.Queue > n && dropped.Queue >= dropped.Interface:
		who, n = "sipsniff itself", dropped.Queue
	case dropped.Interface > n:
		who, n = "interface", dropped.Interface
	}
	switch sum := dropped.sum(); {
	case dropped.unknown > 0:
		who, n = "capture", sum
	case sum > n:
		who, n = "kernel, interface and queue", sum
	}
	line := fmt.Sprintf("%s %s dropped %s of %s packets in the last 10 s: loss%% is not reliable", u.set.Bad, who,
		figure.Grouped(n), figure.Compact(frames+dropped.sum()))
	advice := "6 Capture: a bigger ring, SIP only, or a narrower filter " + u.set.Dot + " Esc hides this"
	c.text(1, 0, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[roleBad])
	c.text(3, 1, cells.Cut(advice, c.w-4, u.set.Ellipsis), u.theme[rolePlain])
	return c.part(0, 2, c.w, c.h-2)
}

// hideBanner closes the banner and reports whether there was one.
func (u *UI) hideBanner() bool {
	_, _, share := u.drops.lately()
	if share <= dropShare || u.drops.hidden {
		return false
	}
	u.drops.hidden = true
	return true
}
