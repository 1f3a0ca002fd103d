package legs

import (
	"net/netip"
	"slices"
	"strings"
)

// Facts are what is known of one call as far as it helps to find the other
// legs. Strings may be substrings of the call's messages. What is not known is
// empty, and 0 for times, but -1 for MaxForwards.
type Facts struct {
	ID        int // of the call; legs whose INVITEs have one time are in its order
	CallID    string
	Invited   int64        // time of the first INVITE, Unix ns
	Sender    netip.Addr   // of the first INVITE
	Receivers []netip.Addr // of it and of what proxies made of it, in the order in which they were seen

	Callers     []Number // From, P-Asserted-Identity, Remote-Party-ID, Diversion
	Callees     []Number // request URI, To
	From, To    string   // user parts as they stand
	Request     string   // request URI: user@host, or the number in it
	MaxForwards int

	Endpoints []Endpoint
	Origins   []string // o= lines: user name and session
	Codecs    uint64   // hash of the codecs of the first offer, in its order, with the packet time; 0 when there is none

	Status int   // final response that decided the call
	Final  int64 // its time
	Bye    int64
	Ended  int64 // by a BYE or by a failure

	*Rare // what most calls have nothing of, nil
}

// Rare is the facts that few calls have.
type Rare struct {
	Targets  []string // of History-Info and Diversion, in the form of Request
	Names    []Name   // Call-IDs of other calls in its headers
	Keys     []Key    // values that legs of one call share
	Sessions []Session
	Streams  []Stream
}

// rare returns the rare facts, begun when there are none.
func (f *Facts) rare() *Rare {
	if f.Rare == nil {
		f.Rare = &Rare{}
	}
	return f.Rare
}

// few returns the rare facts to read.
func (f *Facts) few() Rare {
	if f.Rare == nil {
		return Rare{}
	}
	return *f.Rare
}

// A Name is a Call-ID that a header gives.
type Name struct {
	Kind   Kind // ByHeader, ByDialog or InReplyTo
	CallID string
	Header string // for people
}

// A Key is a value that is the same on all legs, or unique to one call.
type Key struct {
	Kind   Kind // ByICID or ByVendorID
	Value  string
	Header string // for people
}

// A Session is a UUID of the Session-ID header.
type Session struct {
	UUID   string
	Legacy bool // RFC 7329
}

// An Endpoint is where one side of a call awaits media.
type Endpoint struct {
	At       netip.AddrPort
	by       uint32 // hash of who sent the description
	ByCaller bool
}

// EndpointOf is where the sender of a description awaits media.
func EndpointOf(at netip.AddrPort, by netip.Addr, byCaller bool) Endpoint {
	h := sum(offset)
	octets := by.As16()
	h.text(string(octets[:]))
	return Endpoint{at, uint32(h>>32) ^ uint32(h), byCaller}
}

// A Stream is the RTP packets of one source in a call. Numbers are extended.
type Stream struct {
	SSRC                    uint32
	FirstNumber, LastNumber int64
	First, Last             int64 // Unix ns
}

// overlap is how many packets of a stream are of interest: in the beginning,
// when few overlap with those of another leg.
const overlap = 50

// mark sums up what can change of facts; lists only grow.
func (f *Facts) mark() uint64 {
	h := sum(offset)
	h.add(f.Invited, f.Final, f.Bye, f.Ended, int64(f.Status), int64(f.Codecs))
	h.add(int64(len(f.Receivers)), int64(len(f.Callers)), int64(len(f.Callees)), int64(len(f.Endpoints)), int64(len(f.Origins)))
	if r := f.Rare; r != nil {
		h.add(int64(len(r.Targets)), int64(len(r.Names)), int64(len(r.Keys)), int64(len(r.Sessions)))
		for i := range r.Streams {
			s := &r.Streams[i]
			h.add(int64(s.SSRC), s.FirstNumber, min(s.LastNumber-s.FirstNumber, overlap))
		}
	}
	return uint64(h)
}

// A sum is a running FNV-1a hash.
type sum uint64

