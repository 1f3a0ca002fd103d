package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/internal/filter"
)

// A filterable view has a filter line.
type filterable interface {
	applyFilter(e *filter.Expr)                   // nil for none
	tally() (shown, of int)                       // how much it lets through
	universe() (*filter.Scope, []*correlate.Call) // what it chooses from
	rowsName() string                             // "dialogs"
	rows() *vlist
}

// A filterLine is the display filter of a list: what is typed, and what of it
// is in force. Every key applies; while the text is wrong or unfinished the
// last good filter stays.
type filterLine struct {
	u    *UI
	view filterable

	text    []rune
	caret   int
	inUse   *filter.Expr // nil for all
	err     *filter.Error
	settled settledFilter // what stays when the text turns wrong

	offers completion
	past   int // place in the history, len(history) for none
	kept   string
	near   nearby
}

// A settledFilter is a filter that was right, and is not just the beginning of
// a field that is being typed.
type settledFilter struct {
	expr *filter.Expr
	text string
}

// nearby is a filter that matches something, when the one in force does not.
type nearby struct {
	of      *filter.Expr
	text    string
	matches int
}

func newFilterLine(u *UI, view filterable) *filterLine { return &filterLine{u: u, view: view} }

// begin puts a filter of the command line in force.
func (f *filterLine) begin(e *filter.Expr) {
	if e == nil || e.All() {
		return
	}
	f.inUse, f.text = e, []rune(e.String())
	f.settled = settledFilter{e, e.String()}
}

// expr is the filter in force, nil for none.
func (f *filterLine) expr() *filter.Expr { return f.inUse }

func (f *filterLine) editing() bool { return f.u.dialog == dialog(f) }

// set puts text in the line and runs it.
func (f *filterLine) set(text string) {
	f.text = []rune(text)
	f.caret = len(f.text)
	f.changed()
	f.remember()
}

// edit opens the line.
func (f *filterLine) edit() {
	f.u.dialog = f
	f.caret, f.past = len(f.text), len(f.u.filters.history)
	f.offers.close()
}

// clear empties the line and takes the filter away.
func (f *filterLine) clear() {
	f.text, f.caret = nil, 0
	f.changed()
}

// changed reads the text and puts it in force, or what was last right.
func (f *filterLine) changed() {
	text := strings.TrimSpace(string(f.text))
	e, err := filter.Parse(string(f.text), filter.Options{Location: f.u.config.Location, Saved: f.u.filters.find})
	f.err = nil
	switch {
	case err != nil:
		if !errors.As(err, &f.err) {
			f.err = &filter.Error{Column: 1, Text: err.Error()}
		}
		e = f.settled.expr
	case e.All():
		e, f.settled = nil, settledFilter{}
	case !f.beginsField():
		f.settled = settledFilter{e, text}
	}
	if same(e, f.inUse) {
		return
	}
	f.inUse = e
	f.near = nearby{}
	f.view.applyFilter(e)
}

func same(a, b *filter.Expr) bool {
	return a == nil && b == nil || a != nil && b != nil && (a == b || a.String() == b.String())
}

// beginsField reports whether the text ends in the beginning of a field, which
// is a word only until its operator is typed.
func (f *filterLine) beginsField() bool {
	token := strings.ToLower(f.token())
	if token == "" || f.caret < len(f.text) {
		return false
	}
	return slices.ContainsFunc(filter.Fields(), func(known filter.Field) bool { return strings.HasPrefix(known.Name, token) })
}

// token is what stands between the last break and the caret.
func (f *filterLine) token() string {
	start := f.caret
	for start > 0 && !strings.ContainsRune(" ()!|", f.text[start-1]) {
		start--
	}
	return string(f.text[start:f.caret])
}

// hint is a remark on the filter: what is no field, what nothing measures.
func (f *filterLine) hint() string {
	if f.inUse == nil || f.err != nil {
		return ""
	}
	return f.u.clean(strings.Join(f.inUse.Hints(), "; "))
}

func (f *filterLine) context() Context { return InFilter }

