package legs

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
)

// A Header is a header that the user says links legs: its value is the
// Call-ID of another leg, or the same on all.
type Header struct {
	Name    string
	Pattern *regexp.Regexp // its first group is the value; nil: all of it
}

// ParseHeader reads NAME or NAME=REGEXP.
func ParseHeader(text string) (h Header, err error) {
	name, pattern, hasPattern := strings.Cut(text, "=")
	h.Name = strings.TrimSpace(name)
	if h.Name == "" || strings.ContainsAny(h.Name, ": \t") {
		return h, fmt.Errorf("%q is no header name", name)
	}
	if !hasPattern {
		return h, nil
	}
	if h.Pattern, err = regexp.Compile(pattern); err != nil {
		return h, err
	}
	if h.Pattern.NumSubexp() == 0 {
		return h, fmt.Errorf("%q has no group in parentheses", pattern)
	}
	return h, nil
}

// value is what the header says.
func (h *Header) value(text string) string {
	text = clean(text)
	if h.Pattern == nil {
		return text
	}
	if m := h.Pattern.FindStringSubmatch(text[:min(len(text), maxPattern)]); m != nil {
		return m[1]
	}
	return ""
}

// maxPattern is how much of a value a pattern sees, in octets.
const maxPattern = 2048

func clean(value string) string {
	value = strings.TrimSpace(sip.Unfold(value))
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	return value
}

// A Reader reads the facts of calls from their messages.
type Reader struct {
	headers []Header
	known   map[string]Kind // by name in lower case
}

// NewReader returns a Reader that knows the usual headers, and those given.
func NewReader(headers []Header) *Reader {
	r := &Reader{headers: headers, known: make(map[string]Kind)}
	for _, name := range [...]string{"x-call-id", "x-cid", "x-callid", "x-orig-call-id", "x-original-call-id", "x-inbound-call-id", "p-orig-call-id"} {
		r.known[name] = ByHeader
	}
	for _, name := range [...]string{"cisco-guid", "cisco-gucid", "x-broadworks-correlation-info", "x-genesys-calluuid", "av-global-session-id", "x-twilio-callsid"} {
		r.known[name] = ByVendorID
	}
	return r
}

// Invite begins the facts of a call with its first INVITE, or with a response
// to that when it was not captured: then sender and receiver are its receiver
// and sender.
func (r *Reader) Invite(m *sip.Message, id int, nanos int64, sender, receiver netip.Addr) *Facts {
	f := &Facts{ID: id, CallID: m.CallID, Invited: nanos, Sender: sender, Receivers: []netip.Addr{receiver}, MaxForwards: -1}
	f.Callers = withNumber(f.Callers, sip.ParseURI(m.From.URI).User)
	if m.IsRequest() {
		f.Request = target(m.RequestURI)
		f.Callees = withNumber(f.Callees, sip.ParseURI(m.RequestURI).User)
	}
	from, to := sip.ParseURI(m.From.URI).User, sip.ParseURI(m.To.URI).User
	f.Callees = withNumber(f.Callees, to)
	f.From, f.To = from, to
	for i := range m.Headers {
		f.invite(&m.Headers[i])
	}
	f.recorded(m)
	f.asserted(m)
	f.diverted(m, sip.HeaderDiversion)
	f.diverted(m, sip.HeaderHistoryInfo)
	for value := range m.Values(sip.HeaderInReplyTo) {
		if f.name(InReplyTo, clean(value), "In-Reply-To"); len(f.few().Names) >= maxNames {
			break
		}
	}
	r.Message(f, m)
	return f
}

// invite reads a header that counts in the INVITE only.
func (f *Facts) invite(h *sip.Header) {
	switch h.ID {
	case sip.HeaderRemotePartyID:
		f.Callers = withNumber(f.Callers, sip.ParseURI(sip.ParseAddress(h.Value).URI).User)
	case sip.HeaderMaxForwards:
		if n, err := strconv.Atoi(strings.TrimSpace(h.Value)); err == nil && n >= 0 && n <= 255 {
			f.MaxForwards = n
		}
	}
}

// recorded reads the session number of a recording (RFC 7865 §6.2) out of the
// metadata in the body.
func (f *Facts) recorded(m *sip.Message) {
	if !strings.Contains(m.ContentType, "multipart") && !strings.Contains(m.ContentType, "rs-metadata") {
		return
	}
	_, after, found := strings.Cut(m.Body, "session_id=\"")
	if id, _, closed := strings.Cut(after, "\""); found && closed {
		f.key(ByVendorID, id, "recording session")
	}
}

// asserted reads the caller's identities (RFC 3325).
func (f *Facts) asserted(m *sip.Message) {
	n := 0
	for value := range m.Values(sip.HeaderPAssertedIdentity) {
		f.Callers = withNumber(f.Callers, sip.ParseURI(sip.ParseAddress(value).URI).User)
		if n++; n >= maxNumbers {
			return
		}
	}
}

// diverted reads who the call was for before (RFC 5806, RFC 7044).
func (f *Facts) diverted(m *sip.Message, id sip.HeaderID) {
	for value := range m.Values(id) {
		if len(f.few().Targets) >= maxTargets {
			return
		}
		uri := sip.ParseAddress(value).URI
		f.rare().Targets = append(f.Targets, target(uri))
		if id == sip.HeaderDiversion {
			f.Callers = withNumber(f.Callers, sip.ParseURI(uri).User)
		}
	}
}

