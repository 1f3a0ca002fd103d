package filter

import (
	"math"
	"net/netip"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// What is known of a call itself.

func from(s subject, test func(string) bool) bool {
	return try(s.call.From, test) || try(s.call.FromDisplay, test)
}

func to(s subject, test func(string) bool) bool {
	return try(s.call.To, test) || try(s.call.ToDisplay, test)
}

// try tests a text that may be missing.
func try(text string, test func(string) bool) bool { return text != "" && test(text) }

func uris(s subject, test func(string) bool) bool {
	c := s.call
	return try(c.From, test) || try(c.To, test) || c.RequestURI != c.To && try(c.RequestURI, test)
}

func users(s subject, test func(string) bool) bool {
	return uris(s, func(uri string) bool {
		u := sip.ParseURI(uri)
		return try(u.User, test)
	})
}

func hosts(s subject, test func(string) bool) bool {
	return uris(s, func(uri string) bool {
		u := sip.ParseURI(uri)
		return try(u.Host, test)
	})
}

func phoneNumbers(s subject, test func(string) bool) bool {
	return users(s, func(user string) bool {
		user, _, _ = strings.Cut(user, ";")
		digits := digitsOf(user)
		return isNumber(digits) && test(digits)
	})
}

// digitsOf leaves out the visual separators of a number (RFC 3966 §5.1.1).
func digitsOf(number string) string {
	if !strings.ContainsAny(number, " -.()") {
		return number
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()", r) {
			return -1
		}
		return r
	}, number)
}

func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "+")
	return s != "" && strings.Trim(s, "0123456789*#") == ""
}

func callID(s subject, test func(string) bool) bool    { return try(s.call.CallID, test) }
func transport(s subject, test func(string) bool) bool { return test(s.call.Transport.String()) }
func method(s subject, test func(string) bool) bool    { return try(s.call.Method, test) }

func reasons(s subject, test func(string) bool) bool {
	return try(s.call.FinalReason, test) || try(s.call.Cause, test)
}

func source(s subject, test func(netip.AddrPort) bool) bool {
	return s.call.Source.IsValid() && test(s.call.Source)
}

func destination(s subject, test func(netip.AddrPort) bool) bool {
	return s.call.Destination.IsValid() && test(s.call.Destination)
}

func peers(s subject, test func(netip.AddrPort) bool) bool {
	return source(s, test) || destination(s, test)
}

func ports(s subject, test func(float64) bool) bool {
	return peers(s, func(a netip.AddrPort) bool { return test(float64(a.Port())) })
}

// positive is a number of which 0 says that there is none.
func positive(n int) float64 {
	if n <= 0 {
		return math.NaN()
	}
	return float64(n)
}

// span is a duration of which a negative one is not known.
func span(nanos int64) float64 {
	if nanos < 0 {
		return math.NaN()
	}
	return float64(nanos)
}

func code(s subject) float64            { return positive(s.call.FinalStatus) }
func index(s subject) float64           { return float64(s.call.Index) }
func messageCount(s subject) float64    { return float64(s.call.MessageCount) }
func legs(s subject) float64            { return float64(s.call.LegCount()) }
func retransmissions(s subject) float64 { return float64(s.call.Retransmissions) }
func duplicates(s subject) float64      { return float64(s.call.Duplicates) }
func ring(s subject) float64            { return span(s.call.Ring) }
func postDialDelay(s subject) float64   { return span(s.call.SessionRequestDelay) }
func started(s subject) int64           { return s.call.Started }

// q850 is the cause in a Reason header that ended the call (RFC 3326).
func q850(s subject) float64 {
	if s.call.Cause == "" {
		return math.NaN()
	}
	r := sip.ParseReason(s.call.Cause)
	if !strings.EqualFold(r.Protocol, "Q.850") || r.Cause < 0 {
		return math.NaN()
	}
	return float64(r.Cause)
}

// age is how long before the last packet the call began.
func age(s subject) float64 {
	if s.call.Started == 0 || s.in.snap.Last == 0 {
		return math.NaN()
	}
	return float64(max(0, s.in.snap.Last-s.call.Started))
}

// duration is how long the call was up, or is up by the time of the capture.
func duration(s subject) float64 {
	c := s.call
	switch {
	case c.Answered == 0:
		return math.NaN()
	case c.Duration < 0 && c.Ended == 0 && !c.State.Terminal():
		return float64(max(0, s.in.snap.Last-c.Answered))
	}
	return span(c.Duration)
}

func marked(s subject) answer {
	if s.in.marked == nil {
		return unknown
	}
	return answerOf(s.in.marked(s.call.Index))
}

// problems are what was found out about a call, the remarks on it, and what is
// wrong with the text of its messages, with the severities.
func problems(s subject, test func(string) bool) bool {
	if s.in.findings != nil {
		for _, f := range s.in.findings(s.call.Index) {
			if test(f.Code) || test(f.Name) || test(f.Severity.String()) {
				return true
			}
		}
	}
	for _, flag := range s.call.Flags {
		if test(flag) {
			return true
		}
	}
	return eachMessage(s, func(m *correlate.Message) bool {
		for i := range m.Findings {
			if test(m.Findings[i].Code) || test(m.Findings[i].Severity.String()) {
				return true
			}
		}
		return false
	})
}
