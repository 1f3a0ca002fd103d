package tui

import "github.com/gdamore/tcell/v2"

// A sortPicker lists the columns to sort by at the left. The order changes as
// its cursor moves.
type sortPicker struct {
	keys   []sortKey
	cursor int
	before callOrder // to go back to on Esc
}

// pickSort opens the picker on the neighbour of the present column and applies
// it at once.
func (v *callsView) pickSort(step int) {
	p := &sortPicker{keys: v.visibleKeys(), before: v.order}
	for i, key := range p.keys {
		if key.column == v.order.key.column {
			p.cursor = i
		}
	}
	v.u.dialog = p
	p.step(v.u, step)
}

// visibleKeys are the sort keys of the columns that are in the list.
func (v *callsView) visibleKeys() []sortKey {
	there := map[string]bool{}
	for _, c := range v.list.columns {
		there[c.id] = true
	}
	var keys []sortKey
	for _, key := range sortKeys() {
		if there[key.column] {
			keys = append(keys, key)
		}
	}
	return keys
}

func (p *sortPicker) context() Context { return InSort }

func (p *sortPicker) step(u *UI, n int) {
	if len(p.keys) == 0 {
		return
	}
	p.cursor = (p.cursor + n + len(p.keys)) % len(p.keys)
	u.calls.setSort(p.keys[p.cursor])
}

// other closes the picker; the key is executed in the list.
func (p *sortPicker) other(u *UI, ev *tcell.EventKey) {
	u.dialog = nil
	u.key(ev)
}

// accept keeps the order that is shown; on the column that the list was in the
// order of before it reverses that, as in sngrep.
func (p *sortPicker) accept(u *UI) {
	u.dialog = nil
	if len(p.keys) > 0 && p.keys[p.cursor].column == p.before.key.column {
		u.calls.orderBy(p.before.key, !p.before.descending)
	}
}

// restore goes back to the order before.
func (p *sortPicker) restore(u *UI) {
	u.dialog = nil
	u.calls.orderBy(p.before.key, p.before.descending)
}

func (p *sortPicker) draw(u *UI, c canvas) {
	const y = 4                      // the heads stay in sight
	h := min(len(p.keys)+2, c.h-y-1) // and the row above the hints
	box := c.part(0, y, 16, h)
	u.drawBorder(box, "Sort by")
	top := max(0, min(p.cursor-(h-3), len(p.keys)-(h-2)))
	for i := range h - 2 {
		if top+i >= len(p.keys) {
			break
		}
		style := u.theme[roleDialog]
		if top+i == p.cursor {
			style = style.Reverse(true)
		}
		row := box.part(1, 1+i, 14, 1)
		row.text(1, 0, align(p.keys[top+i].column, 12, false, u.set.Ellipsis), style)
		u.zone(row, func() { p.step(u, top+i-p.cursor) })
	}
}
