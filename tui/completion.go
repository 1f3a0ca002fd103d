package tui

import (
	"slices"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/internal/filter"
)

// The size of the box of offers.
const (
	offerRows  = 8
	offerWidth = 46
)

// An offer is one way to go on with the text.
type offer struct {
	text string // takes the place of the token
	help string
	hits int // calls that have the value; 0 with a field
}

// A completion is what the token before the caret could become.
type completion struct {
	list   []offer
	cursor int
	chosen bool // the user moved to one of them
	token  string
	turn   turn
}

func (k *completion) open() bool { return len(k.list) > 0 }

func (k *completion) close() { k.list, k.cursor, k.chosen, k.token = nil, 0, false, "" }

// choose moves to the next or previous offer.
func (k *completion) choose(step int) {
	if !k.chosen && step > 0 {
		k.chosen = true
		return
	}
	k.cursor += step
	if k.cursor < 0 {
		k.cursor, k.chosen = 0, false
		return
	}
	k.cursor = min(k.cursor, len(k.list)-1)
}

// offer finds what the token could become; values are counted beside the
// event loop.
func (f *filterLine) offer() {
	k := &f.offers
	token := f.token()
	k.close()
	stale := k.turn.begin()
	if token == "" {
		return
	}
	k.token = token
	k.list = append(f.u.filters.offers(token), fieldOffers(token)...)
	name, operator, typed, isField := splitToken(token)
	if !isField {
		return
	}
	in, calls := f.view.universe()
	f.u.workshop.do(func() func() {
		values := filter.Values(name, in, calls, 2000)
		return func() {
			if !stale() && f.offers.token == token {
				k.list = append(k.list, valueOffers(name, operator, typed, values)...)
			}
		}
	})
}

// fieldOffers are the fields that begin with the token.
func fieldOffers(token string) []offer {
	var out []offer
	low := strings.ToLower(token)
	for _, known := range filter.Fields() {
		if strings.HasPrefix(known.Name, low) && len(low) <= len(known.Name) {
			out = append(out, offer{text: known.Name + known.Operator, help: known.Help})
		}
	}
	if len(low) >= 2 && strings.HasPrefix("header.", low) {
		out = append(out, offer{text: "header.", help: "a header: header.X-Trunk:lon"})
	}
	return out
}

// offers are the saved filters that begin with the token.
func (s *filterStore) offers(token string) []offer {
	if !strings.HasPrefix(token, "@") {
		return nil
	}
	var out []offer
	for _, name := range s.names() {
		if strings.HasPrefix("@"+name, token) {
			out = append(out, offer{text: "@" + name, help: s.saved[name]})
		}
	}
	return out
}

// splitToken splits "code:4" into field, operator and what of the value is
// typed; a list of values is completed in its last one. The name of a field
// alone asks for its values as well.
func splitToken(token string) (name, operator, typed string, isField bool) {
	at := strings.IndexAny(token, ":=<>~")
	if at < 0 {
		known := slices.IndexFunc(filter.Fields(), func(f filter.Field) bool { return f.Name == strings.ToLower(token) })
		if known < 0 {
			return "", "", "", false
		}
		return strings.ToLower(token), filter.Fields()[known].Operator, "", true
	}
	name = strings.ToLower(token[:at])
	end := at + 1
	for end < len(token) && strings.IndexByte("=", token[end]) >= 0 {
		end++
	}
	operator, typed = token[at:end], token[end:]
	if cut := strings.LastIndexByte(typed, ','); cut >= 0 {
		operator, typed = operator+typed[:cut+1], typed[cut+1:]
	}
	isField = strings.HasPrefix(name, "header.") || slices.ContainsFunc(filter.Fields(), func(f filter.Field) bool { return f.Name == name })
	return name, operator, typed, isField && !strings.HasPrefix(operator, "~")
}

// valueOffers are the values that hold what is typed, those that begin with it
// first.
func valueOffers(name, operator, typed string, values []filter.Value) []offer {
	var first, later []offer
	low := strings.ToLower(typed)
	for _, v := range values {
		o := offer{text: name + operator + quoteValue(v.Text), hits: v.Calls}
		switch text := strings.ToLower(v.Text); {
		case strings.HasPrefix(text, low):
			first = append(first, o)
		case strings.Contains(text, low):
			later = append(later, o)
		}
	}
	return append(first, later...)
}

func quoteValue(text string) string {
	if strings.ContainsAny(text, " ,|()\"\t") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	return text
}

// complete takes the chosen offer, or the first; with nothing to complete it
// shows all fields.
func (f *filterLine) complete() {
	if !f.offers.open() {
		if f.token() == "" {
			f.offers.token, f.offers.list = "", fieldOffers("")
		}
		return
	}
	f.take()
}

// take puts the offer in the place of the token.
func (f *filterLine) take() {
	k := &f.offers
	if !k.open() {
		return
	}
	text := []rune(k.list[k.cursor].text)
	start := f.caret - len([]rune(k.token))
	f.text = slices.Concat(f.text[:start], text, f.text[f.caret:])
	f.caret = start + len(text)
	f.changed()
	f.offer()
	if k.open() && len(k.list) == 1 && k.list[0].text == string(text) {
		k.close()
	}
}

// draw shows the offers in a box near the caret.
func (k *completion) draw(f *filterLine, c canvas) {
	if !k.open() {
		return
	}
	u := f.u
	w := min(offerWidth, c.w-2)
	top := f.rowOnScreen() + 2
	h := min(len(k.list), offerRows, c.h-top-2) + 2
	if h < 3 || w < 20 {
		return
	}
	x := max(0, min(1+cells.Width(u.clean(string(f.text[:f.caret]))), c.w-w-1))
	if x < 24 && c.w-w-3 > 24 {
		x = 24 // the numbers of the rows and their marks stay in sight
	}
	box := c.part(x, top, w, h)
	keys := "↑↓"
	if u.set.ASCII {
		keys = "Up Down"
	}
	u.drawBorder(box, "complete (Tab / "+keys+", Enter runs)")
	rows := h - 2
	first := max(0, min(k.cursor-rows+1, len(k.list)-rows))
	for i := range rows {
		o := k.list[first+i]
		style, mark := u.theme[roleDialog], " "
		if first+i == k.cursor {
			mark = u.set.Cursor
			if k.chosen {
				style = style.Reverse(true)
			}
		}
		right := o.help
		if o.hits > 0 {
			right = plural(o.hits, "call")
		}
		left := mark + cells.Cut(u.clean(o.text), w-14, u.set.Ellipsis)
		line := cells.PadRight(left, max(13, cells.Width(left)), u.set.Ellipsis)
		room := w - 2 - cells.Width(line)
		if o.hits > 0 {
			line += cells.PadLeft(right, room, u.set.Ellipsis)
		} else {
			line += cells.PadRight(cells.Cut(u.clean(right), room, u.set.Ellipsis), room, u.set.Ellipsis)
		}
		box.text(1, 1+i, line, style)
	}
}

// rowOnScreen is where the line stands: below the tally.
func (f *filterLine) rowOnScreen() int { return 3 }
