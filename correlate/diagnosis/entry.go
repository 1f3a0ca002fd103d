package diagnosis

import (
	"slices"

	"sipsniff/correlate"
)

// An entry is what is known and was said of one call. It is of one state of the
// call: when the call changes, another takes its place.
type entry struct {
	call *correlate.Call
	tally
	findings []correlate.Finding // all of them, those that others hide too
	settled  []correlate.Finding
	recheck  int64 // Unix ns: what was said may be different then; 0 never
	run      int   // of the engine, in which it was judged
	looked   bool  // at others: what was said may be different in every snapshot
	paired   bool  // at the calls between the same hosts
	mute     bool  // what was said may be different once the capture has media

	// What surveys asked about the call, which they ask again in every snapshot.
	opened        bool
	begun         beginning
	named, priced bool
	expensive     bool
	scanner       string
	caller        int32 // see callers; 0 is not known yet
	tried         bool
	tries         []guess
	demand        *demand
}

// holds reports whether what was said of a call that did not change still is
// what is to be said.
func (n *entry) holds(e *Engine, snap *correlate.Snapshot) bool {
	return !n.looked && (n.recheck == 0 || snap.Last < n.recheck) && (!n.mute || len(snap.Streams) == 0) && (!n.paired || e.pairRuns[hostsOf(n.call)] <= n.run)
}

// hostsOf are the hosts between which a call was made.
func hostsOf(c *correlate.Call) way { return way{c.Source.Addr(), c.Destination.Addr()} }

// A beginning is what surveys want to know of the first messages of a call. It
// does not hold these: of calls that are over they are made when they are asked
// for.
type beginning struct {
	marks    [2]mark // of the first message and of the first response to the first request
	answered bool    // there are both
	way      crossing
}

// beginning is that of the call.
func (n *entry) beginning() *beginning {
	if n.opened {
		return &n.begun
	}
	n.opened = true
	list := n.call.Messages()
	if len(list) == 0 {
		return &n.begun
	}
	n.begun.marks[0] = markOf(list[0])
	if request, response := opening(n.call); response != nil {
		n.begun.marks[1] = markOf(response)
		n.begun.answered, n.begun.way = true, crossing{request.Interface, response.Interface, request.VLAN, response.VLAN}
	}
	return &n.begun
}

// asked makes what surveys want to know about passwords.
func (n *entry) asked() {
	if n.traits&TraitChallenge != 0 {
		n.demanded()
	}
	if n.traits&(TraitChallenge|TraitFailure) != 0 {
		n.guesses()
	}
}

// guesses are those of the call.
func (n *entry) guesses() []guess {
	if !n.tried {
		n.tries, n.tried = guessesOf(n.call), true
	}
	return n.tries
}

// demanded is the first challenge of the call, as far as anything is weak in
// it.
func (n *entry) demanded() *demand {
	if n.demand == nil {
		n.demand = demandOf(n.call)
	}
	return n.demand
}

// dear reports whether a request of the call was seen that asks for a number
// with one of the prefixes, which are always the same.
func (n *entry) dear(prefixes []string) bool {
	if !n.priced {
		n.expensive = !slices.Contains(n.call.Flags, "no_request_seen") && expensive(userOf(n.call.RequestURI), prefixes)
		n.priced = true
	}
	return n.expensive
}

// scannerBy is the scanner that the call names, "" when it names none. The names
// are always the same.
func (n *entry) scannerBy(names *scannerNames) string {
	if !n.named {
		n.scanner = names.of(n.call.UserAgent)
		if n.scanner == "" {
			n.scanner = names.of(n.call.FromDisplay)
		}
		if n.scanner == "" && failed(n.call) {
			n.scanner = names.of(n.call.From)
		}
		n.named = true
	}
	return n.scanner
}

// A callers numbers those who call, so that they can be counted quickly. The
// numbers go from 1.
type callers struct {
	numbers map[string]int32
	next    int32
}

// prepare numbers the callers of INVITEs that have no number yet. When most
// numbers are of calls that left, it begins anew.
func (t *callers) prepare(rows []*entry) {
	if t.numbers == nil || len(t.numbers) > 2*len(rows)+1000 {
		t.numbers, t.next = make(map[string]int32), 1
		for _, n := range rows {
			n.caller = 0
		}
	}
	for _, n := range rows {
		if n.caller != 0 || n.call.Method != "INVITE" {
			continue
		}
		number, known := t.numbers[n.call.From]
		if !known {
			number = t.next
			t.next++
			t.numbers[n.call.From] = number
		}
		n.caller = number
	}
}
