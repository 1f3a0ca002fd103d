package hide

import "bytes"

// displayed masks the names in front of addresses in brackets: "Alice" <sip:alice@…>. Those of a party are masked
// whatever is in the brackets.
func (h *Hider) displayed(b, marks []byte, party bool) {
	quotes := bytes.Count(b, []byte("\"")) - bytes.Count(b, []byte("\\\""))
	start, quoted, bracket := 0, false, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted && quotes%2 == 0 // one that is never closed quotes nothing
		case quoted:
		case c == '<':
			if scheme, _ := schemeAt(b, skipBlank(b, i+1)); (scheme > 0 || party) && !bracket {
				h.words(b[start:i], marks[start:i])
			}
			bracket = true
		case c == '>':
			bracket = false
		case c == ',' && !bracket && bytes.IndexAny(b[start:i], ":@") >= 0: // or it is in a name: Wagner, Alice <sip:…>
			start = i + 1
		}
	}
}
