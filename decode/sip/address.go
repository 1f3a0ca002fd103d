package sip

import "strings"

// An Address is a name-addr or addr-spec with its header parameters
// (RFC 3261 §20.10).
type Address struct {
	Display string // unquoted and unescaped
	URI     string // without < >, as on the wire
	Tag     string
	Params  string // header parameters after the URI, as on the wire, without the leading ';'
}

// Param returns a header parameter, quotes removed.
func (a *Address) Param(name string) (value string, ok bool) { return ParamOf(a.Params, name) }

// ParseAddress reads one element of From, To, Contact, Route and their like
// with every leniency of spec §2.3 and §2.4.
func ParseAddress(value string) Address {
	a, _ := parseAddress(value)
	return a
}

func parseAddress(value string) (a Address, f fault) {
	rest, angled := a.display(trim(value), &f)
	if angled {
		rest = a.angled(rest, &f)
	} else {
		rest = a.addrSpec(rest, &f)
	}
	if a.URI == "" {
		f |= faultSyntax
	}
	a.params(rest, &f)
	return a, f
}

// display reads what stands in front of '<' and returns what follows that. In
// an addr-spec there is no '<' and nothing is read.
func (a *Address) display(s string, f *fault) (rest string, angled bool) {
	if s != "" && s[0] == '"' {
		return a.quotedDisplay(s, f)
	}
	angle := strings.IndexByte(s, '<')
	if angle == 0 {
		return s[1:], true
	}
	if angle < 0 || isAddrSpec(s[:angle]) {
		return s, false
	}
	name := trimRight(s[:angle])
	if span(name, classToken|classLWS) != len(name) {
		*f |= faultDisplay
	}
	a.Display = Unfold(name)
	return s[angle+1:], true
}

// isAddrSpec reports whether the text in front of a '<' is a URI with
// parameters already, as in sip:a@b;x="<y>".
func isAddrSpec(s string) bool {
	semicolon := strings.IndexByte(s, ';')
	return semicolon > 0 && schemeLength(s[:semicolon]) > 0
}

// quotedDisplay reads a display name in quotes.
func (a *Address) quotedDisplay(s string, f *fault) (rest string, angled bool) {
	end := quotedEnd(s)
	if end < 0 {
		return a.openQuote(s, f)
	}
	angle := indexFrom(s, end, '<')
	if angle < 0 && strings.IndexByte(s, '<') >= 0 {
		return a.openQuote(s, f)
	}
	a.Display = unescape(s[1:end])
	if angle < 0 {
		*f |= faultDisplay
		return s[end+1:], false
	}
	if trim(s[end+1:angle]) != "" {
		*f |= faultDisplay
	}
	return s[angle+1:], true
}

// openQuote recovers the URI behind a quote that nobody closes: what stands
// between the last '<' and the next '>' (spec §2.4).
func (a *Address) openQuote(s string, f *fault) (rest string, angled bool) {
	*f |= faultQuote
	angle := strings.LastIndexByte(s, '<')
	if angle < 0 {
		return s[1:], false
	}
	a.Display = Unfold(trim(s[1:angle]))
	return s[angle+1:], true
}

// angled reads the URI between < > and returns what follows.
func (a *Address) angled(s string, f *fault) (rest string) {
	end := strings.IndexByte(s, '>')
	if end < 0 {
		*f |= faultAngle
		end = len(s)
	} else {
		rest = s[end+1:]
	}
	a.URI = trim(s[:end])
	if len(a.URI) != end || indexLWS(a.URI) >= 0 {
		*f |= faultSpace
	}
	return rest
}

// addrSpec reads a URI without < >: everything from the first semicolon on is
// header parameters (RFC 3261 §20.10).
func (a *Address) addrSpec(s string, f *fault) (rest string) {
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	a.URI = trim(s[:end])
	if indexLWS(a.URI) >= 0 {
		*f |= faultSpace
	}
	if strings.IndexByte(a.URI, ',') >= 0 || strings.IndexByte(a.URI, '?') >= 0 {
		*f |= faultBrackets
	}
	return s[end:]
}

// params reads the header parameters: nothing, or a semicolon and more.
func (a *Address) params(s string, f *fault) {
	s = trimLeft(s)
	if s == "" {
		return
	}
	start := strings.IndexByte(s, ';')
	if start != 0 {
		*f |= faultSyntax
	}
	if start < 0 {
		return
	}
	a.Params = s[start+1:]
	for p := newParams(a.Params); ; {
		param, ok := p.next()
		if !ok {
			return
		}
		if param.Name == "" {
			*f |= faultSyntax
		}
		if a.Tag == "" && equalFold(param.Name, "tag") {
			a.Tag = param.Value
		}
	}
}
