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

	// anchor is the place of the octet that texts have least of; small and
	// large are the two octets that may stand there. They are found many
	// octets at a time.
	anchor       int
	small, large byte
}

// common is what SIP is full of, the commonest last; everything else is rarer.
const common = "qjxzvkwybgfmpuhldcr7643895nsiaot@./20:1e"

func newNeedle(text string, fold *folding) needle {
	if text = fold.fold(text); !isASCII(text) {
		text = fold.fold(strings.ToLower(text))
	}
	n := needle{text: text, fold: fold, literal: true, wide: !isASCII(text)}
	for i := range len(text) {
		n.literal = n.literal && !isLetter(text[i]) && text[i] < 0x80 && (fold != &phrases || text[i] != '-')
	}
	n.drop()
	return n
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// drop chooses the anchor. What stands for several octets besides its capital
// is none.
func (n *needle) drop() {
	rarest := len(common) + 1
	for i := range len(n.text) {
		if at := strings.IndexByte(common, n.text[i]); at < rarest && (n.fold != &phrases || n.text[i] != '-') {
			rarest, n.anchor, n.small, n.large = at, i, n.text[i], n.text[i]
		}
	}
	if isLetter(n.small) {
		n.large = n.small - 'a' + 'A'
	}
}

// in reports whether s contains the needle.
func (n *needle) in(s string) bool {
	if n.literal {
		return strings.Contains(s, n.text)
	}
	if n.wide {
		return !isASCII(s) && strings.Contains(n.fold.fold(strings.ToLower(s)), n.text)
	}
	if n.small == 0 {
		return n.somewhere(s)
	}
	for end := len(s) - len(n.text) + n.anchor + 1; len(s) >= len(n.text); {
		i := indexEither(s[n.anchor:end], n.small, n.large)
		if i < 0 {
			return false
		}
		if n.at(s[i:]) {
			return true
		}
		s, end = s[i+1:], end-i-1
	}
	return false
}

// indexEither finds the first of two octets, -1 when there is none.
func indexEither(s string, a, b byte) int {
	i := strings.IndexByte(s, a)
	if a == b {
		return i
	}
	if i >= 0 {
		s = s[:i]
	}
	if j := strings.IndexByte(s, b); j >= 0 {
		return j
	}
	return i
}

// somewhere tries every place.
func (n *needle) somewhere(s string) bool {
	for ; len(s) >= len(n.text); s = s[1:] {
		if n.at(s) {
			return true
		}
	}
	return false
}

// at reports whether s, which is long enough, begins with the needle.
func (n *needle) at(s string) bool {
	for i := range len(n.text) {
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
	return len(s) == len(n.text) && n.at(s)
}
