package hide

import "bytes"

// sdp masks a session description: who made it, what it says in words, keys.
func (h *Hider) sdp(b, marks []byte) {
	for at := 0; at < len(b); {
		end := at + until(b[at:], "\r\n")
		for end < len(b) && (b[end] == '\r' || b[end] == '\n') {
			end++
		}
		h.sdpLine(b[at:end], marks[at:end])
		at = end
	}
}

func (h *Hider) sdpLine(line, marks []byte) {
	if len(line) < 2 || line[1] != '=' {
		h.blank(line)
		return
	}
	value, done := line[2:], marks[2:]
	switch line[0] {
	case 'o':
		if end := originEnd(value); h.covers(Numbers) {
			h.user(value[:end], done[:end])
		}
	case 's', 'i', 'u', 'e', 'p':
		h.people(value, done, false)
		h.said(value, done)
	case 'c':
		h.people(value, done, false) // of the telephone network (RFC 7195)
	case 'm':
		h.announced(value)
	case 'k':
		if h.covers(Auth) && !h.learning {
			h.secret.blur(value[until(value, ":"):]) // how it is given may stay
		}
	case 'a':
		h.attribute(value, done)
	case 'v', 't', 'r', 'z', 'b', 'y', 'f': // versions, times, rates, and the sources of GB/T 28181
	default:
		h.blank(value)
	}
}

// originEnd is where the user of an o= line ends: behind it stand five fields, and a careless one has spaces.
func originEnd(value []byte) int {
	rest := bytes.TrimRight(value, " \r\n")
	end := len(rest)
	for range 5 {
		end = bytes.LastIndexByte(rest[:end], ' ')
		if end < 0 {
			return until(value, " \r\n")
		}
	}
	return end
}

// programs are words of programs that they call a session by.
var programs = setOf("session sip call media server talk asterisk pbx freeswitch cisco voip phone audio video stream sdp data")

// said masks what somebody wrote, but for words of programs.
func (h *Hider) said(b, marks []byte) {
	if h.learning || !h.covers(Numbers) {
		return
	}
	for i := 0; i < len(b); {
		end := wordEnd(b, marks, i)
		if end > i && !programs[lower(b[i:end])] {
			h.secret.blur(b[i:end])
		}
		i = max(end, i+1)
	}
}
