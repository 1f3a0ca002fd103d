package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
)

// A diffKind says how a line differs.
type diffKind uint8

const (
	diffSame diffKind = iota
	diffChanged
	diffOnlyA
	diffOnlyB
	diffSection // a heading
)

// A diffLine is one thing that is compared. Names and values are as on the
// wire.
type diffLine struct {
	kind diffKind
	name string
	a, b []piece
}

// A difference is what comparing two things found.
type difference struct {
	lines                       []diffLine
	changed, onlyA, onlyB, same int
	order                       bool // the same headers in another order
}

func (d *difference) section(name string) {
	d.lines = append(d.lines, diffLine{kind: diffSection, name: name})
}

// values adds a line of two values, either of which may be missing.
func (d *difference) values(name string, a, b *string, same bool) {
	l := diffLine{name: name}
	switch {
	case b == nil:
		l.kind, l.a = diffOnlyA, []piece{{text: *a}}
		d.onlyA++
	case a == nil:
		l.kind, l.b = diffOnlyB, []piece{{text: *b}}
		d.onlyB++
	case same || *a == *b:
		l.a, l.b = []piece{{text: *a}}, []piece{{text: *b}}
		d.same++
	default:
		l.kind = diffChanged
		l.a, l.b = changedPieces(*a, *b)
		d.changed++
	}
	d.lines = append(d.lines, l)
}

// A headerField is a header with its number among those of the same name.
type headerField struct {
	name  string // spelled as usual
	nth   int
	value string
}

func (f headerField) title() string {
	if f.nth == 0 {
		return f.name
	}
	return fmt.Sprintf("%s %d", f.name, f.nth+1)
}

// compact are the long forms of compact header names (RFC 3261 §7.3.3 and the
// IANA registry of header fields).
//
//nolint:gochecknoglobals // constants
var compact = map[string]string{
	"a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition", "e": "Content-Encoding", "f": "From",
	"i": "Call-ID", "j": "Reject-Contact", "k": "Supported", "l": "Content-Length", "m": "Contact", "o": "Event", "r": "Refer-To",
	"s": "Subject", "t": "To", "u": "Allow-Events", "v": "Via", "x": "Session-Expires", "y": "Identity",
}

// fieldsOf are the headers of a message in the order of the wire.
func fieldsOf(d rawMessage) []headerField {
	seen := map[string]int{}
	fields := make([]headerField, 0, len(d.headers))
	for _, h := range d.headers {
		name, _, _ := strings.Cut(h, ":")
		name = strings.TrimSpace(name)
		if long := compact[strings.ToLower(name)]; long != "" {
			name = long
		}
		key := strings.ToLower(name)
		fields = append(fields, headerField{name, seen[key], strings.Join(strings.Fields(headerText(h)), " ")})
		seen[key]++
	}
	return fields
}

func sameField(a, b headerField) bool { return a.nth == b.nth && strings.EqualFold(a.name, b.name) }

// maxDiffHeaders bounds how many headers of a message are compared.
const maxDiffHeaders = 500

// diffMessages compares two messages: the n-th header of a name with the n-th,
// descriptions by what they mean. With wire the order is that of the first
// message, else the one of the message screen.
func diffMessages(a, b *correlate.Message, wire bool) difference {
	var d difference
	da, db := divide(a.Text()), divide(b.Text())
	const version = " SIP/2.0" // says nothing when both have it
	if strings.HasSuffix(da.start, version) && strings.HasSuffix(db.start, version) {
		da.start, db.start = strings.TrimSuffix(da.start, version), strings.TrimSuffix(db.start, version)
	}
	d.values(startName(a, b), &da.start, &db.start, false)
	fa, fb := fieldsOf(da), fieldsOf(db)
	fa, fb = fa[:min(len(fa), maxDiffHeaders)], fb[:min(len(fb), maxDiffHeaders)]
	for _, f := range merged(fa, fb, wire) {
		var va, vb *string
		if i := slices.IndexFunc(fa, func(x headerField) bool { return sameField(x, f) }); i >= 0 {
			va = &fa[i].value
		}
		if i := slices.IndexFunc(fb, func(x headerField) bool { return sameField(x, f) }); i >= 0 {
			vb = &fb[i].value
		}
		d.values(f.title(), va, vb, va != nil && vb != nil && isSet(f.name) && sameSet(*va, *vb))
	}
	d.bodies(a, b, da.body, db.body)
	d.order = d.orders(fa, fb)
	return d
}

