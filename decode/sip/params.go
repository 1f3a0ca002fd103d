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
	segment := p.rest
	if i := p.semicolon(); i >= 0 {
		segment, p.rest = p.rest[:i], p.rest[i+1:]
	} else {
		p.more = false
	}
	return parseParam(segment), true
}

func parseParam(s string) Param {
	if i := strings.IndexByte(s, '='); i >= 0 {
		return Param{Name: trim(s[:i]), Value: trim(s[i+1:]), Valued: true}
	}
	return Param{Name: trim(s)}
}

// semicolon finds the next one that is not inside a quoted-string, or -1. A
// quote that nobody closes counts as an ordinary octet, and so do all after it:
// looking for each one's end would take quadratic time.
func (p *params) semicolon() int {
	s := p.rest
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';':
			return i
		case '"':
			if p.flat {
				continue
			}
			end := quotedEnd(s[i:])
			if p.flat = end < 0; !p.flat {
				i += end
			}
		}
	}
	return -1
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
