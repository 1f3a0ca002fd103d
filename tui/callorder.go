package tui

import (
	"math"
	"slices"
	"strings"

	"sipsniff/correlate"
)

// A sortKey is what a list of calls can be ordered by.
type sortKey struct {
	column string // ID of the column
	// descending is the order in which it is most useful at first: the worst
	// loss on top.
	descending bool
	// volatile values change during a call, so that live rows would jump.
	volatile bool
	// found values depend on what is found out about the calls.
	found  bool
	number func(in *sortScope, c *correlate.Call) float64
	text   func(in *sortScope, c *correlate.Call) string
	tip    string // what comes first
}

// A sortScope is what the keys of calls are read from besides the calls.
type sortScope struct {
	snap    *correlate.Snapshot
	found   *findings
	parties partyForm
}

// unknownLast is the number of a call that has no value: it comes after all
// others in either direction.
var unknownLast = math.NaN()

// sortKeys are the columns that can be sorted by, in the order of the screen.
func sortKeys() []sortKey {
	return []sortKey{
		{column: "problem", volatile: true, found: true, tip: "worst first", number: gravity},
		{column: "number", number: func(_ *sortScope, c *correlate.Call) float64 { return float64(c.Index) }},
		{column: "time", number: func(_ *sortScope, c *correlate.Call) float64 { return float64(c.Started) }},
		{column: "method", text: func(_ *sortScope, c *correlate.Call) string { return c.Method }},
		{column: "from", text: func(in *sortScope, c *correlate.Call) string { return naturalKey(in.parties.from(c)) }},
		{column: "to", text: func(in *sortScope, c *correlate.Call) string { return naturalKey(in.parties.to(c)) }},
		{column: "source", text: func(_ *sortScope, c *correlate.Call) string { return naturalKey(c.Source.String()) }},
		{column: "destination", text: func(_ *sortScope, c *correlate.Call) string { return naturalKey(c.Destination.String()) }},
		{column: "state", volatile: true, tip: "failed first", number: func(_ *sortScope, c *correlate.Call) float64 { return severity(c.State) }},
		{column: "code", volatile: true, number: func(_ *sortScope, c *correlate.Call) float64 { return known(int64(c.FinalStatus), c.FinalStatus > 0) }},
		{column: "pdd", descending: true, volatile: true, number: func(_ *sortScope, c *correlate.Call) float64 {
			return known(c.PostDialDelay, c.PostDialDelay >= 0)
		}},
		{column: "duration", descending: true, volatile: true, number: func(in *sortScope, c *correlate.Call) float64 {
			d, ok := durationIn(in.snap, c)
			return known(d, ok)
		}},
		{column: "codec", volatile: true, text: func(in *sortScope, c *correlate.Call) string { return codecIn(in.snap, c) }},
		{column: "mos", volatile: true, tip: "worst first", number: func(_ *sortScope, c *correlate.Call) float64 {
			if c.Score == nil {
				return unknownLast
			}
			return c.Score.MOS
		}},
		{column: "loss", descending: true, volatile: true, tip: "worst first", number: func(in *sortScope, c *correlate.Call) float64 {
			if s := worstLoss(streamsIn(in.snap, c)); s != nil {
				return lossOf(s)
			}
			return unknownLast
		}},
		{column: "jitter", descending: true, volatile: true, tip: "worst first", number: func(in *sortScope, c *correlate.Call) float64 {
			if s := worstJitter(streamsIn(in.snap, c)); s != nil {
				return s.Quality.JitterMean
			}
			return unknownLast
		}},
		{column: "messages", descending: true, volatile: true, number: func(_ *sortScope, c *correlate.Call) float64 { return float64(c.MessageCount) }},
		{column: "legs", descending: true, volatile: true, number: func(_ *sortScope, c *correlate.Call) float64 { return float64(c.LegCount()) }},
		{column: "callid", text: func(_ *sortScope, c *correlate.Call) string { return c.CallID }},
		{column: "why", volatile: true, found: true, tip: "worst first", number: gravity},
		{column: "agent", text: func(_ *sortScope, c *correlate.Call) string { return naturalKey(c.UserAgent) }},
		{column: "reason", volatile: true, text: func(_ *sortScope, c *correlate.Call) string { return naturalKey(reasonOf(c)) }},
		{column: "rtt", descending: true, volatile: true, tip: "longest first", number: func(in *sortScope, c *correlate.Call) float64 {
			ms := longestTrip(streamsIn(in.snap, c))
			return known(int64(ms*1e6), ms >= 0)
		}},
		{column: "dtmf", descending: true, volatile: true, number: func(_ *sortScope, c *correlate.Call) float64 { return float64(len(c.DTMF)) }},
		{column: "bytes", descending: true, volatile: true, tip: "most first", number: func(in *sortScope, c *correlate.Call) float64 {
			n := mediaOctets(streamsIn(in.snap, c))
			return known(int64(n), n > 0)
		}},
		{column: "transport", text: func(_ *sortScope, c *correlate.Call) string { return c.Transport.String() }},
	}
}

