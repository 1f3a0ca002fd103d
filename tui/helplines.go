package tui

import (
	"strings"

	"sipsniff/internal/cells"
)

// A helpLine is an action with its keys, or a heading without.
type helpLine struct {
	keys, text string
	changed    bool // the user chose the keys
}

// A helpRow is a line of the help on the screen: of a long text one of several.
type helpRow struct {
	helpLine
	at int // where the text begins
}

// entries are the help lines of a place, and those that hold on every screen.
// What belongs together is on one line, where the first of it stands.
func (h *helpDialog) entries(u *UI, about Context) (here, common []helpLine) {
	want := strings.ToLower(string(h.typed))
	told := map[string]bool{}
	for i := range u.keys.actions {
		a := &u.keys.actions[i]
		if a.Contexts&about == 0 || told[a.ID] {
			continue
		}
		line := helpLine{u.keys.list(a, about), a.Help, u.keys.changed(a, about)}
		search, everyScreen := line.keys+" "+line.text, a.Contexts&inScreens == inScreens
		if members, text := u.keys.pairIn(a, about); members != nil {
			line = helpLine{keys: u.keys.pairKeys(members, about, u.set.Ellipsis), text: text}
			search = line.keys + " " + line.text
			for _, m := range members {
				told[m.ID] = true
				line.changed = line.changed || u.keys.changed(m, about)
				search += " " + u.keys.list(m, about) + " " + m.Help
			}
		}
		if !strings.Contains(strings.ToLower(search), want) {
			continue
		}
		if everyScreen {
			common = append(common, line)
		} else {
			here = append(here, line)
		}
	}
	return here, common
}

// keyColumn is how wide the column of the keys may be. Longer ones push their text
// to the right.
const keyColumn = 10

// wrapHelp fits lines into so many cells: what is longer goes on below.
func wrapHelp(lines []helpLine, width int) []helpRow {
	column := 0
	for _, line := range lines {
		column = max(column, min(keyColumn, cells.Width(line.keys)))
	}
	var rows []helpRow
	for _, line := range lines {
		if line.keys == "" {
			rows = append(rows, helpRow{helpLine: line})
			continue
		}
		at := max(column, cells.Width(line.keys)) + 1
		texts := wrapWords(line.text, width-at)
		if len(texts) > 1 && at > column+1 {
			texts = wrapWords(line.text, width-column-1)
			rows, at, line.keys = append(rows, helpRow{helpLine{line.keys, "", line.changed}, 0}), column+1, ""
		}
		for i, text := range texts {
			if i > 0 {
				line.keys = ""
			}
			rows = append(rows, helpRow{helpLine{line.keys, text, line.changed}, at})
		}
	}
	return rows
}

// drawRows draws those that are in sight, keys in a column of their own.
func (h *helpDialog) drawRows(u *UI, c canvas, rows []helpRow) {
	for i := range min(h.height, len(rows)-h.top) {
		row, style := rows[h.top+i], u.theme[rolePlain]
		switch {
		case row.keys == "" && row.at == 0:
			style = u.theme[roleTitle]
		case row.changed:
			style = style.Bold(true)
		}
		c.text(0, i, row.keys, style)
		c.text(row.at, i, cells.Cut(row.text, c.w-row.at, u.set.Ellipsis), style)
	}
}
