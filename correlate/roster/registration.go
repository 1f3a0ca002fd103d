package roster

import (
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode"
)

// A Registration is one device that registers one address of record: the
// REGISTERs with one To URI and one source, Call-ID or instance (spec §3.7).
type Registration struct {
	AOR       string // To URI; without a To the Request-URI
	Display   string
	State     State
	Source    netip.AddrPort // where the latest REGISTER came from
	Registrar netip.AddrPort // where it went
	Further   netip.AddrPort // where it was forwarded to, as far as seen
	Domain    string         // Request-URI
	Transport decode.Transport
	UserAgent string
	Server    string
	Calls     []*correlate.Call // the latest 50

	// Of the latest 2xx.
	Contacts     []Contact
	MoreContacts int
	Path         []string // RFC 3327
	Since        int64    // Unix ns, of the latest 2xx that registered; 0 when there is none
	Expires      int64    // s, of the device's own contact; -1 when not registered
	ExpiresAt    int64    // Unix ns
	RefreshFrom  int64    // Unix ns: between these two a refresh is expected
	RefreshBy    int64
	Delay        int64 // ns, RFC 6076 §4.1; -1 when unknown
	DelayMean    int64 // ns, over all that succeeded; -1 when unknown
	DelayMax     int64 // ns

	// Attempts: challenges and retransmissions belong to the one that they are
	// part of. Failed are those of RFC 6076 §4.2: 4xx but 401, 402 and 407, 5xx,
	// 6xx, and no reply.
	Attempts, Succeeded, Failed, NoReplies int
	Challenges                             int
	StaleNonces                            int // credentials that the registrar found stale
	OldNonces                              int // challenged again after an answer that was 10 s late
	Refused                                int // challenged again after an answer in time
	Retransmissions                        int
	FailureStreak, LongestStreak           int // in a row, 423 left out
	Refreshes, LateRefreshes               int
	Status                                 int // of the latest final response
	Reason                                 string
	MinExpires                             int64 // s, of the latest 423; -1 when there is none
	Cleared                                int   // Contact: *
	ClearedElsewhere                       bool  // the latest end was a Contact: * of another device

	Auth    Auth
	NAT     NAT
	Recent  []Attempt // the latest
	Earlier int       // attempts that are not in Recent
	Changes []Change  // the latest
	Before  int       // changes that are not in Changes
	Frames  []int     // the latest
	Partial bool      // messages in the middle were let go to save memory

	fold registrationFold
}

// A Contact is one binding of an address of record.
type Contact struct {
	URI      string
	Expires  int64 // s, effective
	Until    int64 // Unix ns
	Own      bool  // of this device, not of another with the same address of record
	Listed   bool  // the 2xx lists it; otherwise the registrar is believed to have done as asked
	Instance string
	RegID    string // RFC 5626
	Q        string
	Received string // what the registrar notes as the real source
}

// An Auth is how a device proves who it is. The response and the nonce are
// not kept (spec §9.14).
type Auth struct {
	Scheme, Algorithm, QOP, Realm, Username string
}

// A NAT is what says that there is address translation on the way.
type NAT struct {
	Evidence []string       // "address_differs", "port_differs", "contact_private"
	SentBy   string         // host of the device's Via
	SeenFrom netip.AddrPort // where the other side sees it; the port may be 0
}

// An Attempt is one try to register, with its challenges.
type Attempt struct {
	At, Ended  int64 // Unix ns, of its first request, of its last response
	Frame      int
	State      State // Registered, Unregistered, Rejected, NoReply, Challenged, Pending or Unknown
	Status     int
	Reason     string
	Delay      int64 // ns, of the last request; -1 when unknown
	Challenges int
}

// A Change is a moment when a registration or a trunk changed.
type Change struct {
	At     int64
	Frame  int // 0 when it is the time that ran out
	State  State
	Status int
	Detail string // of a registration: the contact; of a trunk: why
}
