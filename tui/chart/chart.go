// Package chart draws values over time as lines of text: curves of braille
// dots and columns of blocks, or of ASCII. It is a function of its arguments.
package chart

import (
	"math"
	"strings"
)

// None marks a place of which nothing is known. It leaves a gap in a curve.
//
//nolint:gochecknoglobals // a constant that Go cannot spell
var None = math.NaN()

const (
	dotColumns = 2 // of a braille character
	dotRows    = 4
	braille    = 0x2800
)

// dots are the bits of a braille character by column and row from the top.
//
//nolint:gochecknoglobals // constants
var dots = [dotColumns][dotRows]rune{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// An Axis is the range of values that the rows of a lane stand for. Values
// beyond its ends are drawn at them.
type Axis struct{ Low, High float64 }

// share is where a value lies, 0 at the low end and 1 at the high one.
func (a Axis) share(v float64) float64 {
	if a.High <= a.Low {
		return 0
	}
	return min(max((v-a.Low)/(a.High-a.Low), 0), 1)
}

// Points is how many values a curve of so many cells takes.
func Points(width int, ascii bool) int {
	if ascii {
		return width
	}
	return width * dotColumns
}

// Curve draws values, as many as Points says, as a line over so many rows of
// text. Neighbours are joined.
func Curve(values []float64, height int, a Axis, ascii bool) []string {
	if ascii {
		return asciiCurve(values, height, a)
	}
	rows := height * dotRows
	width := (len(values) + dotColumns - 1) / dotColumns
	cells := make([][]rune, height)
	for y := range cells {
		cells[y] = make([]rune, width)
	}
	last := -1
	for x, v := range values {
		if math.IsNaN(v) {
			last = -1
			continue
		}
		y := rowOf(a.share(v), rows)
		from := y
		if last >= 0 {
			from = last
		}
		for i := min(from, y); i <= max(from, y); i++ {
			if i == from && from != y {
				continue // the dot of the neighbour
			}
			cells[i/dotRows][x/dotColumns] |= dots[x%dotColumns][i%dotRows]
		}
		last = y
	}
	return lines(cells, func(c rune) rune {
		if c == 0 {
			return ' '
		}
		return braille + c
	})
}

// rowOf is the row of a share, counted from the top.
func rowOf(share float64, rows int) int {
	return rows - 1 - int(math.Round(share*float64(rows-1)))
}

func asciiCurve(values []float64, height int, a Axis) []string {
	cells := make([][]rune, height)
	for y := range cells {
		cells[y] = make([]rune, len(values))
	}
	for x, v := range values {
		if !math.IsNaN(v) {
			cells[rowOf(a.share(v), height)][x] = '*'
		}
	}
	return lines(cells, func(c rune) rune {
		if c == 0 {
			return ' '
		}
		return c
	})
}

func lines(cells [][]rune, char func(rune) rune) []string {
	out := make([]string, len(cells))
	var b strings.Builder
	for y, row := range cells {
		b.Reset()
		for _, c := range row {
			b.WriteRune(char(c))
		}
		out[y] = b.String()
	}
	return out
}

// The steps of a column, from the smallest.
const (
	blocks      = "▁▂▃▄▅▆▇█"
	asciiBlocks = ".:|#"
)

// Columns draws values, one a cell, as columns over so many rows of text. What
// is more than nothing is seen, however little it is.
func Columns(values []float64, height int, a Axis, ascii bool) []string {
	steps := []rune(blocks)
	if ascii {
		steps = []rune(asciiBlocks)
	}
	cells := make([][]rune, height)
	for y := range cells {
		cells[y] = make([]rune, len(values))
	}
	n := len(steps)
	for x, v := range values {
		if math.IsNaN(v) || v <= a.Low {
			continue
		}
		level := max(1, int(math.Round(a.share(v)*float64(height*n))))
		for y := height - 1; y >= 0 && level > 0; y-- {
			cells[y][x] = steps[min(level, n)-1]
			level -= n
		}
	}
	return lines(cells, func(c rune) rune {
		if c == 0 {
			return ' '
		}
		return c
	})
}
