package correlate

import (
	"slices"

	"sipsniff/correlate/legs"
)

// A piece copies strings that are parts of many texts into one text of their
// own, each once, so that the others need not be held. It is used again.
type piece struct {
	fields []*string
	from   []int32
	octets []byte
}

// add has strings moved. They must not be visible to others.
func (p *piece) add(fields ...*string) {
	for _, f := range fields {
		if *f != "" {
			p.fields = append(p.fields, f)
		}
	}
}

// cut moves them.
func (p *piece) cut() {
	for i, f := range p.fields {
		at := p.known(i)
		if at < 0 {
			at = int32(len(p.octets))
			p.octets = append(p.octets, *f...)
		}
		p.from = append(p.from, at)
	}
	text := string(p.octets)
	for i, f := range p.fields {
		*f = text[p.from[i]:][:len(*f)]
	}
	clear(p.fields)
	p.fields, p.from, p.octets = p.fields[:0], p.from[:0], p.octets[:0]
}

// known is where field i stands already, -1 when it does not.
func (p *piece) known(i int) int32 {
	for k := i - 1; k >= max(0, i-likely); k-- {
		if *p.fields[k] == *p.fields[i] {
			return p.from[k]
		}
	}
	return -1
}

// tighten moves what a Call that is about to be published, and its record, say
// of the messages into one text.
func (t *Tracker) tighten(r *callRecord, c *Call) {
	p, id := &t.piece, &r.identity
	p.add(&c.Method, &c.From, &c.To, &c.FromDisplay, &c.ToDisplay, &c.RequestURI, &c.UserAgent, &c.FinalReason, &c.Cause)
	p.add(&id.from, &id.to, &id.fromDisplay, &id.toDisplay, &id.requestURI, &id.fromTag, &r.legFrom.fromTag)
	for i := range id.agents {
		p.add(&id.agents[i].fromTag, &id.agents[i].name)
	}
	for i := range r.pressed {
		p.add(&r.pressed[i].fromTag, &r.pressed[i].press.Keys)
	}
	for i := range c.Dialogs {
		p.add(&c.Dialogs[i].FromTag, &c.Dialogs[i].ToTag)
	}
	c.Story = slices.Clone(c.Story)
	for i := range c.Story {
		p.add(&c.Story[i].Detail, &c.Story[i].More)
	}
	c.Branches, c.Redirects, c.Diversions = slices.Clone(c.Branches), slices.Clone(c.Redirects), slices.Clone(c.Diversions)
	for i := range c.Branches {
		p.add(&c.Branches[i].Target, &c.Branches[i].tag)
	}
	for i := range c.Redirects {
		p.add(&c.Redirects[i].Target)
	}
	for i := range c.Diversions {
		p.add(&c.Diversions[i].From, &c.Diversions[i].To, &c.Diversions[i].Reason)
	}
	c.Transfers = slices.Clone(c.Transfers)
	for i := range c.Transfers {
		p.add(&c.Transfers[i].Target, &c.Transfers[i].Replaces, &c.Transfers[i].tag)
	}
	if c.Conference != nil {
		p.add(&c.Conference.Focus)
	}
	if r.relations != nil {
		for _, f := range r.relations.facts {
			p.add(&f.by, &f.tag, &f.uri, &f.from, &f.to, &f.referredBy, &f.names)
		}
	}
	if r.leg != nil {
		tightenLeg(p, r.leg)
	}
	p.cut()
}

// tightenLeg moves the strings of the facts of a leg that most calls have.
func tightenLeg(p *piece, f *legs.Facts) {
	p.add(&f.From, &f.To, &f.Request)
	for i := range f.Callers {
		p.add(&f.Callers[i].Digits)
	}
	for i := range f.Callees {
		p.add(&f.Callees[i].Digits)
	}
	for i := range f.Origins {
		p.add(&f.Origins[i])
	}
}
