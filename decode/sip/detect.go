package sip

import "bytes"

// What a start line adds to the score of being SIP, and what is wanted.
const (
	scoreKnown   = 3 // a known method, or a status 100–699
	scoreVersion = 2 // the version is exactly 2.0
	scorePort    = 1 // a port that SIP uses

	acceptScore = 5 // out of nothing
	knownScore  = 3 // on a flow that has carried SIP
	resyncScore = 6 // in the middle of a stream whose framing was lost
)

// headerWindow is how many octets behind the start line are searched for
// header names that confirm it.
const headerWindow = 2048

// A Class is what a datagram is to SIP.
type Class uint8

// What Detect may say.
const (
	NotSIP    Class = iota
	KeepAlive       // holds a NAT binding open (RFC 5626 §3.5, and what devices made of it)
	IsMessage
)

// A Hint is what is known of a datagram besides its octets.
type Hint struct {
	Known bool // its flow has carried SIP
	Port  bool // one of its ports is customary for SIP
}

// Detect says whether a UDP datagram, an SCTP message or a WebSocket message
// is SIP by its octets, and at which octet the message starts: junk and line
// ends in front of the start line are skipped (RFC 3261 §7.5). It allocates
// nothing. SIP text behind anything else, as in a log line, is not SIP.
func Detect(b []byte, h Hint) (class Class, start int) {
	if len(b) > 0 && b[0] >= 0x80 {
		return NotSIP, 0 // RTP among others; no SIP starts so
	}
	return detect(b, h)
}

func detect(b []byte, h Hint) (Class, int) {
	start := skipJunk(b)
	if line, v := scanOpening(b[start:], true); v == yes {
		score := line.score
		if h.Port {
			score += scorePort
		}
		if confirmed(b[start+line.end:], neededScore(h.Known)-score) {
			return IsMessage, start
		}
		return NotSIP, 0
	}
	if h.Known && isKeepAlive(b) || h.Port && (len(b) <= 8 && onlyLineEnds(b)) {
		return KeepAlive, 0
	}
	return NotSIP, 0
}

func neededScore(known bool) int {
	if known {
		return knownScore
	}
	return acceptScore
}

// skipJunk returns where the first octet is that may start a message: behind
// up to eight line end octets and up to four NULs or spaces.
func skipJunk(b []byte) int {
	ends, junk := 0, 0
	for i, c := range b {
		switch c {
		case '\r', '\n':
			ends++
		case 0, ' ':
			junk++
		default:
			return i
		}
		if ends > 8 || junk > 4 {
			return i
		}
	}
	return len(b)
}

// isKeepAlive recognises what user agents send to keep a flow alive.
func isKeepAlive(b []byte) bool {
	switch string(b) {
	case "hello", "jaK":
		return true
	}
	for _, c := range b {
		if c != 0 && c != '\r' && c != '\n' && c != ' ' {
			return false
		}
	}
	return true
}

func onlyLineEnds(b []byte) bool {
	for _, c := range b {
		if c != '\r' && c != '\n' {
			return false
		}
	}
	return len(b) > 0
}

// confirmed reports whether at least need different header names of SIP
// stand in the lines at the start of b.
func confirmed(b []byte, need int) bool {
	return confirm(b, need, true) == yes
}

// confirm looks for need different header names among the lines at the start
// of b, up to the empty line and no further than headerWindow. With whole
// set nothing follows b.
func confirm(b []byte, need int, whole bool) verdict {
	if need <= 0 {
		return yes
	}
	window := b[:min(len(b), headerWindow)]
	seen := uint8(0)
	for at := 0; at < len(window); {
		line, next, complete := headerLine(window, at)
		if bit := headerBit(line); bit != 0 && seen&bit == 0 {
			seen |= bit
			if need--; need == 0 {
				return yes
			}
		}
		if complete && len(line) == 0 {
			return no
		}
		at = next
	}
	if whole || len(window) == headerWindow {
		return no
	}
	return more
}

// headerLine returns the line at b[at:] without its terminator, where the
// next one starts, and whether the terminator is there.
func headerLine(b []byte, at int) (line []byte, next int, complete bool) {
	for i := at; i < len(b); i++ {
		switch {
		case b[i] == '\n':
			return b[at:i], i + 1, true
		case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
			return b[at:i], i + 2, true
		case b[i] == '\r' && i+1 < len(b):
			return b[at:i], i + 1, true
		}
	}
	return b[at:], len(b), false
}

// headerBit returns one bit for each header whose presence speaks for SIP
// (spec §1.6), 0 for any other line.
func headerBit(line []byte) uint8 {
	colon := bytes.IndexByte(line[:min(len(line), 32)], ':')
	if colon < 0 {
		return 0
	}
	name := trimSpaceRight(line[:colon])
	if len(name) == 1 {
		switch name[0] | 0x20 {
		case 'v':
			return 1
		case 'f':
			return 2
		case 't':
			return 4
		case 'i':
			return 8
		}
		return 0
	}
	for i, full := range confirmingHeaders {
		if len(name) == len(full) && matchFold(name, full) == yes {
			return 1 << i
		}
	}
	return 0
}

var confirmingHeaders = [...]string{"VIA", "FROM", "TO", "CALL-ID", "CSEQ", "MAX-FORWARDS"}
