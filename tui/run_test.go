package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
)

// patience is how long a test waits for what should happen at once.
const patience = 20 * time.Second

// A watched screen hands out what is on it whenever it is shown.
type watched struct {
	tcell.SimulationScreen
	shown chan string
	hold  atomic.Bool   // Show does not return until it is finished
	freed chan struct{} // closed to let Show return
	finis atomic.Int32
}

func newWatched(t *testing.T) *watched {
	t.Helper()
	w := &watched{SimulationScreen: tcell.NewSimulationScreen("UTF-8"), shown: make(chan string, 1000), freed: make(chan struct{})}
	return w
}

func (w *watched) Init() error {
	err := w.SimulationScreen.Init()
	w.SetSize(80, 24)
	return err
}

func (w *watched) Show() {
	w.SimulationScreen.Show()
	if w.hold.Load() {
		<-w.freed
	}
	var b strings.Builder
	width, height := w.Size()
	for y := range height {
		for x := range width {
			s, _, _ := w.Get(x, y)
			b.WriteString(s)
		}
		b.WriteByte('\n')
	}
	select {
	case w.shown <- b.String():
	default:
	}
}

func (w *watched) Fini() {
	w.finis.Add(1)
	w.SimulationScreen.Fini()
}

// wait returns when text is on the screen.
func (w *watched) wait(t *testing.T, text string) {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case screen := <-w.shown:
			if strings.Contains(screen, text) {
				return
			}
		case <-late:
			t.Fatalf("%q never came", text)
		}
	}
}

// start runs the UI; the channel gets what Run returned or panicked with.
func start(ctx context.Context, w *watched, snapshot func() *correlate.Snapshot) <-chan any {
	done := make(chan any, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- p
			}
		}()
		done <- Run(ctx, Config{
			Snapshot: snapshot, Status: func() Status { return fileStatus() }, Location: time.UTC, Screen: w,
		})
	}()
	return done
}

func fixed(snap *correlate.Snapshot) func() *correlate.Snapshot {
	return func() *correlate.Snapshot { return snap }
}

func result(t *testing.T, done <-chan any) any {
	t.Helper()
	select {
	case got := <-done:
		return got
	case <-time.After(patience):
		t.Fatal("Run does not end")
		return nil
	}
}

func TestRunShowsWhatIsPublishedAndQuits(t *testing.T) {
	w := newWatched(t)
	var snap atomic.Pointer[correlate.Snapshot]
	snap.Store(rows(3))
	done := start(context.Background(), w, snap.Load)
	w.wait(t, "[1 Dialogs 3]")
	snap.Store(rows(17))
	w.wait(t, "[1 Dialogs 17]")
	w.InjectKey(tcell.KeyEnter, 0, 0)
	w.wait(t, "Flow #1")
	w.InjectKey(tcell.KeyRune, 'q', 0)
	w.wait(t, "[1 Dialogs 17]")
	w.InjectKey(tcell.KeyRune, 'q', 0)
	if got := result(t, done); got != nil {
		t.Errorf("Run returned %v", got)
	}
	if n := w.finis.Load(); n != 1 {
		t.Errorf("the terminal was restored %d times", n)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	w := newWatched(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := start(ctx, w, fixed(rows(3)))
	w.wait(t, "[1 Dialogs 3]")
	cancel()
	if got := result(t, done); got != nil {
		t.Errorf("Run returned %v", got)
	}
}

func TestRunStopsCleanlyManyTimes(t *testing.T) {
	for range 50 {
		w := newWatched(t)
		done := start(context.Background(), w, fixed(rows(1)))
		w.wait(t, "[1 Dialogs 1]")
		w.InjectKey(tcell.KeyCtrlC, 0, tcell.ModCtrl)
		if got := result(t, done); got != nil {
			t.Fatalf("Run returned %v", got)
		}
	}
}

func TestLostTerminalEndsRun(t *testing.T) {
	w := newWatched(t)
	done := start(context.Background(), w, fixed(rows(3)))
	w.wait(t, "[1 Dialogs 3]")
	if err := w.PostEvent(tcell.NewEventError(io.EOF)); err != nil {
		t.Fatal(err)
	}
	if err, ok := result(t, done).(error); !ok || !errors.Is(err, ErrTerminalLost) {
		t.Errorf("Run returned %v", err)
	}
}

func TestFinishedScreenEndsRun(t *testing.T) {
	w := newWatched(t)
	done := start(context.Background(), w, fixed(rows(3)))
	w.wait(t, "[1 Dialogs 3]")
	syscallHangup(t)
	if err, ok := result(t, done).(error); !ok || !errors.Is(err, ErrTerminalLost) {
		t.Errorf("Run returned %v", err)
	}
}

// syscallHangup sends this process a SIGHUP that cannot end it.
func syscallHangup(t *testing.T) {
	t.Helper()
	guard := make(chan os.Signal, 1)
	signal.Notify(guard, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(guard) })
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	<-guard
}

func TestStuckTerminalEndsRun(t *testing.T) {
	w := newWatched(t)
	t.Cleanup(func() { close(w.freed) })
	ctx, cancel := context.WithCancel(context.Background())
	done := start(ctx, w, fixed(rows(3)))
	w.wait(t, "[1 Dialogs 3]")
	w.hold.Store(true)
	w.InjectKey(tcell.KeyDown, 0, 0)
	began := time.Now()
	cancel()
	got := result(t, done)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	if err, ok := got.(error); ok && !errors.Is(err, ErrTerminalLost) {
		t.Errorf("Run returned %v", got)
	}
}

func TestPanicRestoresTheTerminal(t *testing.T) {
	broken := rows(3)
	broken.Calls[1] = broken.Calls[1].WithMessages([]*correlate.Message{nil})
	for name, tt := range map[string]struct {
		snap *correlate.Snapshot
		keys []tcell.Key
	}{
		"in the event loop": {broken, []tcell.Key{tcell.KeyDown, tcell.KeyEnter}},
		"before it":         {&correlate.Snapshot{Calls: []*correlate.Call{nil}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWatched(t)
			done := start(context.Background(), w, fixed(tt.snap))
			for _, key := range tt.keys {
				w.wait(t, "[1 Dialogs 3]")
				w.InjectKey(key, 0, 0)
			}
			got := result(t, done)
			if _, ok := got.(error); !ok {
				t.Errorf("Run ended with %v", got)
			}
			if n := w.finis.Load(); n != 1 {
				t.Errorf("the terminal was restored %d times", n)
			}
		})
	}
}

func TestNoTerminal(t *testing.T) {
	t.Setenv("TERM", "dumb")
	err := Run(context.Background(), Config{Snapshot: fixed(&correlate.Snapshot{}), Status: func() Status { return Status{} }})
	var terminal *TerminalError
	if !errors.As(err, &terminal) || terminal.Term != "dumb" {
		t.Errorf("Run returned %v", err)
	}
}

// However fast news come, they are drawn at the pace that is set.
func TestAcceptance75Pace(t *testing.T) {
	w := newWatched(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := start(ctx, w, func() *correlate.Snapshot { return rows(3) }) // another one each time
	w.wait(t, "[1 Dialogs 3]")
	<-w.shown
	began := time.Now()
	const frames = 9
	for range frames {
		select {
		case <-w.shown:
		case <-time.After(patience):
			t.Fatal("nothing is drawn any more")
		}
	}
	if took := time.Since(began); took < (frames-1)*time.Second/5 {
		t.Errorf("%d frames in %v are more than five a second", frames, took)
	}
	cancel()
	result(t, done)
}
