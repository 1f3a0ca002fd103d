package tui

import (
	"sync/atomic"
	"time"

	"github.com/gdamore/tcell/v2"
)

// slowFrame is how long writing a frame may take before the screen is drawn
// only once a second: the line to the terminal is slow.
const slowFrame = 50 * time.Millisecond

// slowPace is how often the screen is drawn at most over a slow line, while
// nobody looks at it, and while nobody touches it and there are many calls.
const slowPace = time.Second

// A pace says how often news may be drawn. Keys are answered at once in any
// case. Any goroutine may use it.
type pace struct {
	interval  atomic.Int64 // ns between two drawings of news
	slow      atomic.Bool  // the last frame took long
	unfocused atomic.Bool  // the window of the terminal is not the one in use
	asked     atomic.Int64 // when the user last did something, Unix ns
}

// patient is how long after a key, or the mouse, what comes of it is drawn at
// once.
const patient = time.Second

// mostDrawn is after how many drawings in a second what nobody waits for has to
// wait: with one of news that comes next, five are the most.
const mostDrawn = 4

// A budget remembers when the screen was drawn lately.
type budget struct {
	drawn [mostDrawn]time.Time
	next  int
}

// draw notes that it is.
func (b *budget) draw(now time.Time) {
	b.drawn[b.next] = now
	b.next = (b.next + 1) % mostDrawn
}

// spent reports whether it was drawn so often in the last second that what
// nobody waits for can wait for the next drawing.
func (b *budget) spent(now time.Time) bool { return now.Sub(b.drawn[b.next]) < time.Second }

// idle reports whether the user did nothing lately.
func (p *pace) idle(now time.Time) bool { return now.UnixNano()-p.asked.Load() >= int64(patient) }

// unattendedAfter is how long after the last key, or the mouse, what takes in
// all of many calls is done less often: then they cost less than a hundredth
// of a core, and a capture that nobody looks at has the rest.
const unattendedAfter = 10 * time.Second

// unattended reports whether nobody touched the program for a while, and more
// is to come.
func (u *UI) unattended() bool {
	return u.pace != nil && !u.status.Done && u.pace.unattended(time.Now())
}

// unattended reports whether nobody touched the program for a while.
func (p *pace) unattended(now time.Time) bool {
	return now.UnixNano()-p.asked.Load() >= int64(unattendedAfter)
}

// wait is how long to wait between two drawings; many: of more calls than are
// looked through at once.
func (p *pace) wait(now time.Time, many bool) time.Duration {
	wait := time.Duration(p.interval.Load())
	if p.slow.Load() || p.unfocused.Load() || many && p.unattended(now) {
		wait = max(wait, slowPace)
	}
	return wait
}

// wrote takes in how long a frame took.
func (p *pace) wrote(took time.Duration) { p.slow.Store(took > slowFrame) }

// saw takes in an event of the terminal.
func (p *pace) saw(ev tcell.Event) {
	switch ev := ev.(type) {
	case *tcell.EventFocus:
		p.unfocused.Store(!ev.Focused)
	case *tcell.EventKey, *tcell.EventMouse, *tcell.EventResize:
		p.asked.Store(time.Now().UnixNano())
	}
}

// A pacedScreen times what it writes and hears of the focus.
type pacedScreen struct {
	tcell.Screen
	pace *pace
	now  func() time.Time
	w, h int // of the terminal when it was drawn last, 0 before
}

// Show implements tcell.Screen. After the terminal changed its size everything
// is written anew: tcell takes cells that are blank for drawn then, and what the
// terminal had there before stays.
func (s *pacedScreen) Show() {
	began := s.now()
	before, w, h := s.w != 0, s.w, s.h
	if s.w, s.h = s.Size(); before && (w != s.w || h != s.h) {
		s.Sync()
	} else {
		s.Screen.Show()
	}
	s.pace.wrote(s.now().Sub(began))
}

// PollEvent implements tcell.Screen.
func (s *pacedScreen) PollEvent() tcell.Event {
	ev := s.Screen.PollEvent()
	s.pace.saw(ev)
	return ev
}
