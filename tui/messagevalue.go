package tui

import "strings"

// value colours what people look for in a header value.
func (w *textWriter) value(name, value string) textLine {
	if hasName(name, []string{"cseq", "via", "v"}) {
		return w.pieces(value, nil)
	}
	if hasName(name, credentialHeaders) {
		return w.credentials(value)
	}
	if start, end, ok := userPart(value); ok {
		return append(append(w.pieces(value[:start], rolePtr(rolePlain)), span{w.u.clean(value[start:end]), roleUser}),
			w.pieces(value[end:], rolePtr(rolePlain))...)
	}
	return w.pieces(value, rolePtr(rolePlain))
}

// pieces divides a value at tags and branches; other text has role plain, or,
// without one, its numbers stand out.
func (w *textWriter) pieces(value string, plain *role) textLine {
	var out textLine
	for value != "" {
		start, end := tagValue(value)
		out = append(out, w.numbers(value[:start], plain)...)
		if end > start {
			out = append(out, span{w.u.clean(value[start:end]), roleOfTag(value[start:end])})
		}
		value = value[end:]
	}
	return out
}

func (w *textWriter) numbers(s string, plain *role) textLine {
	if plain != nil {
		return textLine{{w.u.clean(s), *plain}}
	}
	var out textLine
	for s != "" {
		digit := isDigit(s[0])
		n := 1
		for n < len(s) && isDigit(s[n]) == digit {
			n++
		}
		r := rolePlain
		if digit {
			r = roleNumber
		}
		out = append(out, span{w.u.clean(s[:n]), r})
		s = s[n:]
	}
	return out
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// tagRoles are the colours of tags and branches.
//
//nolint:gochecknoglobals // constants
var tagRoles = [...]role{roleTag, roleTagB, roleTagC, roleTagD}

// roleOfTag gives the same value the same colour wherever it stands.
func roleOfTag(value string) role {
	sum := uint32(2166136261) // FNV-1a
	for i := range len(value) {
		sum = (sum ^ uint32(value[i])) * 16777619
	}
	return tagRoles[sum>>7%uint32(len(tagRoles))]
}

// tagValue finds the value of the first tag or branch parameter; both are
// len(s) when there is none.
func tagValue(s string) (start, end int) {
	for _, param := range []string{";tag=", ";branch="} {
		if i := strings.Index(s, param); i >= 0 {
			start = i + len(param)
			if n := strings.IndexAny(s[start:], ";,> \t"); n >= 0 {
				return start, start + n
			}
			return start, len(s)
		}
	}
	return len(s), len(s)
}

// userPart finds the user part of the first SIP or tel URI.
func userPart(s string) (start, end int, ok bool) {
	for _, scheme := range []string{"sip:", "sips:"} {
		if i := strings.Index(s, scheme); i >= 0 {
			start = i + len(scheme)
			if n := strings.IndexAny(s[start:], "@> ;"); n > 0 && s[start+n] == '@' {
				return start, start + n, true
			}
		}
	}
	if i := strings.Index(s, "tel:"); i >= 0 {
		start = i + len("tel:")
		if n := strings.IndexAny(s[start:], ";> "); n > 0 {
			return start, start + n, true
		}
	}
	return 0, 0, false
}
