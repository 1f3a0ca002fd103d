package tui

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sipsniff/internal/allowance"
)

// fuzzTime is how long random keys are pressed on each source: a second or so,
// or what SIPSNIFF_FUZZ says.
func fuzzTime(t *testing.T) time.Duration {
	text := os.Getenv("SIPSNIFF_FUZZ")
	if text == "" {
		return 5 * time.Second / 4
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// fuzzSeed is another one each time, or what SIPSNIFF_FUZZ_SEED says.
func fuzzSeed(t *testing.T) uint64 {
	text := os.Getenv("SIPSNIFF_FUZZ_SEED")
	if text == "" {
		return uint64(time.Now().UnixNano())
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

const (
	remembered = 50                // steps that the report of a failure names
	stuckAfter = 100 * time.Second // for one step; the race detector takes its time
	wayHome    = 40                // times Esc that lead from anywhere to the list
)

// A presser presses random keys on a UI, changes its size, clicks, drags,
// pastes, and looks at the screen after each step.
type presser struct {
	*rig
	seed   uint64
	random *rand.Rand
	keys   []string
	live   *liveSource // that goes on meanwhile; nil: a capture that was read
	grid   grid
	steps  int
	seen   map[string]int // steps by place

	mu  sync.Mutex
	did []string // of late
}

// begin makes what is pressed a matter of the seed alone.
func (p *presser) begin(seed uint64) {
	p.seed, p.random, p.seen = seed, rand.New(rand.NewPCG(seed, 1)), map[string]int{}
	p.keys = keysThatExist(p.rig)
}

// pressRandomly leads a presser until the time is over.
func pressRandomly(t *testing.T, open func(t *testing.T) *presser) {
	p := open(t)
	t.Chdir(t.TempDir()) // where nobody has files that a name could be in the way of
	p.begin(fuzzSeed(t))
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(p.report())
		}
	})
	defer func() {
		if broken := recover(); broken != nil {
			t.Fatalf("%v\n%s", broken, debug.Stack())
		}
	}()
	watch := time.AfterFunc(stuckAfter, p.stuck)
	defer watch.Stop()
	for end := time.Now().Add(fuzzTime(t)); time.Now().Before(end); p.steps++ {
		p.step()
		p.check()
		watch.Reset(stuckAfter)
	}
	p.home()
	if p.live != nil {
		p.live.prove(p)
	}
	t.Logf("seed %d: %d steps, by place: %v", p.seed, p.steps, p.seen)
}

// note remembers what is done next, before it is done.
func (p *presser) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.did = append(p.did, fmt.Sprintf(format, args...))
	if len(p.did) > remembered {
		p.did = p.did[1:]
	}
}

// report says how to come to the failure again, and what was done last.
func (p *presser) report() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("step %d, to press the same again: SIPSNIFF_FUZZ_SEED=%d SIPSNIFF_FUZZ=1h go test ./tui -run '^%s$'\nthe last steps: %q",
		p.steps, p.seed, strings.ReplaceAll(p.t.Name(), "/", "$/^"), p.did)
}

// stuck ends the test when a step does not.
func (p *presser) stuck() {
	stacks := make([]byte, 1<<20)
	fmt.Fprintf(os.Stderr, "a step takes longer than %v\n%s\n%s\n", stuckAfter, p.report(), stacks[:runtime.Stack(stacks, true)])
	panic("the screens are stuck")
}

// wrong fails with what is on the screen.
func (p *presser) wrong(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("%s, on the screen %s of %dx%d:\n%s", fmt.Sprintf(format, args...), p.place(), p.grid.w, p.grid.h, p.grid.text())
}

// place names where keys go to.
func (p *presser) place() string { return p.places()[0].Name() }

// home presses Esc until the list is there with nothing over it: no screen may
// hold the user.
func (p *presser) home() {
	for range wayHome {
		if len(p.stack) == 1 && p.dialog == nil && p.prompt == nil {
			return
		}
		p.note("Esc")
		p.key(event("Esc"))
		p.check()
	}
	p.wrong("Esc %d times does not lead to the list", wayHome)
}

// onCapture opens the screens on a capture file.
func onCapture(path func(t *testing.T) string) func(t *testing.T) *presser {
	return func(t *testing.T) *presser {
		absolute, err := filepath.Abs(path(t))
		if err != nil {
			t.Fatal(err)
		}
		r := callScreens(t, absolute, 80, 24)
		r.config.Save = emptySaver()
		return &presser{rig: r}
	}
}

func onDemo(t *testing.T) *presser {
	return onCapture(func(*testing.T) string { return filepath.Join("..", "pcaps", "demo.pcap") })(t)
}

// The sources that keys are pressed on. Captures that are not on this machine
// are left out.
func TestRandomKeys(t *testing.T) {
	sources := map[string]func(t *testing.T) *presser{"live": openLive, "demo": onDemo}
	for _, id := range []string{"c0032", "c0077", "c0110"} {
		sources[id] = onCapture(func(t *testing.T) string { return capturePath(t, id) })
	}
	for name, open := range sources {
		t.Run(name, func(t *testing.T) { pressRandomly(t, open) })
	}
}

// The same seed presses the same keys, and the same screens come of it: a
// failure can be looked at again.
func TestRandomKeysAgain(t *testing.T) {
	pressers := [2]*presser{onDemo(t), onDemo(t)}
	t.Chdir(t.TempDir())
	for _, p := range pressers {
		p.begin(7)
	}
	for range allowance.Share(100, 25) {
		for _, p := range pressers {
			p.step()
			p.grid = p.gridOf(p.sim)
			p.steps++
		}
		if a, b := pressers[0], pressers[1]; !slices.Equal(a.grid.cells, b.grid.cells) {
			t.Fatalf("%s\nonce it is\n%sand once\n%s", a.report(), a.grid.text(), b.grid.text())
		}
	}
}

// Names that are too long, too wide, or not text at all.
func TestRandomKeysOnEvilNames(t *testing.T) {
	pressRandomly(t, func(t *testing.T) *presser {
		return &presser{rig: newRig(t, rigOptions{w: 120, h: 40, snap: evilSnapshot(), status: fileStatus(), save: emptySaver()})}
	})
}
