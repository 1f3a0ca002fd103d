package tui

import "strings"

// credentialHeaders carry a challenge or its answer.
//
//nolint:gochecknoglobals // constants
var credentialHeaders = []string{"authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate"}

// credentialRoles are how the parameters look that people read, and how the one
// does that only a machine can.
//
//nolint:gochecknoglobals // constants
var credentialRoles = map[string]role{"username": roleUser, "realm": roleStrong, "nc": roleNumber, "response": roleDim}

// credentials colours the parameters of a challenge or of its answer.
func (w *textWriter) credentials(value string) textLine {
	var out textLine
	for value != "" {
		start, end := parameterValue(value)
		r, known := credentialRoles[parameterName(value[:start])]
		if !known {
			r = rolePlain
		}
		out = append(out, span{w.u.clean(value[:start]), rolePlain}, span{w.u.clean(value[start:end]), r})
		value = value[end:]
	}
	return out
}

// parameterValue is where the value of the first parameter begins and ends; a
// comma in quotes ends none. Both are len(s) when there is no parameter.
func parameterValue(s string) (start, end int) {
	at := strings.IndexByte(s, '=')
	if at < 0 {
		return len(s), len(s)
	}
	start, quoted := at+1, false
	for end = start; end < len(s); end++ {
		switch {
		case s[end] == '\\' && quoted:
			end++
		case s[end] == '"':
			quoted = !quoted
		case !quoted && (s[end] == ',' || s[end] == ' '):
			return start, end
		}
	}
	return start, len(s)
}

// parameterName is the name that stands in front of a value.
func parameterName(before string) string {
	name := strings.TrimSuffix(before, "=")
	return strings.ToLower(name[strings.LastIndexAny(name, " ,\t")+1:])
}
