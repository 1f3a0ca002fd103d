package correlate

import (
	"strconv"
	"strings"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// An event is one message as the state machines see it: what the published
// Message has, and the few headers that decide. An event without a message
// says that an INVITE elsewhere replaced this call (RFC 3891).
type event struct {
	nanos   int64
	frame   int
	message *Message
	copied  bool // the packet was captured before
	fresh   bool // the message was never published and may still be marked

	// method, in its usual spelling, and number are those of the transaction.
	// A response without CSeq takes them from the request that it seems to
	// answer.
	method string
	number uint32
	serial uint64 // of that request

	keys
	facts
}

// facts are the headers of one message that change a state. Strings are
// substrings of the message.
type facts struct {
	vias        uint8
	credentials bool // Authorization or Proxy-Authorization
	retryAfter  bool
	noReferSub  bool // the REFER makes no subscription (RFC 4488)

	// REGISTER: how many contacts, and the longest time they are bound for,
	// in seconds; -1 when neither Contact nor Expires tells. SUBSCRIBE and
	// its 2xx: the Expires header or -1.
	contacts uint16
	expires  int32

	sessionExpires int32 // s, 0 when absent
	subscription   subscription
	sipfrag        uint16 // status in the body of a NOTIFY (RFC 3515 §2.4.5), 0 when none

	rseq     uint32 // of a reliable provisional response, 0 when it is not
	rackRSeq uint32 // of a PRACK
	rackCSeq uint32

	replaces  string // Replaces of an INVITE
	cause     string // Reason header
	uri       string // Request-URI; of a 3xx its first Contact
	*rarities        // nil when there are none
}

// subscription is the substate of the Subscription-State header
// (RFC 6665 §4.1.3).
type subscription uint8

const (
	subscriptionUnknown subscription = iota
	subscriptionActive               // "active" and "pending"
	subscriptionTerminated
)

// before orders events by capture time, then by place in the capture.
func (e *event) before(o *event) bool {
	return e.nanos < o.nanos || e.nanos == o.nanos && e.frame < o.frame
}

// precedes reports whether an event of the call comes before another: in the
// order of time, but live only as far as packets may be late. When their times
// are further apart than that, a clock was set, or there are two: then what came
// first was first.
func (r *callRecord) precedes(e, o *event) bool {
	if r.live && apart(e.nanos, o.nanos) {
		return e.frame < o.frame
	}
	return e.before(o)
}

// apart reports whether two times are further from each other than packets are
// late.
func apart(a, b int64) bool { return a-b > behind || b-a > behind }

// verb is the method of a request in its usual spelling, "" for a response.
func (e *event) verb() string {
	if e.message.Method == "" {
		return ""
	}
	return e.method
}

// answers gives a response without CSeq the transaction of the request that
// went the other way last.
func (e *event) answers(request asked) {
	if e.message.Method == "" && e.message.CSeq.Method == "" && request.from == e.message.Dst {
		e.method, e.number, e.serial = request.method, request.number, request.serial
	}
}

// newMessage keeps of m what a Snapshot shows. Its strings are substrings of
// m.Raw, which therefore lives as long as the Message.
func newMessage(p *decode.Packet, m *sip.Message) *Message {
	return &Message{
		Frame: p.Frame, LastFrame: p.LastFrame, Nanos: p.Nanos, LastNanos: p.LastNanos,
		Src: p.Src, Dst: p.Dst, Transport: p.Transport,
		Method: sip.InternMethod(m.Method), StatusCode: m.StatusCode, Reason: m.Reason,
		CSeq:    sip.CSeq{Number: m.CSeq.Number, Method: sip.InternMethod(m.CSeq.Method)},
		FromTag: m.From.Tag, ToTag: m.To.Tag, Branch: m.Via.Branch,
		Headers: m.HeaderSet(),
		// The parser may be refilled with the next message.
		Findings: append([]sip.Finding(nil), m.Findings...),
		Cut:      p.Cut, Raw: m.Raw,
		Elsewhere: elsewhere(m, p.Src.Addr()),
	}
}

// factsOf reads the headers that change a state.
func factsOf(m *sip.Message) facts {
	f := facts{vias: uint8(min(m.ViaCount, 255)), expires: -1, uri: m.RequestURI}
	for i := range m.Headers {
		f.header(&m.Headers[i])
	}
	method := methodOf(m)
	f.rare(m, method)
	switch method {
	case "REGISTER":
		f.bindings(m)
	case "SUBSCRIBE":
		if value, ok := m.Get(sip.HeaderExpires); ok {
			f.expires = int32(seconds(value))
		}
	case "NOTIFY":
		f.sipfrag = sipfragStatus(m)
	}
	return f
}

// methodOf is the method of the transaction: that of the request line, which
// wins when the CSeq header says another, in its usual spelling.
func methodOf(m *sip.Message) string {
	method := m.Method
	if method == "" {
		method = m.CSeq.Method
	}
	if !sip.KnownMethod(method) {
		if upper := strings.ToUpper(method); sip.KnownMethod(upper) {
			return upper
		}
	}
	return method
}

func (f *facts) header(h *sip.Header) {
	switch h.ID {
	case sip.HeaderAuthorization, sip.HeaderProxyAuthorization:
		f.credentials = true
	case sip.HeaderRetryAfter:
		f.retryAfter = true
	case sip.HeaderReferSub:
		f.noReferSub = f.noReferSub || hasPrefixFold(h.Value, "false")
	case sip.HeaderRequire:
		f.noReferSub = f.noReferSub || strings.Contains(strings.ToLower(h.Value), "norefersub")
	case sip.HeaderSessionExpires:
		f.sessionExpires = int32(max(seconds(h.Value), 0))
	case sip.HeaderSubscriptionState:
		f.subscription = subscriptionOf(h.Value)
	case sip.HeaderRSeq:
		f.rseq = uint32(max(seconds(h.Value), 0))
	case sip.HeaderRAck:
		f.rack(h.Value)
	case sip.HeaderReplaces:
		f.replaces = h.Value
	case sip.HeaderReason:
		if f.cause == "" {
			f.cause = sip.Unfold(h.Value)
		}
	}
}

// rack reads "RSeq CSeq-number method" (RFC 3262 §7.2).
func (f *facts) rack(value string) {
	fields := strings.Fields(value)
	if len(fields) >= 2 {
		f.rackRSeq = uint32(max(seconds(fields[0]), 0))
		f.rackCSeq = uint32(max(seconds(fields[1]), 0))
	}
}

// bindings counts the contacts of a REGISTER or of its response and finds the
// longest expiry: the contact's own parameter, else the Expires header (spec §3.7).
func (f *facts) bindings(m *sip.Message) {
	common := int32(-1)
	if value, ok := m.Get(sip.HeaderExpires); ok {
		common = int32(seconds(value))
	}
	for contact := range m.Addresses(sip.HeaderContact) {
		f.contacts = uint16(min(int(f.contacts)+1, 0xFFFF))
		expires := common
		if value, ok := sip.ParamOf(contact.Params, "expires"); ok {
			expires = int32(seconds(value))
		}
		f.expires = max(f.expires, expires)
	}
	if f.contacts == 0 {
		f.expires = common
	}
}

func subscriptionOf(value string) subscription {
	switch {
	case hasPrefixFold(value, "terminated"):
		return subscriptionTerminated
	case hasPrefixFold(value, "active"), hasPrefixFold(value, "pending"):
		return subscriptionActive
	}
	return subscriptionUnknown
}

// sipfragStatus reads the status of a message/sipfrag body, such as
// "SIP/2.0 200 OK".
func sipfragStatus(m *sip.Message) uint16 {
	if !hasPrefixFold(m.ContentType, "message/sipfrag") || !hasPrefixFold(m.Body, "SIP/2.0 ") || len(m.Body) < 11 {
		return 0
	}
	status, err := strconv.Atoi(m.Body[8:11])
	if err != nil || status < 100 || status > 699 {
		return 0
	}
	return uint16(status)
}

// maxSeconds bounds every number that a header gives. As an interval it is
// more than a lifetime.
const maxSeconds = 1<<31 - 1

// seconds reads the digits at the start of a header value; -1 when there are
// none, never more than maxSeconds.
func seconds(value string) int64 {
	n, digits := int64(0), 0
	for digits < len(value) && value[digits] >= '0' && value[digits] <= '9' {
		n = min(n*10+int64(value[digits]-'0'), 1<<40)
		digits++
	}
	if digits == 0 {
		return -1
	}
	return min(n, maxSeconds)
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
