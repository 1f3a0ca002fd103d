package hide

import "bytes"

// schemes are those of URIs that name somebody; the longest of those that begin alike comes first.
var schemes = [...]string{"sips", "sip", "tel", "pres", "im", "mailto", "xmpp"}

// schemeAt is how long the scheme of a URI at i is, its colon included, 0 when there is none. The colon may be escaped,
// in the headers of another URI.
func schemeAt(b []byte, i int) (length int, tel bool) {
	if i > 0 && i <= len(b) && isWord(b[i-1]) {
		return 0, false
	}
	for _, s := range schemes {
		end := i + len(s)
		if end >= len(b) || !bytes.EqualFold(b[i:end], []byte(s)) {
			continue
		}
		switch {
		case b[end] == ':':
			return len(s) + 1, s == "tel"
		case end+3 <= len(b) && bytes.EqualFold(b[end:end+3], []byte("%3a")):
			return len(s) + 3, s == "tel"
		}
	}
	return 0, false
}

// uris masks the users of all URIs in a text.
func (h *Hider) uris(b, marks []byte) {
	if !h.covers(Numbers) {
		return
	}
	for i := 0; i < len(b); i++ {
		length, tel := schemeAt(b, i)
		if length == 0 {
			continue
		}
		start := i + length
		if tel {
			end := start + until(b[start:], "<>\"' \t\r\n,?&")
			h.user(b[start:end], marks[start:end])
			i = end - 1
			continue
		}
		end := start + uriEnd(b, i, start)
		at := userEnd(b[start:end])
		if at >= 0 {
			h.user(b[start:start+at], marks[start:start+at])
			start += at + escape(b, start+at)
		}
		h.host(b[start:end], marks[start:end])
		i = start - 1
	}
}

// uriEnd is how long a URI is from start on; one in brackets may hold what ends others.
func uriEnd(b []byte, scheme, start int) int {
	if scheme > 0 && b[scheme-1] == '<' {
		return until(b[start:], "<>\r\n")
	}
	return until(b[start:], "<>\" \t\r\n,")
}

func until(b []byte, stops string) int {
	if n := bytes.IndexAny(b, stops); n >= 0 {
		return n
	}
	return len(b)
}

// userEnd is where the user of a URI ends, -1 when it has none. A careless user may hold another '@'; the headers
// behind a '?' may, too.
func userEnd(b []byte) int {
	if first := bytes.IndexByte(b, '@'); first >= 0 {
		if q := bytes.IndexByte(b[first:], '?'); q >= 0 {
			b = b[:first+q]
		}
		return bytes.LastIndexByte(b, '@')
	}
	if first := bytes.Index(b, []byte("%40")); first >= 0 && until(b[:first], "?&") == first {
		return first
	}
	return -1
}

// host marks the host of a URI: it is nobody's name, whatever it looks like, unless a number stands in its place.
func (h *Hider) host(b, marks []byte) {
	if end := until(b, ":;?>"); isNumber(b[:end]) && bytes.IndexByte(b[:end], '.') < 0 {
		h.number(b[:end], marks[:end])
	}
	end := until(b, ";?>")
	for i := 0; i < end; i++ {
		if word := wordEnd(b[:end], marks, i); word > i {
			h.longNumbers(b[i:word], marks[i:word])
			i = word
		}
	}
	for i := range end {
		if marks[i] == open {
			marks[i] = isHost
		}
	}
}

// passwords masks those of URIs: sip:alice:secret@…
func (h *Hider) passwords(b, marks []byte) {
	for i := 0; i < len(b); i++ {
		length, tel := schemeAt(b, i)
		if length == 0 || tel {
			continue
		}
		start := i + length
		at := userEnd(b[start : start+uriEnd(b, i, start)])
		if at < 0 {
			continue
		}
		if colon := bytes.IndexByte(b[start:start+at], ':'); colon >= 0 && !h.learning {
			h.blurOpen(b[start+colon+1:start+at], marks[start+colon+1:start+at])
		}
		i = start + at
	}
}

// blurOpen masks what no name was masked in.
func (h *Hider) blurOpen(b, marks []byte) {
	for i := range b {
		if marks[i] == isDone && isWord(b[i]) {
			return
		}
	}
	h.secret.blur(b)
}
