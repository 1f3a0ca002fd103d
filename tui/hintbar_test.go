package tui

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/internal/golden"
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
