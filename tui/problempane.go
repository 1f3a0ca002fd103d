package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/internal/cells"
)

// exampleTitle is "✗ One-way audio · example #348 2014 → +33199000999".
// in so many cells.
func (v *problemsView) exampleTitle(c *problemCase, width int) string {
	u := v.u
	title := u.severityGlyph(c.finding.Severity) + " " + u.clean(c.finding.Title) + " " + u.set.Dot
	if c.call == nil {
		return title + " the capture " + u.clean(c.finding.About)
	}
	from, to := u.parties(c.call)
	return fitting(width, title+fmt.Sprintf(" example #%d %s %s %s", c.call.Index, from, u.set.To, to),
		title+fmt.Sprintf(" #%d %s %s %s", c.call.Index, from, u.set.To, to), title+fmt.Sprintf(" example #%d", c.call.Index), title+fmt.Sprintf(" #%d", c.call.Index))
}

// drawExplanation explains the example below the list.
func (v *problemsView) drawExplanation(c canvas) {
	u, example := v.u, v.shownCase()
	if example == nil {
		return
	}
	u.rule(c, 0, v.exampleTitle(example, c.w-6), "")
	k := v.current()
	var lines []textLine
	f := example.finding
	if v.evidence >= 0 {
		lines = v.evidenceLines(example, c.w-3)
	} else {
		lines = wrapped(u.clean(f.Explanation), c.w-2, "", rolePlain)
		if f.Likely != "" {
			lines = append(lines, wrapped("Most likely: "+u.clean(f.Likely), c.w-2, "", rolePlain)...)
		}
		if f.Advice != "" {
			lines = append(lines, wrapped("Check: "+u.clean(f.Advice), c.w-2, "", rolePlain)...)
		}
	}
	last := "W full explanation with packets"
	if n := len(k.Calls); n > 0 {
		last = "Enter lists " + map[bool]string{true: "the call", false: "the " + plural(n, "call")}[n == 1] + " " + u.set.Dot + " " + last
	}
	room := max(0, c.h-2)
	if v.evidence >= 0 {
		last = "Enter opens the packet under the cursor " + u.set.Dot + " Tab back to the list"
		lines = lines[max(0, min(v.cursorLine(lines)-room/2, len(lines)-room)):]
	}
	if len(lines) > room {
		lines = lines[:room]
		if room > 0 && v.evidence < 0 {
			cut := lines[room-1].String()
			lines[room-1] = textLine{{cells.Cut(cut+strings.Repeat(" ", c.w), min(c.w-2, cells.Width(cut)+2), u.set.Ellipsis), rolePlain}}
		}
	}
	v.drawLines(c.part(1, 1, c.w-2, c.h-1), append(lines, textLine{{last, roleDim}}))
}

func (v *problemsView) drawLines(c canvas, lines []textLine) {
	for i, line := range lines[:min(len(lines), c.h)] {
		x := 0
		for _, s := range line {
			x = c.text(x, i, s.text, v.u.theme[s.role])
		}
	}
}

// drawWide has the kinds and the examples at the left, the explanation at the
// right.
func (v *problemsView) drawWide(c canvas) {
	u := v.u
	left := kindsWidth(c.w)
	examples := min(max(4, c.h/4), 14)
	kinds := min(v.Len()+2, c.h-examples-2)
	v.drawKinds(c.part(0, 0, left, kinds))
	u.rule(c.part(0, kinds, left, 1), 0, "examples of the selected finding", "")
	v.drawExamples(c.part(0, kinds+1, left, min(examples, c.h-kinds-2)))
	for y := range c.h - 1 {
		c.text(left, y, u.set.Bar, u.theme[roleDim])
	}
	if example := v.shownCase(); example != nil {
		v.drawFull(c.part(left+2, 0, c.w-left-2, c.h-1), example)
	}
}

// drawFull shows everything that is said of an example, with the cursor on the
// screen when it just moved.
func (v *problemsView) drawFull(c canvas, example *problemCase) {
	v.pane.lines = v.fullLines(example, c.w-1)
	if v.reveal && v.evidence >= 0 {
		at := v.cursorLine(v.pane.lines)
		v.pane.top = max(min(v.pane.top, at), at-c.h+1)
	}
	v.reveal = false
	v.pane.draw(v.u, c, "")
}

