package sdp

import (
	"net/netip"
	"strings"
)

// A Direction is the media direction attribute (RFC 8866 §6.7).
type Direction uint8

// SendRecv is the default when no attribute is given.
const (
	SendRecv Direction = iota
	SendOnly
	RecvOnly
	Inactive
)

// A Finding is a fault of the text. Code is one of "version_missing",
// "origin_missing", "name_missing", "time_missing", "connection_missing",
// "connection_bad", "line_unknown", "media_bad", "port_bad", "attribute_bad",
// "rtpmap_missing", "static_redefined" and "limit"; Offset counts octets from
// the start of the body.
type Finding struct {
	Code   string
	Offset int
}

// A Session is one session description. Strings are substrings of the body.
type Session struct {
	Origin     string // the o= line's value
	SessionID  string
	Version    string
	Connection netip.Addr // session-level c=; invalid when absent or a name
	Media      []Media
	BundleMIDs []string // a=group:BUNDLE
	Bandwidth  Bandwidth
	Attributes []string // every a= value before the first media section, in order
	Findings   []Finding

	body string
}

// Body is the text that Parse read it from, "" when it was not read. Parsed again
// it gives the same.
func (s *Session) Body() string { return s.body }

// A Media is one m= line with its attributes (RFC 8866 §5.14), session-level
// defaults already applied.
type Media struct {
	Type        string // "audio", "video", "image", "text", "application", "message" …
	Port        uint16 // 0: rejected or removed
	PortCount   int    // the number after '/', normally 1
	Protocol    string // "RTP/AVP", "udptl" …
	Formats     []string
	Address     netip.Addr     // media c= or session c=; invalid when absent or a name
	RTCP        netip.AddrPort // a=rtcp; port 0 when absent; address invalid when it is Address
	RTCPMux     bool
	Direction   Direction
	PTime       float64 // ms, 0 when absent
	MaxPTime    float64
	Bandwidth   Bandwidth // of its own
	MID         string
	Codecs      []Codec
	Candidates  []Candidate
	Crypto      []string // a=crypto values
	Fingerprint string
	Setup       string
	SSRCs       []uint32 // a=ssrc, each once
	Attributes  []string // every a= value of this media section, in order
}

// A Codec is a payload type with its rtpmap, or the static assignment of
// RFC 3551 when there is none.
type Codec struct {
	PayloadType uint8
	Name        string // encoding name as written, or that of RFC 3551; "" when unknown
	ClockRate   uint32 // Hz, 0 when unknown
	Channels    uint8
	FMTP        string
	Static      bool // taken from RFC 3551, not from an rtpmap
}

// A Candidate is one ICE candidate (RFC 8839 §5.1).
type Candidate struct {
	Component uint16
	Transport string
	Addr      netip.AddrPort
	Type      string // "host", "srflx", "prflx", "relay"
}

// RTP reports whether the media line describes RTP in any profile.
func (m *Media) RTP() bool { return strings.Contains(strings.ToUpper(m.Protocol), "RTP/") }

// Secure reports whether the profile is SRTP (SAVP, SAVPF).
func (m *Media) Secure() bool { return strings.Contains(strings.ToUpper(m.Protocol), "SAVP") }
