package correlate

import (
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate/legs"
	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// A callRecord is what the tracker knows of one Call-ID. The Call that it
// publishes is made from it anew whenever something changed.
type callRecord struct {
	index    int
	position int          // in Tracker.order
	ref      *CallRef     // handed to the streams
	pair     *addressPair // of messages without Call-ID; nil when there is one

	*following            // nil while the record is frozen
	messages   []*Message // in time order; published as messages[:n:n]
	packed     *packed    // in their place while the record is frozen; nil: they are held
	opened     moment     // of the first of them
	identity   identity
	leg        *legs.Facts // what tells its other legs; nil when it is no call
	legFrom    legOrigin   // what that began with
	legSize    int64       // octets that count for it
	legs       []Leg       // as published
	pressed    []pressed   // keys of SIP INFO
	media      media
	devices    []*DeviceReport
	errors     *networkErrors // about its messages; nil when there are none
	msrp       *msrpRecord    // of its message sessions; nil when it describes none
	remarks    flagSet        // found by the tracker, not by a machine
	relations  *relations     // with other calls; nil when there is nothing to find them by
	announced  bool           // the streams know of this call
	ending     bool           // the streams were told that it ended
	replacing  replacement    // the call that this one took the place of
	replaced   bool           // an event without a message is among the events
	dropped    bool           // messages in the middle were let go, see trim
	evicted    bool
	told       bool // the listener knows that it has ended
	dirty      bool // what was published is out of date
	live       bool // its messages came as they happened, see precedes
	built      bool // what is to be published stands in Tracker.views

	bytes       int64 // estimate of the memory that it takes
	packedFrees int64 // of it: what holding the messages packed gives back
	latest      int64 // Unix ns, of the last message
	heard       int64 // what Tracker.clock said when a message came last
	stamp       int64 // Unix ns, of that message
	counted     counted
	place       place  // in the lists of eviction
	crowd       *crowd // that it is counted in
	number      uint32 // CSeq of the first request
	known       bool   // more than one took part, see acquaint
	hailed      bool   // somebody responded
	thawed      bool   // a message came after it was frozen
	alarm       alarm  // in the queue of timers
}

// An addressPair is two addresses in their natural order.
type addressPair struct{ a, b netip.AddrPort }

func pairOf(p *decode.Packet) addressPair {
	if p.Dst.Compare(p.Src) < 0 {
		return addressPair{p.Dst, p.Src}
	}
	return addressPair{p.Src, p.Dst}
}

// counted is what the totals hold of a record, so that a new run can replace
// it.
type counted struct {
	transactions, dialogs uint64
	call, registration    bool
}

// A moment is when a message came, and its place in the capture.
type moment struct {
	nanos int64
	frame int
}

// began is the time of the first message.
func (r *callRecord) began() int64 {
	if r.packed != nil {
		return r.opened.nanos
	}
	if len(r.messages) == 0 {
		return 0
	}
	return r.messages[0].Nanos
}

// An identity is what the opening message says of the two sides. Strings are
// substrings of the message.
type identity struct {
	of      *Message // nil when that is not known any more
	fromTag string

	from, to, fromDisplay, toDisplay, requestURI string
	agents                                       []agent
}

// An agent is the User-Agent of the first request from one side.
type agent struct {
	fromTag, name string
	nanos         int64
	frame         int
}

// maxAgents bounds the From tags whose User-Agent is remembered.
const maxAgents = 4

func (i *identity) take(m *Message, s *sip.Message) {
	i.of, i.fromTag, i.requestURI = m, m.FromTag, s.RequestURI
	i.from, i.fromDisplay = s.From.URI, s.From.Display
	i.to, i.toDisplay = s.To.URI, s.To.Display
}

// note remembers the User-Agent of a request, if it is the first of its side.
func (i *identity) note(m *Message, s *sip.Message) {
	name, ok := s.Get(sip.HeaderUserAgent)
	if !ok || m.Method == "" {
		return
	}
	a := agent{m.FromTag, name, m.Nanos, m.Frame}
	at := slices.IndexFunc(i.agents, func(b agent) bool { return b.fromTag == a.fromTag })
	switch {
	case at < 0 && len(i.agents) < maxAgents:
		i.agents = append(i.agents, a)
	case at >= 0 && (a.nanos < i.agents[at].nanos || a.nanos == i.agents[at].nanos && a.frame < i.agents[at].frame):
		i.agents[at] = a
	}
}

// agent is the User-Agent of the side with a From tag, "" when unknown.
func (i *identity) agent(fromTag string) string {
	for _, a := range i.agents {
		if a.fromTag == fromTag {
			return strings.TrimSpace(a.name)
		}
	}
	return ""
}
