package tui

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rivo/tview"

	"sipsniff/correlate"
)

// fuzzTime is how long random keys are pressed: five seconds, or what
// SIPSNIFF_FUZZ says, for each source.
func fuzzTime(t *testing.T) time.Duration {
	if text := os.Getenv("SIPSNIFF_FUZZ"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	return 5 * time.Second / 4
}

// A presser presses random keys on a UI, changes its size and clicks, and
// checks the screen each time.
type presser struct {
	*rig
	random *rand.Rand
	did    []string // of late, for the report of a failure
	next   func() *correlate.Snapshot
	folder string
}

// keysThatExist are the keys of the table, and what is typed.
func keysThatExist(r *rig) []string {
	var all []string
	seen := map[string]bool{}
	for i := range r.keys.actions {
		for _, key := range r.keys.actions[i].Keys {
			if !seen[key] && key != "^Z" { // which stops the test
				seen[key] = true
				all = append(all, key)
			}
		}
	}
	for _, c := range `abc:0123456789.<>=!()"*+-/@#[]{}~ ` {
		if !seen[string(c)] {
			all = append(all, string(c))
		}
	}
	return append(all, "é", "日", "\u202e", "Down", "Down", "Up", "Enter", "Enter", "Esc", "Right", "Tab")
}

func (p *presser) step(keys []string) {
	did := ""
	switch n := p.random.IntN(40); {
	case n == 0:
		w, h := 1+p.random.IntN(220), 1+p.random.IntN(70)
		did = fmt.Sprintf("size %dx%d", w, h)
		p.sim.SetSize(w, h)
	case n == 1:
		w, h := p.sim.Size()
		x, y := p.random.IntN(w+1), p.random.IntN(h+1)
		action := []tview.MouseAction{tview.MouseLeftClick, tview.MouseLeftDoubleClick, tview.MouseRightClick, tview.MouseScrollUp, tview.MouseScrollDown}[p.random.IntN(5)]
		did = fmt.Sprintf("mouse %d at %d,%d", action, x, y)
		p.mouseAction(action, x, y)
	case n == 2 && p.next != nil:
		did = "news"
		p.publish(p.next())
	default:
		did = keys[p.random.IntN(len(keys))]
		p.key(event(did))
	}
	if d, ok := p.dialog.(*saveDialog); ok {
		d.folder.set(p.folder) // no random folders are made
	}
	if p.prompt != nil && strings.HasPrefix(p.prompt.label, "write the key map") {
		p.prompt.text = nil // nor files beside the tests
	}
	p.clock = p.clock.Add(time.Duration(p.random.IntN(400)) * time.Millisecond)
	p.did = append(p.did, did)
	if len(p.did) > 40 {
		p.did = p.did[1:]
	}
}

// check draws and looks at the screen: no text that a terminal would act upon,
// none that is halved at an edge, hints in the last row.
func (p *presser) check() {
	w, h := p.sim.Size()
	screen := p.checkCells(strings.Join(p.did, " "))
	lines := strings.Split(strings.TrimSuffix(screen, "\n"), "\n")
	if len(lines) != h {
		p.t.Fatalf("%d rows of %d after %q", len(lines), h, p.did)
	}
	if w < leastWidth || h < leastHeight {
		return
	}
	p.checkColumns()
	hints := p.hints()
	if len(hints) == 0 {
		return
	}
	if last := lines[h-1]; !strings.HasPrefix(last, " ") || strings.TrimSpace(last) == "" {
		p.t.Fatalf("the last row is %q after %q", last, p.did)
	}
}

// checkColumns fails when anything stands between the columns of the list on
// top: text that is wider than its own.
func (p *presser) checkColumns() {
	var list *vlist
	switch v := p.top().(type) {
	case *callsView:
		list = v.list
	case *streamsView:
		list = v.list
	case *registrationsView:
		list = v.list
	}
	if list == nil || p.dialog != nil || list.source.Len() == 0 || list.height < 2 { // with less room there are heads only
		return
	}
	gap := map[int]bool{}
	for i := range max(0, len(list.heads)-1) {
		gap[list.gutter+list.heads[i].x+list.heads[i].width] = true
	}
	last := list.headRow + min(list.height, list.source.Len()-list.top)
	if _, h := p.sim.Size(); p.toast != "" || p.prompt != nil {
		last = min(last, h-3) // a note or a prompt lies over the row above the hints
	}
	p.scan(func(x, y int, s string, width int) {
		if y > list.headRow && y <= last && (gap[x] || width == 2 && gap[x+1]) && strings.TrimSpace(s) != "" {
			w, h := p.sim.Size()
			p.t.Fatalf("%q stands between two columns, in cell %d,%d of %dx%d, heads in row %d, %d rows, after %q\n%s", s, x, y, w, h, list.headRow, list.height, p.did, p.text())
		}
	})
}

// A presser of names that are too long, too wide, or not text at all.
func TestRandomKeysOnEvilNames(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	p := &presser{rig: newRig(t, rigOptions{w: 120, h: 40, snap: evilSnapshot(), save: emptySaver()}), random: rand.New(rand.NewPCG(seed, 1)), folder: t.TempDir()}
	keys := keysThatExist(p.rig)
	for end := time.Now().Add(fuzzTime(t)); time.Now().Before(end); {
		p.step(keys)
		p.check()
	}
}

func TestRandomKeys(t *testing.T) {
	sources := map[string]func(t *testing.T) *rig{
		"live": func(t *testing.T) *rig {
			return newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true, save: emptySaver(), stop: func() {}})
		},
	}
	for _, id := range []string{"c0032", "c0077", "c0110"} {
		sources[id] = func(t *testing.T) *rig {
			r := callScreens(t, capturePath(t, id), 80, 24)
			r.config.Save = emptySaver()
			return r
		}
	}
	for name, open := range sources {
		t.Run(name, func(t *testing.T) {
			seed := uint64(time.Now().UnixNano())
			t.Logf("seed %d", seed)
			p := &presser{rig: open(t), random: rand.New(rand.NewPCG(seed, 1)), folder: t.TempDir()}
			if name == "live" {
				n := 3
				p.next = func() *correlate.Snapshot { n = 3 + (n+2)%60; return rows(n) }
			}
			keys := keysThatExist(p.rig)
			defer func() {
				if broken := recover(); broken != nil {
					t.Fatalf("%v after %q", broken, p.did)
				}
			}()
			steps := 0
			for end := time.Now().Add(fuzzTime(t)); time.Now().Before(end); steps++ {
				p.step(keys)
				p.check()
			}
			t.Logf("%d steps", steps)
		})
	}
}
