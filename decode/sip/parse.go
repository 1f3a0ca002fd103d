package sip

import (
	"errors"
	"math"
)

// ErrNotSIP reports octets that do not begin with a SIP start line.
var ErrNotSIP = errors.New("no sip start line")

// maxHeaders bounds the header lines of one message (spec §1.7).
const maxHeaders = 1000

// maxLeading bounds the line ends in front of the start line, maxJunk the NUL
// and space octets (spec §1.6).
const (
	maxLeading = 8
	maxJunk    = 4
)

// Options say where the octets of a message came from.
type Options struct {
	// Stream is set for a message that was cut out of TCP or TLS: its body
	// ends where the octets end, and Content-Length must be there (RFC 3261
	// §18.3). Otherwise the octets are a whole datagram, SCTP message or
	// WebSocket message, which may hold more than the message.
	Stream bool

	// Cut is set when octets are missing at the end: the snapshot length, a
	// lost fragment or a gap took them. Then what is not there is no fault, and
	// the last line counts only when its end is there (spec §9.7).
	Cut bool
}

// Parse reads the message that a datagram holds. It fails with ErrNotSIP when
// there is no start line, and for no other reason: everything else that is
// wrong becomes a Finding. The message is there even then, with Raw and nothing
// else.
func Parse(raw string) (*Message, error) {
	m := new(Message)
	return m, ParseInto(m, raw)
}

// ParseInto is Parse into a message that is used again: all of m is replaced,
// the memory of its slices is kept. So Headers and Findings are valid until
// the next call only; strings stay valid for ever.
func ParseInto(m *Message, raw string) error { return ParseWith(m, raw, Options{}) }

// ParseWith is ParseInto for octets of any origin.
func ParseWith(m *Message, raw string, o Options) error {
	*m = Message{Raw: raw, Headers: m.Headers[:0], Findings: m.Findings[:0], ContentLength: -1, cut: o.Cut}
	p := parser{m: m, lines: newLines(raw, m.skipLeading())}
	start, end, ok := p.lines.next()
	if !ok || !m.startLine(raw[start:end], start) {
		*m = Message{Raw: raw, Headers: m.Headers[:0], Findings: m.Findings[:0], ContentLength: -1}
		return ErrNotSIP
	}
	p.lineEnd(start)
	p.headers()
	if p.lines.binary >= 0 {
		m.flagBinary(p.lines.binary, start, p.lines.pos)
	}
	if p.ended || !o.Cut {
		p.checkMissing()
	}
	p.body(p.lines.pos, o)
	p.checkWhole()
	return nil
}

// skipLeading returns the offset of the start line: line ends in front of it
// are legal (RFC 3261 §7.5), NUL and space are not.
func (m *Message) skipLeading() int {
	ends, junk := 0, 0
	for i := 0; i < len(m.Raw); i++ {
		switch m.Raw[i] {
		case '\r', '\n':
			ends++
		case 0, ' ':
			junk++
		default:
			return i
		}
		if ends > maxLeading || junk > maxJunk {
			return i
		}
		if junk > 0 {
			m.flag(ruleLeadingJunk, i)
		}
	}
	return len(m.Raw)
}

// A parser walks the header block of one message.
type parser struct {
	m     *Message
	lines lines
	seen  [headerCount]bool
	ended bool // the empty line was there

	lengthAt int  // offset of the first Content-Length
	lengths  bool // there are several that differ
}

// lineEnd remarks on the end of the line just read, which began at offset.
func (p *parser) lineEnd(offset int) {
	if p.lines.odd && !(p.lines.open && p.m.cut) {
		p.m.flag(ruleLineEnd, offset)
	}
}

// headers reads up to and with the empty line.
func (p *parser) headers() {
	for {
		start, end, ok := p.lines.next()
		if !ok {
			break
		}
		if start == end && !p.lines.open {
			p.lineEnd(start)
			p.ended = true
			return
		}
		p.header(start, end)
	}
	if !p.m.cut {
		p.m.flag(ruleNoHeaderEnd, len(p.m.Raw))
	}
}

