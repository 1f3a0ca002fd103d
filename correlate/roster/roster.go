package roster

import (
	"net/netip"
	"strings"

	"sipsniff/correlate"
)

// The bounds. What is beyond them is counted in Omitted or in the record.
const (
	maxRecords  = 100_000 // of each kind
	maxFrames   = 50      // that one record names, the latest
	maxAttempts = 50      // that one registration lists, the latest
	maxChanges  = 50      // of one registration or trunk, the latest
	maxContacts = 50
	maxBindings = 500     // contacts of a 2xx that are looked at
	maxContents = 50      // bodies in one notification
	maxSayings  = 50      // of one subscription, the latest
	maxWords    = 1 << 10 // octets of one of them
	maxTexts    = 50      // messages that one conversation lists, the latest
	maxKinds    = 20      // content types or status codes of one record
	perCall     = 200     // subscriptions of one Call-ID
)

const (
	second = int64(1e9)

	// timeout is 64·T1: after that a request without a response has none
	// (RFC 3261 timer F). linger is how long after the final response copies of
	// a request still belong to it (spec §3.2).
	timeout = 32 * second
	linger  = timeout + 5*second
	// grace is how late a refresh may be (spec §3.7).
	grace = 5 * second
)

// A State is how a record stands, as the JSON writes it.
type State string

// The states. Not every kind of record has all of them.
const (
	Unknown      State = "unknown" // the capture shows one side only
	Pending      State = "pending"
	Challenged   State = "challenged"
	Rejected     State = "rejected"
	NoReply      State = "no_reply"
	Registered   State = "registered"
	Unregistered State = "unregistered"
	Expired      State = "expired"
	Up           State = "up"
	Down         State = "down"
	Requested    State = "requested" // a subscription that has no answer yet
	Accepted     State = "accepted"  // one that was not notified yet
	Active       State = "active"
	Terminated   State = "terminated"
	Published    State = "published"
	Removed      State = "removed"
	Stale        State = "stale" // the tag of a publication is not known any more (412)
)

// Word returns the state as lists write it: "NO REPLY".
func (s State) Word() string { return strings.ToUpper(strings.ReplaceAll(string(s), "_", " ")) }

// A Roster is everything that is not a call. Lists are in the order of the
// first message.
type Roster struct {
	Registrations []*Registration
	Trunks        []*Trunk
	Subscriptions []*Subscription
	Publications  []*Publication
	Conversations []*Conversation

	// How many more there are than the lists hold.
	Omitted struct{ Registrations, Trunks, Subscriptions, Publications, Conversations int }
}

// Of makes the Roster of a Snapshot.
func Of(s *correlate.Snapshot) *Roster {
	c := collector{now: s.Last, hidden: hiddenIn(s)}
	for _, call := range s.Calls {
		c.call(call)
	}
	r := &Roster{}
	r.Registrations, r.Omitted.Registrations = c.registrations()
	r.Trunks, r.Omitted.Trunks = c.trunks()
	r.Subscriptions, r.Omitted.Subscriptions = c.subscriptions, c.omitted
	r.Publications, r.Omitted.Publications = c.publications()
	r.Conversations, r.Omitted.Conversations = c.conversations()
	return r
}

// A link is two addresses in their natural order.
type link [2]netip.Addr

func linkOf(a, b netip.Addr) link {
	if b.Less(a) {
		return link{b, a}
	}
	return link{a, b}
}

// hiddenIn lists the links of which one side is certainly not in the capture:
// there, that nothing came back means nothing (spec §9.1).
func hiddenIn(s *correlate.Snapshot) map[link]bool {
	hidden := make(map[link]bool)
	for i := range s.Links.List {
		if l := &s.Links.List[i]; l.Certain {
			hidden[linkOf(l.A, l.B)] = true
		}
	}
	return hidden
}

// tail appends to a list that keeps the latest n, and counts what left it.
func tail[T any](list []T, v T, n int, left *int) []T {
	if len(list) < n {
		return append(list, v)
	}
	*left++
	copy(list, list[1:])
	list[n-1] = v
	return list
}
