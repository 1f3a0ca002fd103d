package report

import (
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"sipsniff/internal/clean"
)

// A table is columns of text that are as wide as their widest cell.
type table struct {
	head  []string
	right []bool // columns that are numbers
	rows  [][]string
}

// newTable takes the headings; one that starts with '>' is set to the right.
func newTable(head ...string) *table {
	t := &table{head: head, right: make([]bool, len(head))}
	for i, h := range head {
		if strings.HasPrefix(h, ">") {
			t.head[i], t.right[i] = h[1:], true
		}
	}
	return t
}

// add appends a row. Text from the wire is cleaned here, once for all columns.
func (t *table) add(cells ...string) {
	for i := range cells {
		cells[i] = clean.Line(cells[i])
	}
	t.rows = append(t.rows, cells)
}

func (t *table) write(w io.Writer) error {
	width := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			width[i] = max(width[i], uniseg.StringWidth(cell))
		}
	}
	for _, row := range append([][]string{t.head}, t.rows...) {
		var line strings.Builder
		for i, cell := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			space := strings.Repeat(" ", width[i]-uniseg.StringWidth(cell))
			if t.right[i] {
				line.WriteString(space + cell)
			} else {
				line.WriteString(cell + space)
			}
		}
		if _, err := io.WriteString(w, strings.TrimRight(line.String(), " ")+"\n"); err != nil {
			return err
		}
	}
	return nil
}
