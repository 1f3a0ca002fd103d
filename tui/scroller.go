package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
)

// A span is clean text of one role.
type span struct {
	text string
	role role
}

// A textLine is one line of the screen.
type textLine []span

func (l textLine) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.text)
	}
	return b.String()
}

// A textKey is everything that decides the lines of a message.
type textKey struct {
	m                      *correlate.Message
	width, looks           int
	wire, syntax, hex, all bool
	whole                  bool // long lines are not folded
}

// A scroller shows a window of lines.
type scroller struct {
	lines  []textLine
	key    textKey // of the lines
	top    int
	hit    int // line of the last hit of a search, -1 for none
	height int
	width  int // cells of a line at the last drawing
	right  int // cells that lines are scrolled by
}

func (s *scroller) move(m motion) {
	if m == toLast {
		s.top = len(s.lines)
	} else {
		s.top = m.from(s.top, s.height, len(s.lines))
	}
	s.clamp()
}

func (s *scroller) clamp() { s.top = max(0, min(s.top, len(s.lines)-s.height)) }

// draw shows the lines with a scroll bar; what is searched for is marked.
func (s *scroller) draw(u *UI, c canvas, search string) {
	s.height, s.width = max(1, c.h), c.w-1
	s.clamp()
	for i := range min(s.height, len(s.lines)-s.top) {
		line := s.lines[s.top+i].from(s.right)
		text := c.part(0, 0, c.w-1, c.h)
		x := 0
		for _, sp := range line {
			x = text.text(x, i, sp.text, u.theme[sp.role])
		}
		if text.w > 0 && cells.Width(line.String()) > text.w { // a line that is cut says so
			text.text(text.w-1, i, u.set.Ellipsis, u.theme[roleDim])
			text.w--
		}
		if text.w > 0 && s.right > 0 && len(line) > 0 {
			text.text(0, i, u.set.MoreLeft, u.theme[roleDim])
		}
		markHits(text, i, line.String(), search, u.theme[roleHit])
	}
	c.scrollbar(c.w-1, 0, s.height, s.top, len(s.lines), u.set.Thumb, u.set.Track, u.theme[roleDim])
}

// markHits paints every place of a line where the search text stands.
func markHits(c canvas, y int, line, search string, style tcell.Style) {
	if search == "" {
		return
	}
	folded, want := foldCase(line), foldCase(search)
	for from := 0; ; {
		i := strings.Index(folded[from:], want)
		if i < 0 {
			return
		}
		start := from + i
		c.text(cells.Width(line[:start]), y, line[start:start+len(want)], style)
		from = start + len(want)
	}
}

// foldCase lowers ASCII letters and nothing else, so that offsets stay.
func foldCase(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// find scrolls to the next line, in direction step, that holds the text. It
// reports whether there is one.
func (s *scroller) find(text string, step int) bool {
	want := foldCase(text)
	n := len(s.lines)
	from := s.hit
	if from < s.top || from >= s.top+s.height {
		from = s.top - step
	}
	for i := 1; i <= n; i++ {
		at := ((from+i*step)%n + n) % n
		if !strings.Contains(foldCase(s.lines[at].String()), want) {
			continue
		}
		s.hit = at
		if at < s.top || at >= s.top+s.height {
			s.top = at
			s.clamp()
		}
		return true
	}
	return false
}
