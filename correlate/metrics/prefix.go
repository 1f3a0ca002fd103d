package metrics

import (
	"cmp"
	"slices"
	"strings"

	"sipsniff/correlate"
)

// A PrefixRow is the metrics of the calls to numbers that begin alike. They
// are of call attempts: messages and registrations are in no prefix.
type PrefixRow struct {
	Prefix string // digits; "" of what is no number and of prefixes beyond the first maxRows
	Summary
}

// ByPrefix adds the calls of a Snapshot up by the first digits of the called
// number, most attempts first.
func ByPrefix(s *correlate.Snapshot, digits int) []PrefixRow {
	rows := make(map[string]*Summary)
	for _, call := range s.Calls {
		if !call.Attempt.Known() && len(call.EarlierAttempts) == 0 {
			continue
		}
		prefix := leadingDigits(call.To, digits)
		if rows[prefix] == nil && len(rows) >= maxRows {
			prefix = ""
		}
		row := rows[prefix]
		if row == nil {
			row = new(Summary)
			rows[prefix] = row
		}
		for i := range call.EarlierAttempts {
			row.whole(s, call, &call.EarlierAttempts[i])
		}
		if call.Attempt.Known() {
			row.whole(s, call, &call.Attempt)
		}
	}
	list := make([]PrefixRow, 0, len(rows))
	for prefix, row := range rows {
		row.finish(s.First, s.Last)
		list = append(list, PrefixRow{prefix, *row})
	}
	slices.SortFunc(list, func(a, b PrefixRow) int {
		return cmp.Or(b.Attempts+b.Pending-a.Attempts-a.Pending, strings.Compare(a.Prefix, b.Prefix))
	})
	return list
}

// whole adds an attempt and when it was up.
func (s *Summary) whole(of *correlate.Snapshot, call *correlate.Call, a *correlate.Attempt) {
	if a.Connected != 0 && (a.Ended != 0 || a.Up()) {
		s.Rate.up(a.Connected, a.Ended)
	}
	s.Rate.begin(cmp.Or(a.Counted, a.Credited, call.Started))
	s.attempt(a, of.Links.Blind(a.Source.Addr(), a.Destination.Addr()))
}

// leadingDigits is the first digits of the number in a SIP or tel URI, without
// its + and its visual separators (RFC 3966 §5.1.1); "" when there is none.
func leadingDigits(uri string, digits int) string {
	if _, rest, ok := strings.Cut(uri, ":"); ok {
		uri = rest
	}
	user, _, _ := strings.Cut(uri, "@")
	var b []byte
	for i := 0; i < len(user) && len(b) < digits; i++ {
		switch c := user[i]; {
		case c >= '0' && c <= '9':
			b = append(b, c)
		case c == '+' && i == 0, c == '-', c == '.', c == '(', c == ')':
		default:
			return string(b[:0])
		}
	}
	return string(b)
}