// gravity is less the worse what was found out about a call is.
func gravity(in *sortScope, c *correlate.Call) float64 {
	worst, found := in.found.worst(c.Index)
	return known(-int64(worst), found)
}

// keyOfColumn finds the key of a column.
func keyOfColumn(id string) (key sortKey, ok bool) {
	for _, key := range sortKeys() {
		if key.column == id {
			return key, true
		}
	}
	return sortKey{}, false
}

// columnTitles are the columns by the names that people call them.
var columnTitles = map[string]string{
	"problem": "problem", "number": "number", "duration": "duration", "pdd": "PDD", "mos": "MOS", "messages": "messages", "callid": "Call-ID", "agent": "User-Agent", "rtt": "round trip", "dtmf": "keys pressed",
}

func columnTitle(id string) string {
	if title, ok := columnTitles[id]; ok {
		return title
	}
	return id
}

// lacking says where the calls without a value are.
func (k *sortKey) lacking(dot string) string {
	switch k.column {
	case "mos", "loss", "jitter", "pdd", "duration", "code", "rtt":
		return " " + dot + " calls without " + columnTitle(k.column) + " are at the end"
	}
	return ""
}

func known(v int64, ok bool) float64 {
	if !ok {
		return unknownLast
	}
	return float64(v)
}

// naturalKey makes numbers inside a text sort by their value: every run of
// digits is preceded by its length.
func naturalKey(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 4)
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			b.WriteByte(lower(s[i]))
			i++
			continue
		}
		start := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		digits := strings.TrimLeft(s[start:i], "0")
		b.WriteByte('0')
		b.WriteByte(byte(min(len(digits), 255)))
		b.WriteString(digits)
	}
	return b.String()
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// severity orders states: what failed first, what goes well last.
func severity(s correlate.State) float64 {
	switch classOf(s) {
	case classFailed:
		return 0
	case classBusy:
		return 1
	case classCancelled:
		return 2
	case classSetup:
		return 3
	case classUp:
		return 4
	case classOK:
		return 5
	}
	return 6
}

// A sortEntry is a call in the order, with its key computed once.
type sortEntry struct {
	number float64 // of a text: its first six octets, which mostly decide
	text   string
	index  int // of the call
}

// prefix returns the first six octets of a text as a number that sorts alike.
// A float64 holds 48 bits exactly.
func prefix(text string) float64 {
	var n uint64
	for i := range 6 {
		n <<= 8
		if i < len(text) {
			n |= uint64(text[i])
		}
	}
	return float64(n)
}

// compare orders by number, then text, then index; unknown numbers come last
// whatever the direction.
func compare(a, b sortEntry, descending bool) int {
	c := 0
	switch {
	case a.number < b.number:
		c = -1
	case a.number > b.number:
		c = 1
	case a.number == b.number:
		if c = strings.Compare(a.text, b.text); c == 0 {
			c = a.index - b.index
		}
	default:
		return compareUnknown(a, b)
	}
	if descending {
		return -c
	}
	return c
}

// compareUnknown orders two entries of which one at least has no number.
func compareUnknown(a, b sortEntry) int {
	aUnknown, bUnknown := math.IsNaN(a.number), math.IsNaN(b.number)
	switch {
	case aUnknown && bUnknown:
		return a.index - b.index
	case aUnknown:
		return 1
	}
	return -1
}

// entry makes the entry of a call.
func (k *sortKey) entry(in *sortScope, c *correlate.Call) sortEntry {
	e := sortEntry{index: c.Index}
	if k.number != nil {
		e.number = k.number(in, c)
	}
	if k.text != nil {
		e.text = k.text(in, c)
		e.number = prefix(e.text)
	}
	return e
}

// A callOrder is what the list is ordered by, and the rows in that order.
type callOrder struct {
	key        sortKey
	descending bool
	entries    []sortEntry
	last       int // largest index that was considered
}

// streamAt finds a stream by its ID, nil when it is not there (any more). IDs
// are ascending, and without gaps until streams leave.
func streamAt(snap *correlate.Snapshot, id int) *correlate.Stream {
	list := snap.Streams
	if len(list) == 0 {
		return nil
	}
	if i := id - list[0].ID; i >= 0 && i < len(list) && list[i].ID == id {
		return list[i]
	}
	i, found := slices.BinarySearchFunc(list, id, func(s *correlate.Stream, id int) int { return s.ID - id })
	if !found {
		return nil
	}
	return list[i]
}
