package sip

// A Severity grades a Finding (spec §2).
type Severity uint8

// Info is legal but odd, Warning breaks a SHOULD or is known to confuse
// peers, Error breaks a MUST.
const (
	Info Severity = iota
	Warning
	Error
)

// A Finding is something remarkable about the text of one message.
type Finding struct {
	Code     string // snake_case, from spec §2.1 and §2.6: "content_length_too_large"
	Severity Severity
	Offset   int // octets from the start of the message
}

// A Header is one header field line, or one element of a header that was
// not split: use Message.Values for list headers.
type Header struct {
	Name  string   // as on the wire
	ID    HeaderID // Other when the name is not known
	Value string   // trimmed; still holds the line breaks of a folded value (see Unfold)
}

// CSeq is the CSeq header (RFC 3261 §20.16).
type CSeq struct {
	Number uint32 // saturated at 2^32-1
	Text   string // the digits as on the wire
	Method string
}

// An Address is a name-addr or addr-spec with its header parameters
// (RFC 3261 §20.10).
type Address struct {
	Display string // unquoted and unescaped
	URI     string // without < >, as on the wire
	Tag     string
	Params  string // header parameters after the URI, as on the wire, without the leading ';'
}

// A Via is one element of the Via headers (RFC 3261 §20.42).
type Via struct {
	Transport string // upper-case as on the wire, such as "UDP"
	Host      string // sent-by host without brackets
	Port      uint16 // 0 when absent
	Branch    string
	Received  string
	RPort     string // "" when absent or without value
	HasRPort  bool
}

// A Message is one SIP request or response. All strings are substrings of
// Raw; nothing is copied but unescaped display names. The zero value is
// ready for ParseInto.
type Message struct {
	Raw string

	// Method and RequestURI are set for a request, StatusCode for a response.
	Method     string
	RequestURI string
	Version    string // "SIP/2.0"
	// StatusCode is 100…699, or 0 for requests and for numbers outside that
	// range; StatusText keeps the digits as on the wire.
	StatusCode int
	StatusText string
	Reason     string

	Headers  []Header
	Body     string // after the empty line; bounded by Content-Length where that is right
	Trailing string // octets of a datagram behind the body that Content-Length gives

	// The keys of correlation; the first value wins when a header is repeated.
	CallID    string
	HasCallID bool
	From, To  Address
	CSeq      CSeq
	Via       Via // the topmost
	ViaCount  int

	ContentLength int // -1 when absent or not a number
	ContentType   string

	Findings []Finding
}

// IsRequest tells a request from a response.
func (m *Message) IsRequest() bool { return m.Method != "" }

// Malformed reports whether the message breaks a MUST.
func (m *Message) Malformed() bool {
	for i := range m.Findings {
		if m.Findings[i].Severity == Error {
			return true
		}
	}
	return false
}

// HeaderID identifies a header field that the program knows, whatever its
// spelling or compact form.
type HeaderID uint8

// Other is any header that has no HeaderID of its own.
const Other HeaderID = 0
