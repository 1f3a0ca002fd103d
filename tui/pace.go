package tui

import (
	"sync/atomic"
	"time"

	"github.com/gdamore/tcell/v2"
)

// slowFrame is how long writing a frame may take before the screen is drawn
// only once a second: the line to the terminal is slow.
const slowFrame = 50 * time.Millisecond

// slowPace is how often the screen is drawn at most over a slow line, or while
// nobody looks at it.
const slowPace = time.Second

// A pace says how often news may be drawn. Keys are answered at once in any
// case. Any goroutine may use it.
type pace struct {
	interval  atomic.Int64 // ns between two drawings of news
	slow      atomic.Bool  // the last frame took long
	unfocused atomic.Bool  // the window of the terminal is not the one in use
}

// wait is how long to wait between two drawings.
func (p *pace) wait() time.Duration {
	wait := time.Duration(p.interval.Load())
	if p.slow.Load() || p.unfocused.Load() {
		wait = max(wait, slowPace)
	}
	return wait
}

// wrote takes in how long a frame took.
func (p *pace) wrote(took time.Duration) { p.slow.Store(took > slowFrame) }

// saw takes in an event of the terminal.
func (p *pace) saw(ev tcell.Event) {
	if focus, ok := ev.(*tcell.EventFocus); ok {
		p.unfocused.Store(!focus.Focused)
	}
}

// A pacedScreen times what it writes and hears of the focus.
type pacedScreen struct {
	tcell.Screen
	pace *pace
	now  func() time.Time
}

// Show implements tcell.Screen.
func (s *pacedScreen) Show() {
	began := s.now()
	s.Screen.Show()
	s.pace.wrote(s.now().Sub(began))
}

// PollEvent implements tcell.Screen.
func (s *pacedScreen) PollEvent() tcell.Event {
	ev := s.Screen.PollEvent()
	s.pace.saw(ev)
	return ev
}
