package tui

import (
	"fmt"
	"slices"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// A columnRow is a column in the dialog.
type columnRow struct {
	column
	on    bool
	width int // 0: as the layout finds best
}

// A columnDialog chooses the columns of a table, their order and their widths.
type columnDialog struct {
	table   columnTable
	rows    []columnRow
	cursor  int // the number of rows is the buttons
	top     int
	preset  int // -1: the user's own
	buttons buttonRow
	touched bool
}

func (u *UI) openColumns() {
	d := &columnDialog{table: u.tableInSight()}
	d.buttons.buttons = []button{{"Use", d.use}, {"Save", d.save}, {"Cancel", closeDialog}}
	choice := u.option(d.table.option)
	d.preset = slices.IndexFunc(d.table.presets, func(p columnPreset) bool { return p.columns == choice })
	d.fill(u, choice)
	u.dialog = d
}

// fill lists the wanted columns first, then the others.
func (d *columnDialog) fill(u *UI, choice string) {
	there := d.table.all(u.width)
	d.rows = nil
	wanted := parseColumns(choice)
	for _, w := range wanted {
		if at := slices.IndexFunc(there, func(c column) bool { return c.id == w.id && c.id != "problem" }); at >= 0 {
			d.rows = append(d.rows, columnRow{there[at], true, w.width})
		}
	}
	for _, c := range there {
		if c.id != "problem" && !slices.ContainsFunc(d.rows, func(r columnRow) bool { return r.id == c.id }) {
			d.rows = append(d.rows, columnRow{c, len(wanted) == 0 && !c.optional, 0})
		}
	}
	d.cursor = min(d.cursor, len(d.rows))
}

func (d *columnDialog) context() Context { return InColumns }

func (d *columnDialog) other(u *UI, ev *tcell.EventKey) {
	if d.cursor == len(d.rows) && d.buttons.press(u, ev) {
		return
	}
	if ev.Key() == tcell.KeyRune {
		d.buttons.letter(u, ev.Rune())
	}
}

func (d *columnDialog) step(n int) { d.cursor = (d.cursor + n + len(d.rows) + 1) % (len(d.rows) + 1) }

func (d *columnDialog) toggle(u *UI) {
	if d.cursor == len(d.rows) {
		d.buttons.run(u, d.buttons.at)
		return
	}
	d.rows[d.cursor].on = !d.rows[d.cursor].on
	d.touched = true
}

// shift moves the column under the cursor.
func (d *columnDialog) shift(n int) {
	to := d.cursor + n
	if d.cursor >= len(d.rows) || to < 0 || to >= len(d.rows) {
		return
	}
	d.rows[d.cursor], d.rows[to] = d.rows[to], d.rows[d.cursor]
	d.cursor, d.touched = to, true
}

// widen makes the column under the cursor wider or narrower.
func (d *columnDialog) widen(n int) {
	if d.cursor >= len(d.rows) {
		d.buttons.at = (d.buttons.at + n + len(d.buttons.buttons)) % len(d.buttons.buttons)
		return
	}
	r := &d.rows[d.cursor]
	if r.width == 0 {
		r.width = r.min
	}
	r.width = max(1, min(r.width+n, 60))
	d.touched = true
}

// nextPreset shows the next of the ready choices.
func (d *columnDialog) nextPreset(u *UI) {
	d.preset = (d.preset + 1) % len(d.table.presets)
	choice := d.table.presets[d.preset].columns
	d.fill(u, choice)
	d.touched = choice != ""
}

// choice is what the rows say; "" when they are as they come.
func (d *columnDialog) choice() string {
	if d.preset == 0 && !d.touched {
		return ""
	}
	var out []columnChoice
	for _, r := range d.rows {
		if r.on {
			out = append(out, columnChoice{r.id, r.width})
		}
	}
	return writeColumns(out)
}

func (d *columnDialog) use(u *UI) {
	u.dialog = nil
	u.setOptions(map[string]string{d.table.option: d.choice()})
}

func (d *columnDialog) save(u *UI) {
	u.dialog = nil
	u.saveColumns(d.table.option, d.choice())
}

func (d *columnDialog) draw(u *UI, c canvas) {
	box := u.dialogBox(c, "Columns (F10)", 52, len(d.rows)+4)
	rows := max(1, box.h-4)
	d.top = max(0, max(min(d.top, d.cursor), min(d.cursor, len(d.rows)-1)-rows+1))
	needs := d.table.needs(d.choice(), u.width)
	for i := range max(0, min(rows, len(d.rows)-d.top)) {
		d.drawRow(u, box.part(0, i, box.w, 1), d.top+i, needs)
	}
	box.text(1, box.h-3, cells.Cut("Space on/off  + - move  < > width  / find", box.w-2, u.set.Ellipsis), u.theme[roleDim])
	preset := "p:"
	for i, known := range d.table.presets {
		if i > 0 {
			preset += " " + u.set.Dot
		}
		preset += " " + known.name
	}
	box.text(1, box.h-2, cells.Cut(preset, box.w-2, u.set.Ellipsis), u.theme[roleDim])
	d.buttons.draw(u, box.part(0, box.h-1, box.w, 1), d.cursor == len(d.rows))
}

func (d *columnDialog) drawRow(u *UI, c canvas, i int, needs map[string]int) {
	r := &d.rows[i]
	style := u.theme[roleDialog]
	if i == d.cursor {
		c.text(0, 0, u.set.Cursor, style)
		style = style.Reverse(true)
	}
	mark := "[ ]"
	if r.on {
		mark = "[x]"
	}
	width := fmt.Sprint(r.min)
	switch {
	case r.width > 0:
		width = fmt.Sprint(r.width)
	case r.elastic:
		width += "+"
	}
	note := ""
	switch need, ever := needs[r.id]; {
	case r.on && !ever:
		note = "no room beside the others"
	case r.on && need > u.width:
		note = fmt.Sprintf("needs %s%d columns", map[bool]string{false: "≥ "}[u.set.ASCII], need)
	}
	title := u.clean(r.title)
	c.text(1, 0, cells.PadRight(fmt.Sprintf("%s %s %-4s %s", mark, cells.PadRight(title, 13, u.set.Ellipsis), width, note), c.w-2, u.set.Ellipsis), style)
	u.zone(c, func() { d.cursor = i; d.toggle(u) })
}

func onColumns(f func(d *columnDialog, u *UI)) func(*UI) {
	return func(u *UI) {
		if d, ok := u.dialog.(*columnDialog); ok {
			f(d, u)
		}
	}
}

func columnActions() []Action {
	by := func(f func(d *columnDialog)) func(*UI) { return onColumns(func(d *columnDialog, _ *UI) { f(d) }) }
	return []Action{
		{ID: "columns", Title: "Columns", Help: "columns of the table", Contexts: InCalls | InRegistrations | InStreams | InProblems | InMedia, Keys: []string{"F10", "t", "T"}, Rank: 20,
			Enabled: (*UI).hasTable, Run: (*UI).openColumns},
		{ID: "columns.toggle", Title: "On/off", Help: "show the column or not", Contexts: InColumns, Keys: []string{"Space"}, Rank: 1, Run: onColumns((*columnDialog).toggle)},
		{ID: "columns.use", Title: "Use", Help: "use them, or what the button says", Contexts: InColumns, Keys: []string{"Enter"}, Rank: 2,
			Run: onColumns(func(d *columnDialog, u *UI) {
				if d.cursor == len(d.rows) {
					d.buttons.run(u, d.buttons.at)
					return
				}
				d.use(u)
			})},
		{ID: "columns.up", Title: "Choose", Help: "the column above", Contexts: InColumns, Keys: []string{"Up", "k"}, Pair: "Down", Rank: 3, Run: by(func(d *columnDialog) { d.step(-1) })},
		{ID: "columns.down", Title: "Choose", Help: "the column below", Contexts: InColumns, Keys: []string{"Down", "j", "Tab"}, Run: by(func(d *columnDialog) { d.step(1) })},
		{ID: "columns.earlier", Title: "Move", Help: "move it to the left", Contexts: InColumns, Keys: []string{"-"}, Pair: "+", Rank: 4, Run: by(func(d *columnDialog) { d.shift(-1) })},
		{ID: "columns.later", Title: "Move", Help: "move it to the right", Contexts: InColumns, Keys: []string{"+"}, Run: by(func(d *columnDialog) { d.shift(1) })},
		{ID: "columns.narrower", Title: "Width", Help: "narrower", Contexts: InColumns, Keys: []string{"<", "Left"}, Pair: ">", Rank: 5, Run: by(func(d *columnDialog) { d.widen(-1) })},
		{ID: "columns.wider", Title: "Width", Help: "wider", Contexts: InColumns, Keys: []string{">", "Right"}, Run: by(func(d *columnDialog) { d.widen(1) })},
		{ID: "columns.find", Title: "Find", Help: "the column that is called so", Contexts: InColumns, Keys: []string{"/"}, Rank: 7, Run: onColumns((*columnDialog).askFind)},
		{ID: "columns.preset", Title: "Preset", Help: "the next of the ready choices", Contexts: InColumns, Keys: []string{"p"}, Rank: 8, Run: onColumns((*columnDialog).nextPreset)},
		{ID: "columns.cancel", Title: "Cancel", Help: "leave the columns as they were", Contexts: InColumns, Keys: []string{"Esc"}, Rank: 6, Run: func(u *UI) { u.dialog = nil }},
	}
}
