package correlate

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/decode/sip"
)

// Calls that have to do with each other are found by what their messages say:
// a REFER and the INVITE that it causes, a 3xx and the INVITE to its Contact,
// a Replaces header and the dialog that it names, the members of a conference
// (spec §3.7). The index holds such facts. What follows from them is worked
// out when a Call is published, from all facts that there are, so that it does
// not depend on the order in which they came.

// A factKind is what a fact says of its call.
type factKind uint8

const (
	factInvite   factKind = iota // INVITE to a user
	factNames                    // INVITE that names a call in Replaces or Join
	factRefer                    // REFER to a user
	factReplace                  // REFER that wants a call replaced
	factRedirect                 // 3xx to a user
	factFocus                    // the Contact of a conference
)

// A fact is one thing that a message says. Strings are substrings of it.
type fact struct {
	of     *callRecord
	key    uint64
	kind   factKind
	joins  bool   // factNames: by Join
	by     string // factInvite: URI of who diverted it last, "" when nobody did
	roster bool   // factFocus: a subscription to the conference
	nanos  int64
	frame  int
	number uint32 // CSeq

	uri        string // Request-URI, Refer-To, Contact or focus
	from       string // From URI of an INVITE or REFER
	to         string // To URI of a REFER
	referredBy string
	names      string        // Call-ID that is named
	source     netip.Addr    // of the first copy
	targets    [4]netip.Addr // where the copies were sent
}

// maxFacts bounds the facts of one call, maxFitting how many are looked at
// to find the one that fits.
const (
	maxFacts    = 16
	maxFitting  = 256
	maxWatchers = 64
)

// relations is what a record keeps of its part in the index.
type relations struct {
	facts    []*fact
	chosen   []*callRecord // the calls that its transfers and redirections made
	watchers []*callRecord // calls whose Transfer or Redirect names this one
	named    bool          // others name this call in Replaces or Join
	gist     gist          // as the watchers know it
}

// A gist is what a Call tells those that made it.
type gist struct {
	state    State
	answered int64
}

// A relationIndex holds the facts of all calls that are remembered: each call
// brings maxFacts at most, and takes them along when it is evicted.
type relationIndex struct {
	facts map[uint64][]*fact // by key, in order of time
	names int                // facts of factNames and factReplace
}

func (x *relationIndex) put(f *fact) {
	if x.facts == nil {
		x.facts = make(map[uint64][]*fact)
	}
	list := x.facts[f.key]
	at := len(list)
	for at > 0 && f.before(list[at-1]) {
		at--
	}
	x.facts[f.key] = slices.Insert(list, at, f)
	if f.kind == factNames || f.kind == factReplace {
		x.names++
	}
}

func (x *relationIndex) remove(f *fact) {
	list := x.facts[f.key]
	i := slices.Index(list, f)
	if i < 0 {
		return
	}
	if f.kind == factNames || f.kind == factReplace {
		x.names--
	}
	if list = slices.Delete(list, i, i+1); len(list) == 0 {
		delete(x.facts, f.key)
	} else {
		x.facts[f.key] = list
	}
}

// within returns the facts of a key from one time to another, at most
// maxFitting.
func (x *relationIndex) within(key uint64, from, to int64) []*fact {
	list := x.facts[key]
	start, _ := slices.BinarySearchFunc(list, from, func(f *fact, at int64) int { return cmp.Compare(f.nanos, at) })
	end := start
	for end < len(list) && end-start < maxFitting && list[end].nanos <= to {
		end++
	}
	return list[start:end]
}

func (f *fact) before(o *fact) bool {
	return f.nanos < o.nanos || f.nanos == o.nanos && f.frame < o.frame
}

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

// relate files what a message says about other calls.
func (t *Tracker) relate(r *callRecord, e *event, m *sip.Message) {
	if e.message.Retransmission || e.message.Duplicate {
		return
	}
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
	f.of, f.nanos, f.frame, f.number = r, e.nanos, e.frame, e.number
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
		if o.kind == f.kind && o.key == f.key && o.roster == f.roster && (o.number == f.number || f.kind == factInvite || f.kind == factFocus) {
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
		known.nanos, known.frame, known.source = f.nanos, f.frame, f.source
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

// forgetRelations takes a record out of the index.
func (t *Tracker) forgetRelations(r *callRecord) {
	if r.relations == nil {
		return
	}
	for _, f := range r.relations.facts {
		t.relations.remove(f)
	}
}

// watch makes a call hear of changes in another that it made.
func (r *callRecord) watch(other *callRecord) {
	if other.relations == nil {
		other.relations = new(relations)
	}
	list := &other.relations.watchers
	*list = slices.DeleteFunc(*list, func(w *callRecord) bool { return w.evicted })
	if !slices.Contains(*list, r) && len(*list) < maxWatchers {
		*list = append(*list, r)
	}
}

// sameUser compares the users of two URIs; of numbers the separators do not
// count.
func sameUser(a, b string) bool {
	x, y := sip.ParseURI(a), sip.ParseURI(b)
	if strings.EqualFold(x.User, y.User) {
		return x.User != "" || strings.EqualFold(x.Host, y.Host)
	}
	n := x.Number()
	return n != "" && n == y.Number()
}

func sameHost(a, b string) bool {
	return strings.EqualFold(sip.ParseURI(a).Host, sip.ParseURI(b).Host)
}
