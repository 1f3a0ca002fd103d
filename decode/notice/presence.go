package notice

import (
	"slices"
	"strings"
)

// A Presence is a presence document (PIDF, RFC 3863), with the activities of
// RPID (RFC 4480).
type Presence struct {
	Entity     string // whose presence it is
	Tuples     []Tuple
	Notes      []string // of the document and of its person
	Activities []string // "on-the-phone", "away" …
}

// A Tuple is one way to reach the presentity.
type Tuple struct {
	ID      string
	Basic   string // "open", "closed" or ""
	Contact string
	Note    string
}

// maxTuples bounds the tuples, notes and activities that are kept of each.
const maxTuples = 50

// ParsePresence reads application/pidf+xml. What was understood comes with the
// error.
func ParsePresence(text string) (*Presence, error) {
	root, err := rooted(text, "presence")
	if root == nil {
		return nil, err
	}
	p := &Presence{Entity: root.attribute("entity")}
	p.notes(root)
	root.each("tuple", func(e *element) {
		if len(p.Tuples) < maxTuples {
			p.Tuples = append(p.Tuples, Tuple{
				ID: e.attribute("id"), Basic: strings.ToLower(e.child("status", "basic").value()),
				Contact: e.child("contact").value(), Note: e.child("note").value(),
			})
		}
		p.activities(e.child("status"))
		p.activities(e)
	})
	root.each("person", func(e *element) { // RFC 4479
		p.notes(e)
		p.activities(e)
	})
	return p, err
}

func (p *Presence) notes(e *element) {
	e.each("note", func(n *element) {
		if v := n.value(); v != "" && len(p.Notes) < maxTuples && !slices.Contains(p.Notes, v) {
			p.Notes = append(p.Notes, v)
		}
	})
}

// activities takes the children of <activities>, each of which is an empty
// element named for what the person does; <other> has text.
func (p *Presence) activities(e *element) {
	e.each("activities", func(list *element) {
		for _, a := range list.children {
			name := a.name
			switch {
			case name == "note":
				continue
			case name == "other" && a.value() != "":
				name = a.value()
			}
			if len(p.Activities) < maxTuples && !slices.Contains(p.Activities, name) {
				p.Activities = append(p.Activities, name)
			}
		}
	})
}

// Basic is "open" when any tuple is, else "closed" when any says so, else "".
func (p *Presence) Basic() string {
	basic := ""
	for i := range p.Tuples {
		switch p.Tuples[i].Basic {
		case "open":
			return "open"
		case "closed":
			basic = "closed"
		}
	}
	return basic
}

// Words says it in a line: `open, on-the-phone, "Back at noon"`.
func (p *Presence) Words() string {
	words := []string{p.Basic()}
	if words[0] == "" {
		words[0] = "no state"
	}
	words = append(words, p.Activities...)
	notes := p.Notes
	for i := range p.Tuples {
		if n := p.Tuples[i].Note; n != "" && !slices.Contains(notes, n) {
			notes = append(notes[:len(notes):len(notes)], n)
		}
	}
	for _, n := range notes {
		words = append(words, `"`+n+`"`)
	}
	return strings.Join(words, ", ")
}
