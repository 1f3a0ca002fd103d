package tui

import (
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
)

func TestPace(t *testing.T) {
	var p pace
	p.interval.Store(int64(250 * time.Millisecond))
	p.saw(tcell.NewEventKey(tcell.KeyEnter, 0, tcell.ModNone))
	touched := time.Now()
	for _, tt := range []struct {
		name  string
		takes time.Duration
		focus bool
		since time.Duration // the last key
		many  bool          // calls
		want  time.Duration
	}{
		{"a fast line", 2 * time.Millisecond, true, 0, false, 250 * time.Millisecond},
		{"a slow line", 51 * time.Millisecond, true, 0, false, time.Second},
		{"fast again", 50 * time.Millisecond, true, 0, false, 250 * time.Millisecond},
		{"nobody looks", time.Millisecond, false, 0, false, time.Second},
		{"somebody looks again", time.Millisecond, true, 0, false, 250 * time.Millisecond},
		{"many calls", time.Millisecond, true, 9 * time.Second, true, 250 * time.Millisecond},
		{"many calls, and nobody touches them", time.Millisecond, true, 10 * time.Second, true, time.Second},
		{"few calls that nobody touches", time.Millisecond, true, time.Hour, false, 250 * time.Millisecond},
	} {
		p.wrote(tt.takes)
		p.saw(tcell.NewEventFocus(tt.focus))
		if got := p.wait(touched.Add(tt.since), tt.many); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	p.interval.Store(int64(2 * time.Second))
	p.wrote(time.Minute)
	if got := p.wait(touched, false); got != 2*time.Second {
		t.Errorf("%v: a slow line makes it faster", got)
	}
}

// After four drawings in a second what nobody asked for waits.
func TestBudget(t *testing.T) {
	var b budget
	now := time.Unix(100, 0)
	for i := range mostDrawn {
		if b.spent(now) {
			t.Errorf("spent after %d drawings", i)
		}
		b.draw(now)
		now = now.Add(100 * time.Millisecond)
	}
	if !b.spent(now) || !b.spent(time.Unix(100, 999_999_999)) {
		t.Error("there is no end of drawings")
	}
	if b.spent(time.Unix(101, 0)) {
		t.Error("there is no room after a second")
	}
	var p pace
	if !p.idle(now) {
		t.Error("somebody did something, who is not there")
	}
	p.saw(tcell.NewEventKey(tcell.KeyEnter, 0, tcell.ModNone))
	if p.idle(time.Now()) || !p.idle(time.Now().Add(2*time.Second)) {
		t.Error("a key is not answered for a second")
	}
}

// A slowTerminal takes a while for every frame.
type slowTerminal struct {
	tcell.SimulationScreen
	clock *time.Time
	takes time.Duration
}

func (s *slowTerminal) Show() { *s.clock = s.clock.Add(s.takes) }

func TestAFrameIsTimed(t *testing.T) {
	clock := time.Unix(1, 0)
	slow := &slowTerminal{tcell.NewSimulationScreen("UTF-8"), &clock, 80 * time.Millisecond}
	s := &pacedScreen{Screen: slow, pace: &pace{}, now: func() time.Time { return clock }}
	s.Show()
	if !s.pace.slow.Load() {
		t.Error("80 ms are fast")
	}
	slow.takes = time.Millisecond
	if s.Show(); s.pace.slow.Load() {
		t.Error("1 ms is slow")
	}
}
