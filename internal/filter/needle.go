package filter

import "strings"

// A folding makes octets that count as the same the same.
type folding [256]byte

// lowerCase makes ASCII letters small; phrases also makes "-" of what
// separates the words of a name: "one way", "one_way" and "one-way" are the
// same.
var (
	lowerCase = newFolding(false)
	phrases   = newFolding(true)
)

func newFolding(phrase bool) (f folding) {
	for i := range f {
		c := byte(i)
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case phrase && (c == '_' || c == ' '):
			c = '-'
		}
		f[i] = c
	}
	return f
}

func (f *folding) fold(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] = f[b[i]]
	}
	return string(b)
}

// A needle is a text that is searched for, whatever the case.
type needle struct {
	text string // folded
	fold *folding

	literal bool // folding changes nothing that matters: only the same octets match
	wide    bool // has characters beyond ASCII, whose case is another matter
}

func newNeedle(text string, fold *folding) needle {
	n := needle{text: fold.fold(text), fold: fold, literal: true}
	for i := range len(text) {
		c := text[i]
		n.wide = n.wide || c >= 0x80
		n.literal = n.literal && !isLetter(c) && c < 0x80 && (fold != &phrases || fold[c] != '-')
	}
	if n.wide {
		n.text = fold.fold(strings.ToLower(text))
	}
	return n
}

// in reports whether s contains the needle.
func (n *needle) in(s string) bool {
	if n.literal {
		return strings.Contains(s, n.text)
	}
	if n.wide {
		return strings.Contains(n.fold.fold(strings.ToLower(s)), n.text)
	}
	first := n.text[0]
	for i, last := 0, len(s)-len(n.text); i <= last; i++ {
		if n.fold[s[i]] == first && n.at(s[i:]) {
			return true
		}
	}
	return false
}

// at reports whether s, which is long enough, begins with the needle.
func (n *needle) at(s string) bool {
	for i := 1; i < len(n.text); i++ {
		if n.fold[s[i]] != n.text[i] {
			return false
		}
	}
	return true
}

// is reports whether s is the needle and nothing else.
func (n *needle) is(s string) bool {
	if n.wide {
		return n.fold.fold(strings.ToLower(s)) == n.text
	}
	return len(s) == len(n.text) && (s == "" || n.fold[s[0]] == n.text[0] && n.at(s))
}
