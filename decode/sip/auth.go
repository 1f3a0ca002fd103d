package sip

// An Auth is a challenge or credentials: the value of WWW-Authenticate,
// Proxy-Authenticate, Authorization or Proxy-Authorization (RFC 3261 §20.7,
// RFC 8760). One header line holds one; commas separate its parameters.
type Auth struct {
	Scheme    string // "Digest", as on the wire
	Username  string
	Realm     string
	Nonce     string
	URI       string
	Response  string
	QOP       string // of a challenge a list: "auth,auth-int"
	NC        string // nonce count, 8 hexadecimal digits
	CNonce    string
	Algorithm string // "" means MD5
	Opaque    string
	Stale     bool // only "true" in any case is true
}

// ParseAuth reads a challenge or credentials. A parameter that stands twice
// counts the first time.
func ParseAuth(value string) Auth {
	s := trim(value)
	n := span(s, classToken)
	a := Auth{Scheme: s[:n]}
	for e := newElements(s[n:]); ; {
		element, ok := e.next()
		if !ok {
			return a
		}
		a.set(parseParam(element))
	}
}

func (a *Auth) set(p Param) {
	value := Unquote(p.Value)
	for _, field := range [...]struct {
		name string
		to   *string
	}{
		{"username", &a.Username},
		{"realm", &a.Realm},
		{"nonce", &a.Nonce},
		{"uri", &a.URI},
		{"response", &a.Response},
		{"qop", &a.QOP},
		{"nc", &a.NC},
		{"cnonce", &a.CNonce},
		{"algorithm", &a.Algorithm},
		{"opaque", &a.Opaque},
	} {
		if equalFold(p.Name, field.name) {
			*field.to = first(*field.to, value)
			return
		}
	}
	if equalFold(p.Name, "stale") {
		a.Stale = equalFold(value, "true")
	}
}

// knownAuthSchemes are the schemes in use with SIP.
var knownAuthSchemes = [...]string{
	"Digest", "Basic", "Bearer", "NTLM", "Kerberos", "Negotiate", "TLS-DSK", "PGP",
}

func knownAuthScheme(scheme string) bool {
	for _, known := range knownAuthSchemes {
		if equalFold(known, scheme) {
			return true
		}
	}
	return false
}
