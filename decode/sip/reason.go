package sip

// A Reason is one element of the Reason header (RFC 3326).
type Reason struct {
	Protocol string // "SIP", "Q.850" …, as on the wire
	Cause    int    // status code or Q.850 cause; -1 when absent or not a number
	Text     string // unquoted
}

// ParseReason reads one element, such as `Q.850;cause=16;text="Terminated"`.
func ParseReason(value string) Reason {
	s := trim(value)
	n := span(s, classToken)
	r := Reason{Protocol: s[:n], Cause: -1}
	list := headerParams(s[n:])
	if cause, ok := ParamOf(list, "cause"); ok {
		if number, over, digits := saturated(cause, 1<<31-1); digits && !over {
			r.Cause = int(number)
		}
	}
	r.Text, _ = ParamOf(list, "text")
	return r
}

// headerParams returns the parameters in s, which begins with a semicolon or
// white space, without the leading semicolon.
func headerParams(s string) string {
	if s = trimLeft(s); s == "" || s[0] != ';' {
		return ""
	}
	return s[1:]
}
