package tui

// drawTable shows as many streams as there are rows, the one under the cursor
// among them.
func (v *mediaView) drawTable(c canvas) {
	u := v.u
	rows := c.h - 1
	v.topRow = max(min(v.topRow, v.cursor), v.cursor-rows+1, 0)
	v.tableTop, v.tableRows = c.y+1, rows
	room := c.w
	if len(v.streams) > rows { // the scroll bar
		room--
	}
	shown, hidden := v.fit(v.columns(c.w), room)
	v.heads = shown
	for _, p := range shown {
		c.text(plainGutter+p.x, 0, align(p.title, p.width, p.right, u.set.Ellipsis), u.theme[rolePlain])
	}
	if hidden > 0 {
		c.text(c.w-1, 0, u.set.MoreRight, u.theme[roleKey])
	}
	for i := range min(rows, len(v.streams)-v.topRow) {
		v.drawStream(c, 1+i, v.topRow+i)
	}
	c.scrollbar(c.w-1, 1, rows, v.topRow, len(v.streams), u.set.Thumb, u.set.Track, u.theme[roleDim])
}

func (v *mediaView) drawStream(c canvas, y, row int) {
	u := v.u
	current := row == v.cursor
	if current {
		style := u.theme[rolePlain].Reverse(true)
		c.fill(0, y, style)
		c.text(0, y, u.set.Cursor, style)
	}
	for _, p := range v.heads {
		got := p.cell(row, p.width)
		c.text(plainGutter+p.x, y, align(got.text, p.width, p.right, u.set.Ellipsis), u.theme[got.role].Reverse(current))
	}
}