// target is who a request URI is for: its number, or user and host.
func target(uri string) string {
	u := sip.ParseURI(uri)
	if n, ok := ParseNumber(u.User); ok {
		return n.Digits
	}
	if u.User == "" {
		return ""
	}
	return u.User + "@" + strings.ToLower(u.Host)
}

// Message reads the keys that any message of the call may bring.
func (r *Reader) Message(f *Facts, m *sip.Message) {
	for i := range m.Headers {
		h := &m.Headers[i]
		switch h.ID {
		case sip.HeaderSessionID:
			f.sessionID(h.Value)
		case sip.HeaderPChargingVector:
			f.chargingVector(h.Value)
		case sip.HeaderReplaces, sip.HeaderJoin, sip.HeaderTargetDialog:
			f.name(ByDialog, sip.ParseReplaces(clean(h.Value)).CallID, h.ID.String())
		case sip.HeaderReferTo:
			if replaces, ok := sip.ReferReplaces(sip.ParseAddress(h.Value)); ok {
				f.name(ByDialog, replaces.CallID, "Refer-To")
			}
		case sip.Other:
			r.other(f, h)
		}
	}
	for i := range r.headers {
		if value, ok := m.Header(r.headers[i].Name); ok {
			value = r.headers[i].value(value)
			f.name(ByHeader, value, r.headers[i].Name)
			f.key(ByVendorID, value, r.headers[i].Name)
		}
	}
}

// other reads a header that only some vendors send.
func (r *Reader) other(f *Facts, h *sip.Header) {
	if len(h.Name) > 40 {
		return
	}
	name := strings.ToLower(h.Name)
	switch kind := r.known[name]; {
	case kind == ByHeader || strings.HasPrefix(name, "x-asterisk-"):
		f.name(ByHeader, clean(h.Value), h.Name)
	case kind == ByVendorID || strings.HasPrefix(name, "x-fs-") && strings.HasSuffix(name, "uuid"):
		f.key(ByVendorID, clean(h.Value), h.Name)
	}
}

// sessionID reads the UUIDs of RFC 7989, or the one of RFC 7329. All zeros are
// none.
func (f *Facts) sessionID(value string) {
	local, params, _ := strings.Cut(clean(value), ";")
	remote, hasRemote := sip.ParamOf(params, "remote")
	for _, uuid := range [...]string{local, remote} {
		if uuid = strings.ToLower(strings.TrimSpace(uuid)); isUUID(uuid) {
			f.session(uuid, !hasRemote)
		}
	}
}

// isUUID reports 32 hexadecimal digits that are not all 0.
func isUUID(s string) bool {
	if len(s) != 32 || strings.Trim(s, "0") == "" {
		return false
	}
	return strings.Trim(s, "0123456789abcdef") == ""
}

func (f *Facts) chargingVector(value string) {
	if icid, ok := sip.ParamOf(clean(value), "icid-value"); ok {
		f.key(ByICID, strings.Trim(icid, `"`), "P-Charging-Vector")
	}
}

// Description reads what one side of the call says of its media.
func (f *Facts) Description(s *sdp.Session, by netip.Addr, byCaller bool) {
	for i := range s.Media {
		m := &s.Media[i]
		usable := m.Port != 0 && m.Port != 9 && m.Address.IsValid() && !m.Address.IsUnspecified()
		if usable && (m.RTP() || m.UDPTL()) {
			f.endpoint(EndpointOf(netip.AddrPortFrom(m.Address, m.Port), by, byCaller))
		}
	}
	f.origin(s.Origin)
	if byCaller && f.Codecs == 0 && len(s.Media) > 0 {
		f.Codecs = codecs(&s.Media[0])
	}
}

// codecs sums up the codecs of an offer in its order, and the packet time.
func codecs(m *sdp.Media) uint64 {
	if len(m.Codecs) == 0 {
		return 0
	}
	h := sum(offset)
	for i := range m.Codecs {
		h.text(strings.ToLower(m.Codecs[i].Name))
		h.add(int64(m.Codecs[i].ClockRate))
	}
	h.add(int64(m.PTime * 1000))
	return uint64(h)
}

func (f *Facts) endpoint(e Endpoint) {
	if len(f.Endpoints) >= maxEndpoints {
		return
	}
	for _, o := range f.Endpoints {
		if o == e {
			return
		}
	}
	f.Endpoints = append(f.Endpoints, e)
}

// origin notes user name and session of an o= line. Short session numbers are
// fixed in the program that sends them.
func (f *Facts) origin(value string) {
	const minSession = 5
	user, rest, _ := strings.Cut(value, " ")
	session, _, _ := strings.Cut(rest, " ")
	if len(session) < minSession || len(user)+len(session) > maxText || len(f.Origins) >= maxOrigins {
		return
	}
	text := value[:len(user)+1+len(session)]
	for _, o := range f.Origins {
		if o == text {
			return
		}
	}
	f.Origins = append(f.Origins, text)
}
