package hide

import (
	"bytes"
	"strconv"
)

// people masks whoever is named in a text: users of URIs, displayed names, long numbers, and names that stand in a URI
// elsewhere. The text of a party is the value of a header that names somebody, even where it is no URI that can be read.
func (h *Hider) people(b, marks []byte, party bool) {
	if !h.covers(Numbers) {
		return
	}
	h.displayed(b, marks, party)
	h.uris(b, marks)
	if party {
		h.careless(b, marks)
	}
	h.elsewhere(b, marks)
}

// parties are headers whose values name somebody.
var parties = setOf("from f to t contact m p-asserted-identity p-preferred-identity remote-party-id diversion history-info referred-by b " +
	"refer-to r reply-to p-called-party-id p-associated-uri p-profile-key")

// careless masks what stands in front of an '@' without a scheme.
func (h *Hider) careless(b, marks []byte) {
	for i := range b {
		if b[i] != '@' {
			continue
		}
		start := i
		for start > 0 && bytes.IndexByte([]byte("@<>:\" \t,;="), b[start-1]) < 0 {
			start--
		}
		h.words(b[start:i], marks[start:i])
	}
}

// words masks all words of a text.
func (h *Hider) words(b, marks []byte) {
	for i := 0; i < len(b); {
		end := wordEnd(b, marks, i)
		if end == i {
			i += h.escaped(b, marks, i)
			continue
		}
		h.word(b[i:end], marks[i:end])
		i = end
	}
}

// escaped masks a letter or digit of a name that is written as %41, and returns how many octets to pass over.
func (h *Hider) escaped(b, marks []byte, i int) int {
	n := escape(b, i)
	if n == 1 || h.learning || marks[i] != open {
		return n
	}
	if c, err := strconv.ParseUint(string(b[i+1:i+3]), 16, 8); err == nil && isWord(byte(c)) {
		copy(b[i+1:], "78") // x
	}
	return n
}

// escape is how many octets to pass over: three of a %41, else one.
func escape(b []byte, i int) int {
	if b[i] == '%' && i+2 < len(b) && isHex(b[i+1:i+3]) {
		return 3
	}
	return 1
}

// wordEnd is where the word that begins at i ends; i when none does.
func wordEnd(b, marks []byte, i int) int {
	for i < len(b) && isWord(b[i]) && marks[i] == open {
		i++
	}
	return i
}

// word masks a word, or learns it.
func (h *Hider) word(b, marks []byte) {
	if h.learning {
		h.names.learn(b)
	} else {
		h.names.cover(b)
	}
	for i := range marks {
		marks[i] = isDone
	}
}

// number masks the digits of a number that is written with separators as one number.
func (h *Hider) number(b, marks []byte) {
	var digits []byte
	for i, c := range b {
		if isDigit(c) && marks[i] == open {
			digits = append(digits, c)
		}
	}
	h.word(digits, make([]byte, len(digits)))
	for i := range b {
		if isDigit(b[i]) && marks[i] == open {
			b[i], digits, marks[i] = digits[0], digits[1:], isDone
		}
	}
}

// isNumber reports whether a user is a telephone number, separators and all.
func isNumber(b []byte) bool {
	digits := 0
	for _, c := range b {
		switch {
		case isDigit(c):
			digits++
		case bytes.IndexByte([]byte("+-.() *#"), c) < 0:
			return false
		}
	}
	return digits > 0
}

// user masks the user of a URI: its name or number, and the values of its parameters.
func (h *Hider) user(b, marks []byte) {
	for at := 0; at < len(b); {
		end := at + until(b[at:], ";")
		from := at
		if equals := bytes.IndexByte(b[at:end], '='); at > 0 && equals >= 0 {
			from += equals + 1
		}
		if isNumber(b[from:end]) {
			h.number(b[from:end], marks[from:end])
		} else {
			h.words(b[from:end], marks[from:end])
		}
		at = end + 1
	}
	for i := range marks { // what is left are separators and terms
		if marks[i] == open {
			marks[i] = isDone
		}
	}
}

func skipBlank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return i
}