// other takes the keys that are no actions: what is typed, and what edits it.
func (f *filterLine) other(_ *UI, ev *tcell.EventKey) {
	switch name := keyName(ev); name {
	case "Left":
		f.moveCaret(max(0, f.caret-1))
	case "Right":
		f.moveCaret(min(len(f.text), f.caret+1))
	case "Home", "^A":
		f.moveCaret(0)
	case "End", "^E":
		f.moveCaret(len(f.text))
	case "Backspace":
		f.cut(f.caret-1, f.caret)
	case "Delete":
		f.cut(f.caret, f.caret+1)
	case "^U":
		f.cut(0, f.caret)
	case "^K":
		f.cut(f.caret, len(f.text))
	default:
		if r := ev.Rune(); ev.Key() == tcell.KeyRune && ev.Modifiers()&(tcell.ModCtrl|tcell.ModMeta|tcell.ModAlt) == 0 && unicode.IsPrint(r) && len(f.text) < maxPrompt {
			f.put(string(r))
		}
	}
}

// moveCaret offers what fits where the caret goes.
func (f *filterLine) moveCaret(to int) {
	f.caret = to
	f.offer()
}

// put inserts text at the caret.
func (f *filterLine) put(text string) {
	typed := []rune(text)
	f.text = slices.Insert(slices.Clone(f.text), f.caret, typed...)
	f.caret += len(typed)
	f.changed()
	f.offer()
}

// cut takes the characters from … to out.
func (f *filterLine) cut(from, to int) {
	from, to = max(0, from), min(to, len(f.text))
	if from >= to {
		return
	}
	f.text = slices.Delete(slices.Clone(f.text), from, to)
	f.caret = from
	f.changed()
	f.offer()
}

// accept goes back to the list; what was chosen from the offers is taken.
func (f *filterLine) accept() {
	if f.offers.chosen {
		f.take()
	}
	if f.err != nil {
		return // the line says what is wrong
	}
	f.remember()
	f.view.rows().settle()
	f.leave()
}

func (f *filterLine) leave() {
	f.offers.close()
	f.u.dialog = nil
	f.lookNear()
}

// abandon clears the line and goes back to the list.
func (f *filterLine) abandon() {
	f.clear()
	f.leave()
}

// down chooses among the offers, or goes back to the list.
func (f *filterLine) down() {
	if f.offers.open() {
		f.offers.choose(1)
		return
	}
	f.accept()
}

// up chooses among the offers, or takes the filter before from the history.
func (f *filterLine) up() {
	if f.offers.chosen {
		f.offers.choose(-1)
		return
	}
	f.recall(-1)
}

// recall puts a filter of the history in the line.
func (f *filterLine) recall(step int) {
	history := f.u.filters.history
	at := f.past + step
	if at < 0 || at > len(history) {
		return
	}
	if f.past == len(history) {
		f.kept = string(f.text)
	}
	f.past = at
	text := f.kept
	if at < len(history) {
		text = history[at]
	}
	f.text = []rune(text)
	f.caret = len(f.text)
	f.offers.close()
	f.changed()
}

// remember puts the text in the history.
func (f *filterLine) remember() {
	text := strings.TrimSpace(string(f.text))
	if f.err != nil || text == "" {
		return
	}
	f.u.filters.remember(text)
	if f.u.filters.keep != nil {
		f.u.filters.keep(text)
	}
}

// save asks for a name to save the filter under.
func (f *filterLine) save() {
	text := strings.TrimSpace(string(f.text))
	if text == "" || f.err != nil {
		f.u.say("there is no filter to save")
		return
	}
	f.u.ask("save this filter as @", "", func(name string) {
		switch name = strings.TrimPrefix(strings.TrimSpace(name), "@"); {
		case name == "":
		case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }):
			f.u.say("a name has letters, digits, - and _ only: nothing was saved")
		default:
			if err := f.u.filters.save(name, text); err != nil {
				f.u.say("%s", f.u.clean(err.Error()))
				return
			}
			f.u.say("saved as @%s", name)
		}
	})
}

// lookNear finds a filter like the one in force when that matches nothing.
func (f *filterLine) lookNear() {
	shown, of := f.view.tally()
	if f.inUse == nil || shown > 0 || of == 0 || f.near.of == f.inUse {
		return
	}
	wanted := f.inUse
	in, calls := f.view.universe()
	f.u.workshop.do(func() func() {
		text, matches := wanted.Nearest(in, calls)
		return func() {
			if f.inUse == wanted {
				f.near = nearby{wanted, text, matches}
			}
		}
	})
}

