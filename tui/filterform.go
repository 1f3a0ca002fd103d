package tui

import (
	"fmt"
	"unicode"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
	"sipsniff/internal/filter"
)

// formMethods are the check boxes of the form; the last stands for all others.
var formMethods = [...]string{"INVITE", "REGISTER", "OPTIONS", "SUBSCRIBE", "NOTIFY", "MESSAGE", "INFO", "REFER", "PUBLISH", "UPDATE", "rest"}

// The choices of the form; the first means any.
var (
	formStates   = []string{"any", "IN CALL", "CALL SETUP", "RINGING", "COMPLETED", "BUSY", "CANCELLED", "REJECTED", "TIMEOUT", "REGISTERED"}
	formCodes    = []string{"any", "2xx", "3xx", "4xx", "5xx", "6xx"}
	formProblems = []string{"any", "error", "warning", "one-way", "loss", "no-answer", "auth"}
	formTimes    = []string{"any", "1m", "5m", "15m", "1h"}
)

// A formItem is one thing of the form that the cursor can be on.
type formItem uint8

const (
	formFrom formItem = iota
	formTo
	formSource
	formDestination
	formPayload
	formMethod // and as many more as there are methods
	formState  = formMethod + formItem(len(formMethods))
	formCode   = formState + 1
	formMOS    = formState + 2
	formKind   = formState + 3 // of the problem
	formSince  = formState + 4
	formFilter = formState + 5 // the buttons
	formClear  = formState + 6
	formCancel = formState + 7
	formItems  = formState + 8
)

// A filterForm is the filter as a form. It writes the line, so that people
// learn it.
type filterForm struct {
	line    *filterLine
	cursor  formItem
	texts   [formMethod]string // what the URIs, addresses and messages hold
	methods [len(formMethods)]bool
	mos     string
	choice  map[formItem]int
}

// openForm opens the form. What of the line it cannot express is replaced when
// it is accepted.
func (f *filterLine) openForm() {
	form := &filterForm{line: f, choice: map[formItem]int{}}
	for i := range form.methods {
		form.methods[i] = true
	}
	form.read(string(f.text))
	f.offers.close()
	f.u.dialog = form
}

func (g *filterForm) context() Context { return InForm }

// text is the text that the cursor is in, nil when it is on something else.
func (g *filterForm) text() *string {
	switch {
	case g.cursor <= formPayload:
		return &g.texts[g.cursor]
	case g.cursor == formMOS:
		return &g.mos
	}
	return nil
}

// other types into the text under the cursor.
func (g *filterForm) other(_ *UI, ev *tcell.EventKey) {
	text := g.text()
	name := keyName(ev)
	switch {
	case text == nil && (name == "a" || name == "A"):
		g.allMethods()
	case text == nil:
	case name == "Backspace":
		runes := []rune(*text)
		*text = string(runes[:max(0, len(runes)-1)])
	case name == "^U":
		*text = ""
	case ev.Key() == tcell.KeyRune && unicode.IsPrint(ev.Rune()) && len(*text) < maxPrompt:
		*text += string(ev.Rune())
	}
}

// allMethods checks every method, or none when all are checked.
func (g *filterForm) allMethods() {
	all := true
	for _, on := range g.methods {
		all = all && on
	}
	for i := range g.methods {
		g.methods[i] = !all
	}
}

func (g *filterForm) step(n int) {
	g.cursor = formItem((int(g.cursor) + n + int(formItems)) % int(formItems))
}

// turn steps through the choices of what is under the cursor.
func (g *filterForm) turn(n int) {
	if of := g.choices(); of != nil {
		g.choice[g.cursor] = (g.choice[g.cursor] + n + len(of)) % len(of)
		return
	}
	g.step(n)
}

func (g *filterForm) choices() []string {
	return map[formItem][]string{formState: formStates, formCode: formCodes, formKind: formProblems, formSince: formTimes}[g.cursor]
}

// space checks a box, steps a choice, or types a space.
func (g *filterForm) space() {
	switch text := g.text(); {
	case text != nil:
		*text += " "
	case g.cursor >= formMethod && g.cursor < formState:
		g.methods[g.cursor-formMethod] = !g.methods[g.cursor-formMethod]
	case g.choices() != nil:
		g.turn(1)
	default:
		g.enter()
	}
}

// enter presses the button under the cursor; anywhere else it filters.
func (g *filterForm) enter() {
	switch g.cursor {
	case formClear:
		*g = filterForm{line: g.line, choice: map[formItem]int{}, cursor: formFrom}
		for i := range g.methods {
			g.methods[i] = true
		}
	case formCancel:
		g.cancel()
	default:
		g.line.u.dialog = nil
		g.line.set(g.write())
		g.line.lookNear()
	}
}

func (g *filterForm) cancel() { g.line.u.dialog = nil }

// The size of the form with its frame.
const (
	formWidth  = 60
	formHeight = 18
)

