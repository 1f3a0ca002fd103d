package hide

import "bytes"

// displayed masks the names in front of addresses in brackets: "Alice" <sip:alice@…>. Those of a party are masked
// whatever is in the brackets.
func (h *Hider) displayed(b, marks []byte, party bool) {
	if closed := h.displayedBy(b, marks, party, true); !closed {
		h.displayedBy(b, marks, party, false)
	}
}

// displayedBy reports whether all quotes were closed; one that never is quotes nothing.
func (h *Hider) displayedBy(b, marks []byte, party, quotes bool) (closed bool) {
	start, quoted, bracket := 0, false, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted && quotes
		case quoted:
		case c == '<':
			if scheme, _ := schemeAt(b, skipBlank(b, i+1)); (scheme > 0 || party) && !bracket {
				h.words(b[start:i], marks[start:i])
			}
			bracket = true
		case c == '>':
			bracket = false
		case c == ',' && !bracket && bytes.ContainsAny(b[start:i], ":@"): // or it is in a name: Wagner, Alice <sip:…>
			start = i + 1
		}
	}
	return !quoted
}
