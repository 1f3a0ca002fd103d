package tui

import (
	"fmt"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/ladder"
)

// drawHeader shows the columns' names and programs and returns its height.
func (v *flowView) drawHeader(c canvas, g ladder.Geometry) int {
	u := v.u
	heads := v.l.HeadsIn(func(participant int) int { return v.headWidth(g, participant-g.First) }, u.set)
	first := 0
	for i := range g.Count {
		if name := u.hostName(v.l.Participants[g.First+i].Addr); name != "" {
			v.head(c, g, i, 0, name, v.headRole(g.First+i))
			first = 1
		}
	}
	agents := false
	for i := range g.Count {
		p := &v.l.Participants[g.First+i]
		v.head(c, g, i, first, heads[g.First+i], v.headRole(g.First+i))
		if p.Agent != "" && (first == 0 || c.h > 24) { // a small screen has no row for three lines
			v.head(c, g, i, first+1, p.Agent, roleDim)
			agents = true
		}
	}
	y := first + 1
	if agents {
		y = first + 2
	}
	for i := range g.Count {
		v.centered(c, g.Left+i*g.Span, y, strings.Repeat(u.set.Line, 5)+u.set.Foot+strings.Repeat(u.set.Line, 5), 0, c.w-1, rolePlain)
	}
	if g.First > 0 {
		c.text(0, y, fmt.Sprintf("%s %d more ", u.set.MoreLeft, g.First), u.theme[roleKey])
	}
	if hidden := len(v.l.Participants) - g.First - g.Count; hidden > 0 {
		v.moreColumns(c, g, y, hidden)
	}
	return y + 1
}

// headRole has the host that captures stand out among the others.
func (v *flowView) headRole(participant int) role {
	if own := v.u.config.Own; len(own) > 0 && !own[v.l.Participants[participant].Addr.Unmap()] {
		return rolePlain
	}
	return roleTitle
}

// moreColumns says how many columns are out of sight at the right: behind the
// foot of the last lifeline, in short where that is not far from the edge, or
// over a part of the foot.
func (v *flowView) moreColumns(c canvas, g ladder.Geometry, y, hidden int) {
	u := v.u
	last := g.Left + (g.Count-1)*g.Span
	long, brief := fmt.Sprintf(" %d more %s", hidden, u.set.MoreRight), fmt.Sprintf(" %d %s", hidden, u.set.MoreRight)
	const foot = 6
	switch {
	case cells.Width(long) <= c.w-last-foot:
		c.right(c.w, y, long, u.theme[roleKey])
	case cells.Width(brief) <= c.w-1-last:
		c.right(c.w, y, brief, u.theme[roleKey])
	}
}

// head writes a line above the lifeline of column i. Of what is too long the
// middle goes: hosts differ at the end of their address, programs in the
// version behind their name.
func (v *flowView) head(c canvas, g ladder.Geometry, i, y int, text string, r role) {
	from, to := v.headRoom(g, i)
	v.centered(c, g.Left+i*g.Span, y, cells.CutMiddle(text, v.headWidth(g, i), v.u.set.Ellipsis), from, to, r)
}

// headWidth is how many cells the head of column i has. Columns out of view
// have as many as any other.
func (v *flowView) headWidth(g ladder.Geometry, i int) int {
	if i < 0 || i >= g.Count {
		return g.Span - 2
	}
	from, to := v.headRoom(g, i)
	return min(g.Span-2, to-from+1)
}

// headRoom is from which cell to which the head of column i may stand: around
// its lifeline as far as the edges of the screen let it, and never in the head
// of the next column.
func (v *flowView) headRoom(g ladder.Geometry, i int) (from, to int) {
	x, half := g.Left+i*g.Span, g.Span/2-1
	from, to = max(0, x-half), min(x+half, g.Width)
	if i == 0 {
		from = 0
	}
	if i == g.Count-1 {
		to = g.Width
		if v.border.x >= 0 {
			to-- // not at the border
		}
	}
	return from, to
}
