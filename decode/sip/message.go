package sip

// A Header is one header field as it stands in the message, with the lines that
// continue it. Message.Values gives the elements of a list.
type Header struct {
	Name   string   // as on the wire
	ID     HeaderID // Other when the name is not known
	Value  string   // trimmed; still holds the line breaks of a folded value (see Unfold)
	Offset int      // of the name, in octets from the start of the message
}

// A Message is one SIP request or response. All strings are substrings of
// Raw but for display names that had to be unescaped or unfolded and for the
// transport names that the program knows. The zero value is ready for ParseInto.
type Message struct {
	Raw string

	// Method and RequestURI are set for a request, StatusCode for a response.
	Method     string
	RequestURI string // without the < > that some put around it
	Version    string // "SIP/2.0"
	// StatusCode is 100…699, or 0 for requests and for numbers outside that
	// range; StatusText keeps the digits as on the wire.
	StatusCode int
	StatusText string
	Reason     string // may be empty: see ReasonPhrase

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

	ContentLength int    // -1 when absent or not a number; saturated at 2^31-1
	ContentType   string // media type without parameters, as on the wire: "application/sdp"

	Findings []Finding

	cut bool // Options.Cut
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

// Get returns the value of the first header with this ID, unfolded, and
// whether there is one.
func (m *Message) Get(id HeaderID) (value string, ok bool) {
	for i := range m.Headers {
		if m.Headers[i].ID == id {
			return Unfold(m.Headers[i].Value), true
		}
	}
	return "", false
}

// Header is Get by name: any spelling, compact forms and unknown names
// included.
func (m *Message) Header(name string) (value string, ok bool) {
	id := LookupHeader(name)
	if id != Other {
		return m.Get(id)
	}
	for i := range m.Headers {
		if h := &m.Headers[i]; h.ID == Other && equalFold(h.Name, name) {
			return Unfold(h.Value), true
		}
	}
	return "", false
}
