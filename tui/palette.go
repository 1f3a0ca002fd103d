package tui

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// mostPast bounds the commands that are remembered.
const mostPast = 100

// A palette runs what is typed: a command with its arguments, an action by its
// name, a number or a time to go to.
type palette struct {
	text   []rune
	at     int
	cursor int // in the offers
	top    int
	row    bool // only what can be done with the row under the cursor
}

// A paletteLine is a line of the palette.
type paletteLine struct {
	text string // what Tab writes
	help string
	key  string // that does the same
	run  func(u *UI)
}

func (u *UI) openPalette() { u.dialog = &palette{} }

func (p *palette) context() Context { return InPalette }

func (p *palette) other(_ *UI, ev *tcell.EventKey) {
	if editLine(&p.text, &p.at, ev) {
		p.cursor, p.top = 0, 0
	}
}

// offers are the commands and actions that fit what is typed, those that begin
// with it first. Without anything typed they are what was run last.
func (p *palette) offers(u *UI) []paletteLine {
	typed := strings.ToLower(strings.TrimLeft(string(p.text), " "))
	var all []paletteLine
	if typed == "" && !p.row {
		for i := len(u.past) - 1; i >= 0; i-- {
			all = append(all, paletteLine{text: u.past[i], help: "as before"})
		}
	}
	if !p.row {
		all = append(all, u.commandOffers()...)
	}
	known := map[string]int{}
	for i := range all {
		known[all[i].text] = i
	}
	for _, o := range u.actionOffers(p.row) {
		if i, ok := known[o.text]; ok { // a command that a key runs without arguments
			all[i].key, all[i].run = o.key, o.run
			continue
		}
		all = append(all, o)
	}
	word, _, hasArgument := strings.Cut(typed, " ")
	begins, contains := []paletteLine{}, []paletteLine{}
	for _, o := range all {
		switch text := strings.ToLower(o.text); {
		case strings.HasPrefix(text, typed):
			begins = append(begins, o)
		case hasArgument:
			if text == word {
				begins = append(begins, o)
			}
		case len(typed) > 1 && (strings.Contains(text, typed) || strings.Contains(strings.ToLower(o.help), typed)):
			contains = append(contains, o)
		}
	}
	return append(begins, contains...)
}

// actionOffers are the actions of the screen below that can do something now;
// with row only those that no other screen has.
func (u *UI) actionOffers(row bool) []paletteLine {
	var all []paletteLine
	seen := map[string]bool{}
	for _, place := range u.screenPlaces() {
		for i := range u.keys.actions {
			a := &u.keys.actions[i]
			if a.Contexts&place == 0 || a.name() == "palette" || strings.HasPrefix(a.ID, "move.") || seen[a.name()] || a.Enabled != nil && !a.Enabled(u) || a.Now != nil && a.Now(u) == "" || row && a.Contexts&inScreens == inScreens {
				continue
			}
			seen[a.name()] = true
			all = append(all, paletteLine{a.name(), a.Help, hintKeys(u.keys.keysOf(a, place), u.letters), func(u *UI) { u.do(a) }})
		}
	}
	return all
}

// complete writes the offer under the cursor.
func (p *palette) complete(u *UI) {
	if offers := p.offers(u); p.cursor < len(offers) {
		p.text = []rune(offers[p.cursor].text)
		p.at, p.cursor, p.top = len(p.text), 0, 0
	}
}

func (p *palette) move(u *UI, n int) {
	p.cursor = max(0, min(p.cursor+n, len(p.offers(u))-1))
}

// accept runs what is typed, or what is under the cursor.
func (p *palette) accept(u *UI) {
	typed := strings.TrimSpace(string(p.text))
	offers := p.offers(u)
	u.dialog = nil
	if typed == "" && len(offers) == 0 {
		return
	}
	if p.cursor < len(offers) && (p.cursor > 0 || typed == "" || !isPlace(typed) && !strings.Contains(typed, " ")) {
		o := offers[p.cursor]
		u.remembered(o.text)
		if o.run != nil {
			o.run(u)
			return
		}
		typed = o.text
	}
	u.remembered(typed)
	u.command(typed)
}

