package ladder

import (
	"strconv"

	"sipsniff/internal/cells"
	"sipsniff/tui/glyph"
)

// Heads returns a header for each participant in at most width cells. No two
// are equal, however much had to be cut.
func (l *Ladder) Heads(width int, g glyph.Set) []string {
	return l.HeadsIn(func(int) int { return width }, g)
}

// HeadsIn is Heads where not all have the same number of cells.
func (l *Ladder) HeadsIn(room func(participant int) int, g glyph.Set) []string {
	heads := make([]string, len(l.Participants))
	seen := map[string]int{}
	for i := range l.Participants {
		heads[i] = shortest(l.Participants[i].Names(), room(i), g.Ellipsis)
		seen[heads[i]]++
	}
	for i := range heads {
		if seen[heads[i]] > 1 {
			number := "#" + strconv.Itoa(i+1) + " "
			heads[i] = number + cells.CutMiddle(heads[i], room(i)-len(number), g.Ellipsis)
		}
	}
	return heads
}

// shortest returns the longest of the names that fits, else the last one
// without its middle.
func shortest(names []string, width int, ellipsis string) string {
	for _, name := range names {
		if len(name) <= width {
			return name
		}
	}
	return cells.CutMiddle(names[len(names)-1], width, ellipsis)
}
