package hide

import (
	"bytes"
	"strings"
)

// shown are the parameters of a challenge and its answer that give nothing away.
var shown = setOf("realm algorithm qop nc stale domain uri auth targetname version")

// named are those of them that may name somebody.
var named = setOf("realm domain uri targetname")

// credentials masks what proves who somebody is. Equal values stay equal, so that a stale nonce or one that is used
// again can still be seen.
func (h *Hider) credentials(b, marks []byte) {
	h.uris(b, marks)
	if !h.covers(Auth | Numbers) {
		return
	}
	at := skipSpace(b, 0)
	scheme := at + until(b[at:], " \t\r\n,=")
	switch {
	case scheme < len(b) && b[scheme] == '=': // Authentication-Info has no scheme
	case strings.EqualFold(string(b[at:scheme]), "Digest"):
		at = scheme
	default: // the name of a user is in it, too
		if !h.learning {
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

// looksProving reports whether a value is that of a challenge or its answer, whatever the header is called: octets of a
// capture may be damaged, and programs hand them on under names of their own.
func looksProving(value []byte) bool {
	value = bytes.ToLower(value)
	for _, name := range []string{"nonce", "response", "username"} {
		if at := bytes.Index(value, []byte(name)); at >= 0 && bytes.HasPrefix(bytes.TrimLeft(value[at+len(name):], " \t\r\n"), []byte("=")) {
			return true
		}
	}
	return bytes.HasPrefix(bytes.TrimSpace(value), []byte("digest "))
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

// credential masks the value of one parameter, and what stands behind it where nothing should.
func (h *Hider) credential(b, marks []byte) {
	equals, name := bytes.IndexByte(b, '='), "" // without either all of it is a value
	if words := strings.Fields(strings.ToLower(string(b[:max(equals, 0)]))); len(words) > 0 {
		name = words[len(words)-1] // a scheme may stand in front, where several are in one header
	}
	start, end := valueIn(b, equals+1)
	value, done := b[start:end], marks[start:end]
	switch {
	case name == "username":
		h.username(value, done)
	case named[name] && h.covers(Numbers):
		h.elsewhere(value, done)
	case shown[name], h.learning, !h.covers(Auth):
	default:
		h.secret.blur(value)
	}
	if rest := b[end:]; !h.learning && len(bytes.Trim(rest, "\" \t\r\n")) > 0 {
		h.secret.blur(rest)
	}
}

// valueIn is where a value is, without its quotes and what is blank around it.
func valueIn(b []byte, from int) (start, end int) {
	start = skipSpace(b, from)
	if start == len(b) || b[start] != '"' {
		return start, start + until(b[start:], "\"\r\n")
	}
	start++
	for end = start; end < len(b) && b[end] != '"'; end++ {
		if b[end] == '\\' && end+1 < len(b) {
			end++
		}
	}
	return start, end
}

// skipSpace passes over what is blank, ends of folded lines too.
func skipSpace(b []byte, i int) int {
	for i < len(b) && bytes.IndexByte([]byte(" \t\r\n"), b[i]) >= 0 {
		i++
	}
	return i
}

// proving are parts of the names of headers whose values are secrets, whoever invented them.
var proving = [...]string{"auth-token", "authtoken", "access-token", "api-key", "apikey", "password", "passwd", "secret", "cookie"}

func isProving(name string) bool {
	for _, part := range proving {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// escapedCredentials masks those that a URI asks to be sent: Refer-To: <sip:…?Authorization=Digest%20…>
func (h *Hider) escapedCredentials(b []byte) {
	if h.learning {
		return
	}
	folded := bytes.ToLower(b)
	for at := 0; ; {
		found := bytes.Index(folded[at:], []byte("authorization="))
		if found < 0 {
			return
		}
		at += found + len("authorization=")
		end := at + until(b[at:], "<>\"& \t\r\n")
		h.blurEscaped(b[at:end])
		at = end
	}
}

// blurEscaped masks a text but for its escapes.
func (h *Hider) blurEscaped(b []byte) {
	for at := 0; at < len(b); {
		end := at + until(b[at:], "%")
		h.secret.blur(b[at:end])
		at = min(end+escape(b, min(end, len(b)-1)), len(b))
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
