package msrp

// A Flag is the continuation flag of an end-line (RFC 4975 §7.1).
type Flag uint8

// The continuation flags. NoFlag belongs to a frame whose end was not seen.
const (
	NoFlag  Flag = iota
	Last         // '$': the last chunk of the message
	More         // '+': other chunks follow
	Aborted      // '#': the message ends here, unfinished
)

// A Frame is one request or response, which is a chunk of a message or all of
// it. Strings are copies.
type Frame struct {
	Transaction string
	Method      string // of a request; "" for a response
	StatusCode  int    // of a response; 0 for a request
	Comment     string // of a response

	ToPath, FromPath string // as on the wire, see Path
	MessageID        string
	ContentType      string
	Range            Range
	Success          string // Success-Report: "yes" or "no"; "" when absent
	Failure          string // Failure-Report: "yes", "no" or "partial"; "" when absent
	Status           int    // of a REPORT, such as 200; 0 when absent

	Body   bool   // there is one, maybe of no octets
	Octets uint64 // of the body, as far as they were captured
	Flag   Flag
	Gap    bool // octets are missing in the body
}

// Request reports whether the frame is a request.
func (f *Frame) Request() bool { return f.Method != "" }

// A Range is the value of a Byte-Range header: the first octet of the chunk
// in its message, from 1; the last; and the length of the message. What is
// not known, or "*", is 0.
type Range struct{ First, Last, Total uint64 }

// Size is what a frame occupies besides the value itself, in octets.
func (f *Frame) Size() int {
	return len(f.Transaction) + len(f.Method) + len(f.Comment) + len(f.ToPath) + len(f.FromPath) +
		len(f.MessageID) + len(f.ContentType) + len(f.Success) + len(f.Failure)
}
