package msrp

import (
	"iter"
	"strings"
)

// A URI is an MSRP URI (RFC 4975 §6): msrp://user@host:port/session;tcp.
type URI struct {
	Secure    bool   // msrps
	Authority string // host and port, in lower case; no user part
	Session   string // the session id, case-sensitive; "" for a relay that is asked for one
	Transport string // "tcp", "ws"; in lower case
}

// ParseURI reads a URI.
func ParseURI(s string) (u URI, ok bool) {
	scheme, rest, found := strings.Cut(s, "://")
	switch {
	case !found:
		return u, false
	case strings.EqualFold(scheme, "msrps"):
		u.Secure = true
	case !strings.EqualFold(scheme, "msrp"):
		return u, false
	}
	rest, parameters, _ := strings.Cut(rest, ";")
	u.Transport, _, _ = strings.Cut(parameters, ";")
	u.Transport = strings.ToLower(u.Transport)
	authority, session, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	u.Authority, u.Session = strings.ToLower(authority), session
	return u, u.Authority != ""
}

// maxHops bounds the URIs that are read of one path.
const maxHops = 8

// A Path is the value of a To-Path or From-Path header, or of a=path in SDP:
// URIs with spaces between. The last one of To-Path and a=path is that of
// the endpoint itself; those in front of it are relays.
func Path(value string) iter.Seq[URI] {
	return func(yield func(URI) bool) {
		for range maxHops {
			value = strings.TrimLeft(value, " \t")
			if value == "" {
				return
			}
			var one string
			if i := strings.IndexAny(value, " \t"); i >= 0 {
				one, value = value[:i], value[i:]
			} else {
				one, value = value, ""
			}
			if u, ok := ParseURI(one); ok && !yield(u) {
				return
			}
		}
	}
}
