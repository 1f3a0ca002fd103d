package tui

import (
	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// drawPreview shows the message under the cursor beside or below the ladder.
func (v *flowView) drawPreview(c canvas, beside bool) {
	u := v.u
	m := v.message()
	focus := ""
	if v.focus {
		focus = "Tab leaves"
	}
	text := c.part(1, 1, c.w-1, c.h-1)
	if beside {
		for y := range c.h {
			c.text(0, y, u.set.Bar, u.theme[roleDim])
		}
		room := c.w - 3
		if focus != "" {
			c.right(c.w-1, 0, focus, u.theme[rolePlain])
			room -= cells.Width(focus) + 2
		}
		c.text(2, 0, cells.Cut(v.previewTitle(m, room), room, u.set.Ellipsis), u.theme[roleTitle])
		text = c.part(2, 1, c.w-2, c.h-1)
	} else {
		u.rule(c, 0, v.previewTitle(m, c.w-8-cells.Width(focus)), focus)
	}
	v.preview.height = max(1, text.h)
	if m == nil {
		v.preview.lines = nil
		return
	}
	key := textKey{m: m, width: text.w - 1, looks: u.looks, wire: u.flow.wire, syntax: !u.flow.noSyntax}
	if key != v.preview.key {
		v.preview.lines, v.preview.key = messageText(u, m, key), key
	}
	v.preview.draw(u, text, "")
}

// previewTitle says of a message which it is, where and how it was carried, and
// in which order its text stands, as much of that as fits in so many cells.
func (v *flowView) previewTitle(m *correlate.Message, width int) string {
	if m == nil {
		return "no message on this row"
	}
	u := v.u
	dot := " " + u.set.Dot + " "
	order := dot + "key"
	if u.flow.wire {
		order = dot + "wire"
	}
	head := u.headline(m)
	frame := dot + "frame " + figure.Grouped(uint64(m.Frame))
	carried := u.carriage(m)
	hosts := dot + m.Src.Addr().String() + u.set.To + m.Dst.Addr().String() + " "
	whole := head + dot + u.envelope(m)
	return fitting(width, whole+order, whole, head+frame+hosts+carried+order, head+frame+hosts+carried,
		head+frame+dot+carried+order, head+frame+dot+carried, head+frame)
}
