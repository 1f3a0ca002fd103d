package notice

import (
	"fmt"
	"strings"
)

// A RegInfo says which contacts are registered (RFC 3680).
type RegInfo struct {
	Full          bool
	Registrations []Registration
}

// A Registration is the contacts of one address of record.
type Registration struct {
	AOR      string
	State    string // "init", "active", "terminated"
	Contacts []Contact
}

// A Contact is one binding.
type Contact struct {
	URI   string
	State string // "active", "terminated"
	Event string // "registered", "expired", "unregistered" …
}

// maxContacts bounds the contacts of one registration, and the registrations.
const maxContacts = 100

// ParseRegInfo reads application/reginfo+xml. What was understood comes with
// the error.
func ParseRegInfo(text string) (*RegInfo, error) {
	root, err := rooted(text, "reginfo")
	if root == nil {
		return nil, err
	}
	r := &RegInfo{Full: root.attribute("state") != "partial"}
	root.each("registration", func(e *element) {
		if len(r.Registrations) >= maxContacts {
			return
		}
		g := Registration{AOR: e.attribute("aor"), State: e.attribute("state")}
		e.each("contact", func(c *element) {
			if len(g.Contacts) < maxContacts {
				g.Contacts = append(g.Contacts, Contact{URI: c.child("uri").value(), State: c.attribute("state"), Event: c.attribute("event")})
			}
		})
		r.Registrations = append(r.Registrations, g)
	})
	return r, err
}

// Words says it in a line: "sip:bob@example.org active: sip:bob@192.0.2.4 (registered)".
func (r *RegInfo) Words() string {
	var words []string
	for i := range r.Registrations {
		g := &r.Registrations[i]
		text := strings.TrimSpace(g.AOR + " " + g.State)
		for j := range g.Contacts {
			c := &g.Contacts[j]
			separator := ", "
			if j == 0 {
				separator = ": "
			}
			text += separator + c.URI
			if c.Event != "" {
				text += fmt.Sprintf(" (%s)", c.Event)
			}
		}
		words = append(words, text)
	}
	if len(words) == 0 {
		return "no registration"
	}
	return strings.Join(words, "; ")
}
