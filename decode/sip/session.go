package sip

import "math"

// A SessionExpires is the value of Session-Expires or Min-SE (RFC 4028).
type SessionExpires struct {
	Seconds   uint32 // saturated
	Refresher string // "uac", "uas" or ""
}

// ParseSessionExpires reads `1800;refresher=uas`. ok is false when it does not
// begin with a number.
func ParseSessionExpires(value string) (s SessionExpires, ok bool) {
	value = trim(value)
	n := span(value, classDigit)
	seconds, _, ok := saturated(value[:n], math.MaxUint32)
	s.Seconds = uint32(seconds)
	s.Refresher, _ = ParamOf(headerParams(value[n:]), "refresher")
	return s, ok
}

// An RAck is the value of the RAck header, which acknowledges a reliable
// provisional response (RFC 3262 §7.2).
type RAck struct {
	RSeq uint32
	CSeq CSeq // of the response that is acknowledged
}

// ParseRAck reads `776656 1 INVITE`.
func ParseRAck(value string) (r RAck, ok bool) {
	value = trim(value)
	n := span(value, classDigit)
	if r.RSeq, ok = ParseRSeq(value[:n]); !ok {
		return r, false
	}
	r.CSeq, ok = parseCSeq(trimLeft(value[n:]))
	return r, ok
}

// ParseRSeq reads the value of the RSeq header (RFC 3262 §7.1); ok is false
// unless it is a number below 2^32.
func ParseRSeq(value string) (n uint32, ok bool) {
	number, over, ok := saturated(trim(value), math.MaxUint32)
	return uint32(number), ok && !over
}
