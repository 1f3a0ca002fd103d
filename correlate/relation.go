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
	tag    string // From tag

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
	maxFitting  = 64
	maxPerKey   = 4096 // of one key: of more the latest are kept
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
	if len(list) >= maxPerKey {
		if f.before(list[0]) {
			return
		}
		x.remove(list[0])
		list = x.facts[f.key]
	}
	at := len(list)
	if at > 0 && f.before(list[at-1]) {
		at, _ = slices.BinarySearchFunc(list, f, (*fact).compare)
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

func (f *fact) compare(o *fact) int {
	return cmp.Or(cmp.Compare(f.nanos, o.nanos), cmp.Compare(f.frame, o.frame))
}

func (f *fact) before(o *fact) bool { return f.compare(o) < 0 }

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
