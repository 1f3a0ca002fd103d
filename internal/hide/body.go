package hide

import (
	"bytes"
	"mime"
	"strings"
)

// maxParts is how deep parts of bodies may hold parts.
const maxParts = 4

// body masks a body by its type. One of a kind that is not known, or is packed, is blanked where names or addresses are
// hidden: nobody can tell what is in it.
func (h *Hider) body(b, marks []byte, contentType, encoding string, depth int) {
	if len(b) == 0 {
		return
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	if contentType == "" && bytes.HasPrefix(b, []byte("v=0")) {
		kind = "application/sdp"
	}
	switch packed := encoding != "" && !strings.EqualFold(encoding, "identity") && !strings.EqualFold(encoding, "7bit") && !strings.EqualFold(encoding, "8bit") && !strings.EqualFold(encoding, "binary"); {
	case packed:
		h.blank(b)
	case kind == "application/sdp", kind == "application/trickle-ice-sdpfrag":
		h.sdp(b, marks)
	case strings.HasPrefix(kind, "message/sip"):
		h.messageFragment(b, marks, depth)
	case strings.HasPrefix(kind, "multipart/"):
		h.parts(b, marks, params["boundary"], depth)
	case strings.HasSuffix(kind, "+xml"):
		h.xml(b, marks)
	case kind == "application/simple-message-summary":
		h.people(b, marks)
	case kind == "application/vq-rtcpxr":
		h.qualityReport(b, marks)
	case kind == "application/dtmf-relay", kind == "application/dtmf":
	default:
		h.blank(b)
	}
}

// messageFragment masks a piece of a message in a body (RFC 3420).
func (h *Hider) messageFragment(b, marks []byte, depth int) {
	x := readHead(b, true)
	h.startLine(b[:x.line], marks[:x.line])
	if bytes.IndexByte(b[:x.line], ':') > 0 && !bytes.Contains(b[:x.line], []byte("SIP/2.0")) {
		x = readHead(b, false) // it begins with a header
	}
	h.fields(b, marks, x)
	if depth < maxParts {
		h.body(b[x.end:], marks[x.end:], x.value(b, "content-type", "c"), x.value(b, "content-encoding", "e"), depth+1)
	} else {
		h.blank(b[x.end:])
	}
}

// parts masks the parts of a body (RFC 2046 §5.1).
func (h *Hider) parts(b, marks []byte, boundary string, depth int) {
	if boundary == "" || depth >= maxParts {
		h.blank(b)
		return
	}
	delimiter, start := []byte("--"+boundary), -1
	for at := 0; at < len(b); {
		end := lineEnd(b, at)
		if bytes.HasPrefix(b[at:end], delimiter) {
			if start < 0 {
				h.blank(b[:at])
			} else {
				h.part(b[start:at], marks[start:at], depth)
			}
			start = end
		}
		at = end
	}
	if start < 0 {
		h.blank(b)
	} else {
		h.part(b[start:], marks[start:], depth)
	}
}

func (h *Hider) part(b, marks []byte, depth int) {
	x := readHead(b, false)
	h.fields(b, marks, x)
	encoding := x.value(b, "content-transfer-encoding", "content-encoding")
	h.body(b[x.end:], marks[x.end:], x.value(b, "content-type", "c"), encoding, depth+1)
}

// sdp masks a session description: who made it, what it says in words, keys.
func (h *Hider) sdp(b, marks []byte) {
	for at := 0; at < len(b); {
		end := lineEnd(b, at)
		h.sdpLine(b[at:end], marks[at:end])
		at = end
	}
}

func (h *Hider) sdpLine(line, marks []byte) {
	if len(line) < 3 || line[1] != '=' {
		return
	}
	value, done := line[2:], marks[2:]
	switch line[0] {
	case 'o':
		if end := until(value, " \r\n"); h.covers(Numbers) {
			h.user(value[:end], done[:end])
		}
	case 's', 'u':
		h.people(value, done)
	case 'i', 'e', 'p':
		if h.people(value, done); h.covers(Numbers) {
			h.words(value, done)
		}
	case 'm':
		h.announced(value)
	case 'k':
		h.blurFrom(value, 0)
	case 'a':
		h.attribute(value)
	}
}

// attribute masks keys and passwords, and the names of sources (RFC 5576), which RTCP tells as well.
func (h *Hider) attribute(value []byte) {
	for _, name := range []string{"crypto:", "ice-pwd:", "key-mgmt:"} {
		if !bytes.HasPrefix(value, []byte(name)) {
			continue
		}
		from := len(name)
		if inline := bytes.Index(value, []byte("inline:")); inline >= 0 {
			from = inline + len("inline:")
		}
		h.blurFrom(value, from)
	}
	if cname := bytes.Index(value, []byte(" cname:")); bytes.HasPrefix(value, []byte("ssrc:")) && cname >= 0 {
		name := value[cname+len(" cname:"):]
		h.sourceName(bytes.TrimRight(name, "\r\n"))
	}
}

// blurFrom masks a key, up to the lifetime and the like behind it.
func (h *Hider) blurFrom(value []byte, from int) {
	if h.covers(Auth) && !h.learning {
		value = value[from:]
		h.secret.blur(value[:until(value, "|\r\n")])
	}
}

// sourceName masks what a source of media calls itself.
func (h *Hider) sourceName(name []byte) {
	if h.covers(Numbers|Addresses) && !h.learning {
		h.secret.blur(name)
	}
}

// qualityReport masks who is named in a report of quality (RFC 6035); the rest of it are figures.
func (h *Hider) qualityReport(b, marks []byte) {
	for at := 0; at < len(b); {
		end := lineEnd(b, at)
		if name := b[at : at+until(b[at:end], ":=\r\n")]; bytes.HasSuffix(bytes.ToLower(name), []byte("id")) {
			h.people(b[at+len(name):end], marks[at+len(name):end])
		} else {
			h.uris(b[at:end], marks[at:end])
		}
		at = end
	}
}
