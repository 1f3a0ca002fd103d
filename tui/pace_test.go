package tui

import (
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
)

func TestPace(t *testing.T) {
	var p pace
	p.interval.Store(int64(250 * time.Millisecond))
	for _, tt := range []struct {
		name  string
		takes time.Duration
		focus bool
		want  time.Duration
	}{
		{"a fast line", 2 * time.Millisecond, true, 250 * time.Millisecond},
		{"a slow line", 51 * time.Millisecond, true, time.Second},
		{"fast again", 50 * time.Millisecond, true, 250 * time.Millisecond},
		{"nobody looks", time.Millisecond, false, time.Second},
		{"somebody looks again", time.Millisecond, true, 250 * time.Millisecond},
	} {
		p.wrote(tt.takes)
		p.saw(tcell.NewEventFocus(tt.focus))
		if got := p.wait(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	p.interval.Store(int64(2 * time.Second))
	p.wrote(time.Minute)
	if got := p.wait(); got != 2*time.Second {
		t.Errorf("%v: a slow line makes it faster", got)
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