func (g *filterForm) draw(u *UI, c canvas) {
	w, h := min(formWidth, c.w), min(formHeight, c.h)
	box := c.part((c.w-w)/2, max(0, (c.h+1-h)/2), w, h)
	u.drawBorder(box, "Filter (F7) "+u.set.None+" writes the / line")
	in := box.part(2, 1, w-4, h-2)
	for i, name := range [...]string{"From", "To", "Source", "Destination", "Payload"} {
		in.text(0, i, name, u.theme[roleDialog])
		g.drawText(u, in, 16, i, 38, formItem(i), g.texts[i])
	}
	methods, choices, line, buttons := 6, 10, 13, 15
	if h < formHeight { // without blank rows
		methods, choices, line, buttons = 5, 9, 11, 12
	}
	g.drawMethods(u, in, methods)
	g.drawChoice(u, in, 0, choices, "State", formState, formStates)
	g.drawChoice(u, in, 22, choices, "Code", formCode, formCodes)
	in.text(36, choices, "MOS below", u.theme[roleDialog])
	g.drawText(u, in, 46, choices, 6, formMOS, g.mos)
	g.drawChoice(u, in, 0, choices+1, "Problem", formKind, formProblems)
	g.drawChoice(u, in, 22, choices+1, "Since", formSince, formTimes)
	text, role := g.write(), roleDialog
	if _, err := filter.Parse(text, filter.Options{Location: u.config.Location, Aliases: u.aliases()}); err != nil {
		text, role = text+"   "+err.Error(), roleBad
	}
	in.text(0, line, cells.Cut("= "+u.clean(text), in.w, u.set.Ellipsis), u.theme[role])
	x := 12
	for i, name := range [...]string{"Filter", "Clear", "Cancel"} {
		x = g.drawItem(u, in, x, buttons, "[ "+name+" ]", formFilter+formItem(i)) + 3
	}
}

// drawItem writes something that the cursor can be on, and returns the cell
// behind it. A click is the space bar there, which only goes to a text.
func (g *filterForm) drawItem(u *UI, c canvas, x, y int, text string, item formItem) (end int) {
	end = c.text(x, y, text, g.style(u, item))
	u.zone(c.part(x, y, end-x, 1), func() {
		if g.cursor = item; g.text() == nil {
			g.space()
		}
	})
	return end
}

func (g *filterForm) style(u *UI, item formItem) tcell.Style {
	if g.cursor == item {
		return u.theme[roleDialog].Reverse(true)
	}
	return u.theme[roleDialog]
}

func (g *filterForm) drawText(u *UI, c canvas, x, y, room int, item formItem, text string) {
	shown := u.clean(text)
	if g.cursor == item {
		shown += u.set.Caret
	}
	for cells.Width(shown) > room {
		_, shown, _ = cells.Next(shown)
	}
	g.drawItem(u, c, x, y, "["+cells.PadRight(shown, room, u.set.Ellipsis)+"]", item)
}

func (g *filterForm) drawMethods(u *UI, c canvas, y int) {
	c.text(0, y, "Methods", u.theme[roleDialog])
	x, row := 9, 0
	for i, name := range formMethods {
		box := "[ ] " + name
		if g.methods[i] {
			box = "[x] " + name
		}
		if i == 3 || i == 6 || x+len(box) > c.w {
			x, row = 9, row+1
		}
		g.drawItem(u, c, x, y+row, box, formMethod+formItem(i))
		if row < 2 {
			x += 14
		} else {
			x += len(box) + 1
		}
	}
	c.text(49, y, "a: all", u.theme[roleDim])
}

func (g *filterForm) drawChoice(u *UI, c canvas, x, y int, name string, item formItem, of []string) {
	c.text(x, y, name, u.theme[roleDialog])
	g.drawItem(u, c, x+9-min(9, max(0, x-20)), y, fmt.Sprintf("%s %s", of[g.choice[item]], u.set.Choices), item)
}

func onForm(f func(g *filterForm)) func(*UI) {
	return func(u *UI) {
		if g, ok := u.dialog.(*filterForm); ok {
			f(g)
		}
	}
}

// formActions are the keys of the form.
func formActions() []Action {
	return []Action{
		{ID: "form.enter", Title: "Filter", Help: "filter; on a button: press it", Contexts: InForm, Keys: []string{"Enter"}, Rank: 1, Run: onForm((*filterForm).enter)},
		{ID: "form.next", Title: "Next", Help: "next field", Contexts: InForm, Keys: []string{"Tab", "Down"}, Rank: 2, Run: onForm(func(g *filterForm) { g.step(1) })},
		{ID: "form.previous", Title: "Previous", Help: "previous field", Contexts: InForm, Keys: []string{"Backtab", "Up"}, Run: onForm(func(g *filterForm) { g.step(-1) })},
		{ID: "form.right", Title: "Choose", Help: "next choice", Contexts: InForm, Keys: []string{"Right"}, Run: onForm(func(g *filterForm) { g.turn(1) })},
		{ID: "form.left", Title: "Choose", Help: "previous choice", Contexts: InForm, Keys: []string{"Left"}, Run: onForm(func(g *filterForm) { g.turn(-1) })},
		{ID: "form.space", Title: "Check", Help: "check, choose", Contexts: InForm, Keys: []string{"Space"}, Rank: 3, Run: onForm((*filterForm).space)},
		{ID: "form.cancel", Title: "Cancel", Help: "leave the filter as it was", Contexts: InForm, Keys: []string{"Esc", "F7"}, Rank: 4, Run: onForm((*filterForm).cancel)},
	}
}
