package msrp

import (
	"strconv"
	"strings"
)

// maxValue is how much of a header value is kept, in octets; paths may have
// several relays.
const maxValue = 2048

// header notes one header line, and reports whether it is one.
func (f *Frame) header(line string) bool {
	name, value, found := strings.Cut(line, ":")
	if !found || name == "" || strings.ContainsAny(name, " \t") {
		return false
	}
	value = strings.Trim(value, " \t")
	if len(value) > maxValue {
		value = value[:maxValue]
	}
	switch strings.ToLower(name) {
	case "to-path":
		f.ToPath = value
	case "from-path":
		f.FromPath = value
	case "message-id":
		f.MessageID = value
	case "content-type":
		f.ContentType = mediaType(value)
	case "byte-range":
		f.Range = rangeOf(value)
	case "success-report":
		f.Success = strings.ToLower(value)
	case "failure-report":
		f.Failure = strings.ToLower(value)
	case "status":
		f.Status = status(value)
	}
	return true
}

// mediaType leaves the parameters out: "text/plain".
func mediaType(value string) string {
	value, _, _ = strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(value))
}

// rangeOf reads "1-25/25", "1-*/*".
func rangeOf(value string) (r Range) {
	span, total, _ := strings.Cut(value, "/")
	first, last, _ := strings.Cut(span, "-")
	return Range{First: number(first), Last: number(last), Total: number(total)}
}

func number(s string) uint64 {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 63)
	if err != nil {
		return 0
	}
	return n
}

// status reads "000 200 OK": a namespace, of which 000 is that of the status
// codes of responses, a code and a comment (RFC 4975 §7.1.2).
func status(value string) int {
	fields := strings.Fields(value)
	if len(fields) < 2 || fields[0] != "000" {
		return 0
	}
	return statusCode(fields[1])
}
