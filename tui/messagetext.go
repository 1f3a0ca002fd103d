package tui

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/ladder"
)

// keyHeaders are the headers that come first, in this order, with their
// compact forms.
var keyHeaders = [...][]string{
	{"from", "f"}, {"to", "t"}, {"call-id", "i"}, {"cseq"}, {"contact", "m"}, {"via", "v"},
	{"reason"}, {"warning"}, {"retry-after"},
	{"p-asserted-identity"}, {"p-preferred-identity"}, {"remote-party-id"},
	{"diversion"}, {"history-info"}, {"refer-to", "r"}, {"referred-by", "b"},
	{"www-authenticate"}, {"proxy-authenticate"}, {"authorization"}, {"proxy-authorization"},
	{"user-agent"}, {"server"},
}

// A rawMessage is the text of a message divided into lines. Everything is a
// substring of the message, as on the wire.
type rawMessage struct {
	start   string
	headers []string // with continuation lines as separate lines of one string
	at      []int    // where each header begins in the message
	body    string
}

func divide(raw string) rawMessage {
	var d rawMessage
	whole := len(raw)
	d.start, raw = cutLine(raw)
	for raw != "" {
		line, rest := cutLine(raw)
		if line == "" {
			d.body = rest
			return d
		}
		n := len(d.headers)
		if (line[0] == ' ' || line[0] == '\t') && n > 0 {
			d.headers[n-1] += "\n" + line
		} else {
			d.headers, d.at = append(d.headers, line), append(d.at, whole-len(raw))
		}
		raw = rest
	}
	return d
}

