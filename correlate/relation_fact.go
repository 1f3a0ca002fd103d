package correlate

import (
	"strings"

	"sipsniff/decode/sip"
)

// This file reads the facts out of messages and files them.

// factKey is the key of a kind and a text; users and hosts are compared
// without regard to case, Call-IDs are not.
func (h *hasher) factKey(kind factKind, text string) uint64 {
	h.Reset()
	h.WriteByte(byte(kind))
	if kind == factNames || kind == factReplace {
		h.WriteString(text)
		return h.Sum64()
	}
	for i := range len(text) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		h.WriteByte(c)
	}
	return h.Sum64()
}

// tailLength is how many digits two numbers with different prefixes must have
// in common at the end.
const tailLength = 7

// userOf is what a URI is found by: the last digits of its number, its user,
// or its host when it has none.
func userOf(uri string) string {
	u := sip.ParseURI(uri)
	if n := len(u.User); n > tailLength && digits(u.User[n-tailLength:]) {
		return u.User[n-tailLength:]
	}
	if u.User != "" {
		return u.User
	}
	return u.Host
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// relate files what a message says about other calls. Copies may say more than
// their originals, and which of the two came first is not known yet.
func (t *Tracker) relate(r *callRecord, e *event, m *sip.Message) {
	switch {
	case e.verb() == "INVITE" && m.To.Tag == "":
		t.relateInvite(r, e, m)
	case e.method == "INVITE" && m.StatusCode/100 == 3:
		t.addFact(r, e, fact{kind: factRedirect, uri: e.uri}, userOf(e.uri))
	case e.verb() == "REFER":
		t.relateRefer(r, e, m)
	case e.verb() == "SUBSCRIBE" && hasPrefixFold(e.few().event, "conference"):
		t.addFact(r, e, fact{kind: factFocus, uri: e.uri, roster: true}, focusKey(e.uri))
	}
	if e.rarities != nil && e.focus != "" && m.StatusCode < 300 {
		t.addFact(r, e, fact{kind: factFocus, uri: e.focus}, focusKey(e.focus))
	}
}

func (t *Tracker) relateInvite(r *callRecord, e *event, m *sip.Message) {
	few := e.few()
	f := fact{kind: factInvite, uri: e.uri, referredBy: few.referredBy, from: m.From.URI}
	if list := diversionsOf(few.diversions, few.history, e.frame); len(list) > 0 {
		f.by = list[len(list)-1].From
	}
	if e.replaces != "" {
		f.names = callIDOf(sip.Unfold(e.replaces))
	}
	t.addFact(r, e, f, userOf(e.uri))
	if f.names != "" {
		f.kind = factNames
		t.addFact(r, e, f, f.names)
	}
	if few.join != "" {
		f.kind, f.joins, f.names = factNames, true, callIDOf(sip.Unfold(few.join))
		t.addFact(r, e, f, f.names)
	}
}

func (t *Tracker) relateRefer(r *callRecord, e *event, m *sip.Message) {
	a := sip.ParseAddress(e.few().referTo)
	f := fact{kind: factRefer, uri: a.URI, from: m.From.URI, to: m.To.URI}
	t.addFact(r, e, f, userOf(a.URI))
	if replaces, ok := sip.ReferReplaces(a); ok {
		f.kind, f.names = factReplace, replaces.CallID
		t.addFact(r, e, f, f.names)
	}
}

// focusKey is what the calls of one conference have in common: RFC 4579 wants
// the same URI, and parameters differ.
func focusKey(uri string) string {
	u := sip.ParseURI(uri)
	return u.User + "@" + u.Host
}

// addFact files a fact, or what a further copy of its message adds to it, and
// marks the calls that it may concern.
func (t *Tracker) addFact(r *callRecord, e *event, f fact, text string) {
	f.of, f.nanos, f.frame, f.number, f.tag = r, e.nanos, e.frame, e.number, e.message.FromTag
	f.source, f.targets[0] = e.message.Src.Addr(), e.message.Dst.Addr()
	f.key = t.hash.factKey(f.kind, text)
	if r.relations == nil {
		r.relations = new(relations)
	}
	if known := r.relations.find(&f); known != nil {
		t.againFact(known, &f)
		return
	}
	if len(r.relations.facts) >= maxFacts {
		return
	}
	kept := new(fact)
	*kept = f
	r.relations.facts = append(r.relations.facts, kept)
	t.account(r, factOverhead)
	t.relations.put(kept)
	t.poke(kept)
}

func (r *relations) find(f *fact) *fact {
	for _, o := range r.facts {
		if o.kind == f.kind && o.key == f.key && o.roster == f.roster && (o.number == f.number && o.tag == f.tag || f.kind == factInvite || f.kind == factFocus) {
			return o
		}
	}
	return nil
}

// againFact takes a further copy: the earliest decides.
func (t *Tracker) againFact(known, f *fact) {
	for i, a := range known.targets {
		if a == f.targets[0] {
			break
		}
		if !a.IsValid() {
			known.targets[i] = f.targets[0]
			break
		}
	}
	if f.before(known) {
		t.relations.remove(known)
		targets := known.targets
		*known = *f
		known.targets = targets
		t.relations.put(known)
		t.poke(known)
	}
}

// poke marks the calls that a new fact may concern.
func (t *Tracker) poke(f *fact) {
	around := func(key uint64, before, after int64) {
		for _, o := range t.relations.within(key, f.nanos-before, f.nanos+after) {
			t.mark(o.of)
		}
	}
	switch f.kind {
	case factInvite:
		user := userOf(f.uri)
		around(t.hash.factKey(factRefer, user), transferWait, 0)
		around(t.hash.factKey(factRedirect, user), redirectWait, 0)
	case factNames:
		around(t.hash.factKey(factReplace, f.names), transferWait, 0)
		if other := t.calls[f.names]; other != nil {
			other.name()
			t.mark(other)
		}
	case factFocus:
		for _, o := range t.relations.facts[f.key][:min(len(t.relations.facts[f.key]), maxMembers)] {
			t.mark(o.of)
		}
	}
}

// name notes that another call names this one.
func (r *callRecord) name() {
	if r.relations == nil {
		r.relations = new(relations)
	}
	r.relations.named = true
}

// noteNamed looks for calls that named the Call-ID of a new one before.
func (t *Tracker) noteNamed(r *callRecord) {
	if t.relations.names == 0 {
		return
	}
	if t.markNaming(factNames, r.ref.CallID) {
		r.name()
	}
	t.markNaming(factReplace, r.ref.CallID)
}

// markNaming marks the calls that name a Call-ID, and reports whether there
// are any.
func (t *Tracker) markNaming(kind factKind, callID string) bool {
	list := t.relations.facts[t.hash.factKey(kind, callID)]
	for _, f := range list[:min(len(list), maxMembers)] {
		t.mark(f.of)
	}
	return len(list) > 0
}
