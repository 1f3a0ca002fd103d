package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
)

// A whyPane explains what was found out about some calls, with the packets that
// prove it.
type whyPane struct {
	u    *UI
	open bool
	// focus gives the pane the keys; left is set while the user looks at a
	// packet that an evidence led to: Esc leads back to it.
	focus, left bool
	inList      bool // Tab has another meaning there: W gives the focus
	offered     bool // it is open without having been asked for

	lines  []whyLine
	cursor int // line; always one with evidence where there is any
	top    int
	height int
	screen int // row of the screen of the first line
	shown  int // lines on the screen; 0 when the last drawing had no pane
	built  whyKey
	seen   *correlate.Evidence // what the cursor stands on
}

// A whyLine is a line of the pane; one with evidence leads to its packet.
type whyLine struct {
	text     textLine
	evidence *correlate.Evidence
	call     int // Call.Index
}

type whyKey struct {
	width int
	looks int
	found *findings
	calls string
}

// toggle opens the pane, or closes it.
func (w *whyPane) toggle() {
	if w.inList && w.open && !w.focus {
		w.focus, w.left = true, false
		return
	}
	w.open = !w.open
	switch {
	case w.offered: // closed although there was room for it
		w.u.noReasons = true
	case w.open && !w.inList:
		w.u.noReasons = false
	}
	w.focus, w.left, w.offered = false, false, false
}

// build writes the lines anew when the calls, what was found, or the width
// changed.
func (w *whyPane) build(calls []*correlate.Call, width int) {
	key := whyKey{width: width, looks: w.u.looks, found: w.u.found, calls: fmt.Sprint(numbersOf(calls))}
	if key == w.built && w.lines != nil {
		return
	}
	w.built = key
	w.lines = w.u.whyLines(calls, width)
	w.cursor = 0
	for i := range w.lines {
		if e := w.lines[i].evidence; e != nil && w.seen != nil && *e == *w.seen {
			w.cursor = i
			break
		}
	}
	w.snap(1)
}

func numbersOf(calls []*correlate.Call) []int {
	list := make([]int, len(calls))
	for i, c := range calls {
		list[i] = c.Index
	}
	return list
}

// whyLines are the findings of calls in words.
func (u *UI) whyLines(calls []*correlate.Call, width int) []whyLine {
	t := whyText{u: u, width: max(20, width)}
	list := u.found.joint(calls)
	for i := range list {
		t.finding(&list[i], len(calls) > 1)
	}
	switch {
	case len(list) > 0:
	case u.config.Diagnose == nil && u.found == nil:
		t.plain(" nobody looks for problems here")
	case u.found == nil:
		t.plain(" still looking" + u.set.Ellipsis)
	default:
		t.plain(" nothing was found wrong with this call")
	}
	return t.lines
}

// A whyText collects lines.
type whyText struct {
	u     *UI
	width int
	lines []whyLine
}

func (t *whyText) plain(text string) {
	t.lines = append(t.lines, whyLine{text: plainLine(text)})
}

// finding adds everything that one finding says, and the evidence of other
// legs.
func (t *whyText) finding(j *jointFinding, several bool) {
	u, c, f := t.u, j.call, j.finding
	title := " " + u.severityGlyph(f.Severity) + " "
	if several {
		title += fmt.Sprintf("#%d ", c.Index)
		for _, other := range j.others {
			title += fmt.Sprintf("#%d ", other.call.Index)
		}
	}
	title += u.clean(f.Title)
	if f.Count > 1 {
		title += fmt.Sprintf(" (%d times)", f.Count)
	}
	sure := "confidence " + f.Confidence.String()
	if gap := t.width - cells.Width(title) - cells.Width(sure) - 2; gap >= 2 {
		title += strings.Repeat(" ", gap) + sure
		sure = ""
	}
	t.lines = append(t.lines, whyLine{text: textLine{{cells.Cut(title, t.width-1, u.set.Ellipsis), severityRole(f.Severity)}}, call: c.Index})
	t.wrapped("", f.Explanation)
	for i := range f.Evidence {
		t.evidence(c, i+1, &f.Evidence[i])
	}
	t.evidenceOfOthers(j)
	t.wrapped("Usually  ", f.Likely)
	t.wrapped("Next     ", f.Advice)
	if sure != "" {
		t.wrapped("", sure)
	}
}

// evidenceOfOthers adds the evidence of other legs that is not there already.
func (t *whyText) evidenceOfOthers(j *jointFinding) {
	shown := slices.Clone(j.finding.Evidence)
	for _, other := range j.others {
		list := other.finding.Evidence
		for i := range list {
			if !slices.ContainsFunc(shown, func(e correlate.Evidence) bool { return samePlace(&e, &list[i]) }) {
				shown = append(shown, list[i])
				t.evidence(other.call, len(shown), &list[i])
			}
		}
	}
}

// samePlace reports whether two pieces of evidence lead to the same packet.
func samePlace(a, b *correlate.Evidence) bool {
	if a.Frame > 0 || b.Frame > 0 {
		return a.Frame == b.Frame
	}
	return *a == *b
}