func startName(a, b *correlate.Message) string {
	switch {
	case a.Method != "" && b.Method != "":
		return "Request"
	case a.Method == "" && b.Method == "":
		return "Status"
	}
	return "Start line"
}

// merged is the order in which headers are shown: those of a, with those that
// only b has behind the one they follow there.
func merged(fa, fb []headerField, wire bool) []headerField {
	list := slices.Clone(fa)
	for i, f := range fb {
		if slices.ContainsFunc(list, func(x headerField) bool { return sameField(x, f) }) {
			continue
		}
		at := len(list)
		if i > 0 {
			at = slices.IndexFunc(list, func(x headerField) bool { return sameField(x, fb[i-1]) }) + 1
		}
		list = slices.Insert(list, at, f)
	}
	if !wire {
		slices.SortStableFunc(list, func(x, y headerField) int { return keyRank(x.name) - keyRank(y.name) })
	}
	return list
}

// keyRank is the place of a header among the key headers.
func keyRank(name string) int {
	for i, names := range keyHeaders {
		if strings.EqualFold(name, names[0]) {
			return i
		}
	}
	return len(keyHeaders)
}

// isSet tells the headers whose values are a set: their order says nothing.
func isSet(name string) bool {
	switch strings.ToLower(name) {
	case "allow", "supported", "require", "proxy-require", "unsupported", "allow-events", "accept-encoding":
		return true
	}
	return false
}

func sameSet(a, b string) bool {
	set := func(s string) []string {
		var list []string
		for part := range strings.SplitSeq(strings.ToLower(s), ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	return slices.Equal(set(a), set(b))
}

// orders reports whether headers that both have stand in another order, and
// adds a line about it.
func (d *difference) orders(fa, fb []headerField) bool {
	names := func(list, other []headerField) []string {
		var out []string
		for _, f := range list {
			if slices.ContainsFunc(other, func(x headerField) bool { return sameField(x, f) }) {
				out = append(out, f.title())
			}
		}
		return out
	}
	na, nb := names(fa, fb), names(fb, fa)
	if slices.EqualFunc(na, nb, strings.EqualFold) {
		return false
	}
	a, b := strings.Join(na, ", "), strings.Join(nb, ", ")
	l := diffLine{kind: diffChanged, name: "Header order"}
	l.a, l.b = changedPieces(a, b)
	d.lines = append(d.lines, l)
	return true
}

// maxDiffLines bounds how many lines of a body are compared.
const maxDiffLines = 200

// bodies compares what the messages carry.
func (d *difference) bodies(a, b *correlate.Message, ba, bb string) {
	if a.SDP != nil && b.SDP != nil || a.SDP != nil && bb == "" || b.SDP != nil && ba == "" {
		d.sessions(a.SDP, b.SDP)
		return
	}
	la, lb := bodyLines(ba), bodyLines(bb)
	for i := range max(len(la), len(lb)) {
		var va, vb *string
		if i < len(la) {
			va = &la[i]
		}
		if i < len(lb) {
			vb = &lb[i]
		}
		d.values(fmt.Sprintf("Body %d", i+1), va, vb, false)
	}
}

func bodyLines(body string) []string {
	var out []string
	for body != "" && len(out) < maxDiffLines {
		var line string
		line, body = cutLine(body)
		out = append(out, line)
	}
	return out
}
