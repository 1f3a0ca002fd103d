package roster

import (
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// defaultExpires is how long a registration lasts when nobody says (RFC 3261
// §10.3).
const defaultExpires = 3600

// asked is what a REGISTER wants.
type asked struct {
	to          sip.Address
	domain      string
	contacts    []Contact // 50 at most: more is no device
	expires     int64     // s, header; -1 when absent
	star        bool      // Contact: *
	request     bool      // it is one, not the response that stands in for it
	credentials bool
	nonce       string
	auth        Auth
	userAgent   string
	via         sip.Via // of the device
	direct      bool    // no proxy in between
}

// told is what a response to REGISTER says.
type told struct {
	contacts   []Contact
	more       int
	expires    int64 // s, header; -1 when absent
	minExpires int64 // s; -1 when absent
	path       []string
	server     string
	stale      bool
	nonce      string
	auth       Auth
	via        sip.Via
	direct     bool
}

func readAsked(m *sip.Message, kept *correlate.Message) asked {
	a := asked{to: m.To, expires: -1}
	if kept.Method == "" {
		return a
	}
	a.request, a.domain, a.userAgent = true, m.RequestURI, text(m, sip.HeaderUserAgent)
	a.contacts, _, a.star = readContacts(m, maxContacts)
	a.expires = seconds(m, sip.HeaderExpires)
	a.via, a.direct = lastVia(m), m.ViaCount == 1
	for _, id := range [...]sip.HeaderID{sip.HeaderAuthorization, sip.HeaderProxyAuthorization} {
		if value, ok := m.Get(id); ok {
			auth := sip.ParseAuth(value)
			a.credentials = a.credentials || auth.Response != "" || auth.Scheme != "" && !strings.EqualFold(auth.Scheme, "Digest")
			a.nonce = auth.Nonce
			a.auth = Auth{Scheme: auth.Scheme, Algorithm: auth.Algorithm, QOP: auth.QOP, Realm: auth.Realm, Username: auth.Username}
		}
	}
	return a
}

// aor is the address of record; a REGISTER without To has its Request-URI only.
func (a *asked) aor() string {
	if a.to.URI == "" {
		return a.domain
	}
	return a.to.URI
}

func readTold(m *sip.Message) told {
	t := told{expires: -1, minExpires: -1, via: lastVia(m), direct: m.ViaCount == 1, server: text(m, sip.HeaderServer)}
	switch {
	case m.StatusCode/100 == 2:
		t.contacts, t.more, _ = readContacts(m, maxBindings)
		t.expires = seconds(m, sip.HeaderExpires)
		for path := range m.Values(sip.HeaderPath) {
			if len(t.path) < maxKinds {
				t.path = append(t.path, path)
			}
		}
	case m.StatusCode == 423:
		t.minExpires = seconds(m, sip.HeaderMinExpires)
	case m.StatusCode == 401 || m.StatusCode == 407:
		for _, id := range [...]sip.HeaderID{sip.HeaderWWWAuthenticate, sip.HeaderProxyAuthenticate} {
			if value, ok := m.Get(id); ok {
				auth := sip.ParseAuth(value)
				t.stale, t.nonce = auth.Stale, auth.Nonce
				t.auth = Auth{Scheme: auth.Scheme, Algorithm: auth.Algorithm, QOP: auth.QOP, Realm: auth.Realm}
				break
			}
		}
	}
	return t
}

// lastVia is the one that the device itself put.
func lastVia(m *sip.Message) sip.Via {
	if m.ViaCount == 1 {
		return m.Via
	}
	last := ""
	for value := range m.Values(sip.HeaderVia) {
		last = value
	}
	return sip.ParseVia(last)
}

// readContacts lists the contacts of a message, most of them at most, and
// counts the others; their own expiry is -1 when they do not say.
func readContacts(m *sip.Message, most int) (list []Contact, more int, star bool) {
	for a := range m.Addresses(sip.HeaderContact) {
		switch {
		case a.URI == "*":
			star = true
			continue
		case len(list) == most:
			more++
			continue
		}
		c := Contact{URI: a.URI, Expires: -1}
		if value, ok := a.Param("expires"); ok {
			c.Expires = number(value)
		}
		c.Instance, _ = a.Param("+sip.instance")
		c.RegID, _ = a.Param("reg-id")
		c.Q, _ = a.Param("q")
		c.Received, _ = a.Param("received")
		list = append(list, c)
	}
	return list, more, star
}

// challenge and credentials keep what is said of the way to authenticate.
func (a *Auth) challenge(t *told) {
	username := a.Username
	if t.auth.Scheme != "" {
		*a = t.auth
		a.Username = username
	}
}

func (a *Auth) credentials(q *asked) {
	if q.credentials {
		*a = q.auth
	}
}

// A binding is what a 2xx to REGISTER means.
type binding struct {
	contacts []Contact
	more     int
	lifetime int64 // s, of the device's own contact; 0 when it has none
	own      string
}

// bind works out the bindings. The 2xx lists those of all devices; registrars
// that leave them out are believed to have done what was asked.
func bind(a *asked, t *told, at int64) binding {
	b := binding{more: t.more}
	who := make([]string, len(a.contacts))
	for i := range a.contacts {
		who[i] = address(a.contacts[i].URI)
	}
	list, listed := t.contacts, true
	if len(list) == 0 && len(a.contacts) > 0 && !a.star {
		list, listed = a.contacts, false
	}
	matched := false
	for i := range list {
		c := list[i]
		want := match(&c, a.contacts, who)
		c.Expires = effective(&c, want, a, t, listed)
		if c.Expires == 0 {
			continue
		}
		c.Own, c.Listed, c.Until = want != nil, listed, at+c.Expires*second
		if c.Own && (!matched || c.Expires > b.lifetime) {
			b.lifetime, b.own, matched = c.Expires, c.URI, true
		}
		if len(b.contacts) < maxContacts {
			b.contacts = append(b.contacts, c)
		} else {
			b.more++
		}
	}
	if !matched && !a.star && !a.leaves() {
		b.longest()
	}
	return b
}

// longest takes the longest of all bindings for the device's own: its registrar
// rewrites contacts, or it only asked which there are.
func (b *binding) longest() {
	for i := range b.contacts {
		if c := &b.contacts[i]; c.Expires > b.lifetime {
			b.lifetime, b.own = c.Expires, c.URI
		}
	}
}

// leaves reports whether a REGISTER takes its contacts away.
func (a *asked) leaves() bool {
	for i := range a.contacts {
		c := &a.contacts[i]
		if c.Expires != 0 && (c.Expires > 0 || a.expires != 0) {
			return false
		}
	}
	return len(a.contacts) > 0
}

// effective is how long a contact lasts, in seconds: by its own parameter in
// the 2xx, else the Expires header there, else the request, else an hour
// (spec §3.7).
func effective(c, want *Contact, a *asked, t *told, listed bool) int64 {
	if listed && c.Expires >= 0 {
		return c.Expires
	}
	if t.expires >= 0 && (listed || !a.leaves()) {
		return t.expires
	}
	if want != nil && want.Expires >= 0 {
		return want.Expires
	}
	if want != nil && a.expires >= 0 {
		return a.expires
	}
	return defaultExpires
}

// match finds the contact of the request that a contact of the response is;
// who is what tells those of the request apart.
func match(c *Contact, contacts []Contact, who []string) *Contact {
	for i := range contacts {
		o := &contacts[i]
		if c.Instance != "" && c.Instance == o.Instance && c.RegID == o.RegID || c.URI == o.URI {
			return o
		}
	}
	if len(contacts) == 0 {
		return nil
	}
	if i := slices.Index(who, address(c.URI)); i >= 0 {
		return &contacts[i]
	}
	return nil
}
