// Package clean makes text from the wire fit to be shown. What comes in may be
// any octets; what goes out is valid UTF-8 of printable characters in one
// line, each of which takes one or two cells of a terminal. It never adds or
// removes ordinary text, and what it replaces stays visible: a control
// character becomes its picture or an escape, an octet that is not UTF-8
// becomes \xNN.
package clean

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// maxClusterRunes bounds the combining marks on one character, so that one
// cell cannot hold a whole message.
const maxClusterRunes = 6

// Line returns s as one line that can be written to a terminal: control
// characters as pictures (␛ ␍ ␊), bidirectional and zero-width characters as
// \u202e, octets that are not UTF-8 as \xNN. Printable ASCII is returned as it
// is, without copying.
func Line(s string) string {
	if printableASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	state := -1
	for s != "" {
		if n := asciiPrefix(s); n > 0 {
			b.WriteString(s[:n])
			s, state = s[n:], -1
			continue
		}
		var cluster string
		var width int
		cluster, s, width, state = uniseg.FirstGraphemeClusterInString(s, state)
		writeCluster(&b, cluster, width)
	}
	return b.String()
}

// ASCII is Line for a terminal without UTF-8: everything outside printable
// ASCII is escaped.
func ASCII(s string) string {
	if printableASCII(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r >= ' ' && r <= '~':
			b.WriteByte(byte(r))
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		default:
			writeEscape(&b, r)
		}
	}
	return b.String()
}

func printableASCII(s string) bool { return asciiLength(s) == len(s) }

// asciiPrefix is how much of s can be copied as it is. The last character is
// left out when something follows that could combine with it.
func asciiPrefix(s string) int {
	n := asciiLength(s)
	if n < len(s) && s[n] >= utf8.RuneSelf {
		n--
	}
	return n
}

func asciiLength(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return i
		}
	}
	return len(s)
}

// writeCluster writes one character with its combining marks, or the escapes
// of its runes when it cannot be shown as such.
func writeCluster(b *strings.Builder, cluster string, width int) {
	if width < 1 || width > 2 || !startsVisibly(cluster) {
		for i := range cluster {
			writeAlone(b, cluster[i:])
		}
		return
	}
	runes := 0
	for i, r := range cluster {
		if isVariation(r) {
			continue
		}
		if runes++; runes > maxClusterRunes {
			b.WriteString("…")
			return
		}
		writeRune(b, r, cluster[i:])
	}
}

// startsVisibly reports whether the first rune of a cluster can carry marks.
func startsVisibly(cluster string) bool {
	r, size := utf8.DecodeRuneInString(cluster)
	return !isInvalid(r, size) && !isHidden(r) && !unicode.Is(unicode.M, r)
}

// writeAlone writes the rune at the start of s outside of any cluster: marks
// and characters of odd width are escaped, because they would join or move
// what stands beside them.
func writeAlone(b *strings.Builder, s string) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case isVariation(r):
	case isInvalid(r, size) || isHidden(r):
		writeRune(b, r, s)
	case r < utf8.RuneSelf:
		b.WriteRune(r)
	default:
		writeEscape(b, r)
	}
}

func writeRune(b *strings.Builder, r rune, s string) {
	_, size := utf8.DecodeRuneInString(s)
	switch {
	case isInvalid(r, size):
		fmt.Fprintf(b, `\x%02x`, s[0])
	case r < ' ':
		b.WriteRune('␀' + r)
	case r == 0x7f:
		b.WriteRune('␡')
	case isHidden(r):
		writeEscape(b, r)
	default:
		b.WriteRune(r)
	}
}

func writeEscape(b *strings.Builder, r rune) {
	if r > 0xffff {
		fmt.Fprintf(b, `\U%08x`, r)
		return
	}
	fmt.Fprintf(b, `\u%04x`, r)
}

func isInvalid(r rune, size int) bool { return r == utf8.RuneError && size < 2 }

// isVariation reports a variation selector, which only chooses between two
// looks of the character before it and is left out.
func isVariation(r rune) bool {
	return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef
}

// isHidden reports characters that take no room, change the direction or the
// line, or look like nothing.
func isHidden(r rune) bool {
	switch {
	case r < ' ' || r >= 0x7f && r < 0xa0:
		return true
	case r < 0x300:
		return r == 0xad // soft hyphen
	case r == 0x34f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r >= 0x180b && r <= 0x180f, r == 0x3164, r == 0xffa0:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs, unicode.Co, unicode.Noncharacter_Code_Point)
}