// cutLine returns the first line without its end, and what follows.
func cutLine(s string) (line, rest string) {
	line, rest, _ = strings.Cut(s, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}

// A textWriter collects the lines of a message for one width.
type textWriter struct {
	u     *UI
	key   textKey
	m     *correlate.Message
	lines []textLine
}

// messageText returns the lines of a message.
func messageText(u *UI, m *correlate.Message, key textKey) []textLine {
	w := &textWriter{u: u, key: key, m: m}
	key.width = max(8, key.width)
	w.key.width = key.width
	text, err := m.Read()
	switch d := divide(text); {
	case err != nil:
		w.plain(err.Error(), roleWrong)
	case key.hex:
		w.hexDump(text)
	case key.wire:
		w.wire(d)
	default:
		w.keyFirst(d, m)
	}
	return w.lines
}

func (w *textWriter) wire(d rawMessage) {
	w.plain(d.start, w.startRole(d))
	for i := range d.headers {
		w.headerAt(d, i)
	}
	w.lines = append(w.lines, nil)
	w.body(d.body)
}

func (w *textWriter) keyFirst(d rawMessage, m *correlate.Message) {
	w.plain(d.start, w.startRole(d))
	used := make([]bool, len(d.headers))
	w.section("key headers")
	for _, names := range keyHeaders {
		for i, h := range d.headers {
			if used[i] || !hasName(h, names) {
				continue
			}
			used[i] = true
			w.headerAt(d, i)
			if names[0] == "via" { // only the topmost
				break
			}
		}
	}
	if m.SDP != nil {
		w.section("media (SDP summary)")
		w.media(m)
	}
	w.others(d, used)
	if d.body != "" {
		w.section(fmt.Sprintf("body %d bytes", len(d.body)))
		w.body(d.body)
	}
}

func (w *textWriter) media(m *correlate.Message) {
	for i := range m.SDP.Media {
		w.plain(ladder.MediaSummary(&m.SDP.Media[i]), roleStrong)
		w.plain("  "+ladder.CodecSummary(&m.SDP.Media[i]), rolePlain)
	}
}

func (w *textWriter) others(d rawMessage, used []bool) {
	n := 0
	for _, u := range used {
		if !u {
			n++
		}
	}
	if n == 0 {
		return
	}
	w.section(fmt.Sprintf("other headers (%d)", n))
	for i := range d.headers {
		if !used[i] {
			w.headerAt(d, i)
		}
	}
}

func hasName(header string, names []string) bool {
	name, _, _ := strings.Cut(header, ":")
	name = strings.TrimRight(name, " \t")
	for _, want := range names {
		if strings.EqualFold(name, want) {
			return true
		}
	}
	return false
}

func (w *textWriter) section(title string) {
	rule := w.u.set.Rule
	line := rule + rule + " " + title + " "
	w.lines = append(w.lines, textLine{{line + strings.Repeat(rule, max(0, min(46, w.key.width)-cells.Width(line))), roleDim}})
}

// plain adds a line of wire text in one role.
func (w *textWriter) plain(s string, r role) {
	if !w.key.syntax {
		r = rolePlain
	}
	w.wrap(textLine{{w.u.clean(s), r}})
}

// wrong reports whether something is wrong between two places of the message.
func (w *textWriter) wrong(from, to int) bool {
	for _, f := range w.m.Findings {
		if f.Offset >= from && f.Offset < to {
			return true
		}
	}
	return false
}

func (w *textWriter) startRole(d rawMessage) role {
	if w.wrong(0, max(1, len(d.start))) {
		return roleWrong
	}
	return roleStart
}

// headerAt adds a header; one with something wrong in it is underlined, and
// the status row says what it is.
func (w *textWriter) headerAt(d rawMessage, i int) {
	end := w.m.Size()
	if i+1 < len(d.at) {
		end = d.at[i+1]
	} else if d.body != "" {
		end = w.m.Size() - len(d.body)
	}
	if !w.wrong(d.at[i], end) {
		w.header(d.headers[i])
		return
	}
	for line := range strings.SplitSeq(d.headers[i], "\n") {
		w.wrap(textLine{{w.u.clean(line), roleWrong}})
	}
}

// header adds a header with its continuation lines.
func (w *textWriter) header(h string) {
	for i, line := range strings.Split(h, "\n") {
		name, value, ok := strings.Cut(line, ":")
		if i > 0 || !ok || !w.key.syntax {
			w.plain(line, rolePlain)
			continue
		}
		spans := textLine{{w.u.clean(name), roleName}, {":", rolePlain}}
		w.wrap(append(spans, w.value(name, value)...))
	}
}

func rolePtr(r role) *role { return &r }

// body adds the lines of a body; those of SDP are told apart.
func (w *textWriter) body(body string) {
	for body != "" {
		var line string
		line, body = cutLine(body)
		switch {
		case strings.HasPrefix(line, "m="):
			w.plain(line, roleStrong)
		case line == "a=inactive", line == "a=sendonly", line == "a=recvonly":
			w.plain(line, roleHold)
		default:
			w.plain(line, rolePlain)
		}
	}
}

// hexDump adds the octets, as many in a line as there is room for.
func (w *textWriter) hexDump(raw string) {
	perLine := 16
	for perLine > 4 && w.key.width < 6+4*perLine+4 {
		perLine /= 2
	}
	for at := 0; at < len(raw); at += perLine {
		part := raw[at:min(at+perLine, len(raw))]
		var octets, text strings.Builder
		for i := range len(part) {
			fmt.Fprintf(&octets, " %02x", part[i])
			if part[i] >= ' ' && part[i] <= '~' {
				text.WriteByte(part[i])
			} else {
				text.WriteByte('.')
			}
		}
		w.lines = append(w.lines, textLine{
			{fmt.Sprintf("%05x ", at), roleDim}, {fmt.Sprintf("%-*s", perLine*3, octets.String()), rolePlain}, {"  " + text.String(), rolePlain},
		})
	}
}

// wrap adds a line, folded at the width unless lines are whole; what is folded
// is indented.
func (w *textWriter) wrap(line textLine) {
	if w.key.whole {
		w.lines = append(w.lines, line)
		return
	}
	const indent = "  "
	room := w.key.width
	var out textLine
	for _, s := range line {
		for s.text != "" {
			if room < 2 {
				w.lines = append(w.lines, out)
				out, room = textLine{{indent, rolePlain}}, w.key.width-len(indent)
			}
			if cells.Width(s.text) <= room {
				out, room = append(out, s), room-cells.Width(s.text)
				break
			}
			part, rest := cells.Split(s.text, room)
			out = append(out, span{part, s.role})
			s.text, room = rest, 0
		}
	}
	w.lines = append(w.lines, out)
}

// headerText returns the value of a header.
func headerText(h string) string {
	_, value, _ := strings.Cut(h, ":")
	return strings.TrimSpace(value)
}