func (u *UI) remembered(command string) {
	if tellsSecret(command) {
		return // commands are kept in a file
	}
	u.keepPast(true, command)
	u.past = slices.DeleteFunc(u.past, func(known string) bool { return known == command })
	u.past = append(u.past, command)
	if n := len(u.past); n > mostPast {
		u.past = u.past[n-mostPast:]
	}
}

// isPlace reports whether a text is a number or a time to go to.
func isPlace(text string) bool {
	return text != "" && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && r != ':' && r != '.' }) < 0
}

// paletteRows is how many offers are in sight at once.
const paletteRows = 8

func (p *palette) draw(u *UI, c canvas) {
	rows := min(paletteRows, c.h-8)
	box := u.dialogBox(c, "Command", 64, rows+6)
	x := box.text(1, 0, ": ", u.theme[roleKey])
	drawEdited(u, box.part(x, 0, box.w-x-1, 1), p.text, p.at, true, u.theme[roleDialog])
	for x := range box.w {
		box.text(x, 1, u.set.Rule, u.theme[roleDialog])
	}
	offers := p.offers(u)
	p.cursor = max(0, min(p.cursor, len(offers)-1))
	p.top = max(min(p.top, p.cursor), p.cursor-rows+1)
	for i := range min(rows, len(offers)-p.top) {
		p.drawOffer(u, box.part(0, 2+i, box.w, 1), offers[p.top+i], p.top+i)
	}
	if len(offers) == 0 {
		box.text(1, 2, "Enter runs it as it stands", u.theme[roleDim])
	}
	dot := " " + u.set.Dot + " "
	for i, also := range []string{
		"Also: goto 345" + dot + "time 12:09:38" + dot + "alias 10.20.0.31 pbx1",
		"      bpf udp port 5060" + dot + "theme light" + dot + "open FILE",
	} {
		box.text(1, box.h-3+i, cells.Cut(also, box.w-2, u.set.Ellipsis), u.theme[roleDim])
	}
	foot := "Enter run   Tab complete   Up Down choose   Esc close"
	box.text(1, box.h-1, cells.Cut(foot, box.w-2, u.set.Ellipsis), u.theme[roleDim])
}

func (p *palette) drawOffer(u *UI, c canvas, o paletteLine, i int) {
	style := u.theme[roleDialog]
	if i == p.cursor {
		style = style.Reverse(true)
		c.fill(0, 0, style)
		c.text(0, 0, u.set.Cursor, style)
	}
	c.text(1, 0, cells.PadRight(u.clean(o.text), 17, u.set.Ellipsis), style)
	c.text(19, 0, cells.Cut(u.clean(o.help), c.w-19-8, u.set.Ellipsis), style)
	c.right(c.w-1, 0, o.key, style)
	u.zone(c, func() { p.cursor = i; p.accept(u) })
}

func onPalette(f func(p *palette, u *UI)) func(*UI) {
	return func(u *UI) {
		if p, ok := u.dialog.(*palette); ok {
			f(p, u)
		}
	}
}

func paletteActions() []Action {
	return []Action{
		{ID: "palette", Title: "Command", Help: "command palette", Contexts: everywhere | InEmpty, Keys: []string{":", "^P"}, Rank: 13, Run: (*UI).openPalette},
		{ID: "palette.run", Title: "Run", Help: "run it", Contexts: InPalette, Keys: []string{"Enter"}, Rank: 1, Run: onPalette((*palette).accept)},
		{ID: "palette.complete", Title: "Complete", Help: "write what is under the cursor", Contexts: InPalette, Keys: []string{"Tab"}, Rank: 2, Run: onPalette((*palette).complete)},
		{ID: "palette.up", Title: "Choose", Help: "the line above", Contexts: InPalette, Keys: []string{"Up", "^P"}, Pair: "Down", Rank: 3, Run: onPalette(func(p *palette, u *UI) { p.move(u, -1) })},
		{ID: "palette.down", Title: "Choose", Help: "the line below", Contexts: InPalette, Keys: []string{"Down", "^N"}, Run: onPalette(func(p *palette, u *UI) { p.move(u, 1) })},
		{ID: "palette.close", Title: "Close", Help: "close", Contexts: InPalette, Keys: []string{"Esc"}, Rank: 4, Run: func(u *UI) { u.dialog = nil }},
	}
}
