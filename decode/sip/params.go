package sip

import "strings"

// A Param is one ";name=value" of a header or a URI.
type Param struct {
	Name   string
	Value  string // as on the wire: Unquote removes the quotes; "" when there is none
	Valued bool   // an equals sign stood behind the name
}

// params walks the parameters of a text that follows a semicolon. An empty
// parameter has no name.
type params struct {
	rest string
	more bool
	flat bool // quotes count for nothing
}

// newParams walks text, what stands behind the first semicolon.
func newParams(text string) params { return params{rest: text, more: true} }

func (p *params) next() (Param, bool) {
	if !p.more {
		return Param{}, false
	}
	end, equals := p.bounds()
	segment := p.rest[:end]
	if p.more = end < len(p.rest); p.more {
		p.rest = p.rest[end+1:]
	}
	if equals < 0 {
		return Param{Name: trim(segment)}, true
	}
	return Param{Name: trim(segment[:equals]), Value: trim(segment[equals+1:]), Valued: true}, true
}

// bounds returns where the next parameter ends and where its equals sign is,
// -1 when it has none. A semicolon inside a quoted-string is none. A quote that
// nobody closes counts as an ordinary octet, and so do all after it: looking
// for each one's end would take quadratic time.
func (p *params) bounds() (end, equals int) {
	s := p.rest
	equals = -1
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';':
			return i, equals
		case '=':
			if equals < 0 {
				equals = i
			}
		case '"':
			if p.flat {
				continue
			}
			closing := quotedEnd(s[i:])
			if p.flat = closing < 0; !p.flat {
				i += closing
			}
		}
	}
	return len(s), equals
}

// parseParam reads one "name=value".
func parseParam(s string) Param {
	name, value, valued := strings.Cut(s, "=")
	return Param{Name: trim(name), Value: trim(value), Valued: valued}
}

// indexFrom is strings.IndexByte from an offset.
func indexFrom(s string, from int, b byte) int {
	if i := strings.IndexByte(s[from:], b); i >= 0 {
		return from + i
	}
	return -1
}

// ParamOf returns the value of the first parameter of that name in a
// parameter list without its leading semicolon, as Address.Params and
// Via.Params hold it. Quotes are removed.
func ParamOf(list, name string) (value string, ok bool) {
	for p := newParams(list); ; {
		param, more := p.next()
		if !more {
			return "", false
		}
		if equalFold(param.Name, name) && param.Name != "" {
			return Unquote(param.Value), true
		}
	}
}
