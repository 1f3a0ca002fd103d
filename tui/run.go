package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
)

const (
	// lookInterval is how often a new snapshot is looked for; how often one is
	// drawn is a matter of the pace.
	lookInterval = 50 * time.Millisecond
	// slowLook is the same at the slow pace.
	slowLook = 5 * lookInterval
	// ahead is how long before one is drawn a snapshot is asked for.
	ahead = 2 * lookInterval
)

// exitPatience is how long the event loop may take to end. A terminal that
// takes no more output would hold it up for ever.
const exitPatience = 1500 * time.Millisecond

// ErrTerminalLost reports that the terminal went away.
var ErrTerminalLost = errors.New("the terminal is gone")

// errQuit is why Run ends when the user wants it to.
var errQuit = errors.New("quit")

// A TerminalError reports that no screen can be drawn here.
type TerminalError struct {
	Term string // the TERM variable
	Err  error
}

func (e *TerminalError) Error() string {
	return fmt.Sprintf("no full-screen terminal (TERM=%s): %v", e.Term, e.Err)
}

func (e *TerminalError) Unwrap() error { return e.Err }

// Run shows snapshots until the user quits (nil), ctx is done (nil), another
// input is wanted (*Reopening) or the terminal is lost (ErrTerminalLost). The terminal is restored in every case,
// also when it panics.
func Run(ctx context.Context, c Config) error {
	screen := c.Screen
	if screen == nil {
		var err error
		if screen, err = tcell.NewScreen(); err != nil {
			return &TerminalError{Term: os.Getenv("TERM"), Err: err}
		}
	}
	if err := screen.Init(); err != nil {
		return &TerminalError{Term: os.Getenv("TERM"), Err: err}
	}
	pace := &pace{}
	once := &onceScreen{Screen: &pacedScreen{Screen: screen, pace: pace, now: time.Now}}
	screen.EnableFocus()
	defer func() {
		if p := recover(); p != nil {
			once.Fini()
			panic(p)
		}
	}()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	u, err := newUI(c, once, cancel)
	if err != nil {
		once.Fini()
		return err
	}
	u.pace = pace
	u.setPace()
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	return u.run(ctx, hangup)
}

// run starts the event loop and the refresher and waits for both.
func (u *UI) run(ctx context.Context, hangup <-chan os.Signal) error {
	u.app.SetScreen(u.screen).EnableMouse(true).EnablePaste(true).SetRoot(newRoot(u), true)
	u.app.SetInputCapture(func(ev *tcell.EventKey) *tcell.EventKey {
		u.key(ev)
		return nil
	})
	ended, refreshed := make(chan error, 1), make(chan struct{})
	u.workshop.open(refreshed)
	p := &poller{config: u.config, now: u.now} // the event loop may change its own
	go func() { ended <- u.loop() }()
	go func() {
		defer close(refreshed)
		u.refresh(ctx, p)
	}()
	select {
	case err := <-ended:
		// The loop ended by itself. The refresher may wait for it for ever
		// and is left alone.
		u.cancel(ErrTerminalLost)
		u.endSaving()
		return lost(err)
	case <-hangup:
		u.cancel(ErrTerminalLost)
	case <-ctx.Done():
	}
	return u.finish(ctx, ended, refreshed)
}

// finish waits for the loop and the refresher to end, within reason.
func (u *UI) finish(ctx context.Context, ended <-chan error, refreshed <-chan struct{}) error {
	patience := time.NewTimer(exitPatience)
	defer patience.Stop()
	select {
	case err := <-ended:
		if broken := (*panicError)(nil); errors.As(err, &broken) {
			panic(broken)
		}
		<-refreshed
		u.endSaving()
	case <-patience.C:
		return fmt.Errorf("%w: it takes no more output", ErrTerminalLost)
	}
	if cause := context.Cause(ctx); errors.Is(cause, ErrTerminalLost) {
		return cause
	} else if other := (*Reopening)(nil); errors.As(cause, &other) {
		return other
	}
	return nil
}

