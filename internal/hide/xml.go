package hide

import (
	"bytes"
	"strings"
)

// Elements and attributes of XML bodies whose values are terms, counts, times and marks of the protocols: they may stay.
var (
	plainElements = setOf("basic state status timestamp duration priority mode label send recv stream_id participant_id session_id datamode " +
		"sessions active version call-id local-tag remote-tag cseq event expires count messages-waiting media type direction src-id " +
		"start-time stop-time associate-time disassociate-time usage when")
	plainAttributes = setOf("id state version xmlns lang call-id local-tag remote-tag direction priority duration-registered event expires " +
		"cseq q code type schemalocation encoding standalone contact-id pval pname reason retry-after count mode stream_id session_id participant_id")
)

// called are the elements and attributes that say what people are called, or hold what they wrote: their words are
// masked as those of displayed names are.
var called = setOf("display-name display display-text name note subject title nickname")

// xml masks who is named in a document: URIs, numbers, what they are called, and what nobody knows the meaning of.
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
		if at == 0 {
			h.blank(b[:start])
		}
		end := start + until(b[start:], ">")
		tag := b[start:end]
		if bytes.HasPrefix(tag, []byte("<!")) {
			h.blank(tag[2:])
		}
		h.attributes(tag, marks[start:end])
		text := min(end+1, len(b))
		at = text + until(b[text:], "<")
		if end > start {
			h.content(element(tag[1:]), b[text:at], marks[text:at])
		}
	}
	h.uris(b, marks)
	h.elsewhere(b, marks)
}

// content masks what an element holds, or an attribute.
func (h *Hider) content(name string, b, marks []byte) {
	if called[name] {
		h.words(b, marks)
		return
	}
	h.uris(b, marks)
	h.elsewhere(b, marks)
	if !plainElements[name] {
		h.unsure(b, marks)
	}
}

// unsure masks all that was not masked, but for what cannot name anybody: URIs that were looked at, and values that say
// yes or no.
func (h *Hider) unsure(b, marks []byte) {
	if h.learning || hasScheme(b) {
		return
	}
	for i := 0; i < len(b); {
		end := wordEnd(b, marks, i)
		if word := b[i:end]; end > i && !protocolWords[lower(word)] {
			h.secret.blur(word)
		}
		i = max(end, i+1)
	}
}

// hasScheme reports whether there is a URI that names somebody at the start of a text.
func hasScheme(b []byte) bool {
	at := 0
	for at < len(b) && bytes.IndexByte([]byte(" \t\r\n\"'"), b[at]) >= 0 {
		at++
	}
	length, _ := schemeAt(b, at)
	return length > 0
}

// element is the name of the element that a tag begins or ends, without its name space.
func element(tag []byte) string {
	tag = bytes.TrimPrefix(tag, []byte("/"))
	tag = tag[:until(tag, " \t\r\n/")]
	if colon := bytes.IndexByte(tag, ':'); colon >= 0 {
		tag = tag[colon+1:]
	}
	return lower(tag)
}

// attributes masks attributes such as display="Alice".
func (h *Hider) attributes(tag, marks []byte) {
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
		words := bytes.Fields(tag[:equals])
		name := lower(words[len(words)-1])
		space, local, found := bytes.Cut([]byte(name), []byte(":"))
		if found {
			name = string(local)
		}
		if !plainAttributes[name] && string(space) != "xmlns" {
			h.content(name, tag[start:end], marks[start:end])
		}
		at = end
	}
}