// cursorLine is the line of the evidence under the cursor, 0 when there is none.
func (v *problemsView) cursorLine(lines []textLine) int {
	return max(0, slices.IndexFunc(lines, func(l textLine) bool { return len(l) > 1 && l[1].role == roleHit }))
}

func (v *problemsView) drawExamples(c canvas) {
	u, k := v.u, v.current()
	first := max(0, min(v.example-c.h+1, len(k.cases)-c.h))
	for i := range min(c.h, len(k.cases)-first) {
		example := &k.cases[first+i]
		line := "the capture " + u.clean(example.finding.About)
		if call := example.call; call != nil {
			from, to := u.parties(call)
			line = fmt.Sprintf("#%d %s %s %s %s   %s", call.Index, u.at(call.Started).Format("15:04:05"), from, u.set.To, to, call.Word())
		}
		style := u.theme[rolePlain]
		if first+i == v.example {
			style = style.Bold(true)
			c.text(0, i, u.set.Cursor, style)
		}
		c.text(2, i, cells.Cut(line, c.w-3, u.set.Ellipsis), style)
		u.zone(c.part(0, i, c.w, 1), func() { v.example, v.evidence = first+i, -1 })
	}
}

// fullLines is everything that is said of an example.
func (v *problemsView) fullLines(c *problemCase, width int) []textLine {
	u, f := v.u, c.finding
	lines := wrapped(v.exampleTitle(c, anyWidth)+" "+u.set.Dot+" confidence "+f.Confidence.String(), width, "", severityRole(f.Severity))
	section := func(title, text string) {
		if text == "" {
			return
		}
		lines = append(lines, nil, textLine{{title, roleStrong}})
		lines = append(lines, wrapped(u.clean(text), width, "  ", rolePlain)...)
	}
	section("What happened", f.Explanation)
	if len(f.Evidence) > 0 {
		lines = append(lines, nil, textLine{{"Evidence", roleStrong}})
		lines = append(lines, v.evidenceLines(c, width)...)
	}
	section("Most likely", f.Likely)
	section("Check next", f.Advice)
	if len(f.Because) > 0 {
		section("It explains", strings.Join(f.Because, ", "))
	}
	open := "Enter opens the evidence under the cursor"
	if v.evidence < 0 {
		open = "Tab goes to the evidence, Enter opens it"
	}
	return append(append(lines, nil), wrapped(open+" "+u.set.Dot+" y copies this text for a ticket", width, "", roleDim)...)
}

// evidenceLines are the packets that show a finding; the one under the cursor
// is marked.
func (v *problemsView) evidenceLines(c *problemCase, width int) []textLine {
	u := v.u
	var lines []textLine
	for i, e := range c.finding.Evidence {
		text := fmt.Sprintf("[%d] ", i+1)
		if e.Frame > 0 {
			text += "f" + count(e.Frame) + " "
		}
		if e.Nanos > 0 {
			text += u.at(e.Nanos).Format("15:04:05.000") + " "
		}
		role, mark := rolePlain, "  "
		if i == v.evidence {
			role, mark = roleHit, u.set.Cursor+" "
		}
		part := wrapped(text+u.clean(e.Text), width, "      ", role)
		part[0] = textLine{{mark, rolePlain}, {strings.TrimLeft(part[0].String(), " "), role}}
		lines = append(lines, part...)
	}
	return lines
}

// copy puts what is said of the example on the clipboard, for a ticket.
func (v *problemsView) copy() {
	c := v.shownCase()
	if c == nil {
		return
	}
	var b strings.Builder
	for _, line := range v.fullLines(c, 76) {
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteByte('\n')
	}
	v.u.copyText("the explanation", b.String())
}

// wrapped breaks clean text into lines of at most width cells, each behind
// indent.
func wrapped(text string, width int, indent string, role role) []textLine {
	var lines []textLine
	for _, line := range wrapWords(text, width-len(indent)) {
		lines = append(lines, textLine{{indent + line, role}})
	}
	if lines == nil {
		return []textLine{{{indent, role}}}
	}
	return lines
}
