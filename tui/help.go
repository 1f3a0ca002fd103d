package tui

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// helpDialog lists the keys of a place, from the key table. Typing filters.
type helpDialog struct {
	about  Context
	typed  []rune
	top    int
	height int
	lines  int
	below  dialog // that the help lies over
}

// openHelp tells about the place that keys go to: a dialog, a pane, a screen.
func (u *UI) openHelp() {
	u.dialog = &helpDialog{about: u.places()[0], height: 1, below: u.dialog}
}

func (h *helpDialog) context() Context { return InHelp }

// other filters by what is typed.
func (h *helpDialog) other(_ *UI, ev *tcell.EventKey) {
	switch {
	case keyName(ev) == "Backspace":
		h.typed = h.typed[:max(0, len(h.typed)-1)]
	case ev.Key() == tcell.KeyRune && unicode.IsPrint(ev.Rune()) && len(h.typed) < maxPrompt:
		h.typed = append(h.typed, ev.Rune())
	}
	h.top = 0
}

// close clears the filter first.
func (h *helpDialog) close(u *UI) {
	if len(h.typed) > 0 {
		h.typed = nil
		return
	}
	u.dialog = h.below
}

// turn shows the help of the next or previous screen that has keys.
func (h *helpDialog) turn(u *UI, n int) {
	at := slices.IndexFunc(contexts[:], func(c namedContext) bool { return c.context == h.about })
	for range contexts {
		at = (at + n + len(contexts)) % len(contexts)
		if u.keys.hasOwn(contexts[at].context) {
			h.about, h.top = contexts[at].context, 0
			return
		}
	}
}

// hasOwn reports whether a place has keys that not all screens have.
func (t *keyTable) hasOwn(c Context) bool {
	return slices.ContainsFunc(t.actions, func(a Action) bool { return a.Contexts&c != 0 && a.Contexts&inScreens != inScreens })
}

func (h *helpDialog) move(m motion) {
	h.top = m.from(h.top, h.height, h.lines)
	h.clamp()
}

func (h *helpDialog) clamp() { h.top = max(0, min(h.top, h.lines-h.height)) }

// nothing says that no key here is what was typed, and where there are some.
func (h *helpDialog) nothing(u *UI) string {
	var places []string
	for _, c := range contexts {
		if here, _ := h.entries(u, c.context); len(here) > 0 && u.keys.hasOwn(c.context) {
			places = append(places, c.context.Name())
		}
	}
	text := "No key here has \"" + u.clean(string(h.typed)) + "\""
	if len(places) == 0 {
		return text + ", nor has one elsewhere."
	}
	return text + ". Right leads to: " + strings.Join(places, ", ") + "."
}

func (h *helpDialog) draw(u *UI, c canvas) {
	c.clear(u.theme[rolePlain])
	here, common := h.entries(u, h.about)
	terms := h.terms()
	if len(here)+len(common)+len(terms) == 0 {
		h.lines, h.height = 0, max(1, c.h-4)
		h.drawTitle(u, c.part(0, 0, c.w, 1))
		for i, line := range wrapWords(h.nothing(u), c.w-2) {
			c.text(1, 2+i, line, u.theme[rolePlain])
		}
		return
	}
	here = append(append([]helpLine{{text: "This screen"}}, here...), terms...)
	common = append([]helpLine{{text: "Everywhere"}}, common...)
	left := c.w - 2
	if c.w >= 72 {
		left = (c.w - 2) * 54 / 100
	} else {
		here, common = append(append(here, helpLine{}), common...), nil
	}
	rows, others := wrapHelp(here, left-1), wrapHelp(common, c.w-left-3)
	h.lines = max(len(rows), len(others))
	h.height = max(1, c.h-4)
	h.clamp()
	h.drawTitle(u, c.part(0, 0, c.w, 1))
	h.drawRows(u, c.part(1, 2, left, h.height), rows)
	h.drawRows(u, c.part(1+left, 2, c.w-left-2, h.height), others)
	foot := fitting(c.w-2, "Built from the active key map (preset "+u.keys.preset+"). Changed keys are shown in bold.",
		"Preset "+u.keys.preset+"; changed keys are in bold.", "Changed keys are in bold.")
	c.text(1, c.h-1, cells.Cut(foot, c.w-2, u.set.Ellipsis), u.theme[roleDim])
}

func (h *helpDialog) drawTitle(u *UI, c canvas) {
	pages := (h.lines + h.height - 1) / h.height
	page := fmt.Sprintf("%d/%d", min(pages, (h.top+h.height-1)/h.height+1), max(1, pages))
	c.right(c.w-1, 0, page, u.theme[rolePlain])
	title := "Help " + u.set.Dot + " " + h.about.Name()
	if u.config.Version != "" && c.w >= 100 {
		title += " " + u.set.Dot + " sipsniff " + u.clean(u.config.Version)
	}
	x := c.text(1, 0, title, u.theme[roleTitle])
	typed := u.clean(string(h.typed))
	search := "type to search keys: "
	if room := c.w - x - len(page) - 5 - cells.Width(typed); room < len(search) {
		search = "search: "
	}
	at := max(x+2, min(c.w*42/80+1, c.w-len(page)-5-len(search)-cells.Width(typed)))
	at = c.part(0, 0, c.w-len(page)-2, 1).text(at, 0, search+typed, u.theme[rolePlain])
	c.part(0, 0, c.w-len(page)-2, 1).text(at, 0, " ", u.theme[rolePlain].Reverse(true))
}
