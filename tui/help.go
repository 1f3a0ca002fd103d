package tui

import (
	"fmt"
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
}

func (u *UI) openHelp() { u.dialog = &helpDialog{about: u.top().context(), height: 1} }

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
	u.dialog = nil
}

// turn shows the help of the next or previous screen.
func (h *helpDialog) turn(n int) {
	screens := []Context{InCalls, InLadder, InMessage}
	for i, c := range screens {
		if c == h.about {
			h.about, h.top = screens[(i+n+len(screens))%len(screens)], 0
			return
		}
	}
}

func (h *helpDialog) move(m motion) {
	h.top = m.from(h.top, h.height, h.lines)
	h.clamp()
}

func (h *helpDialog) clamp() { h.top = max(0, min(h.top, h.lines-h.height)) }

// entries are the help lines of the place, and those that hold on every screen.
func (h *helpDialog) entries(u *UI) (here, common []string) {
	want := strings.ToLower(string(h.typed))
	width := 0
	for i := range u.keys.actions {
		if a := &u.keys.actions[i]; a.Contexts&h.about != 0 {
			width = max(width, min(10, cells.Width(keyList(a))))
		}
	}
	for i := range u.keys.actions {
		a := &u.keys.actions[i]
		if a.Contexts&h.about == 0 || !strings.Contains(strings.ToLower(keyList(a)+" "+a.Help), want) {
			continue
		}
		line := cells.PadRight(keyList(a), max(width, cells.Width(keyList(a))), u.set.Ellipsis) + "  " + a.Help
		if a.Contexts&inScreens == inScreens {
			common = append(common, line)
		} else {
			here = append(here, line)
		}
	}
	return here, common
}

func (h *helpDialog) draw(u *UI, c canvas) {
	c.clear(u.theme[rolePlain])
	here, common := h.entries(u)
	lines := h.columns(u, c.w-2, here, common)
	h.height, h.lines = max(1, c.h-4), len(lines)
	h.clamp()
	title := "Help " + u.set.Dot + " " + h.about.Name()
	if u.config.Version != "" && c.w >= 60 {
		title += " " + u.set.Dot + " sipsniff " + u.clean(u.config.Version)
	}
	c.text(1, 0, title, u.theme[roleTitle])
	pages := (h.lines + h.height - 1) / h.height
	page := fmt.Sprintf("%d/%d", min(pages, h.top/h.height+1), max(1, pages))
	search := "type to search keys: " + u.clean(string(h.typed))
	c.right(c.w-1, 0, search+"  "+page, u.theme[rolePlain])
	for i := range min(h.height, h.lines-h.top) {
		c.text(1, 2+i, lines[h.top+i], u.theme[rolePlain])
	}
	c.text(1, c.h-1, cells.Cut("Built from the active key map.", c.w-2, u.set.Ellipsis), u.theme[roleDim])
}

// columns puts both lists side by side where there is room.
func (h *helpDialog) columns(u *UI, width int, here, common []string) []string {
	here = append([]string{"This screen"}, here...)
	common = append([]string{"Everywhere"}, common...)
	left := 0
	for _, line := range here {
		left = max(left, cells.Width(line))
	}
	left = min(left+2, width*55/100)
	if width < 70 {
		return append(append(here, ""), common...)
	}
	lines := make([]string, max(len(here), len(common)))
	for i := range lines {
		a, b := "", ""
		if i < len(here) {
			a = here[i]
		}
		if i < len(common) {
			b = common[i]
		}
		lines[i] = cells.PadRight(a, left, u.set.Ellipsis) + " " + cells.Cut(b, width-left-1, u.set.Ellipsis)
	}
	return lines
}
