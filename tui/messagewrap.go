package tui

import (
	"strings"

	"sipsniff/internal/cells"
)

// sideStep is how many cells a key scrolls sideways.
const sideStep = 8

// from is a line without so many cells at its left.
func (l textLine) from(skip int) textLine {
	for i, s := range l {
		if skip == 0 {
			return l[i:]
		}
		w := cells.Width(s.text)
		if skip < w {
			_, rest := cells.Split(s.text, skip)
			if left := w - skip; cells.Width(rest) > left { // half of a wide character is cut
				_, rest = cells.Split(rest, 1)
				rest = strings.Repeat(" ", max(0, left-cells.Width(rest))) + rest
			}
			return append(textLine{{rest, s.role}}, l[i+1:]...)
		}
		skip -= w
	}
	return nil
}

// toggleWrap leaves long lines whole, or folds them.
func (v *messageView) toggleWrap() {
	v.u.flow.noWrap = !v.u.flow.noWrap
	v.scroll.right = 0
}

// sideways scrolls long lines that are whole.
func (v *messageView) sideways(step int) {
	switch {
	case v.hex:
		v.u.say("nothing to scroll: the octets are all in sight")
		return
	case !v.u.flow.noWrap:
		v.u.say("nothing to scroll: long lines are folded, z leaves them whole")
		return
	}
	v.scroll.right = max(0, min(v.scroll.right+step, v.widest()-v.scroll.width))
}

// widest is the cells of the longest line.
func (v *messageView) widest() int {
	widest := 0
	for _, line := range v.scroll.lines {
		widest = max(widest, cells.Width(line.String()))
	}
	return widest
}

// showHit scrolls sideways to what was found, where that is out of sight.
func (s *scroller) showHit(text string) {
	line := s.lines[s.hit].String()
	at := strings.Index(foldCase(line), foldCase(text))
	if at < 0 {
		return
	}
	from := cells.Width(line[:at]) // a sign stands in the first cell of what is scrolled, and in the last of what goes on
	if to := from + cells.Width(text); from <= s.right || to >= s.right+s.width {
		s.right = max(0, min(from-1, to-s.width/2))
	}
}

// toggleHex shows octets, or text.
func (v *messageView) toggleHex() { v.hex, v.scroll.right = !v.hex, 0 }
