package tui

import (
	"fmt"

	"sipsniff/internal/cells"
)

// columns are those that the user wants.
func (v *problemsView) columns(width int) []column {
	return columnsIn(v.u.option("problems.columns"), v.allColumns(width))
}

// columnTable is the table of the kinds, which shares a wide screen with the
// explanation.
func (v *problemsView) columnTable() columnTable {
	return columnTable{
		option: "problems.columns", presets: problemPresets,
		all: func(width int) []column { return v.allColumns(kindsWidth(width)) },
		fit: func(columns []column, width int) ([]placed, int) { return v.list.fit(columns, kindsWidth(width)) },
	}
}

//nolint:gochecknoglobals // constants
var problemPresets = []columnPreset{
	{"default", ""},
	{"codes", "code finding calls last"},
	{"filter", "name calls share last"},
}

// kindsWidth is the cells that the kinds have on a screen so wide.
func kindsWidth(width int) int {
	if width >= wideTabs {
		return width*52/100 - 1
	}
	return width
}

// allColumns are those of the kinds.
func (v *problemsView) allColumns(width int) []column {
	u := v.u
	of := func(c column, text func(k *problemKind, width int) cell) column {
		c.cell = func(row, width int) cell { return text(&v.kinds[row], width) }
		return c
	}
	title := max(20, width-26)
	return []column{
		of(column{id: "finding", title: "Finding", min: 20, ideal: title, max: title, elastic: true}, func(k *problemKind, w int) cell {
			return cell{text: cells.Cut(u.severityGlyph(k.Severity)+" "+u.clean(k.Title), w, u.set.Ellipsis), role: severityRole(k.Severity)}
		}),
		of(column{id: "calls", title: "Calls", min: 5, ideal: 5, max: 7, right: true}, func(k *problemKind, _ int) cell {
			if len(k.Calls) == 0 {
				return cell{text: u.set.None}
			}
			return cell{text: count(len(k.Calls))}
		}),
		of(column{id: "last", title: "Last", min: 9, ideal: 9, max: 9, right: true}, func(k *problemKind, _ int) cell {
			if k.Last == 0 {
				return cell{}
			}
			return cell{text: u.at(k.Last).Format("15:04:05")}
		}),
		of(column{id: "share", title: "Share%", min: 6, ideal: 6, max: 6, right: true, prio: 3, optional: true}, func(k *problemKind, _ int) cell {
			return cell{text: v.share(k)}
		}),
		of(column{id: "code", title: "Code", min: 6, ideal: 6, max: 8, prio: 2, elastic: true, optional: true}, func(k *problemKind, _ int) cell {
			return cell{text: u.clean(k.Code)}
		}),
		of(column{id: "name", title: "Name", min: 16, ideal: 26, max: 32, prio: 2, elastic: true, optional: true}, func(k *problemKind, w int) cell {
			return cell{text: cells.Cut(u.severityGlyph(k.Severity)+" "+u.clean(k.Name), w, u.set.Ellipsis), role: severityRole(k.Severity)}
		}),
	}
}

// share is how many of all dialogs have a kind.
func (v *problemsView) share(k *problemKind) string {
	all := len(v.u.snap.Calls)
	if all == 0 || len(k.Calls) == 0 {
		return v.u.set.None
	}
	return fmt.Sprintf("%.1f", 100*float64(len(k.Calls))/float64(all))
}
