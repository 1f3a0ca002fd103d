package tui

import "strings"

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
