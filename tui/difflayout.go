package tui

import "sipsniff/internal/cells"

// sign is how a line says what it is.
func (k diffKind) sign() string { return [...]string{"=", "~", "-", "+", ""}[k] }

// lay makes the lines of the screen.
func (v *diffView) lay(width int) {
	v.body.lines = []textLine{}
	for i := range v.d.lines {
		l := &v.d.lines[i]
		switch {
		case l.kind == diffSection:
			rule := v.u.set.Rule
			name := l.name
			if !v.all && v.sectionSame(i+1) {
				name += ": the same"
			}
			v.body.lines = append(v.body.lines, textLine{{rule + rule + " " + name + " ", roleDim}})
		case l.kind == diffSame && !v.all:
		case width >= wideDiff:
			v.layWide(l, width)
		default:
			v.layNarrow(l, width)
		}
	}
	v.body.clamp()
}

// sectionSame reports whether nothing differs from a line on to the next
// heading.
func (v *diffView) sectionSame(from int) bool {
	for i := from; i < len(v.d.lines) && v.d.lines[i].kind != diffSection; i++ {
		if v.d.lines[i].kind != diffSame {
			return false
		}
	}
	return true
}

// layWide puts both values beside each other.
func (v *diffView) layWide(l *diffLine, width int) {
	u := v.u
	names, half := v.columns(width)
	line := textLine{{l.kind.sign(), signRole(l.kind)}, {cells.PadRight(u.clean(l.name), names-1, u.set.Ellipsis), roleName}}
	for _, side := range [][]piece{l.a, l.b} {
		line = append(line, span{u.set.Bar, roleDim})
		if side == nil {
			line = append(line, span{cells.PadRight(u.set.Dot, half-1, u.set.Ellipsis), roleDim})
			continue
		}
		line = append(line, v.fitted(side, half-1, true)...)
	}
	v.body.lines = append(v.body.lines, line)
}

// layNarrow puts the values below each other.
func (v *diffView) layNarrow(l *diffLine, width int) {
	nameWidth := 12
	if l.kind == diffOnlyA || l.kind == diffOnlyB {
		nameWidth = 20
	}
	u := v.u
	name := cells.PadRight(u.clean(l.name), max(nameWidth, min(cells.Width(u.clean(l.name)), width/3)), u.set.Ellipsis)
	front := textLine{{l.kind.sign(), signRole(l.kind)}, {" " + name, roleName}}
	for i, side := range [][]piece{l.a, l.b} {
		if side == nil {
			continue
		}
		letter := " " + string(rune('A'+i)) + " "
		line := append(front[:len(front):len(front)], span{letter, roleDim})
		line = append(line, v.fitted(side, width-2-cells.Width(name)-len(letter)-1, false)...)
		v.body.lines = append(v.body.lines, line)
		front = textLine{{" ", rolePlain}, {cells.PadRight("", 1+cells.Width(name), ""), rolePlain}}
	}
}

func signRole(k diffKind) role {
	if k == diffSame {
		return roleDim
	}
	return roleChanged
}

// fitted is a value in so many cells, without what is scrolled out at its left.
func (v *diffView) fitted(value []piece, width int, pad bool) textLine {
	u := v.u
	skip, left := v.right, width
	var out textLine
	for i, p := range value {
		text := u.clean(p.text)
		if w := cells.Width(text); skip >= w {
			skip -= w
			continue
		}
		if skip > 0 {
			_, text = cells.Split(text, skip)
			skip = 0
		}
		r := rolePlain
		if p.changed {
			r = roleChanged
		}
		w := cells.Width(text)
		if w > left || w == left && i < len(value)-1 {
			out = append(out, span{cells.Cut(text+u.set.Ellipsis, left, u.set.Ellipsis), r})
			return out
		}
		out, left = append(out, span{text, r}), left-w
	}
	if pad {
		out = append(out, span{cells.PadRight("", left, ""), rolePlain})
	}
	return out
}
