package correlate

import (
	"strings"

	"sipsniff/decode/sip"
)

// A Diversion is one forwarding that a call had behind it when it came here,
// by the Diversion header (RFC 5806) or, without that, by History-Info
// (RFC 7044).
type Diversion struct {
	From   string // URI of who forwarded the call, as on the wire
	To     string // to whom, "" when that is not said
	Reason string // "user-busy", "unconditional", a status code …, "" when none
	Frame  int    // of the INVITE that says so
}

// maxDiversions bounds what is kept of one call.
const maxDiversions = 16

// diversionsOf reads the headers of an INVITE; the earliest is in front.
func diversionsOf(diversions, history []string, frame int) []Diversion {
	if list := byDiversion(diversions, frame); len(list) > 0 {
		return list
	}
	return byHistory(history, frame)
}

// byDiversion reads Diversion headers, in which the latest stands in front.
func byDiversion(values []string, frame int) []Diversion {
	var list []Diversion
	for _, a := range addressesOf(values) {
		reason, _ := a.Param("reason")
		list = append(list, Diversion{From: a.URI, Reason: sip.Unquote(reason), Frame: frame})
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	for i := range list {
		if i+1 < len(list) {
			list[i].To = list[i+1].From
		}
	}
	return list
}

// byHistory reads History-Info: an entry that has a parameter rc or mp, or a
// cause (RFC 4458), was made by forwarding the one in front of it; so was the
// one behind an entry that has a Reason of 3xx or 4xx.
func byHistory(values []string, frame int) []Diversion {
	entries := addressesOf(values)
	var list []Diversion
	for i := 1; i < len(entries); i++ {
		before, now := &entries[i-1], &entries[i]
		reason := historyReason(before, now)
		_, changed := now.Param("rc")
		_, mapped := now.Param("mp")
		if reason == "" && !changed && !mapped || sameTarget(before.URI, now.URI) {
			continue
		}
		list = append(list, Diversion{From: uriOnly(before.URI), To: uriOnly(now.URI), Reason: reason, Frame: frame})
	}
	return list
}

func sameTarget(a, b string) bool {
	x, y := sip.ParseURI(a), sip.ParseURI(b)
	return x.User == y.User && strings.EqualFold(x.Host, y.Host)
}

// historyReason is the cause of the step from one entry to the next.
func historyReason(before, now *sip.Address) string {
	if cause, ok := sip.ParseURI(now.URI).Param("cause"); ok {
		return cause
	}
	if value, ok := sip.ParseURI(before.URI).Header("Reason"); ok {
		if list, _, _ := strings.Cut(value, ","); sip.ParseReason(list).Cause >= 0 {
			_, cause, _ := strings.Cut(list, "cause=")
			cause, _, _ = strings.Cut(cause, ";")
			return strings.TrimSpace(cause)
		}
	}
	return ""
}

// uriOnly leaves the headers part of a URI away.
func uriOnly(uri string) string {
	uri, _, _ = strings.Cut(uri, "?")
	return uri
}

// addressesOf reads the lists in several header values.
func addressesOf(values []string) []sip.Address {
	var list []sip.Address
	for _, v := range values {
		m := sip.Message{Headers: []sip.Header{{ID: sip.HeaderContact, Value: v}}}
		for a := range m.Addresses(sip.HeaderContact) {
			if len(list) == maxDiversions {
				return list
			}
			list = append(list, a)
		}
	}
	return list
}
