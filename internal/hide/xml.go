package hide

import (
	"bytes"
	"strings"
)

// called are the elements and attributes of XML bodies that say what people are called, or hold what they wrote.
var called = setOf("display-name display display-text name note subject title nickname")

// xml masks who is named in a document: URIs, numbers, and what they are called.
func (h *Hider) xml(b, marks []byte) {
	if !h.covers(Numbers) {
		return
	}
	if text := lower(b); strings.Contains(text, "civicaddress") || strings.Contains(text, "geopriv") {
		h.blank(b) // where somebody is (RFC 4119)
		return
	}
	for at := 0; at < len(b); {
		start := at + until(b[at:], "<")
		end := start + until(b[start:], ">")
		h.displayAttributes(b[start:end], marks[start:end])
		text := min(end+1, len(b))
		at = text + until(b[text:], "<")
		if end > start && called[element(b[start+1:end])] {
			h.words(b[text:at], marks[text:at])
		}
	}
	h.uris(b, marks)
	h.elsewhere(b, marks)
}

// element is the name of the element that a tag begins, without its name space.
func element(tag []byte) string {
	tag = tag[:until(tag, " \t\r\n/")]
	if colon := bytes.IndexByte(tag, ':'); colon >= 0 {
		tag = tag[colon+1:]
	}
	return lower(tag)
}

// displayAttributes masks attributes such as display="Alice".
func (h *Hider) displayAttributes(tag, marks []byte) {
	for at := 0; ; {
		equals := bytes.IndexByte(tag[at:], '=')
		if equals < 0 {
			return
		}
		equals += at
		start := equals + 1
		if start >= len(tag) || tag[start] != '"' && tag[start] != '\'' {
			at = start
			continue
		}
		end := start + 1 + until(tag[start+1:], string(tag[start]))
		name := tag[bytes.LastIndexAny(tag[:equals], " \t\r\n:")+1 : equals]
		if called[lower(name)] {
			h.words(tag[start:end], marks[start:end])
		}
		at = end
	}
}