const (
	offset = 14695981039346656037
	prime  = 1099511628211
)

func (h *sum) add(values ...int64) {
	for _, v := range values {
		for range 8 {
			*h = (*h ^ sum(v&0xFF)) * prime
			v >>= 8
		}
	}
}

func (h *sum) text(s string) {
	for i := 0; i < len(s); i++ {
		*h = (*h ^ sum(s[i])) * prime
	}
}

// MaxKey is how long names and keys may be, in octets.
const MaxKey = 256

// The limits of what is kept of one call. A real one has a few of each.
const (
	maxNumbers   = 6
	maxNames     = 8
	maxKeys      = 8
	maxSessions  = 4
	maxEndpoints = 12
	maxOrigins   = 4
	maxTargets   = 8
	maxStreams   = 16
	maxReceivers = 6
	maxText      = MaxKey
	minKey       = 6 // octets: shorter ones are counters
)

// name adds a Call-ID that a header gives.
func (f *Facts) name(kind Kind, callID, header string) {
	if callID == "" || len(callID) > maxText || callID == f.CallID || len(f.few().Names) >= maxNames {
		return
	}
	for _, n := range f.few().Names {
		if n.Kind == kind && n.CallID == callID {
			return
		}
	}
	f.rare().Names = append(f.Names, Name{kind, strings.Clone(callID), strings.Clone(header)}) // or the whole message would be held
}

func (f *Facts) key(kind Kind, value, header string) {
	if len(value) < minKey || len(value) > maxText || len(f.few().Keys) >= maxKeys {
		return
	}
	for _, k := range f.few().Keys {
		if k.Kind == kind && k.Value == value {
			return
		}
	}
	f.rare().Keys = append(f.Keys, Key{kind, strings.Clone(value), strings.Clone(header)})
}

func (f *Facts) session(uuid string, legacy bool) {
	if len(f.few().Sessions) >= maxSessions {
		return
	}
	for _, s := range f.few().Sessions {
		if s.UUID == uuid {
			return
		}
	}
	f.rare().Sessions = append(f.Sessions, Session{strings.Clone(uuid), legacy})
}

// Receive notes a host that received the INVITE.
func (f *Facts) Receive(host netip.Addr) {
	if len(f.Receivers) < maxReceivers && !slices.Contains(f.Receivers, host) {
		f.Receivers = append(f.Receivers, host)
	}
}

// received reports whether a host got the INVITE.
func (f *Facts) received(host netip.Addr) bool { return slices.Contains(f.Receivers, host) }

// first is the first host that received the INVITE.
func (f *Facts) first() netip.Addr {
	if len(f.Receivers) == 0 {
		return netip.Addr{}
	}
	return f.Receivers[0]
}

// Merge adds what was known of the call before an INVITE came that was sent
// earlier than the one of the facts so far.
func (f *Facts) Merge(before *Facts) {
	for _, host := range before.Receivers {
		f.Receive(host)
	}
	for _, n := range before.few().Names {
		f.name(n.Kind, n.CallID, n.Header)
	}
	for _, k := range before.few().Keys {
		f.key(k.Kind, k.Value, k.Header)
	}
	for _, s := range before.few().Sessions {
		f.session(s.UUID, s.Legacy)
	}
	for _, e := range before.Endpoints {
		f.endpoint(e)
	}
	for _, o := range before.Origins {
		f.origin(o)
	}
	if f.Codecs == 0 {
		f.Codecs = before.Codecs
	}
}

// Correlated notes what a capture agent says the call belongs to.
func (f *Facts) Correlated(id string) { f.key(ByVendorID, id, "HEP correlation ID") }

// ForgetStreams begins the list of streams anew; the one before it may be in
// use.
func (f *Facts) ForgetStreams() {
	if f.Rare != nil {
		f.Streams = nil
	}
}

// AddStream adds a stream of the call.
func (f *Facts) AddStream(s Stream) {
	if len(f.few().Streams) < maxStreams {
		f.rare().Streams = append(f.Streams, s)
	}
}
