package tui

import "strings"

// areaChart draws values from left to right as a filled area of w by h cells,
// the highest line first; most is what the full height stands for. A cell has
// two columns of four dots of braille, or one of # in ASCII.
func areaChart(values []float64, w, h int, most float64, ascii bool) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	lines := make([]string, h)
	columns, dots := 2*w, 4*h
	if ascii {
		columns, dots = w, h
	}
	heights := make([]int, columns)
	for x := range heights {
		v := resample(values, x, columns)
		if most > 0 && v > 0 {
			heights[x] = max(1, min(dots, int(v/most*float64(dots)+0.5)))
		}
	}
	var b strings.Builder
	for y := range h {
		b.Reset()
		for x := range w {
			floor := (h - 1 - y) * dots / h
			if ascii {
				b.WriteByte(" #"[min(1, max(0, heights[x]-floor))])
				continue
			}
			b.WriteString(braille(heights[2*x]-floor, heights[2*x+1]-floor))
		}
		lines[y] = b.String()
	}
	return lines
}

// The dots of a braille cell from the bottom up, left and right.
var (
	leftDots  = [5]rune{0, 0x40, 0x44, 0x46, 0x47}
	rightDots = [5]rune{0, 0x80, 0xa0, 0xb0, 0xb8}
)

// braille is a cell with so many dots in its two columns, counted from below.
func braille(left, right int) string {
	left, right = max(0, min(4, left)), max(0, min(4, right))
	if left == 0 && right == 0 {
		return " "
	}
	return string(0x2800 + leftDots[left] + rightDots[right])
}

// resample is the value at column x of so many: the mean of what falls into
// it, or the value that lies there when there are fewer values than columns.
func resample(values []float64, x, columns int) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	from, to := x*n/columns, (x+1)*n/columns
	if to <= from {
		return values[min(from, n-1)]
	}
	sum := 0.0
	for _, v := range values[from:to] {
		sum += v
	}
	return sum / float64(to-from)
}

// barOf is a horizontal bar of at most w cells for part of most, an eighth of a
// cell fine.
func (u *UI) barOf(part, most float64, w int) string {
	if most <= 0 || part <= 0 || w <= 0 {
		return ""
	}
	eighths := max(1, int(part/most*float64(w)*8+0.5))
	if u.set.ASCII {
		return strings.Repeat("#", min(w, (eighths+4)/8))
	}
	parts := [...]string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}
	bar := strings.Repeat("█", min(w, eighths/8))
	if eighths/8 < w {
		bar += parts[eighths%8]
	}
	return bar
}
