package hide

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// longNumber is how many digits make a number that nobody has by chance.
const longNumber = 7

// names are the words and numbers that stand for people, each with its mask of the same length. They are learned
// first, so that no mask is somebody else's name.
type names struct {
	secret *secret
	random *rand.Rand
	known  map[string]bool   // in lower case
	masks  map[string]string // in lower case
	used   map[string]bool   // masks
}

func newNames(s *secret) *names {
	return &names{secret: s, random: rand.New(rand.NewChaCha8(*s)), known: map[string]bool{}, masks: map[string]string{}, used: map[string]bool{}}
}

// nobody are names that say that somebody's name is not told.
var nobody = map[string]bool{"anonymous": true, "unknown": true, "unavailable": true, "restricted": true, "private": true, "withheld": true, "invalid": true}

// learn takes in a word.
func (n *names) learn(word []byte) { n.known[lower(word)] = true }

// settle makes the masks of what was learned, in an order that does not depend on that of the capture.
func (n *names) settle() {
	list := make([]string, 0, len(n.known))
	for word := range n.known {
		list = append(list, word)
	}
	slices.Sort(list)
	for _, word := range list {
		n.mask(word)
	}
}

// cover puts the mask in the place of a word, its capitals where they were.
func (n *names) cover(word []byte) {
	mask := n.mask(lower(word))
	for i := range word {
		c := mask[i]
		if word[i] >= 'A' && word[i] <= 'Z' && c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		word[i] = c
	}
}

// mask is the mask of a word in lower case.
func (n *names) mask(word string) string {
	if m, ok := n.masks[word]; ok {
		return m
	}
	m := word
	switch {
	case nobody[word]:
	case len(word) >= longNumber && allDigits([]byte(word)):
		if m = n.number(word); n.known[m] || n.used[m] {
			m = n.draw(word)
		}
	default:
		m = n.draw(word)
	}
	n.masks[word], n.used[m] = m, true
	return m
}

// number masks a long number from its end on, so that what ends alike does so afterwards: +4420…, 004420… and 020… are
// one subscriber. Zeros in front stay, they say how it was dialled.
func (n *names) number(digits string) string {
	first := len(digits) - len(strings.TrimLeft(digits, "0"))
	b := []byte(digits)
	for i := first; i < len(b); i++ {
		by := n.secret.stream('n', []byte(digits[i+1:]))()
		if i == first {
			b[i] = turn(b[i], '1', 9, by)
		} else {
			b[i] = turn(b[i], '0', 10, by)
		}
	}
	return string(b)
}

// draws is how often a mask is drawn before less is asked of it: of short names there may not be enough.
const draws = 2000

// draw is a mask at random that is nobody's name and no other's mask, if there is one.
func (n *names) draw(word string) string {
	for try := range 3 * draws {
		b := []byte(word)
		for i, c := range b {
			switch {
			case isDigit(c):
				b[i] = '0' + byte(n.random.IntN(10))
			case isWord(c):
				b[i] = 'a' + byte(n.random.IntN(26))
			}
		}
		if m := string(b); m != word && (try >= 2*draws || !n.used[m]) && (try >= draws || !n.known[m]) {
			return m
		}
	}
	return strings.Repeat("0", len(word)) // a word without a letter and a digit is none
}

// spelled reports whether a word is a name that was learned and is long enough to be told from other words.
func (n *names) spelled(word []byte) bool {
	if len(word) < 3 {
		return false
	}
	name := lower(word)
	return n.known[name] && !nobody[name]
}

// lower makes capitals of ASCII small; all else stays, for a name need not be UTF-8.
func lower(word []byte) string {
	b := []byte(string(word))
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