// header reads one header with the lines that continue it.
func (p *parser) header(start, end int) {
	p.lineEnd(start)
	colon := p.nameEnd(start, end)
	for p.lines.folded() {
		next, e, _ := p.lines.next()
		p.lineEnd(next)
		end = e
	}
	if p.lines.open && p.m.cut {
		return
	}
	m := p.m
	switch {
	case colon < 0:
		p.badLine(start)
	case len(m.Headers) >= maxHeaders:
		m.flag(ruleTooManyHeaders, start)
	default:
		name := trimRight(m.Raw[start:colon])
		m.Headers = append(m.Headers, Header{
			Name: name, ID: LookupHeader(name), Value: trim(m.Raw[colon+1 : end]), Offset: start,
		})
		p.look(&m.Headers[len(m.Headers)-1])
	}
}

// nameEnd returns the offset of the colon behind the header name, or -1.
func (p *parser) nameEnd(start, end int) int {
	i := start + span(p.m.Raw[start:end], classToken)
	if i == start {
		return -1
	}
	for i < end && (p.m.Raw[i] == ' ' || p.m.Raw[i] == '\t') {
		i++
	}
	if i == end || p.m.Raw[i] != ':' {
		return -1
	}
	return i
}

// badLine remarks on a line that is no header; it is passed over. White space
// at its start would continue a header, but there is none.
func (p *parser) badLine(start int) {
	if c := p.m.Raw[start]; c == ' ' || c == '\t' {
		p.m.flag(ruleFoldedStartLine, start)
		return
	}
	p.m.flag(ruleHeaderLine, start)
}

// look reads the header just added when the program knows it.
func (p *parser) look(h *Header) {
	if h.ID == Other {
		return
	}
	again := p.seen[h.ID]
	p.seen[h.ID] = true
	if h.ID == HeaderContentLength {
		p.contentLength(h, again)
	}
	if again && headerTable[h.ID].duplicate != "" {
		p.m.flag(rule{headerTable[h.ID].duplicate, Error}, h.Offset)
		return
	}
	p.m.inspect(h)
}

// contentLength reads the Content-Length header; the first one counts.
func (p *parser) contentLength(h *Header, again bool) {
	n, _, ok := saturated(h.Value, math.MaxInt32)
	switch {
	case !ok:
		p.m.flag(ruleLength, h.Offset)
	case again:
		p.lengths = p.lengths || int(n) != p.m.ContentLength
	default:
		p.m.ContentLength, p.lengthAt = int(n), h.Offset
	}
}

// mandatory are the headers that every message must have (RFC 3261 §8.1.1).
// Max-Forwards is not among them for the sake of RFC 2543.
var mandatory = [...]struct {
	id HeaderID
	rule
}{
	{HeaderCallID, ruleCallIDMissing},
	{HeaderFrom, ruleFromMissing},
	{HeaderTo, ruleToMissing},
	{HeaderCSeq, ruleCSeqMissing},
	{HeaderVia, ruleViaMissing},
}

func (p *parser) checkMissing() {
	for i := range mandatory {
		if !p.seen[mandatory[i].id] {
			p.m.flag(mandatory[i].rule, 0)
		}
	}
}

// body bounds the body, which begins at offset (RFC 3261 §18.3). On a stream
// the framer has done so. In a datagram Content-Length counts when it is one
// clear number.
func (p *parser) body(offset int, o Options) {
	m := p.m
	m.Body = m.Raw[offset:]
	switch {
	case !p.seen[HeaderContentLength]:
		if o.Stream && p.ended {
			m.flag(ruleLengthMissing, 0)
		}
	case m.ContentLength < 0 || p.lengths:
	case m.ContentLength > len(m.Body):
		if !o.Cut {
			m.flag(ruleLengthTooLarge, p.lengthAt)
		}
	case m.ContentLength < len(m.Body) && !o.Stream:
		m.Trailing = m.Body[m.ContentLength:]
		m.Body = m.Body[:m.ContentLength]
		m.flag(ruleTrailing, offset+m.ContentLength)
	}
}
