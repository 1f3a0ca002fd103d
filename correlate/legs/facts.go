package legs

import (
	"net/netip"
	"slices"
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
	Parties     string   // user parts of From and To as they stand, "" when one is missing
	Request     string   // request URI: user@host, or the number in it
	Targets     []string // of History-Info and Diversion, in the form of Request
	MaxForwards int

	Names    []Name // Call-IDs of other calls in its headers
	Keys     []Key  // values that legs of one call share
	Sessions []Session

	Endpoints []Endpoint
	Origins   []string // o= lines: user name and session
	Codecs    string   // of the first offer, in its order, with the packet time

	Status int   // final response that decided the call
	Final  int64 // its time
	Bye    int64
	Ended  int64 // by a BYE or by a failure

	Streams []Stream
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
	By       netip.Addr // who sent the description
	ByCaller bool
}

// A Stream is the RTP packets of one source in a call. Numbers are extended.
type Stream struct {
	SSRC                    uint32
	FirstNumber, LastNumber int64
	First, Last             int64 // Unix ns
}

// A mark is what can change of facts. Lists only grow.
type mark struct {
	invited, final, bye, ended, streamed int64
	status, codecs                       int
	lists                                [10]uint8 // lengths
}

// overlap is how many packets of a stream are of interest: in the beginning,
// when few overlap with those of another leg.
const overlap = 50

func (f *Facts) mark() mark {
	m := mark{invited: f.Invited, final: f.Final, bye: f.Bye, ended: f.Ended, status: f.Status, codecs: len(f.Codecs)}
	for i := range f.Streams {
		s := &f.Streams[i]
		m.streamed += int64(s.SSRC)<<8 + s.FirstNumber + min(s.LastNumber-s.FirstNumber, overlap)
	}
	m.lists = [...]uint8{uint8(len(f.Receivers)), uint8(len(f.Callers)), uint8(len(f.Callees)), uint8(len(f.Targets)), uint8(len(f.Names)), uint8(len(f.Keys)),
		uint8(len(f.Sessions)), uint8(len(f.Endpoints)), uint8(len(f.Origins)), uint8(len(f.Streams))}
	return m
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
	if callID == "" || len(callID) > maxText || callID == f.CallID || len(f.Names) >= maxNames {
		return
	}
	for _, n := range f.Names {
		if n.Kind == kind && n.CallID == callID {
			return
		}
	}
	f.Names = append(f.Names, Name{kind, callID, header})
}

func (f *Facts) key(kind Kind, value, header string) {
	if len(value) < minKey || len(value) > maxText || len(f.Keys) >= maxKeys {
		return
	}
	for _, k := range f.Keys {
		if k.Kind == kind && k.Value == value {
			return
		}
	}
	f.Keys = append(f.Keys, Key{kind, value, header})
}

func (f *Facts) session(uuid string, legacy bool) {
	if len(f.Sessions) >= maxSessions {
		return
	}
	for _, s := range f.Sessions {
		if s.UUID == uuid {
			return
		}
	}
	f.Sessions = append(f.Sessions, Session{uuid, legacy})
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
	for _, n := range before.Names {
		f.name(n.Kind, n.CallID, n.Header)
	}
	for _, k := range before.Keys {
		f.key(k.Kind, k.Value, k.Header)
	}
	for _, s := range before.Sessions {
		f.session(s.UUID, s.Legacy)
	}
	for _, e := range before.Endpoints {
		f.endpoint(e)
	}
	for _, o := range before.Origins {
		f.origin(o)
	}
	if f.Codecs == "" {
		f.Codecs = before.Codecs
	}
}

// Correlated notes what a capture agent says the call belongs to.
func (f *Facts) Correlated(id string) { f.key(ByVendorID, id, "HEP correlation ID") }

// AddStream adds a stream of the call.
func (f *Facts) AddStream(s Stream) {
	if len(f.Streams) < maxStreams {
		f.Streams = append(f.Streams, s)
	}
}
