package sip

import (
	"iter"
	"strings"
)

// maxDepth bounds how deep multipart bodies are followed, maxParts how many
// parts one of them may have.
const (
	maxDepth = 4
	maxParts = 100
)

// A Part is one part of a multipart body (RFC 2046 §5.1). All strings are
// substrings of the body.
type Part struct {
	Header      string // its header lines as they stand, without the empty line
	ContentType string // full value with parameters; "text/plain" when it has none
	Disposition string // Content-Disposition without parameters, "" when absent
	Encoding    string // Content-Transfer-Encoding or Content-Encoding, "" when absent
	Body        string
	Parts       []Part // of a part that is itself multipart
}

// Parts returns the tree of a multipart body, nil for any other body.
func (m *Message) Parts() []Part {
	value, _ := m.Get(HeaderContentType)
	return partTree(value, m.Body, 1)
}

func partTree(contentType, body string, depth int) []Part {
	var tree []Part
	for part := range parts(contentType, body) {
		if depth < maxDepth {
			part.Parts = partTree(part.ContentType, part.Body, depth+1)
		}
		tree = append(tree, part)
	}
	return tree
}

// findSDP looks for the session description in a multipart body.
func findSDP(contentType, body string, depth int) (string, bool) {
	for part := range parts(contentType, body) {
		if part.isSDP() {
			return part.Body, true
		}
		if depth < maxDepth {
			if sdp, ok := findSDP(part.ContentType, part.Body, depth+1); ok {
				return sdp, true
			}
		}
	}
	return "", false
}

// isSDP reports whether the part describes the session itself.
func (p *Part) isSDP() bool {
	if !equalFold(mediaType(p.ContentType), sdpType) {
		return false
	}
	if p.Disposition != "" && !equalFold(p.Disposition, "session") {
		return false
	}
	return plainEncoding(p.Encoding)
}

// plainEncoding reports whether an encoding leaves the text as it is.
func plainEncoding(encoding string) bool {
	for _, plain := range [...]string{"", "7bit", "8bit", "binary", "identity"} {
		if equalFold(encoding, plain) {
			return true
		}
	}
	return false
}

// parts walks the parts of a multipart body. What stands in front of the first
// boundary and behind the last is left out; a missing last boundary ends the
// last part with the body.
func parts(contentType, body string) iter.Seq[Part] {
	return func(yield func(Part) bool) {
		boundary := boundaryOf(contentType)
		if boundary == "" {
			return
		}
		_, rest, last := nextBoundary(body, boundary)
		for n := 0; n < maxParts && !last && rest != ""; n++ {
			var text string
			text, rest, last = nextBoundary(rest, boundary)
			if !yield(parsePart(text)) {
				return
			}
		}
	}
}

// boundaryOf returns the boundary parameter of a multipart type, else "".
func boundaryOf(contentType string) string {
	t := mediaType(contentType)
	if len(t) < len("multipart/") || !equalFold(t[:len("multipart/")], "multipart/") {
		return ""
	}
	boundary, _ := ParamOf(headerParams(contentType[len(t):]), "boundary")
	return boundary
}

// nextBoundary cuts s at the next line that is "--" and the boundary: text is
// what stands in front, without the line break that belongs to the boundary,
// rest what follows that line. last is set when the boundary closes the body
// or there is none.
func nextBoundary(s, boundary string) (text, rest string, last bool) {
	for from := 0; ; {
		i := strings.Index(s[from:], boundary)
		if i < 0 {
			return s, "", true
		}
		at := from + i
		from = at + len(boundary)
		if at < 2 || s[at-2:at] != "--" || (at > 2 && s[at-3] != '\n') {
			continue
		}
		after := s[from:]
		last = strings.HasPrefix(after, "--")
		line, below, _ := strings.Cut(after, "\n")
		if !last && trim(line) != "" {
			continue // a longer boundary that begins like this one
		}
		rest = below
		return strings.TrimSuffix(strings.TrimSuffix(s[:at-2], "\n"), "\r"), rest, last
	}
}

// parsePart reads the headers of a part up to the empty line.
func parsePart(s string) Part {
	p := Part{ContentType: "text/plain"}
	l := newLines(s, 0)
	for {
		start, end, ok := l.next()
		if !ok || start == end {
			p.Header = s[:min(start, len(s))]
			break
		}
		for l.folded() {
			_, end, _ = l.next()
		}
		p.set(s[start:end])
	}
	p.Body = s[l.pos:]
	return p
}

// set keeps a header line of the part that says what the body is.
func (p *Part) set(line string) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return
	}
	name, value = trim(name), trim(value)
	switch {
	case LookupHeader(name) == HeaderContentType:
		p.ContentType = value
	case LookupHeader(name) == HeaderContentDisposition:
		p.Disposition = mediaType(value)
	case LookupHeader(name) == HeaderContentEncoding, equalFold(name, "Content-Transfer-Encoding"):
		p.Encoding = value
	}
}
