package tui

import (
	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// A question asks before something happens that cannot be taken back, or that
// takes long. Its first button does it and has the focus; its last does
// nothing, and so does Esc.
type question struct {
	where   Context
	title   string
	lines   []string // clean text
	buttons buttonRow
	foot    string // what Enter and Esc do; "" says it with the words of the buttons
	below   dialog // what the question lies over
}

// askAbout opens a question over what is open.
func (u *UI) askAbout(where Context, title string, lines []string, buttons ...button) *question {
	q := &question{where: where, title: title, lines: lines, buttons: buttonRow{buttons: buttons}, below: u.dialog}
	u.dialog = q
	return q
}

func (q *question) context() Context { return q.where }

// other moves between the buttons, or runs one by its first letter.
func (q *question) other(u *UI, ev *tcell.EventKey) {
	if keyName(ev) == "Tab" {
		q.buttons.at = (q.buttons.at + 1) % len(q.buttons.buttons)
		return
	}
	if ev.Key() == tcell.KeyRune && ev.Rune() != ' ' {
		for i := range q.buttons.buttons {
			if letter(q.buttons.buttons[i].title) == letter(string(ev.Rune())) {
				q.answer(u, i)
				return
			}
		}
		return
	}
	q.buttons.press(u, ev)
}

// answer closes the question and does what a button says; -1 is the last.
func (q *question) answer(u *UI, i int) {
	if i < 0 {
		i = len(q.buttons.buttons) - 1
	}
	u.dialog = q.below
	if run := q.buttons.buttons[i].run; run != nil {
		run(u)
	}
}

func (q *question) draw(u *UI, c canvas) {
	if q.below != nil {
		q.below.draw(u, c)
	}
	w := 30
	for _, line := range q.lines {
		w = max(w, cells.Width(line)+4)
	}
	width := 0
	for _, b := range q.buttons.buttons {
		width += cells.Width(b.title) + 7
	}
	foot := "Enter " + lowerFirst(q.buttons.buttons[q.buttons.at].title) + " " + u.set.Dot + " Esc " + lowerFirst(q.buttons.buttons[len(q.buttons.buttons)-1].title)
	if q.foot != "" && q.buttons.at == 0 {
		foot = q.foot
	}
	w = max(w, width+3, cells.Width(foot)+4)
	box := u.dialogBox(c, q.title, w, len(q.lines)+3)
	for i, line := range q.lines {
		box.text(1, i, cells.Cut(line, box.w-2, u.set.Ellipsis), u.theme[roleDialog])
	}
	row := buttonRow{at: q.buttons.at}
	for i, b := range q.buttons.buttons {
		row.buttons = append(row.buttons, button{b.title, func(u *UI) { q.answer(u, i) }})
	}
	row.left = true
	row.draw(u, box.part(1, box.h-2, box.w-2, 1), true)
	box.text(1, box.h-1, cells.Cut(foot, box.w-2, u.set.Ellipsis), u.theme[roleDim])
}

// onQuestion makes an action of a function of the question that is open.
func onQuestion(f func(q *question, u *UI)) func(*UI) {
	return func(u *UI) {
		if q, ok := u.dialog.(*question); ok {
			f(q, u)
		}
	}
}

func questionActions() []Action {
	const both = InQuit | InConfirm
	return []Action{
		{ID: "question.enter", Title: "Choose", Help: "what the button under the cursor says", Contexts: both, Keys: []string{"Enter", "Space"}, Rank: 1,
			Run: onQuestion(func(q *question, u *UI) { q.answer(u, q.buttons.at) })},
		{ID: "question.yes", Title: "Yes", Help: "yes: the first button", Contexts: both, Keys: []string{"y", "Y"}, Rank: 3,
			Run: onQuestion(func(q *question, u *UI) { q.answer(u, 0) })},
		{ID: "question.no", Title: "No", Help: "no: the last button", Contexts: both, Keys: []string{"Esc", "n", "N"}, Rank: 2,
			Run: onQuestion(func(q *question, u *UI) { q.answer(u, -1) })},
	}
}
