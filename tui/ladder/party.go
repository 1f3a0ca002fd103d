package ladder

import (
	"strings"

	"sipsniff/correlate"
)

// User returns what people call the end of a call: the user part of its URI,
// or the host when there is none. The text is as on the wire.
func User(uri string) string {
	scheme, rest, ok := strings.Cut(uri, ":")
	if !ok {
		return uri
	}
	switch strings.ToLower(scheme) {
	case "sip", "sips":
	case "tel":
		number, _, _ := strings.Cut(rest, ";")
		return number
	default:
		return uri
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user := rest[:at]
		if i := strings.IndexAny(user, ";:"); i > 0 { // parameters, or a password
			user = user[:i]
		}
		return user
	}
	if i := strings.IndexAny(rest, ";?>"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// Parties returns the two ends of a call as people call them, "?" where
// nothing is known. The text is as on the wire.
func Parties(c *correlate.Call) (from, to string) {
	from, to = User(c.From), User(c.To)
	if from == "" {
		from = "?"
	}
	if to == "" {
		to = "?"
	}
	return from, to
}