// wrapped adds a paragraph under a word.
func (t *whyText) wrapped(head, text string) {
	const indent = "    "
	if text == "" {
		return
	}
	front := indent + head
	for _, line := range wrapWords(t.u.clean(text), t.width-len(front)-1) {
		t.plain(front + line)
		front = strings.Repeat(" ", len(front))
	}
}

// evidence adds a line that leads to its packet.
func (t *whyText) evidence(c *correlate.Call, number int, e *correlate.Evidence) {
	u := t.u
	text := fmt.Sprintf("    [%d] ", number)
	if e.Frame > 0 {
		text += "f" + count(e.Frame) + " "
	}
	if e.Nanos > 0 {
		text += u.at(e.Nanos).Format("15:04:05.000") + " "
	}
	indent := strings.Repeat(" ", len(text))
	for i, line := range wrapWords(u.clean(e.Text), t.width-len(text)-1) {
		if i == 0 {
			t.lines = append(t.lines, whyLine{text: textLine{{text + line, rolePlain}}, evidence: e, call: c.Index})
			continue
		}
		t.plain(indent + line)
	}
	if strings.TrimSpace(e.Text) == "" {
		t.lines = append(t.lines, whyLine{text: textLine{{text, rolePlain}}, evidence: e, call: c.Index})
	}
}

// wrapWords breaks text at blanks.
func wrapWords(text string, width int) []string {
	width = max(width, 10)
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for cells.Width(word) > width {
			part, rest := cells.Split(word, width)
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, part), rest
		}
		switch {
		case line == "":
			line = word
		case cells.Width(line)+1+cells.Width(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// snap moves the cursor to the nearest line with evidence, in a direction
// first.
func (w *whyPane) snap(step int) {
	for _, direction := range []int{step, -step} {
		for i := w.cursor; i >= 0 && i < len(w.lines); i += direction {
			if w.lines[i].evidence != nil {
				w.cursor = i
				w.seen = w.lines[i].evidence
				return
			}
		}
	}
	w.cursor = max(0, min(w.cursor, len(w.lines)-1))
}

func (w *whyPane) move(m motion) {
	before := w.cursor
	at := max(0, min(m.from(w.cursor, w.height, len(w.lines)), len(w.lines)-1))
	step := 1
	if at < before {
		step = -1
	}
	w.cursor = at
	w.snap(step)
	if w.cursor == before { // no more evidence that way: the text scrolls
		w.top = max(0, min(m.from(w.top, w.height, len(w.lines)), len(w.lines)-w.height))
		return
	}
	w.show()
}

// show scrolls to the cursor.
func (w *whyPane) show() {
	if w.cursor < w.top {
		w.top = w.cursor
	}
	if w.cursor >= w.top+w.height {
		w.top = w.cursor - w.height + 1
	}
}

// evidence is what the cursor stands on.
func (w *whyPane) evidence() (e *correlate.Evidence, call int) {
	if w.cursor >= len(w.lines) {
		return nil, 0
	}
	l := &w.lines[w.cursor]
	return l.evidence, l.call
}

func (w *whyPane) draw(c canvas, calls []*correlate.Call) {
	u := w.u
	w.build(calls, c.w-1)
	note := "W closes " + u.set.Dot + " Tab focus " + u.set.Dot + " Enter jumps to evidence"
	if w.focus {
		note = "Enter jumps to the packet " + u.set.Dot + " Esc leaves"
	}
	switch {
	case c.w < wideDiff && w.inList && !w.focus:
		note = "W focus"
	case c.w < wideDiff:
		note = "W closes"
	}
	u.rule(c, 0, "Why", note)
	w.height, w.screen = max(1, c.h-1), c.y+1
	w.top = max(0, min(w.top, len(w.lines)-w.height))
	w.shown = min(w.height, len(w.lines)-w.top)
	for i := range w.shown {
		line := &w.lines[w.top+i]
		current := w.focus && w.top+i == w.cursor && line.evidence != nil
		x := 0
		for _, s := range line.text {
			x = c.part(0, 0, c.w-1, c.h).text(x, 1+i, s.text, u.theme[s.role].Reverse(current))
		}
		if current {
			c.text(0, 1+i, u.set.Cursor, u.theme[rolePlain].Reverse(true))
		}
	}
	c.scrollbar(c.w-1, 1, w.height, w.top, len(w.lines), u.set.Thumb, u.set.Track, u.theme[roleDim])
}

// click jumps to the evidence of a line; it reports whether the line is one of
// the pane.
func (w *whyPane) click(y int, v explained) bool {
	line := w.top + y - w.screen
	if !w.open || y < w.screen || y >= w.screen+w.shown || line < 0 || line >= len(w.lines) {
		return false
	}
	if w.lines[line].evidence != nil {
		w.cursor, w.seen = line, w.lines[line].evidence
		w.jump(v)
	}
	return true
}

// copyText copies what is found out, for a ticket.
func (w *whyPane) copyText() {
	var b strings.Builder
	for i := range w.lines {
		b.WriteString(strings.TrimRight(w.lines[i].text.String(), " ") + "\n")
	}
	w.u.copyText("the explanation", b.String())
}
