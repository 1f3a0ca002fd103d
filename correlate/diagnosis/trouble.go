package diagnosis

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
)

// failed reports whether a call came to nothing, and its request was seen. That
// most calls do not is what keeps the rules about strangers cheap.
func failed(c *correlate.Call) bool {
	switch c.State {
	case correlate.StateFailed, correlate.StateTimeout, correlate.StateNoReply, correlate.StateRejected, correlate.StateAuthFailed,
		correlate.StateChallenged, correlate.StateAuth, correlate.StateNew, correlate.StatePending, correlate.StateRegistering, correlate.StateNoAnswer:
		return c.Answered == 0 && !slices.Contains(c.Flags, "no_request_seen")
	}
	return false
}

// troubles are the calls that came to nothing, by the address that they came
// from, in order of time.
func (x *sharing) troubles() map[netip.Addr][]*correlate.Call {
	all := x.everything().Calls
	if x.failures == nil {
		x.failures = make(map[netip.Addr][]*correlate.Call)
		for _, c := range all {
			if failed(c) {
				x.failures[c.Source.Addr()] = append(x.failures[c.Source.Addr()], c)
			}
		}
	}
	return x.failures
}

// sourcesOf lists the addresses of which there are so many calls at least, in
// their order, so that the same snapshot gives the same findings.
func sourcesOf(all map[netip.Addr][]*correlate.Call, least int) []netip.Addr {
	var list []netip.Addr
	for a, calls := range all {
		if len(calls) >= least {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, netip.Addr.Compare)
	return list
}

// A burst is a run of things within some time.
type burst struct {
	from, to int // of a list, to excluded
	distinct int
}

// densest finds the window of a list in order of time with the most different
// keys; of equal ones the first. n is the length, at the time and key the key
// of one, "" of those that do not count.
func densest(n int, window int64, at func(int) int64, key func(int) string) (best burst) {
	counts := make(map[string]int)
	from := 0
	for to := range n {
		if k := key(to); k != "" {
			counts[k]++
		}
		for at(to)-at(from) > window {
			if k := key(from); k != "" {
				if counts[k]--; counts[k] == 0 {
					delete(counts, k)
				}
			}
			from++
		}
		if len(counts) > best.distinct {
			best = burst{from, to + 1, len(counts)}
		}
	}
	return best
}

// account is user@host of a URI in lower case, without scheme and parameters.
func account(uri string) string {
	_, rest, ok := strings.Cut(uri, ":")
	if !ok {
		rest = uri
	}
	if i := strings.IndexAny(rest, ";?>"); i >= 0 {
		rest = rest[:i]
	}
	return strings.ToLower(rest)
}

// userOf is the user part of a URI, "" when it has none.
func userOf(uri string) string {
	_, rest, ok := strings.Cut(uri, ":")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, ";?>"); i >= 0 {
		rest = rest[:i]
	}
	user, _, ok := strings.Cut(rest, "@")
	if !ok {
		if strings.HasPrefix(uri, "tel:") {
			return rest
		}
		return ""
	}
	return user
}

// digitsOf are the digits of a number, "" when it is a name. What is in front
// of international numbers (+, 00, 011) is left out.
func digitsOf(user string) string {
	user, _, _ = strings.Cut(user, ";")
	international := strings.HasPrefix(user, "+")
	digits := strings.TrimPrefix(user, "+")
	if strings.ContainsAny(digits, "+-.() ") {
		digits = strings.Map(func(r rune) rune {
			if strings.ContainsRune("+-.() ", r) {
				return -1
			}
			return r
		}, digits)
	}
	if digits == "" || strings.Trim(digits, "0123456789*#") != "" {
		return ""
	}
	if !international {
		for _, prefix := range [...]string{"011", "00"} {
			if rest, ok := strings.CutPrefix(digits, prefix); ok {
				return rest
			}
		}
	}
	return digits
}

// callsIn adds calls to a draft: the first messages as evidence, all as
// examples.
func (d *Draft) callsIn(list []*correlate.Call) *Draft {
	indexes := make([]int, 0, len(list))
	for _, c := range list {
		indexes = append(indexes, c.Index)
		if len(d.Evidence) < maxEvidence && len(c.Messages()) > 0 {
			m := c.Messages()[0]
			d.Message(m, "%s from %s to %s for %s", cmp.Or(m.Method, c.Method), m.Src, m.Dst, cmp.Or(userOf(c.RequestURI), c.RequestURI))
		}
	}
	slices.Sort(indexes)
	return d.Involve(indexes...)
}
