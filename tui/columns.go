package tui

// A column of a list. Widths are cells; a column is shown at one of them or
// not at all.
type column struct {
	id, title       string
	short           string // title where the other does not fit
	min, ideal, max int
	prio            int  // 0 is always shown, narrower where it has to be; from lowPrio on only when the others have their ideal width
	right           bool // numbers stand at the right
	elastic         bool // grows beyond its minimum
	optional        bool // only when it is asked for

	// cell returns what the column says of a row in so many cells.
	cell func(row, width int) cell
}

// A cell is clean text and what it means.
type cell struct {
	text string
	role role
}

// lowPrio is the first priority of the columns that wait for the others to
// get their ideal width.
const lowPrio = 8

// A placed column has its place on the line.
type placed struct {
	column
	x, width int
}

// layout chooses the columns that fit in width cells with one cell between
// them and gives them their widths. Columns 1 to skip that are not always
// shown are left out: that is how a list scrolls sideways. hidden is how many
// columns did not fit.
func layout(columns []column, width, skip int) (shown []placed, hidden int) {
	take := make([]bool, len(columns))
	used := -1 // no gap before the first
	for i, c := range columns {
		if c.prio == 0 {
			take[i] = true
			used += c.min + 1
		}
	}
	skipped := skipFirst(columns, skip)
	widths := minima(columns)
	used = shrink(columns, take, widths, used, width)
	used = addByPrio(columns, take, skipped, used, width, 1, lowPrio)
	used = grow(columns, take, widths, used, width, func(c column) int { return c.ideal })
	used = addByPrio(columns, take, skipped, used, width, lowPrio, 100)
	grow(columns, take, widths, used, width, func(c column) int { return c.max })
	x := 0
	for i, c := range columns {
		if !take[i] {
			if !skipped[i] {
				hidden++
			}
			continue
		}
		shown = append(shown, placed{column: c, x: x, width: widths[i]})
		x += widths[i] + 1
	}
	return shown, hidden
}

// skipFirst marks the first n columns that are not always shown.
func skipFirst(columns []column, n int) []bool {
	skipped := make([]bool, len(columns))
	for i, c := range columns {
		if n > 0 && c.prio > 0 {
			skipped[i] = true
			n--
		}
	}
	return skipped
}

// addByPrio takes columns with priorities from low to high while their minima
// fit, and returns the cells used.
func addByPrio(columns []column, take, skipped []bool, used, width, low, high int) int {
	for prio := low; prio < high; prio++ {
		for i, c := range columns {
			if c.prio != prio || take[i] || skipped[i] {
				continue
			}
			if used+1+c.min > width {
				continue
			}
			take[i] = true
			used += 1 + c.min
		}
	}
	return used
}

func minima(columns []column) []int {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = c.min
	}
	return widths
}

// shrink takes cells from the columns that are taken, as long as they do not fit,
// and returns the cells used: from the elastic ones, then from those whose width
// somebody chose.
func shrink(columns []column, take []bool, widths []int, used, width int) int {
	for used > width {
		widest := widestOf(columns, take, widths, true)
		if widest < 0 {
			widest = widestOf(columns, take, widths, false)
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		used--
	}
	return used
}

// widestOf is the widest of the columns that are taken, all or the elastic ones,
// that can be narrower; -1 when there is none.
func widestOf(columns []column, take []bool, widths []int, elastic bool) int {
	widest := -1
	for i, c := range columns {
		if take[i] && (c.elastic || !elastic) && widths[i] > 1 && (widest < 0 || widths[i] > widths[widest]) {
			widest = i
		}
	}
	return widest
}

// grow gives elastic columns up to their target width, one cell at a time in
// turn, so that From and To stay alike.
func grow(columns []column, take []bool, widths []int, used, width int, target func(column) int) int {
	for grown := true; grown; {
		grown = false
		for i, c := range columns {
			if take[i] && c.elastic && widths[i] < target(c) && used < width {
				widths[i]++
				used++
				grown = true
			}
		}
	}
	return used
}