func lost(err error) error {
	if broken := (*panicError)(nil); errors.As(err, &broken) {
		panic(broken)
	}
	if err == nil {
		return ErrTerminalLost
	}
	return fmt.Errorf("%w: %w", ErrTerminalLost, err)
}

// A panicError carries a panic of the event loop to the goroutine that called
// Run, so that what it deferred is done.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("%v\n\n%s", p.value, p.stack) }

// loop runs tview, which restores the terminal before it hands a panic on.
func (u *UI) loop() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return u.app.Run()
}

// refresh redraws when something new was published. It is the only caller of
// QueueUpdateDraw and of Stop, so no update can be queued behind a stopped
// event loop, where it would wait forever.
func (u *UI) refresh(ctx context.Context, p *poller) {
	defer u.app.Stop()
	look := lookInterval
	tick := time.NewTicker(look)
	defer tick.Stop()
	drawn := time.Time{} // of the clock of the machine, whatever the tests make of the other
	var drawings budget
	behind := false // the screen does not show the latest results
	for {
		select {
		case <-ctx.Done(): // a key, a signal, or the end of the program
			return
		case now := <-tick.C:
			wait := u.pace.wait(now, p.many())
			if every := lookEvery(wait); every != look {
				look = every
				tick.Reset(look)
			}
			if left := wait - now.Sub(drawn); left > look/2 {
				if left <= max(look, ahead)+look/2 {
					p.want()
				}
				continue
			}
			drawn = now
			if snap, status, news := p.poll(); news {
				u.app.QueueUpdateDraw(func() { u.show(snap, status) })
			} else if behind || u.workshop.busy() { // and the screen may want to say so
				u.app.QueueUpdateDraw(func() {})
			} else {
				if u.owes.Load() {
					u.app.QueueUpdate(u.catchUp)
				}
				continue
			}
			behind = false
			drawings.draw(now)
		case then := <-u.workshop.results:
			now := time.Now()
			if behind = u.pace.idle(now) && drawings.spent(now); behind {
				u.app.QueueUpdate(then)
				continue
			}
			u.app.QueueUpdateDraw(then)
			drawings.draw(now)
		}
	}
}

// lookEvery is how often to look for a snapshot when one is drawn so often.
func lookEvery(wait time.Duration) time.Duration {
	if wait >= slowPace {
		return slowLook
	}
	return lookInterval
}

// A poller tells whether there is anything new to show.
type poller struct {
	config Config
	now    func() time.Time

	snap  *correlate.Snapshot
	last  Status
	drawn time.Time
}

// many reports whether more is to come to so many calls that not all are looked
// through for each drawing.
func (p *poller) many() bool {
	return p.snap != nil && !p.last.Done && len(p.snap.Calls) > inlineCalls
}

// want asks for a newer snapshot.
func (p *poller) want() {
	if p.config.Want != nil {
		p.config.Want()
	}
}

// poll reads the snapshot and the status. A live screen is news once a second
// even on a quiet wire, because its clock moves.
func (p *poller) poll() (snap *correlate.Snapshot, s Status, news bool) {
	snap, s = p.config.Snapshot(), p.config.Status()
	news = snap != p.snap || s.Frames != p.last.Frames || s.Position != p.last.Position || s.Done != p.last.Done ||
		s.Dropped != p.last.Dropped || len(s.Warnings) != len(p.last.Warnings)
	if now := p.now(); news || p.config.Live && now.Sub(p.drawn) >= time.Second {
		p.snap, p.last, p.drawn = snap, s, now
		return snap, s, true
	}
	return snap, s, false
}

// onceScreen is a screen that was initialised already, which tview wants to do
// again without noticing when it fails. It may be finished more than once, and
// it is not cleared: a frame writes every cell.
type onceScreen struct {
	tcell.Screen
	fini sync.Once
}

// Init implements tcell.Screen.
func (*onceScreen) Init() error { return nil }

// Clear implements tcell.Screen.
func (*onceScreen) Clear() {}

// Fini implements tcell.Screen.
func (s *onceScreen) Fini() { s.fini.Do(s.Screen.Fini) }
