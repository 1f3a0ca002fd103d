package sip

import "unicode/utf8"

// A Severity grades a Finding (spec §2).
type Severity uint8

// Info is legal but odd, Warning breaks a SHOULD or is known to confuse
// peers, Error breaks a MUST.
const (
	Info Severity = iota
	Warning
	Error
)

// String returns "info", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	}
	return "error"
}

// A Finding is something remarkable about the text of one message. A message
// has at most one finding of each code: that of the first place.
type Finding struct {
	Code     string // snake_case, from spec §2.1 and §2.6: "content_length_too_large"
	Severity Severity
	Offset   int // octets from the start of the message
}

// A rule is a code with its severity.
type rule struct {
	code     string
	severity Severity
}

// What can be wrong with the frame of a message: start line, line ends,
// header names and the length of the body.
var (
	ruleLeadingJunk      = rule{"leading_junk", Warning} // NUL or space in front of the start line
	ruleLineEnd          = rule{"lf_line_end", Warning}  // a line that does not end with exactly CRLF
	ruleStartLineSpace   = rule{"lws_start_line", Warning}
	ruleCase             = rule{"case", Warning} // "invite" or "sip/2.0"
	ruleRequestURI       = rule{"bad_request_uri", Error}
	ruleRequestURIHeader = rule{"headers_in_request_uri", Warning}
	ruleVersion          = rule{"version", Error} // anything but SIP/2.0
	ruleUnknownMethod    = rule{"unknown_method", Info}
	ruleStatusCode       = rule{"bad_status_code", Error}
	ruleReasonSpace      = rule{"missing_reason_space", Warning} // "SIP/2.0 100" CRLF
	ruleFoldedStartLine  = rule{"folded_start_line", Error}
	ruleHeaderLine       = rule{"bad_header_line", Error}
	ruleTooManyHeaders   = rule{"oversize_headers", Error}
	ruleNoHeaderEnd      = rule{"no_header_end", Error}
	ruleBinaryLegal      = rule{"binary_in_header", Info}
	ruleBinary           = rule{"binary_in_header", Warning}
	ruleLengthMissing    = rule{"missing_content_length", Error} // on a stream only
	ruleLength           = rule{"bad_content_length", Error}
	ruleLengthTooLarge   = rule{"content_length_too_large", Error}
	ruleTrailing         = rule{"trailing_bytes", Warning}
	ruleTypeMissing      = rule{"missing_content_type", Warning}
)

// What can be wrong with header values.
var (
	ruleCallIDMissing  = rule{"missing_call_id", Error}
	ruleFromMissing    = rule{"missing_from", Error}
	ruleToMissing      = rule{"missing_to", Error}
	ruleCSeqMissing    = rule{"missing_cseq", Error}
	ruleViaMissing     = rule{"missing_via", Error}
	ruleCSeq           = rule{"bad_cseq", Error}
	ruleCSeqRange      = rule{"cseq_out_of_range", Error}
	ruleMethodMismatch = rule{"method_mismatch", Error} // request line and CSeq differ
	ruleVia            = rule{"bad_via", Error}
	ruleBranch         = rule{"bad_branch", Warning}      // the magic cookie and nothing else
	ruleBranch2543     = rule{"rfc2543_branch", Info}     // no branch or none of RFC 3261
	rule2543           = rule{"rfc2543", Info}            // no From tag
	ruleMisrouted      = rule{"misrouted_response", Info} // a response for the broadcast address
	ruleFrom           = rule{"bad_from", Error}
	ruleTo             = rule{"bad_to", Error}
	ruleContact        = rule{"bad_contact", Error}
	ruleContactExpires = rule{"contact_expires_out_of_range", Error}
	ruleQuote          = rule{"unbalanced_quote", Error}
	ruleAngle          = rule{"unbalanced_angle", Error}
	ruleDisplay        = rule{"bad_display_name", Error}
	ruleURISpace       = rule{"lws_in_uri", Error}
	ruleURIBrackets    = rule{"uri_needs_brackets", Error} // ',' or '?' in an addr-spec without < >
	ruleIPv6Brackets   = rule{"ipv6_no_brackets", Error}
	ruleIPv6Port       = rule{"ipv6_port_ambiguous", Warning}
	ruleIPv6Zone       = rule{"ipv6_zone", Info}
	ruleIPv6Triple     = rule{"ipv6_triple_colon", Info}
	ruleMaxForwards    = rule{"bad_max_forwards", Error}
	ruleMaxForwardsTop = rule{"max_forwards_out_of_range", Error}
	ruleExpires        = rule{"bad_expires", Error}
	ruleExpiresRange   = rule{"expires_out_of_range", Error}
	ruleRetryAfter     = rule{"bad_retry_after", Error}
	ruleRetryRange     = rule{"retry_after_out_of_range", Error}
	ruleWarning        = rule{"bad_warning", Error}
	ruleDate           = rule{"bad_date", Warning}
	ruleOptionTag      = rule{"unknown_option_tag", Info}   // expect 420
	ruleContentType    = rule{"unknown_content_type", Info} // expect 415
	ruleAuthScheme     = rule{"unknown_auth_scheme", Info}
	ruleAccept         = rule{"sdp_not_accepted", Info} // expect 406
)

// flag records a finding. The first place of a code is kept; a later and
// worse one only raises its severity. So the number of findings is bounded by
// the number of codes, whatever the message holds.
func (m *Message) flag(r rule, offset int) {
	for i := range m.Findings {
		if f := &m.Findings[i]; f.Code == r.code {
			f.Severity = max(f.Severity, r.severity)
			return
		}
	}
	m.Findings = append(m.Findings, Finding{Code: r.code, Severity: r.severity, Offset: offset})
}

// flagBinary remarks on the NUL or octet above 0x7f at an offset of the header
// block m.Raw[start:end]. UTF-8 text and an escaped NUL are legal in places
// (RFC 3261 §25.1), anything else is not.
func (m *Message) flagBinary(at, start, end int) {
	block := m.Raw[start:end]
	if utf8.ValidString(block) && !hasBareNUL(block) {
		m.flag(ruleBinaryLegal, at)
	} else {
		m.flag(ruleBinary, at)
	}
}

// hasBareNUL reports a NUL without a backslash in front of it.
func hasBareNUL(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == 0 && (i == 0 || s[i-1] != '\\') {
			return true
		}
	}
	return false
}
