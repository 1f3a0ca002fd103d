package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
	"sipsniff/internal/settings"
)

// A settingsDialog shows the options, one section at a time.
type settingsDialog struct {
	sections []string
	section  int
	cursor   int // in the options of the section; their number is the buttons
	top      int
	changes  map[string]string
	editing  *textItem // of the option under the cursor, nil when none is edited
	buttons  buttonRow
	wrong    string // what is wrong with what was typed
	place    Context
	keys     []settings.Option // of that place
	room     int               // rows at the last drawing
}

func (u *UI) openSettings() {
	d := &settingsDialog{changes: map[string]string{}}
	for _, o := range settings.Options() {
		if name := sectionOf(o); !o.Unlisted && !slices.Contains(d.sections, name) {
			d.sections = append(d.sections, name)
		}
	}
	d.sections = slices.Insert(d.sections, len(d.sections)-1, keySection) // HEP is the last
	d.setPlace(u.places()[0])
	d.buttons.buttons = []button{{"Use now", d.use}, {"Save to file", d.save}, {"Cancel", closeDialog}}
	u.dialog = d
}

func closeDialog(u *UI) { u.dialog = nil }

// sectionOf is the tab of an option: the table of the file it is in.
func sectionOf(o settings.Option) string {
	table, _, _ := strings.Cut(o.Key, ".")
	if table == "hep" {
		return "HEP"
	}
	return strings.ToUpper(table[:1]) + table[1:]
}

func (d *settingsDialog) context() Context { return InSettings }

// options are those of the section.
func (d *settingsDialog) options() []settings.Option {
	if d.sections[d.section] == keySection {
		return d.keys
	}
	var out []settings.Option
	for _, o := range settings.Options() {
		if sectionOf(o) == d.sections[d.section] && !o.Unlisted {
			out = append(out, o)
		}
	}
	return out
}

// value is what an option is set to here.
func (d *settingsDialog) value(u *UI, o *settings.Option) string {
	if text, changed := d.changes[o.Key]; changed {
		return text
	}
	if keys, ok := d.presetValue(u, o); ok {
		return keys
	}
	if d.sections[d.section] == keySection {
		return u.keyValue(d.place, o)
	}
	return u.option(o.Key)
}

// current returns the option under the cursor, nil on the buttons.
func (d *settingsDialog) current() *settings.Option {
	if options := d.options(); d.cursor < len(options) {
		return &options[d.cursor]
	}
	return nil
}

func (d *settingsDialog) other(u *UI, ev *tcell.EventKey) {
	switch {
	case d.editing != nil:
		d.editing.press(u, ev)
	case d.current() == nil && d.buttons.press(u, ev):
	case keyName(ev) == "Space":
		d.change(u, 1)
	case ev.Key() == tcell.KeyRune:
		d.buttons.letter(u, ev.Rune())
	}
}

// change steps to another choice, or opens a text for editing.
func (d *settingsDialog) change(u *UI, n int) {
	o := d.current()
	if d.editing != nil {
		d.editing.at = max(0, min(d.editing.at+n, len(d.editing.text)))
		return
	}
	if o == nil {
		d.buttons.at = (d.buttons.at + n + len(d.buttons.buttons)) % len(d.buttons.buttons)
		return
	}
	if o.Choices == nil {
		d.editing = newText("", d.value(u, o))
		return
	}
	at := indexOf(d.value(u, o), o.Choices...)
	next := o.Choices[(at+n+len(o.Choices))%len(o.Choices)]
	if o.Key == placeKey {
		d.setPlace(contextNamed(next))
		return
	}
	d.changes[o.Key] = next
}

// enter accepts what was typed, runs a button, or changes an option.
func (d *settingsDialog) enter(u *UI) {
	o := d.current()
	switch {
	case d.editing != nil:
		text := strings.TrimSpace(d.editing.String())
		if d.wrong = d.check(u, o, text); d.wrong == "" {
			d.changes[o.Key], d.editing = text, nil
		}
	case o == nil:
		d.buttons.run(u, d.buttons.at)
	default:
		d.change(u, 1)
	}
}

// leave gives up editing, then the dialog.
func (d *settingsDialog) leave(u *UI) {
	if d.editing != nil {
		d.editing, d.wrong = nil, ""
		return
	}
	u.dialog = nil
}

