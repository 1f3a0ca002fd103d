package correlate

import (
	"strconv"
	"strings"

	"sipsniff/decode/sip"
)

// CauseWords says why a call ended: by the value of the Reason header
// (RFC 3326), else by the final status. "" when neither tells. Text is as on
// the wire.
func CauseWords(header string, status int) string {
	var first string
	for element := range strings.SplitSeq(header, ",") {
		r := sip.ParseReason(element)
		words := reasonWordsOf(r)
		if strings.EqualFold(r.Protocol, "Q.850") && words != "" {
			return words // says more than a status code does
		}
		if first == "" {
			first = words
		}
	}
	if first != "" {
		return first
	}
	if status >= 300 {
		return ofStatus(status)
	}
	return ""
}

func reasonWordsOf(r sip.Reason) string {
	text := r.Text
	switch {
	case r.Cause < 0:
		return text
	case strings.EqualFold(r.Protocol, "Q.850"):
		name := q850Name(r.Cause)
		if name == "" {
			name = text
		}
		return join(name, "(Q.850 "+strconv.Itoa(r.Cause)+")")
	case strings.EqualFold(r.Protocol, "SIP"):
		if text == "" {
			text = sip.ReasonPhrase(r.Cause)
		}
		return join(text, "(SIP "+strconv.Itoa(r.Cause)+")")
	}
	return join(text, "("+r.Protocol+" "+strconv.Itoa(r.Cause)+")")
}

// ofStatus is a final status in words, with the cause that a gateway makes of
// it (RFC 3398 §8.2.6.1).
func ofStatus(status int) string {
	text := sip.ReasonPhrase(status)
	if cause := q850OfStatus(status); cause != 0 {
		return join(text, "(SIP "+strconv.Itoa(status)+", Q.850 "+strconv.Itoa(cause)+" "+q850Name(cause)+")")
	}
	return join(text, "(SIP "+strconv.Itoa(status)+")")
}

// q850OfStatus is the table of spec App. E, 0 for codes without a cause.
func q850OfStatus(status int) int {
	switch status {
	case 404, 485, 604:
		return 1
	case 487:
		return 16 // no mapping in the RFC
	case 486, 600:
		return 17
	case 480:
		return 18
	case 401, 402, 403, 407, 603:
		return 21
	case 410:
		return 22
	case 482, 483:
		return 25
	case 484:
		return 28
	case 502:
		return 38
	case 400, 481, 500, 503:
		return 41
	case 405:
		return 63
	case 406, 415, 501:
		return 79
	case 408, 504:
		return 102
	case 413, 414, 416, 420, 421, 423, 505, 513:
		return 127
	}
	return 0
}

// q850Names are the names of the causes (ITU-T Q.850).
var q850Names = [128]string{
	1:   "unallocated number",
	2:   "no route to network",
	3:   "no route to destination",
	4:   "special tone",
	6:   "channel unacceptable",
	16:  "normal clearing",
	17:  "user busy",
	18:  "no user responding",
	19:  "no answer",
	20:  "subscriber absent",
	21:  "rejected",
	22:  "number changed",
	25:  "exchange routing error",
	26:  "non-selected user clearing",
	27:  "destination out of order",
	28:  "invalid number format",
	29:  "facility rejected",
	31:  "normal unspecified",
	34:  "no circuit",
	38:  "network out of order",
	41:  "temporary failure",
	42:  "switch congestion",
	43:  "access info discarded",
	44:  "requested circuit unavailable",
	47:  "resource unavailable",
	50:  "facility not subscribed",
	55:  "barred in CUG",
	57:  "bearer not authorised",
	58:  "bearer not available",
	63:  "service unavailable",
	65:  "bearer not implemented",
	69:  "facility not implemented",
	79:  "not implemented",
	81:  "invalid call reference",
	87:  "not in CUG",
	88:  "incompatible destination",
	90:  "non-existent CUG",
	95:  "invalid message",
	96:  "mandatory IE missing",
	97:  "message type unknown",
	99:  "IE unknown",
	100: "invalid IE content",
	101: "wrong state",
	102: "timer expiry",
	103: "parameter unknown",
	110: "message with unknown parameter discarded",
	111: "protocol error",
	127: "interworking",
}

// q850Name is the name of a cause, "" when it is unknown.
func q850Name(cause int) string {
	if cause < 0 || cause >= len(q850Names) {
		return ""
	}
	return q850Names[cause]
}
