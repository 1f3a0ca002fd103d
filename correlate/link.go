package correlate

import (
	"net/netip"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// A LinkCount is how many SIP messages went one way between two addresses,
// every copy counted. ACKs, which nobody answers, are not among the requests.
type LinkCount struct {
	Requests, Responses uint64
}

// What there is to see of a one-sided Link.
const (
	SeenRequests  = "requests"      // but no response
	SeenResponses = "responses"     // but no request
	SeenDirection = "one_direction" // both, but nothing goes back
)

// A Link is two addresses of which one side only was seen to speak SIP (spec
// §9.1).
type Link struct {
	A, B       netip.Addr // A is the one whose message came first
	AToB, BToA LinkCount
	Seen       string
	// Certain says that the other side spoke and is not in the capture. It is
	// not certain when requests alone were seen: perhaps nobody answered.
	Certain bool
}

// Links is what a capture shows of the pairs of addresses that speak SIP.
type Links struct {
	Pairs    int    // pairs of addresses, up to a bound
	OneSided int    // of these, the one-sided ones
	List     []Link // the first of the one-sided ones
	Full     bool   // there are more pairs than are remembered
}

// Blind reports whether the capture shows one side only of what two addresses
// say to each other, for certain: then that something is missing says nothing.
func (l *Links) Blind(a, b netip.Addr) bool {
	for i := range l.List {
		if o := &l.List[i]; o.Certain && (o.A == a && o.B == b || o.A == b && o.B == a) {
			return true
		}
	}
	return false
}

const (
	maxLinks  = 32 << 10 // pairs that are remembered
	maxListed = 100      // one-sided links in a Snapshot
)

// A linkRecord is what is remembered of a pair of addresses.
type linkRecord struct {
	a, b             netip.Addr
	counts           [2]LinkCount // from a, from b
	invites, acks    [2]bool
	oneSided         bool
	previous, behind *linkRecord // among the one-sided
}

// A linkTable remembers the pairs of addresses that speak SIP. Once it is
// full it takes no more: those that were there first are enough to tell that
// a capture is one-sided.
type linkTable struct {
	pairs       map[[2]netip.Addr]*linkRecord
	first, last *linkRecord // one-sided, in the order in which they came to be
	oneSided    int
	limit       int
	full        bool
	changed     bool
	list        []Link // of the latest snapshot
}

func newLinkTable() *linkTable {
	return &linkTable{pairs: make(map[[2]netip.Addr]*linkRecord), limit: maxLinks}
}

// message counts a message on its link.
func (t *linkTable) message(p *decode.Packet, m *sip.Message) {
	r, from := t.find(p.Src.Addr(), p.Dst.Addr())
	if r == nil {
		return
	}
	switch {
	case !m.IsRequest():
		r.counts[from].Responses++
	case m.Method == "ACK":
		r.acks[from] = true
	default:
		r.counts[from].Requests++
		r.invites[from] = r.invites[from] || m.Method == "INVITE"
	}
	if now := r.seen() != ""; now != r.oneSided {
		t.move(r, now)
	}
	t.changed = t.changed || r.oneSided
}

// find returns the record of a pair, nil when there is no room for it, and
// whether the message comes from its a, 0, or its b, 1.
func (t *linkTable) find(src, dst netip.Addr) (r *linkRecord, from int) {
	key := [2]netip.Addr{src, dst}
	if dst.Less(src) {
		key = [2]netip.Addr{dst, src}
	}
	r = t.pairs[key]
	switch {
	case r != nil && r.a != src:
		return r, 1
	case r != nil:
		return r, 0
	case len(t.pairs) >= t.limit:
		t.full, t.changed = true, true
		return nil, 0
	}
	r = &linkRecord{a: src, b: dst}
	t.pairs[key] = r
	t.changed = true
	return r, 0
}

// seen says what there is of a link that is one-sided, "" of others.
func (r *linkRecord) seen() string {
	out, back := r.counts[0], r.counts[1]
	switch {
	case out.Requests+back.Requests+out.Responses+back.Responses == 0:
		return "" // ACKs only: the request they are for went elsewhere
	case out.Responses+back.Responses == 0:
		return SeenRequests
	case out.Requests+back.Requests == 0:
		return SeenResponses
	case r.a != r.b && (out == LinkCount{} || back == LinkCount{}):
		return SeenDirection
	}
	return ""
}

// certain reports whether the side that was not seen must have spoken: an
// INVITE is acknowledged only when it was answered, and responses answer
// something.
func (r *linkRecord) certain() bool {
	if r.seen() != SeenRequests {
		return true
	}
	return r.invites[0] && r.acks[0] || r.invites[1] && r.acks[1]
}

// move puts a link among the one-sided ones or takes it from there.
func (t *linkTable) move(r *linkRecord, oneSided bool) {
	r.oneSided, t.changed = oneSided, true
	if oneSided {
		t.oneSided++
		r.previous = t.last
		if t.last != nil {
			t.last.behind = r
		} else {
			t.first = r
		}
		t.last = r
		return
	}
	t.oneSided--
	if r.previous != nil {
		r.previous.behind = r.behind
	} else {
		t.first = r.behind
	}
	if r.behind != nil {
		r.behind.previous = r.previous
	} else {
		t.last = r.previous
	}
	r.previous, r.behind = nil, nil
}

// publish says what is known now. A list that was handed out never changes.
func (t *linkTable) publish() Links {
	if t.changed {
		t.list = nil
		for r := t.first; r != nil && len(t.list) < maxListed; r = r.behind {
			t.list = append(t.list, Link{A: r.a, B: r.b, AToB: r.counts[0], BToA: r.counts[1], Seen: r.seen(), Certain: r.certain()})
		}
		t.changed = false
	}
	return Links{Pairs: len(t.pairs), OneSided: t.oneSided, List: t.list, Full: t.full}
}