func (d *settingsDialog) move(n int) {
	d.editing, d.wrong = nil, ""
	d.cursor = (d.cursor + n + len(d.options()) + 1) % (len(d.options()) + 1)
}

// pick moves to a row; what is typed in another one is given up.
func (d *settingsDialog) pick(i int) {
	if i != d.cursor {
		d.editing, d.wrong = nil, ""
	}
	d.cursor = i
}

// page moves by what is in sight.
func (d *settingsDialog) page(n int) {
	d.editing, d.wrong = nil, ""
	d.cursor = max(0, min(d.cursor+n*d.room, len(d.options())))
}

func (d *settingsDialog) turn(n int) {
	d.editing, d.wrong = nil, ""
	d.section, d.cursor, d.top = (d.section+n+len(d.sections))%len(d.sections), 0, 0
}

func (d *settingsDialog) use(u *UI) {
	if !d.fits(u) {
		return
	}
	u.dialog = nil
	u.setOptions(d.changes)
	u.sayOptions(d.changes, "set", "in force for this session: "+plural(len(d.changes), "setting"))
	u.switchHEP(d.changes)
}

func (d *settingsDialog) save(u *UI) {
	if !d.fits(u) {
		return
	}
	if err := u.config.Settings.Save(d.changes); err != nil {
		d.wrong = u.clean(err.Error())
		return
	}
	u.dialog = nil
	u.setOptions(d.changes)
	u.sayOptions(d.changes, "saved", fmt.Sprintf("saved %s in %s", plural(len(d.changes), "setting"), u.clean(u.config.Settings.Path)))
	u.switchHEP(d.changes)
}

func (d *settingsDialog) draw(u *UI, c canvas) {
	options := d.options()
	box := u.dialogBox(c, "Settings (F8)", 72, 19)
	d.drawSections(u, box.part(0, 0, box.w, 1))
	u.rule(box, 1, "", "")
	rows := max(1, box.h-7)
	d.room = rows
	d.top = max(0, max(min(d.top, d.cursor), d.cursor-rows+1))
	for i := range max(0, min(rows, len(options)-d.top)) {
		d.drawOption(u, box.part(0, 2+i, box.w, 1), &options[d.top+i], d.top+i == d.cursor, d.top+i)
	}
	box.scrollbar(box.w-1, 2, rows, d.top, len(options), u.set.Thumb, u.set.Track, u.theme[roleDim])
	if o := d.current(); o != nil {
		for i, line := range wrapWords(o.Title+": "+o.Help+".", box.w-2) {
			if i < 2 {
				box.text(1, box.h-5+i, line, u.theme[roleDialog])
			}
		}
		where := u.clean(u.config.Settings.Path) + "   " + o.Key + " = " + d.shown(u, o)
		box.text(1, box.h-3, cells.CutMiddle(where, box.w-2, u.set.Ellipsis), u.theme[roleDim])
	}
	if d.wrong != "" {
		box.part(0, box.h-3, box.w, 1).clear(u.theme[roleDialog])
		box.text(1, box.h-3, cells.Cut(u.set.Bad+" "+d.wrong, box.w-2, u.set.Ellipsis), u.theme[roleBad])
	}
	d.buttons.draw(u, box.part(0, box.h-1, box.w, 1), d.current() == nil)
}

func (d *settingsDialog) drawSections(u *UI, c canvas) {
	x := 1
	for i, name := range d.sections {
		text, style := " "+name+" ", u.theme[roleDialog]
		if i == d.section {
			text, style = "["+name+"]", u.theme[roleTab]
		}
		from := x
		x = c.text(x, 0, text, style)
		u.zone(c.part(from, 0, x-from, 1), func() { d.turn(i - d.section) })
	}
}

