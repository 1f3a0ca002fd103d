package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
)

// A filterable view has a filter line.
type filterable interface {
	filterLine() *filterLine
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

// asksFindings reports whether the filter may say another thing once more is found
// out.
func (f *filterLine) asksFindings() bool { return f.inUse != nil && f.inUse.AsksFindings() }

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
	e, err := filter.Parse(string(f.text), filter.Options{Location: f.u.config.Location, Saved: f.u.filters.find, Aliases: f.u.aliases()})
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
	return a == nil && b == nil || a != nil && b != nil && a.Same(b)
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
				f.u.say("%s", err.Error())
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
