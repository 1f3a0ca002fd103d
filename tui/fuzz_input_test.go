package tui

import (
	"strings"
	"time"

	"github.com/rivo/tview"
)

// ways lead to places that keys pressed one by one at random seldom come to.
// A part of more than one letter that is no key is typed.
var ways = []string{
	"1", "2", "3", "4", "5", "6", "Esc Esc Esc 1", "Home Enter", "End Enter", "Enter Enter", "Home F4", "Enter F4 d", "Enter Space Down Down Space",
	"1 Home Space Down Space Enter", "1 Home Space Down =", "Enter Space Down Space", "v", "v Enter", "v Tab End", "3 Enter", "3 Enter Enter", "W", "5 Right", "5 W", "5 w Enter",
	"F2", "F2 Tab Tab Tab", "F3", "F7", "F7 Down Down", "F8", "F8 Tab", "F8 Tab Tab", "F10", "F10 p", "F1", "F1 Right", ">", "<", "! z", ": theme Enter",
	": lines# #ascii Enter", ": lines# #unicode Enter", ": set# #display.time# #local Enter", ": mouse# #on Enter", ": columns# #quality Enter", ": show# #all Enter", ": sort# #mos Enter",
	"/ state:busy Enter", "/ from:", "/ code:", "/ mos<", "/ ( Enter", "/ a Tab Tab", "Enter / sip Enter n n", "Enter Enter x", "Enter r", "p", "p p", "A", "G", "q",
	"F5", "F5 y", "u", "D", "Enter t 9 9 9", "Enter t 0 0 0", "Enter w", "Enter d d", "Right Right Right", "Left Left Left", "PgDn PgDn", "PgUp", "a", "K", "c",
}

// pasted is text as it should not come.
var pasted = []string{
	"q\x1b[2J\x1b]0;owned\a\n:quit\n", "[red]x[-:-:-] [\"a\"]y[\"\"]", "a\u202egnp.exe\u2066\u2069", "z\u200be\u200cr\u200do\ufeff w\u00adi", strings.Repeat("Z\u0301\u0302\u0303", 80),
	"日本語👨\u200d👩\u200d👧🇩🇪한글", strings.Repeat("x", 10<<10), "\xff\xfe\x00\x9b31m", "\t\t\r\n \n", "code:200 or from:\"a b\" (mos<4", "",
}

// step does one thing.
func (p *presser) step() {
	switch n := p.random.IntN(200); {
	case n < 5:
		p.resize()
	case n < 12:
		p.mouse()
	case n < 14:
		text := pasted[p.random.IntN(len(pasted))]
		p.note("paste %.20q", text)
		p.paste(text)
	case n < 24, n < 36 && p.dialog == nil:
		way := ways[p.random.IntN(len(ways))]
		p.note("%s", way)
		for _, part := range strings.Fields(way) {
			p.type1(part)
		}
	case n < 25 && p.random.IntN(8) == 0:
		p.home()
	case n < 45 && p.dialog != nil, n < 100 && p.dialog != nil && p.dialog.context() == InHelp: // letters are typed there to no end
		p.note("Esc")
		p.key(event("Esc"))
	default:
		key := p.keys[p.random.IntN(len(p.keys))]
		p.note("%s", key)
		p.key(event(key))
	}
	if p.prompt != nil && strings.HasPrefix(p.prompt.label, "write the key map") {
		p.prompt.text = nil // no files beside the tests
	}
	if d, ok := p.dialog.(*saveDialog); ok {
		d.folder.set(".") // and no folders
	}
	if p.live != nil {
		p.live.take(p)
		return
	}
	p.clock = p.clock.Add(time.Duration(p.random.IntN(400)) * time.Millisecond)
}

// type1 presses a key, or types a text in which # stands for a blank.
func (p *presser) type1(part string) {
	if len(part) == 1 || isKey(part) {
		p.key(event(part))
		return
	}
	p.typeText(strings.ReplaceAll(part, "#", " "))
}

// resize gives the terminal another size, mostly one that people have.
func (p *presser) resize() {
	w, h := 40+p.random.IntN(160), 10+p.random.IntN(50)
	switch p.random.IntN(10) {
	case 0, 1:
		w, h = 1+p.random.IntN(60), 1+p.random.IntN(14)
	case 2:
		w, h = 1+p.random.IntN(400), 1+p.random.IntN(120)
	case 3, 4:
		w, h = 80, 24
	case 5:
		w, h = 160, 45
	}
	p.note("size %dx%d", w, h)
	p.sim.SetSize(w, h)
}

// mouse clicks, turns the wheel or drags, now and then beside the screen.
func (p *presser) mouse() {
	w, h := p.sim.Size()
	place := func() (x, y int) { return p.random.IntN(w + 1), p.random.IntN(h + 1) }
	x, y := place()
	if p.random.IntN(3) == 0 {
		toX, toY := place()
		p.note("drag from %d,%d to %d,%d", x, y, toX, toY)
		p.mouseAction(tview.MouseLeftDown, x, y)
		for i := range 4 {
			p.mouseAction(tview.MouseMove, x+(toX-x)*i/3, y+(toY-y)*i/3)
			p.check()
		}
		p.mouseAction(tview.MouseLeftUp, toX, toY)
		return
	}
	actions := []tview.MouseAction{tview.MouseLeftClick, tview.MouseLeftClick, tview.MouseLeftDoubleClick, tview.MouseRightClick, tview.MouseScrollUp, tview.MouseScrollDown}
	action := actions[p.random.IntN(len(actions))]
	p.note("mouse %d at %d,%d", action, x, y)
	p.mouseAction(action, x, y)
}

// keysThatExist are the keys of the table, and what is typed.
func keysThatExist(r *rig) []string {
	var all []string
	seen := map[string]bool{}
	for i := range r.UI.keys.actions {
		for _, key := range r.UI.keys.actions[i].Keys {
			if !seen[key] && key != "^Z" { // which stops the test
				seen[key] = true
				all = append(all, key)
			}
		}
	}
	for _, c := range `abc:0123456789.<>=!()"*+-/@#[]{}~ ` {
		if !seen[string(c)] {
			all = append(all, string(c))
		}
	}
	return append(all, "é", "日", "\u202e", "Down", "Down", "Up", "Enter", "Enter", "Esc", "Right", "Tab")
}