func (d *settingsDialog) drawOption(u *UI, c canvas, o *settings.Option, current bool, i int) {
	style := u.theme[roleDialog]
	if _, changed := d.changes[o.Key]; changed {
		style = style.Bold(true)
	}
	if current {
		c.text(0, 0, u.set.Cursor, style)
	}
	c.text(1, 0, cells.PadRight(o.Title, 20, u.set.Ellipsis), style)
	u.zone(c, func() { d.pick(i) })
	if current && d.editing != nil {
		drawEdited(u, c.part(21, 0, c.w-22, 1), d.editing.text, d.editing.at, true, style)
		return
	}
	value := d.shown(u, o)
	if current {
		style = style.Reverse(true)
	}
	x := c.text(21, 0, cells.Cut(value, c.w-22, u.set.Ellipsis), style)
	note := strings.Join(o.Choices, ", ")
	switch {
	case o.Number:
		note = fmt.Sprintf("%d%s%d", o.Least, map[bool]string{true: "-", false: "–"}[u.set.ASCII], o.Most)
	case o.Choices == nil:
		note = o.Help
	default:
		x = c.text(x+1, 0, u.set.Choices, style.Reverse(false))
	}
	c.text(max(38, x+1), 0, cells.Cut(note, c.w-1-max(38, x+1), u.set.Ellipsis), u.theme[roleDim])
	u.zone(c.part(21, 0, max(1, x-21), 1), func() { d.pick(i); d.change(u, 1) })
}

// shown is a value as it stands on the screen.
func (d *settingsDialog) shown(u *UI, o *settings.Option) string {
	value := u.clean(d.value(u, o))
	switch {
	case value == "":
		return u.set.None
	case o.Secret:
		return "***"
	case o.Key == "display.colours" && value == "auto":
		return fmt.Sprintf("auto (%d)", u.screen.Colors())
	}
	return value
}

func onSettings(f func(d *settingsDialog, u *UI)) func(*UI) {
	return func(u *UI) {
		if d, ok := u.dialog.(*settingsDialog); ok {
			f(d, u)
		}
	}
}

func settingActions() []Action {
	return append(columnActions(), []Action{
		{ID: "settings", Title: "Settings", Help: "settings", Contexts: inTabs | InMedia | InDiff, Keys: []string{"F8", "o", "O"}, Rank: 19, Run: (*UI).openSettings},
		{ID: "ladder.settings", Title: "Settings", Help: "settings", Contexts: InLadder | InMessage, Keys: []string{"o", "O"}, Run: (*UI).openSettings},
		{ID: "settings.enter", Title: "Change", Help: "change it, or what the button says", Contexts: InSettings, Keys: []string{"Enter"}, Rank: 1, Run: onSettings((*settingsDialog).enter)},
		{ID: "settings.section", Title: "Section", Help: "next section", Contexts: InSettings, Keys: []string{"Tab"}, Rank: 3, Run: onSettings(func(d *settingsDialog, _ *UI) { d.turn(1) })},
		{ID: "settings.section.back", Title: "Section", Help: "section before", Contexts: InSettings, Keys: []string{"Backtab"}, Run: onSettings(func(d *settingsDialog, _ *UI) { d.turn(-1) })},
		{ID: "settings.up", Title: "Move", Help: "line above", Contexts: InSettings, Keys: []string{"Up"}, Pair: "Down", Rank: 2, Run: onSettings(func(d *settingsDialog, _ *UI) { d.move(-1) })},
		{ID: "settings.down", Title: "Move", Help: "line below", Contexts: InSettings, Keys: []string{"Down"}, Run: onSettings(func(d *settingsDialog, _ *UI) { d.move(1) })},
		{ID: "settings.pageup", Title: "Page", Help: "page up", Contexts: InSettings, Keys: []string{"PgUp"}, Run: onSettings(func(d *settingsDialog, _ *UI) { d.page(-1) })},
		{ID: "settings.pagedown", Title: "Page", Help: "page down", Contexts: InSettings, Keys: []string{"PgDn"}, Run: onSettings(func(d *settingsDialog, _ *UI) { d.page(1) })},
		{ID: "settings.next", Title: "Choice", Help: "next choice", Contexts: InSettings, Keys: []string{"Right"}, Run: onSettings(func(d *settingsDialog, u *UI) { d.change(u, 1) })},
		{ID: "settings.previous", Title: "Choice", Help: "choice before", Contexts: InSettings, Keys: []string{"Left"}, Run: onSettings(func(d *settingsDialog, u *UI) { d.change(u, -1) })},
		{ID: "settings.close", Title: "Cancel", Help: "leave everything as it was", Contexts: InSettings, Keys: []string{"Esc"}, Rank: 4, Run: onSettings((*settingsDialog).leave)},
	}...)
}
