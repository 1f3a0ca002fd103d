package hide

import (
	"bytes"
	"strings"
)

// shown are the parameters of a challenge and its answer that give nothing away.
var shown = setOf("realm algorithm qop nc stale domain uri auth targetname version")

// credentials masks what proves who somebody is. Equal values stay equal, so that a stale nonce or one that is used
// again can still be seen.
func (h *Hider) credentials(b, marks []byte) {
	h.uris(b, marks)
	if !h.covers(Auth | Numbers) {
		return
	}
	at := skipBlank(b, 0)
	scheme := at + until(b[at:], " \t\r\n,=")
	switch {
	case scheme < len(b) && b[scheme] == '=': // Authentication-Info has no scheme
	case strings.EqualFold(string(b[at:scheme]), "Digest"):
		at = scheme
	default:
		if h.covers(Auth) && !h.learning {
			h.secret.blur(b[scheme:])
		}
		return
	}
	for at < len(b) {
		end := at + paramEnd(b[at:])
		h.credential(b[at:end], marks[at:end])
		at = end + 1
	}
}

// paramEnd is where a parameter ends: at a comma that is not quoted.
func paramEnd(b []byte) int {
	quoted := false
	for i := 0; i < len(b); i++ {
		switch {
		case quoted && b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case b[i] == ',' && !quoted:
			return i
		}
	}
	return len(b)
}

// credential masks the value of one parameter.
func (h *Hider) credential(b, marks []byte) {
	equals := bytes.IndexByte(b, '=')
	if equals < 0 {
		return
	}
	name := strings.ToLower(strings.TrimSpace(string(b[:equals])))
	start := equals + 1
	for start < len(b) && (b[start] == ' ' || b[start] == '"') {
		start++
	}
	end := start + until(b[start:], "\"\r\n")
	value, done := b[start:end], marks[start:end]
	switch {
	case name == "username":
		h.username(value, done)
	case name == "realm" && h.covers(Numbers):
		h.elsewhere(value, done)
	case shown[name], h.learning, !h.covers(Auth):
	default:
		h.secret.blur(value)
	}
}

// username masks the name of who logs in as other names are masked: it often is one.
func (h *Hider) username(value, marks []byte) {
	if at := bytes.IndexByte(value, '@'); at >= 0 {
		value, marks = value[:at], marks[:at]
	}
	if scheme, _ := schemeAt(value, 0); scheme > 0 {
		value, marks = value[scheme:], marks[scheme:]
	}
	h.user(value, marks)
}
