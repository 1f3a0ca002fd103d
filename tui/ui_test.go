package tui

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	custom "sipsniff/internal/column"
	"sipsniff/internal/filter"
	"sipsniff/internal/golden"
	"sipsniff/internal/settings"
	"sipsniff/tui/internal/sample"
)

// A rig is a UI on a simulated screen, drawn and driven without an event loop.
type rig struct {
	*UI
	t      *testing.T
	sim    tcell.SimulationScreen
	snap   *correlate.Snapshot
	status Status
	clock  time.Time
	ended  error
}

type rigOptions struct {
	w, h    int
	snap    *correlate.Snapshot
	status  Status
	live    bool
	charset string
	filter  *filter.Expr
	columns custom.Set
	save    Saver
	stop    func()
	file    *settings.File

	diagnose func(*correlate.Snapshot) *diagnosis.Result
}

func newRig(t *testing.T, o rigOptions) *rig {
	t.Helper()
	if o.charset == "" {
		o.charset = "UTF-8"
	}
	sim := tcell.NewSimulationScreen(o.charset)
	if err := sim.Init(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Fini)
	sim.SetSize(o.w, o.h)
	r := &rig{t: t, sim: sim, snap: o.snap, status: o.status, clock: time.Date(2025, 10, 14, 12, 12, 20, 0, time.UTC)}
	if r.snap == nil {
		r.snap = &correlate.Snapshot{}
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	t.Cleanup(func() { cancel(nil) })
	u, err := newUI(Config{
		Snapshot: func() *correlate.Snapshot { return r.snap }, Status: func() Status { return r.status },
		Save: o.save, Stop: o.stop, Settings: o.file,

		Live: o.live, Filter: o.filter, Location: time.UTC, Now: func() time.Time { return r.clock }, Columns: o.columns, Diagnose: o.diagnose,
	}, sim, func(err error) { r.ended = err; cancel(err) })
	if err != nil {
		t.Fatal(err)
	}
	_ = ctx
	r.UI = u
	return r
}

// press sends keys, spelled as in the key table; a longer word that is no key
// is typed.
func (r *rig) press(keys ...string) *rig {
	r.t.Helper()
	for _, key := range keys {
		r.key(event(key))
	}
	return r
}

func (r *rig) typeText(text string) *rig {
	for _, c := range text {
		r.key(tcell.NewEventKey(tcell.KeyRune, c, 0))
	}
	return r
}

// event makes the event of a key name.
func event(key string) *tcell.EventKey {
	for prefix, held := range map[string]tcell.ModMask{"Alt-": tcell.ModAlt, "Shift-": tcell.ModShift} {
		if rest, ok := strings.CutPrefix(key, prefix); ok && (rest == "Left" || rest == "Right") {
			return tcell.NewEventKey(event(rest).Key(), 0, held)
		}
	}
	for code, name := range tcell.KeyNames {
		if name == key {
			return tcell.NewEventKey(code, 0, 0)
		}
	}
	if key == "Space" {
		return tcell.NewEventKey(tcell.KeyRune, ' ', 0)
	}
	if len(key) == 2 && key[0] == '^' {
		return tcell.NewEventKey(tcell.KeyCtrlA+tcell.Key(key[1]-'A'), 0, tcell.ModCtrl)
	}
	r, _ := utf8.DecodeRuneInString(key)
	return tcell.NewEventKey(tcell.KeyRune, r, 0)
}

// text draws and returns the screen, blanks at line ends left out.
func (r *rig) text() string {
	r.t.Helper()
	return r.scan(func(int, int, string, int) {})
}

// scan draws, visits every character of the screen with its width, and
// returns the text.
func (r *rig) scan(visit func(x, y int, s string, width int)) string {
	r.draw(r.sim)
	w, h := r.sim.Size()
	var all, line strings.Builder
	for y := range h {
		line.Reset()
		for x := 0; x < w; {
			s, _, width := r.sim.Get(x, y)
			line.WriteString(s)
			visit(x, y, s, width)
			x += width
		}
		all.WriteString(strings.TrimRight(line.String(), " "))
		all.WriteByte('\n')
	}
	return all.String()
}

func (r *rig) publish(snap *correlate.Snapshot) *rig {
	r.snap = snap
	r.show(snap, r.status)
	return r
}

// golden compares the screen without its last row: the hints of all screens
// are in a file of their own, for they change with every key.
func (r *rig) golden(name string) *rig {
	r.t.Helper()
	text := r.text()
	if lines := strings.SplitAfter(text, "\n"); len(lines) > leastHeight {
		text = strings.Join(lines[:len(lines)-2], "")
	}
	golden.Compare(r.t, filepath.Join("testdata", name+".golden"), text)
	return r
}

func (r *rig) has(wants ...string) *rig {
	r.t.Helper()
	screen := r.text()
	for _, want := range wants {
		if !strings.Contains(screen, want) {
			r.t.Errorf("%q is not on the screen:\n%s", want, screen)
		}
	}
	return r
}

func (r *rig) hasNot(unwanted ...string) *rig {
	r.t.Helper()
	screen := r.text()
	for _, bad := range unwanted {
		if strings.Contains(screen, bad) {
			r.t.Errorf("%q is on the screen:\n%s", bad, screen)
		}
	}
	return r
}

// rows builds a snapshot of n plain calls, with two worth opening among them.
func rows(n int) *correlate.Snapshot {
	snap := &correlate.Snapshot{Generation: uint64(n)}
	states := []correlate.State{correlate.StateCompleted, correlate.StateInCall, correlate.StateBusy, correlate.StateTimeout,
		correlate.StateCancelled, correlate.StateRejected, correlate.StateRinging}
	codes := []int{200, 200, 486, 0, 487, 503, 0}
	users := []string{"+4930901820", "+33199000213", "anonymous", "+442079460018", "sales", "2014"}
	for i := 1; i <= n; i++ {
		switch i {
		case 5:
			c, streams := sample.Bridged(i)
			snap.Calls, snap.Streams = append(snap.Calls, c), streams
			continue
		case 6:
			snap.Calls = append(snap.Calls, sample.Cancelled(i))
			continue
		}
		b := sample.New(i, fmt.Sprintf("%d-9f@192.0.2.1", i), "sip:"+users[i%6]+"@carrier.example", "sip:"+users[(i*7+3)%6]+"@sbc.example", float64(i)*0.7)
		b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE")
		k := i % 7
		b.Call.State, b.Call.FinalStatus = states[k], codes[k]
		if codes[k] == 200 {
			b.Call.Answered = b.After(2000).Nanos()
			b.Call.PostDialDelay = 1_800_000_000
		}
		if k == 0 {
			b.Call.Ended, b.Call.Duration = b.After(float64(i)*1000).Nanos(), int64(i)*1e9
		}
		snap.Calls = append(snap.Calls, &b.Call)
	}
	snap.First, snap.Last = sample.Start.UnixNano(), sample.Start.UnixNano()+600e9
	return snap
}

func liveStatus() Status {
	return Status{Source: "eth0", Filter: "port 5060 or rtp", Frames: 1284, Octets: 9_100_000 / 8}
}

func fileStatus() Status {
	return Status{Source: "calls.pcap", Frames: 4211, Octets: 1 << 20, Done: true}
}

func TestScreensGolden(t *testing.T) {
	sizes := []struct{ w, h int }{{80, 24}, {120, 40}, {60, 16}, {40, 10}, {39, 9}, {200, 60}}
	for _, size := range sizes {
		name := func(what string) string { return fmt.Sprintf("%s-%dx%d", what, size.w, size.h) }
		t.Run(name(""), func(t *testing.T) {
			r := newRig(t, rigOptions{w: size.w, h: size.h, snap: rows(30), status: liveStatus(), live: true})
			r.press("Down", "Down", "Down", "Down", "Space", "Up", "Up", "Space", "Down", "Down")
			r.golden(name("calls"))
			r.press("Up", "^W", "Down").press("Enter").golden(name("ladder"))
			r.press("Enter").golden(name("message"))
			r.press("\\").golden(name("message-wire"))
			r.press("\\", "Esc", "t").golden(name("ladder-t"))
			r.press("t", "Esc", "q").golden(name("quit"))
		})
	}
}
