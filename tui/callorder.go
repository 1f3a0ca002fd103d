package tui

import (
	"math"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// A sortKey is what a list of calls can be ordered by.
type sortKey struct {
	column string // ID of the column
	// descending is the order in which it is most useful at first: the worst
	// loss on top.
	descending bool
	// volatile values change during a call, so that live rows would jump.
	volatile bool
	number   func(u *UI, c *correlate.Call) float64
	text     func(u *UI, c *correlate.Call) string
}

// unknownLast is the number of a call that has no value: it comes after all
// others in either direction.
var unknownLast = math.NaN()

// sortKeys are the columns that can be sorted by, in the order of the screen.
func sortKeys() []sortKey {
	return []sortKey{
		{column: "number", number: func(_ *UI, c *correlate.Call) float64 { return float64(c.Index) }},
		{column: "time", number: func(_ *UI, c *correlate.Call) float64 { return float64(c.Started) }},
		{column: "method", text: func(_ *UI, c *correlate.Call) string { return c.Method }},
		{column: "from", text: func(_ *UI, c *correlate.Call) string { return naturalKey(ladder.User(c.From)) }},
		{column: "to", text: func(_ *UI, c *correlate.Call) string { return naturalKey(ladder.User(c.To)) }},
		{column: "source", text: func(_ *UI, c *correlate.Call) string { return naturalKey(c.Source.String()) }},
		{column: "destination", text: func(_ *UI, c *correlate.Call) string { return naturalKey(c.Destination.String()) }},
		{column: "state", volatile: true, number: func(_ *UI, c *correlate.Call) float64 { return severity(c.State) }},
		{column: "code", volatile: true, number: func(_ *UI, c *correlate.Call) float64 { return known(int64(c.FinalStatus), c.FinalStatus > 0) }},
		{column: "pdd", descending: true, volatile: true, number: func(_ *UI, c *correlate.Call) float64 {
			return known(c.PostDialDelay, c.PostDialDelay >= 0)
		}},
		{column: "duration", descending: true, volatile: true, number: func(u *UI, c *correlate.Call) float64 {
			d, ok := u.duration(c)
			return known(d, ok)
		}},
		{column: "codec", volatile: true, text: func(u *UI, c *correlate.Call) string { return u.codecOf(c) }},
		{column: "mos", volatile: true, number: func(_ *UI, c *correlate.Call) float64 {
			if c.Score == nil {
				return unknownLast
			}
			return c.Score.MOS
		}},
		{column: "loss", descending: true, volatile: true, number: func(u *UI, c *correlate.Call) float64 {
			if s := worstLoss(u.streamsOf(c)); s != nil {
				return lossOf(s)
			}
			return unknownLast
		}},
		{column: "jitter", descending: true, volatile: true, number: func(u *UI, c *correlate.Call) float64 {
			if s := worstJitter(u.streamsOf(c)); s != nil {
				return s.Quality.JitterMean
			}
			return unknownLast
		}},
		{column: "messages", descending: true, volatile: true, number: func(_ *UI, c *correlate.Call) float64 { return float64(c.MessageCount) }},
		{column: "callid", text: func(_ *UI, c *correlate.Call) string { return c.CallID }},
	}
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

// A callOrder is the order of the list, kept up to date without sorting it
// anew for each snapshot.
type callOrder struct {
	key        sortKey
	descending bool
	entries    []sortEntry
	last       int // largest index that was considered
	evicted    uint64
}

func (o *callOrder) entry(u *UI, c *correlate.Call) sortEntry {
	e := sortEntry{index: c.Index}
	if o.key.number != nil {
		e.number = o.key.number(u, c)
	}
	if o.key.text != nil {
		e.text = o.key.text(u, c)
		e.number = prefix(e.text)
	}
	return e
}

// rebuild sorts all calls that are to be shown.
func (o *callOrder) rebuild(u *UI, calls []*correlate.Call, shown func(*correlate.Call) bool) {
	o.entries, o.last, o.evicted = o.entries[:0], 0, u.snap.EvictedCalls
	for _, c := range calls {
		if shown(c) {
			o.entries = append(o.entries, o.entry(u, c))
		}
		o.last = max(o.last, c.Index)
	}
	o.sort(o.entries)
}

func (o *callOrder) sort(entries []sortEntry) {
	inOrder := func(a, b sortEntry) int { return compare(a, b, o.descending) }
	if !slices.IsSortedFunc(entries, inOrder) {
		slices.SortFunc(entries, inOrder)
	}
}

// update takes in what is new in a snapshot: calls that left go, new calls
// come, to their place or, with appendNew, to the end.
func (o *callOrder) update(u *UI, snap *correlate.Snapshot, shown func(*correlate.Call) bool, appendNew bool) {
	if snap.EvictedCalls != o.evicted {
		o.evicted = snap.EvictedCalls
		o.entries = slices.DeleteFunc(o.entries, func(e sortEntry) bool { return u.callAt(e.index) == nil })
	}
	var fresh []sortEntry
	for i := len(u.byIndex) - 1; i >= 0 && u.byIndex[i].Index > o.last; i-- {
		if c := u.byIndex[i]; shown(c) {
			fresh = append(fresh, o.entry(u, c))
		}
	}
	if n := len(u.byIndex); n > 0 {
		o.last = max(o.last, u.byIndex[n-1].Index)
	}
	if len(fresh) == 0 {
		return
	}
	slices.Reverse(fresh)
	if appendNew {
		o.entries = append(o.entries, fresh...)
		return
	}
	o.sort(fresh)
	o.entries = o.merge(fresh)
}

// retain takes in which calls the filter lets through by now, and leaves the
// order of those that stay: others go, and new ones come to the end.
func (o *callOrder) retain(u *UI, calls []*correlate.Call, shown func(*correlate.Call) bool) {
	there := make(map[int]bool, len(calls))
	for _, c := range calls {
		there[c.Index] = shown(c)
	}
	o.entries = slices.DeleteFunc(o.entries, func(e sortEntry) bool {
		stays := there[e.index]
		there[e.index] = false
		return !stays
	})
	for _, c := range calls {
		if there[c.Index] {
			o.entries = append(o.entries, o.entry(u, c))
		}
		o.last = max(o.last, c.Index)
	}
	o.evicted = u.snap.EvictedCalls
}

// merge returns the entries with fresh ones in their places.
func (o *callOrder) merge(fresh []sortEntry) []sortEntry {
	old := o.entries
	if len(old) == 0 || compare(old[len(old)-1], fresh[0], o.descending) < 0 {
		return append(old, fresh...)
	}
	out := make([]sortEntry, 0, len(old)+len(fresh))
	for len(old) > 0 && len(fresh) > 0 {
		if compare(old[0], fresh[0], o.descending) <= 0 {
			out, old = append(out, old[0]), old[1:]
		} else {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
	}
	return append(append(out, old...), fresh...)
}

// streamAt finds a stream by its ID, nil when it is not there (any more).
func streamAt(snap *correlate.Snapshot, id int) *correlate.Stream {
	i, found := slices.BinarySearchFunc(snap.Streams, id, func(s *correlate.Stream, id int) int { return s.ID - id })
	if !found {
		return nil
	}
	return snap.Streams[i]
}
