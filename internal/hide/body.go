package hide

import (
	"bytes"
	"mime"
	"strings"
)

// maxParts is how deep parts of bodies may hold parts.
const maxParts = 4

// body masks a body by its type. One of a kind that is not known, or is packed, is blanked: nobody can
// tell what is in it.
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
		h.people(b, marks, false)
	case kind == "application/vq-rtcpxr":
		h.qualityReport(b, marks)
	case kind == "application/dtmf-relay", kind == "application/dtmf":
		h.keys(b)
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
			if start = end; bytes.HasPrefix(b[at+len(delimiter):end], []byte("--")) {
				h.blank(b[end:]) // what stands behind the last part
				return
			}
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

// keys masks which keys were pressed: Signal=5, or the key alone. How long they were held stays.
func (h *Hider) keys(b []byte) {
	if h.learning || !h.covers(Numbers) {
		return
	}
	for at := 0; at < len(b); {
		end := lineEnd(b, at)
		line := b[at:end]
		equals := bytes.IndexAny(line, "=:")
		if name := bytes.TrimSpace(line[:max(equals, 0)]); !bytes.EqualFold(name, []byte("duration")) {
			for i := equals + 1; i < len(line); i++ {
				if isWord(line[i]) || line[i] == '*' || line[i] == '#' {
					line[i] = '0'
				}
			}
		}
		at = end
	}
}

// qualityReport masks who is named in a report of quality (RFC 6035); the rest of it are figures.
func (h *Hider) qualityReport(b, marks []byte) {
	for at := 0; at < len(b); {
		end := lineEnd(b, at)
		if name := b[at : at+until(b[at:end], ":=\r\n")]; bytes.HasSuffix(bytes.ToLower(name), []byte("id")) {
			h.people(b[at+len(name):end], marks[at+len(name):end], false)
		} else {
			h.uris(b[at:end], marks[at:end])
		}
		at = end
	}
}
