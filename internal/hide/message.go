package hide

import (
	"bytes"
	"strconv"
	"strings"
)

// A field is a header of a message, folded lines included.
type field struct {
	name       string // in lower case
	start, end int    // of its value
}

// A head is the start line and the headers of a message, or the headers of a part of a body.
type head struct {
	line   int // where the start line ends
	fields []field
	end    int // where the body begins
}

// readHead reads headers. With startLine there is a line in front of them.
func readHead(b []byte, startLine bool) head {
	var out head
	at := 0
	if startLine {
		at = lineEnd(b, 0)
		out.line = at
	}
	for at < len(b) {
		end := lineEnd(b, at)
		if len(bytes.TrimRight(b[at:end], "\r\n")) == 0 {
			out.end = end
			return out
		}
		for end < len(b) && (b[end] == ' ' || b[end] == '\t') {
			end = lineEnd(b, end)
		}
		f := field{start: at, end: end}
		if colon := bytes.IndexByte(b[at:end], ':'); colon >= 0 && isToken(bytes.TrimRight(b[at:at+colon], " \t")) {
			f.name = strings.ToLower(strings.TrimSpace(string(b[at : at+colon])))
			f.start = at + colon + 1
		}
		out.fields = append(out.fields, f)
		at = end
	}
	out.end = len(b)
	return out
}

// isToken reports whether b may be the name of a header (RFC 3261 §25.1), octets that are damaged included: a colon
// behind a quote, a blank or a bracket is one of a URI.
func isToken(b []byte) bool { return len(b) > 0 && !bytes.ContainsAny(b, " \t\"<>@,;=()/") }

// lineEnd is where the line at an octet ends, behind its LF.
func lineEnd(b []byte, at int) int {
	if n := bytes.IndexByte(b[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(b)
}

// value is that of a header by its long or short name.
func (x *head) value(b []byte, long, short string) string {
	for _, f := range x.fields {
		if f.name == long || f.name == short {
			return strings.TrimSpace(string(b[f.start:f.end]))
		}
	}
	return ""
}

// terms are headers whose values are terms and counts of the protocol, in which no name is looked for.
var terms = setOf("via v cseq rack rseq content-length l content-type c content-encoding e expires min-expires session-expires x min-se " +
	"max-forwards allow supported k require proxy-require unsupported accept accept-encoding accept-language date timestamp retry-after " +
	"allow-events u mime-version p-rtp-stat x-rtp-stat x-rtp-stat-add rtp-rxstat rtp-txstat subscription-state session-id " +
	"p-early-media recv-info info-package security-client security-server security-verify")

// credentials are headers that prove who somebody is.
var credentials = setOf("authorization proxy-authorization www-authenticate proxy-authenticate authentication-info proxy-authentication-info")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// message masks the message at the start of b and returns how long it is.
func (h *Hider) message(b, marks []byte) int {
	x := readHead(b, true)
	h.startLine(b[:x.line], marks[:x.line])
	h.fields(b, marks, x)
	end := len(b)
	if n, err := strconv.Atoi(x.value(b, "content-length", "l")); err == nil && n >= 0 && n < len(b)-x.end {
		end = x.end + n
	}
	h.body(b[x.end:end], marks[x.end:end], x.value(b, "content-type", "c"), x.value(b, "content-encoding", "e"), 0)
	return end
}

// startLine masks the URI of a request, or what a response says in words.
func (h *Hider) startLine(b, marks []byte) {
	if bytes.HasPrefix(b, []byte("SIP/")) {
		if len(b) > len("SIP/2.0 200 ") {
			h.people(b[len("SIP/2.0 200 "):], marks[len("SIP/2.0 200 "):], false)
		}
		return
	}
	if from, to := bytes.IndexByte(b, ' '), bytes.LastIndexByte(b, ' '); from >= 0 && to > from {
		b, marks = b[from:to], marks[from:to] // method and version name nobody
	}
	h.people(b, marks, true)
}

func (h *Hider) fields(b, marks []byte, x head) {
	for _, f := range x.fields {
		value, done := b[f.start:f.end], marks[f.start:f.end]
		h.statements(value, done)
		switch {
		case credentials[f.name]:
			h.credentials(value, done)
		case !terms[f.name] && looksProving(value):
			h.people(value, done, parties[f.name])
			h.credentials(value, done)
		case encoded[f.name]:
			h.passport(value, done)
		case f.name == "": // a line without a name is none
			h.blank(value)
		case f.name == "subject" || f.name == "s" || f.name == "organization":
			if h.covers(Numbers) {
				h.words(value, done)
			}
		case isProving(f.name):
			h.blurAll(value, done)
		case terms[f.name] && bytes.IndexByte(value, '<') < 0:
			h.uris(value, done)
		default:
			h.people(value, done, parties[f.name])
		}
		if f.name == "via" || f.name == "v" {
			h.branches(value, done)
		}
		if h.covers(Auth) {
			h.passwords(value, done)
			h.escapedCredentials(value)
		}
	}
}

// branches masks who is named in the branches of a Via; a request and its responses have the same.
func (h *Hider) branches(b, marks []byte) {
	const name = "branch="
	for at := bytes.Index(b, []byte(name)); at >= 0 && h.covers(Numbers); {
		at += len(name)
		end := at + until(b[at:], ";, \t\r\n")
		h.elsewhere(b[at:end], marks[at:end])
		next := bytes.Index(b[end:], []byte(name))
		if next < 0 {
			return
		}
		at = end + next
	}
}

// encoded are headers whose values are written so that no name can be found in them: signed statements of who calls
// whom in base64 (RFC 8224), what users tell each other in hexadecimal (RFC 7433).
var encoded = setOf("identity y user-to-user")

// passport masks encoded values, one or several. What stands behind the first ';' of each says how they were made.
func (h *Hider) passport(value, marks []byte) {
	for at := 0; at < len(value); {
		end := at + until(value[at:], ";,")
		h.blurAll(value[at:end], marks[at:end])
		at = end + paramEnd(value[end:]) + 1
	}
}

// statements masks what begins as signed statements do, wherever it stands: {" in base64 is eyJ.
func (h *Hider) statements(value, marks []byte) {
	for at := 0; ; {
		found := bytes.Index(value[at:], []byte("eyJ"))
		if found < 0 {
			return
		}
		at += found
		end := at
		for end < len(value) && (isWord(value[end]) || bytes.IndexByte([]byte("-_.+/="), value[end]) >= 0) {
			end++
		}
		if end-at >= leastStatement && (at == 0 || !isWord(value[at-1])) {
			h.blurAll(value[at:end], marks[at:end])
		}
		at = end
	}
}

// leastStatement is how long a statement is at least; shorter ones are words.
const leastStatement = 16

// blurAll masks a value of which nothing may stay: it names somebody, or proves who it is.
func (h *Hider) blurAll(value, marks []byte) {
	if h.learning || !h.covers(Numbers|Auth) {
		return
	}
	h.secret.blur(value)
	for i := range marks {
		marks[i] = isDone
	}
}
