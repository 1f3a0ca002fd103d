package hide

import "bytes"

// elsewhere masks long numbers wherever they are, and words that are somebody's name.
func (h *Hider) elsewhere(b, marks []byte) {
	h.spacedNumbers(b, marks)
	for i := 0; i < len(b); {
		end := wordEnd(b, marks, i)
		switch {
		case end == i:
			i += escape(b, i)
			continue
		case !h.learning && h.named(b, i, end):
			h.word(b[i:end], marks[i:end])
		default:
			h.namesIn(b[i:end], marks[i:end])
			h.longNumbers(b[i:end], marks[i:end])
		}
		i = end
	}
}

// namesIn masks a name that digits touch: alice77.
func (h *Hider) namesIn(b, marks []byte) {
	for i := 0; i < len(b) && !h.learning; {
		end := i
		for end < len(b) && isWord(b[end]) && !isDigit(b[end]) {
			end++
		}
		if end-i > shortName && end-i < len(b) && h.names.spelled(b[i:end]) && !protocolWords[lower(b[i:end])] {
			h.word(b[i:end], marks[i:end])
		}
		i = max(end, i+1)
	}
}

// shortName is a length at which letters beside digits are nobody's name but by chance.
const shortName = 3

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

// spacedNumbers masks long numbers that are written in groups: those behind a plus, and those that are known.
func (h *Hider) spacedNumbers(b, marks []byte) {
	for i := 0; i < len(b); {
		if !isDigit(b[i]) || i > 0 && isWord(b[i-1]) {
			i++
			continue
		}
		end, digits := spacedEnd(b, marks, i)
		plus := i > 0 && b[i-1] == '+'
		if len(digits) >= longNumber && (plus || !h.learning && h.names.ends[ending(digits)]) {
			h.number(b[i:end], marks[i:end])
		}
		i = max(end, i+1)
	}
}

// spacedEnd is where groups of digits end that one or two separators part, and the digits.
func spacedEnd(b, marks []byte, i int) (end int, digits string) {
	var found []byte
	for gap := 0; i < len(b) && marks[i] == open && gap <= 2; i++ {
		switch {
		case isDigit(b[i]):
			found, end, gap = append(found, b[i]), i+1, 0
		case bytes.IndexByte([]byte("-. ()/"), b[i]) >= 0:
			gap++
		case isWord(b[i]): // what begins with digits is no number
			return end, ""
		default:
			return end, string(found)
		}
	}
	return end, string(found)
}

// ending is what the ways to write a number have in common: with the country, with a trunk prefix, without either.
func ending(digits string) string { return digits[len(digits)-longNumber:] }

// protocolWords are words of the protocol that somebody may be called.
var protocolWords = setOf("sips http https transport user phone branch expires method methods audio video image text class personal business " +
	"priority active pending terminated reason cause confirmed early trying proceeding refer invite register subscribe notify message " +
	"presence dialog maddr received rport privacy none critical header session screen full calling called purpose icon info card " +
	"sip tcp udp tls wss sctp isup tag rtp avp srtp sdp yes non all new ack bye not and the for via url uri " +
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
		return len(word) >= longNumber || (bytes.IndexByte([]byte(":."), before) < 0 && after != '.' && (before != '=' || !counting[parameter(b[:i-1])]))
	}
	return after != '=' && !protocolWords[lower(word)]
}

// counting are parameters whose values are counts and codes, and may look like somebody's short number.
var counting = setOf("expires q cause code ttl rport port counter index cic cpc isub-encoding refresher seq version ver duration time delay " +
	"handling status reg-id ob keep text-code cost bitrate ptime mode priority x-code")

// parameter is the name of the one whose '=' stands behind b.
func parameter(b []byte) string {
	return lower(b[bytes.LastIndexAny(b, "; \t,?&<\"")+1:])
}
