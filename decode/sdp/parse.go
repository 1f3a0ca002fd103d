package sdp

import "strings"

// The most of each thing that a body is searched for; a body with more gets
// a "limit" finding. Real ones stay far below.
const (
	maxMedia      = 64
	maxFormats    = 128
	maxAttributes = 512 // of one section
	maxCandidates = 64
	maxCrypto     = 16
	maxSSRCs      = 64
	maxMIDs       = 64
	maxFindings   = 64
)

// Parse reads a session description (RFC 8866). It never fails: whatever can
// be understood is in the Session, and what is wrong is a finding. Lines may
// end with CRLF, LF or CR, stand in any order, be unknown or be missing. Of a
// body that was cut, leave the last, unfinished line out.
func Parse(body string) *Session {
	p := parser{session: &Session{body: body}}
	for rest := body; rest != ""; {
		var line string
		p.offset = len(body) - len(rest)
		line, rest = nextLine(rest)
		p.line(line)
	}
	p.finish()
	return p.session
}

// nextLine splits the first line off; it ends with CRLF, LF or a CR alone.
func nextLine(s string) (line, rest string) {
	line, rest, _ = strings.Cut(s, "\n")
	if i := strings.IndexByte(line, '\r'); i >= 0 {
		if i < len(line)-1 {
			rest = s[i+1:]
		}
		line = line[:i]
	}
	return line, rest
}

// parser is the state between the lines of one body.
type parser struct {
	session *Session
	offset  int  // of the current line
	full    bool // more media sections than are looked at: the rest is passed over
	seen    struct{ version, origin, name, time bool }

	common  section   // the lines before the first m=
	media   []section // beside session.Media
	current *section  // the section of the line
}

// line reads one line without its end.
func (p *parser) line(line string) {
	line = line[blanks(line, 0):]
	if line == "" || p.full {
		return
	}
	if len(line) < 2 || line[1] != '=' {
		p.finding("line_unknown")
		return
	}
	value := strings.Trim(line[2:], " \t")
	switch line[0] {
	case 'v':
		p.seen.version = true
	case 'o':
		p.seen.origin = true
		p.origin(value)
	case 's':
		p.seen.name = true
	case 't':
		p.seen.time = true
	case 'c':
		p.connection(value)
	case 'm':
		p.startMedia(value)
	case 'a':
		p.attribute(value)
	case 'b':
		p.bandwidth(value)
	case 'i', 'u', 'e', 'p', 'r', 'z', 'k':
	default:
		p.finding("line_unknown")
	}
}

// finding notes a fault of the current line.
func (p *parser) finding(code string) { p.findingAt(code, p.offset) }

func (p *parser) findingAt(code string, offset int) {
	if len(p.session.Findings) < maxFindings {
		p.session.Findings = append(p.session.Findings, Finding{Code: code, Offset: offset})
	}
}

// origin reads "user sess-id sess-version nettype addrtype address".
func (p *parser) origin(value string) {
	if p.session.Origin != "" {
		return
	}
	p.session.Origin = value
	_, rest := field(value)
	p.session.SessionID, rest = field(rest)
	p.session.Version, _ = field(rest)
}

// connection reads "IN IP4 address[/ttl[/count]]"; the first of a section counts.
func (p *parser) connection(value string) {
	s := p.section()
	if s.connection {
		return
	}
	s.connection = true
	addr, ok := connectionAddress(value)
	if !ok {
		p.finding("connection_bad")
	}
	if n := len(p.session.Media); n > 0 {
		p.session.Media[n-1].Address = addr
		return
	}
	p.session.Connection = addr
}

// section returns the section that the current line belongs to.
func (p *parser) section() *section {
	if p.current == nil {
		return &p.common
	}
	return p.current
}

// finish gives the media sections what the session says for all of them.
func (p *parser) finish() {
	if p.seen.version || p.seen.origin || len(p.session.Media) > 0 {
		p.missing()
	}
	for i := range p.media {
		p.media[i].complete(p, &p.session.Media[i])
	}
}

// missing notes the mandatory lines that are not there.
func (p *parser) missing() {
	for _, l := range []struct {
		seen bool
		code string
	}{
		{p.seen.version, "version_missing"}, {p.seen.origin, "origin_missing"},
		{p.seen.name, "name_missing"}, {p.seen.time, "time_missing"},
	} {
		if !l.seen {
			p.findingAt(l.code, 0)
		}
	}
}

// field splits the first word off; any run of blanks separates.
func field(s string) (word, rest string) {
	start := blanks(s, 0)
	end := start
	for end < len(s) && s[end] != ' ' && s[end] != '\t' {
		end++
	}
	return s[start:end], s[blanks(s, end):]
}

// blanks returns the index after the blanks that begin at i.
func blanks(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}