// nothing is what stands in the place of the rows when none matches.
func (f *filterLine) nothing() string {
	_, of := f.view.tally()
	line := fmt.Sprintf("0 of %s %s match %q. Esc clears", count(of), f.view.rowsName(), f.u.clean(f.inUse.String()))
	if f.near.of == f.inUse && f.near.text != "" {
		line += fmt.Sprintf(", nearest: %s (%s)", f.u.clean(f.near.text), count(f.near.matches))
	}
	return line
}

// drawn is whether the line has a row of its own on a screen of so many rows
// below the tabs.
func (f *filterLine) drawn(h int) bool { return f.editing() || len(f.text) > 0 || h >= 27 }

// drawAbove draws the tally of the list, or what is wrong with the filter, and
// the line itself. It returns what is left below.
func (f *filterLine) drawAbove(c canvas, tally func(canvas)) canvas {
	if row := c.part(0, 0, c.w, 1); f.err != nil {
		f.drawError(row)
	} else {
		tally(row)
	}
	y := 1
	if f.drawn(c.h) {
		row := c.part(0, y, c.w, 1)
		f.u.zone(row, f.edit)
		f.drawLine(row)
		y++
	}
	return c.part(0, y, c.w, c.h-y)
}

// drawError says what is wrong, where, and what the list shows instead.
func (f *filterLine) drawError(c canvas) {
	u := f.u
	still := "all"
	if f.settled.text != "" {
		still = u.clean(f.settled.text)
	}
	what := fmt.Sprintf("%s filter, column %d: %s", u.set.Bad, f.err.Column, u.clean(f.err.Text))
	rest := fmt.Sprintf(" %s list still shows the last good one: %s", u.set.Dot, still)
	const said = 37 // of the rest stays in sight on a small screen
	x := c.text(1, 0, cells.Cut(what, max(c.w-2-cells.Width(rest), c.w-2-said), u.set.Ellipsis), u.theme[roleBad])
	c.text(x, 0, cells.Cut(rest, c.w-1-x, u.set.Ellipsis), u.theme[rolePlain])
}

// drawLine shows the text with its caret, and how much the filter leaves.
func (f *filterLine) drawLine(c canvas) {
	u := f.u
	if len(f.text) == 0 && !f.editing() {
		c.text(1, 0, cells.Cut("/ filter: none     (type / then a number, IP, Call-ID, code:503, mos<3.5, state:busy "+u.set.Ellipsis+" Tab completes)", c.w-2, u.set.Ellipsis), u.theme[roleDim])
		return
	}
	note := f.note()
	c.right(c.w-1, 0, note, u.theme[rolePlain])
	role := rolePlain
	switch {
	case f.err != nil && !f.err.Incomplete:
		role = roleBad
	case f.err != nil:
		role = roleWarn
	}
	x := c.text(1, 0, "/ ", u.theme[roleKey])
	f.drawText(c.part(x, 0, max(0, c.w-x-cells.Width(note)-2), 1), u.theme[role])
}

// note is "36 of 420  Esc clears", or a hint.
func (f *filterLine) note() string {
	shown, of := f.view.tally()
	note := fmt.Sprintf("%s of %s", count(shown), count(of))
	if hint := f.hint(); hint != "" && f.u.width >= 60 {
		note = cells.Cut(hint, f.u.width/2, f.u.set.Ellipsis) + "  " + note
	}
	if f.u.width >= 60 {
		note += "  Esc clears"
	}
	return note
}

// drawText shows the end of the text up to the caret, and as much behind it
// as there is room for.
func (f *filterLine) drawText(c canvas, style tcell.Style) {
	u := f.u
	before, after := u.clean(string(f.text[:f.caret])), u.clean(string(f.text[f.caret:]))
	for cells.Width(before) > max(0, c.w-2) {
		_, before, _ = cells.Next(before)
	}
	x := c.text(0, 0, before, style)
	if !f.editing() {
		c.text(x, 0, after, style)
		return
	}
	if after == "" {
		c.text(x, 0, u.set.Caret, u.theme[roleKey])
		return
	}
	char, rest, _ := cells.Next(after)
	x = c.text(x, 0, char, style.Reverse(true))
	c.text(x, 0, rest, style)
}

// draw shows what the text could go on with.
func (f *filterLine) draw(_ *UI, c canvas) { f.offers.draw(f, c) }
