package sip

import "math"

// CSeq is the CSeq header (RFC 3261 §20.16).
type CSeq struct {
	Number uint32 // saturated at 2^32-1
	Text   string // the digits as on the wire
	Method string
}

// maxCSeq is the largest sequence number that may be sent (RFC 3261 §8.1.1.5).
const maxCSeq = 1<<31 - 1

// parseCSeq reads "digits LWS method". The number is saturated; ok is false
// when one of the two is missing.
func parseCSeq(s string) (c CSeq, ok bool) {
	n := span(s, classDigit)
	c.Text = s[:n]
	c.Method = trim(s[n:])
	if n == 0 {
		return c, false
	}
	number, _, _ := saturated(c.Text, math.MaxUint32)
	c.Number = uint32(number)
	return c, n < len(s) && isLWS(s[n]) && only(c.Method, classToken)
}
