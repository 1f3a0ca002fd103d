package hide

import "bytes"

// people masks whoever is named in a text: users of URIs, displayed names, long numbers, and names that stand in a URI
// elsewhere.
func (h *Hider) people(b, marks []byte) {
	if !h.covers(Numbers) {
		return
	}
	h.displayed(b, marks)
	h.uris(b, marks)
	h.elsewhere(b, marks)
}

// parties are headers whose values name somebody, even where they are no URI that can be read.
var parties = setOf("from f to t contact m p-asserted-identity p-preferred-identity remote-party-id diversion history-info referred-by b " +
	"refer-to r reply-to p-called-party-id p-associated-uri p-profile-key")

// careless masks what stands in front of an '@' without a scheme.
func (h *Hider) careless(b, marks []byte) {
	if !h.covers(Numbers) {
		return
	}
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
			i += escape(b, i)
			continue
		}
		h.word(b[i:end], marks[i:end])
		i = end
	}
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

// displayed masks the names in front of addresses in brackets: "Alice" <sip:alice@…>.
func (h *Hider) displayed(b, marks []byte) {
	start, quoted, bracket := 0, false, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<':
			if scheme, _ := schemeAt(b, skipBlank(b, i+1)); scheme > 0 && !bracket {
				h.words(b[start:i], marks[start:i])
			}
			bracket = true
		case c == '>':
			bracket = false
		case c == ',' && !bracket:
			start = i + 1
		}
	}
}

func skipBlank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return i
}

// elsewhere masks long numbers wherever they are, and words that are somebody's name.
func (h *Hider) elsewhere(b, marks []byte) {
	for i := 0; i < len(b); {
		end := wordEnd(b, marks, i)
		switch {
		case end == i:
			i += escape(b, i)
			continue
		case !h.learning && h.named(b, i, end):
			h.word(b[i:end], marks[i:end])
		default:
			h.longNumbers(b[i:end], marks[i:end])
		}
		i = end
	}
}

// longNumbers masks the numbers in a word.
func (h *Hider) longNumbers(b, marks []byte) {
	for i := 0; i < len(b); {
		end := i
		for end < len(b) && isDigit(b[end]) {
			end++
		}
		if end-i >= longNumber {
			h.word(b[i:end], marks[i:end])
		}
		i = max(end, i+1)
	}
}

// protocolWords are words of the protocol that somebody may be called.
var protocolWords = setOf("sips http https transport user phone branch expires method methods audio video image text class personal business " +
	"priority active pending terminated reason cause confirmed early trying proceeding refer invite register subscribe notify message " +
	"presence dialog maddr received rport privacy none critical header session screen full calling called purpose icon info card " +
	"duplex mobility fixed mobile isfocus instance token digest basic home index counter always false true line site local remote")

// named reports whether the word of b from i to end is somebody's name, and not a term, a port or part of a number.
func (h *Hider) named(b []byte, i, end int) bool {
	word := b[i:end]
	if !h.names.spelled(word) {
		return false
	}
	before, after := byte(' '), byte(' ')
	if i > 0 {
		before = b[i-1]
	}
	if end < len(b) {
		after = b[end]
	}
	if allDigits(word) {
		return len(word) >= longNumber || bytes.IndexByte([]byte(":=."), before) < 0 && after != '.'
	}
	return len(word) >= 4 && after != '=' && !protocolWords[lower(word)]
}
