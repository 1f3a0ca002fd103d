// Package cells measures and cuts text in the cells of a terminal, where a
// character takes one cell or two. It expects text that package clean has
// made printable, and never splits a character.
package cells

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Ambiguous says whether characters of ambiguous width (UAX #11) take two cells,
// as terminals of East Asia may draw them. It is called before anything is
// measured.
func Ambiguous(wide bool) {
	uniseg.EastAsianAmbiguousWidth = 1
	if wide {
		uniseg.EastAsianAmbiguousWidth = 2
	}
}

// Width returns how many cells s takes.
func Width(s string) int {
	if ascii(s) {
		return len(s)
	}
	return uniseg.StringWidth(s)
}

// Cut returns s in at most width cells. When something has to go, the end
// goes and ellipsis (one cell) stands in its place.
func Cut(s string, width int, ellipsis string) string {
	if width <= 0 {
		return ""
	}
	if len(s) <= width && ascii(s) || Width(s) <= width {
		return s
	}
	return head(s, width-1) + ellipsis
}

// CutMiddle is Cut that takes the missing part out of the middle, because the
// last digits of a number tell it from others.
func CutMiddle(s string, width int, ellipsis string) string {
	if width <= 0 {
		return ""
	}
	if Width(s) <= width {
		return s
	}
	keep := width - 1
	return head(s, keep/2) + ellipsis + tail(s, keep-keep/2)
}

// PadRight fills s with spaces on the right to width cells, cutting it when
// it is longer.
func PadRight(s string, width int, ellipsis string) string {
	s = Cut(s, width, ellipsis)
	return s + spaces(width-Width(s))
}

// PadLeft fills s with spaces on the left to width cells, cutting it when it
// is longer.
func PadLeft(s string, width int, ellipsis string) string {
	s = Cut(s, width, ellipsis)
	return spaces(width-Width(s)) + s
}

// Next splits the first character off s and returns its width.
func Next(s string) (char, rest string, width int) {
	if len(s) == 1 || len(s) > 1 && s[0] < 0x80 && s[1] < 0x80 {
		return s[:1], s[1:], 1
	}
	char, rest, width, _ = uniseg.FirstGraphemeClusterInString(s, -1)
	return char, rest, width
}

// Split returns as much of s as fits in width cells, and the rest. It takes
// at least one character, so that a loop over the rest ends.
func Split(s string, width int) (line, rest string) {
	if len(s) <= width && ascii(s) {
		return s, ""
	}
	line = head(s, width)
	if line == "" {
		line, _, _ = Next(s)
	}
	return line, s[len(line):]
}

func head(s string, width int) string {
	n, rest := 0, s
	for rest != "" {
		char, next, w := Next(rest)
		if w > width {
			break
		}
		n, width, rest = n+len(char), width-w, next
	}
	return s[:n]
}

func tail(s string, width int) string {
	skip := Width(s) - width
	for skip > 0 && s != "" {
		_, next, w := Next(s)
		s, skip = next, skip-w
	}
	return s
}

func spaces(n int) string {
	const blank = "                                                                "
	if n <= 0 {
		return ""
	}
	if n <= len(blank) {
		return blank[:n]
	}
	return strings.Repeat(" ", n)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
