package hide

import "bytes"

// displayed masks the names in front of addresses in brackets: "Alice" <sip:alice@…>. Those of a party are masked
// whatever is in the brackets.
func (h *Hider) displayed(b, marks []byte, party bool) {
	if party && bytes.IndexByte(b, '<') < 0 {
		end := bare(b)
		h.words(b[:end], marks[:end])
		return
	}
	if closed := h.displayedBy(b, marks, party, true); !closed {
		h.displayedBy(b, marks, party, false)
	}
}

// displayedBy reports whether all quotes were closed; one that never is quotes nothing.
func (h *Hider) displayedBy(b, marks []byte, party, quotes bool) (closed bool) {
	start, quoted, bracket := 0, false, false
	opened := 0 // where the latest bracket is
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
			} else if party && bytes.IndexByte(b[opened:i], ':') < 0 { // no URI is between two brackets
				h.words(b[opened:i], marks[opened:i])
			}
			opened, bracket = i, true
		case c == '>':
			bracket = false
		case c == ',' && !bracket && bytes.ContainsAny(b[start:i], ":@"): // or it is in a name: Wagner, Alice <sip:…>
			start = i + 1
		}
	}
	return !quoted
}

// bare is where the name in a value without brackets ends: in front of the URI, or of the parameters when no URI is in it.
func bare(b []byte) int {
	for i := range b {
		if scheme, _ := schemeAt(b, i); scheme > 0 {
			return i
		}
	}
	if bytes.ContainsAny(b, ":@") {
		return 0
	}
	return until(b, ";")
}
