package tui

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rivo/tview"

	"sipsniff/internal/golden"
	"sipsniff/internal/settings"
)

// The last row of every screen, at four widths.
func TestHintsGolden(t *testing.T) {
	var all strings.Builder
	for _, screen := range []struct {
		name string
		keys []string
	}{
		{"calls", nil}, {"calls, letters", []string{"K"}}, {"ladder", []string{"Enter"}}, {"message", []string{"Enter", "Enter"}}, {"help", []string{"F1"}},
		{"quit", []string{"q"}}, {"sort", []string{"<"}}, {"palette", []string{":"}}, {"settings", []string{"F8"}}, {"columns", []string{"F10"}},
		{"save", []string{"F2"}}, {"clear", []string{"F5"}},
	} {
		for _, w := range []int{60, 80, 120, 200} {
			r := newRig(t, rigOptions{w: w, h: 24, snap: rows(30), status: liveStatus(), live: true, save: emptySaver()})
			r.press("Down", "Down", "Down", "Down").press(screen.keys...)
			lines := strings.Split(strings.TrimRight(r.text(), "\n"), "\n")
			fmt.Fprintf(&all, "%-15s|%s\n", screen.name, lines[len(lines)-1])
		}
	}
	golden.Compare(t, filepath.Join("testdata", "hints.golden"), all.String())
}

// Both keys of a pair are those that work, also when the user chose others.
func TestHintsOfChosenPairs(t *testing.T) {
	file := settings.None()
	file.Keys = []settings.Binding{{Place: "ladder", Action: "next", Keys: []string{"x"}}, {Place: "ladder", Action: "legs", Keys: []string{"F4"}}}
	r := newRig(t, rigOptions{w: 160, h: 24, snap: rows(6), status: fileStatus(), file: file})
	r.press("Enter").has("[ x Other call").hasNot("[ ] Other call")
	file.Keys[0].Keys = nil
	r = newRig(t, rigOptions{w: 160, h: 24, snap: rows(6), status: fileStatus(), file: file})
	r.press("Enter").has("[ Other call")
}

// While something is asked for in the row above, the hints are those of the
// prompt, and nothing else can be clicked.
func TestHintsOfThePrompt(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(6), status: fileStatus()})
	r.press("Enter", "/").has("search:", "Enter Done Esc Cancel").hasNot("Esc Back")
	for x := range 80 {
		r.mouseAction(tview.MouseLeftClick, x, 23)
	}
	if r.prompt == nil || len(r.stack) != 2 || r.dialog != nil {
		t.Error("a click did something else")
	}
}
