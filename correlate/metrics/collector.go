package metrics

import (
	"cmp"
	"slices"

	"sipsniff/correlate"
)

// maxRows is how many pairs of hosts have a row; the calls of further ones
// are counted together.
const maxRows = 10_000

// A collector goes through the calls once. What it finds, it files by pair of
// hosts and by age, so that a window adds up those that are young enough.
type collector struct {
	snapshot *correlate.Snapshot
	since    []int64 // when the windows begin, the shortest first
	rows     map[pair]*aged
	list     []*aged
	others   *aged
	sided    map[pair]string // those that are one-sided for certain
	scan     scan

	latest pair // that was asked for, and its row
	row    *aged
}

// aged is a row in parts: those of each window that are not of the one
// before, and those older than all windows.
type aged struct {
	pair
	oneSided string
	parts    [len(windows) + 1]*Summary // nil where there is nothing
}

func newCollector(s *correlate.Snapshot) *collector {
	c := &collector{snapshot: s, rows: make(map[pair]*aged), sided: certain(s)}
	for _, length := range windows {
		if since := s.Last - int64(length); since > s.First {
			c.since = append(c.since, since)
		}
	}
	return c
}

// age is the place of a moment in the parts of a row.
func (c *collector) age(nanos int64) int {
	for i := len(c.since); i > 0; i-- {
		if nanos <= c.since[i-1] {
			return i
		}
	}
	return 0
}

func (a *aged) part(age int) *Summary {
	if a.parts[age] == nil {
		a.parts[age] = new(Summary)
	}
	return a.parts[age]
}

// of is the row of a pair, made when it is new.
func (c *collector) of(p pair) *aged {
	if c.row != nil && p == c.latest {
		return c.row
	}
	row := c.rows[p]
	switch {
	case row != nil:
	case len(c.list) < maxRows:
		row = &aged{pair: p, oneSided: c.sided[p.ordered()]}
		c.rows[p] = row
		c.list = append(c.list, row)
	default:
		if c.others == nil {
			c.others = new(aged)
		}
		row = c.others
	}
	c.latest, c.row = p, row
	return row
}

// add takes a call.
func (c *collector) add(call *correlate.Call) {
	for i := range call.EarlierAttempts {
		c.attempt(call, &call.EarlierAttempts[i])
	}
	if call.Attempt.Known() {
		c.attempt(call, &call.Attempt)
	}
	c.messages(call)
}

func (c *collector) attempt(call *correlate.Call, a *correlate.Attempt) {
	p := pair{a.Source.Addr(), a.Destination.Addr()}
	row := c.of(p)
	switch {
	case a.Connected == 0:
	case a.Ended != 0:
		row.part(c.age(a.Ended)).Rate.up(a.Connected, a.Ended)
	case a.Up():
		row.part(0).Rate.up(a.Connected, 0)
	}
	began := cmp.Or(a.Counted, a.Credited, call.Started)
	part := row.part(c.age(began))
	part.Rate.begin(began)
	part.attempt(a, c.sided[p.ordered()] != "")
}

// span adds up what is not older than an age, and puts it in order.
func (c *collector) span(age int, since int64) Span {
	s := Span{first: since, last: c.snapshot.Last}
	for _, a := range c.list {
		row := Row{Source: a.source, Destination: a.destination, OneSided: a.oneSided}
		if row.young(a, age) {
			s.Total.merge(&row.Summary)
			row.finish(s.first, s.last)
			s.Pairs = append(s.Pairs, row)
		}
	}
	if c.others != nil {
		if others := new(Summary); others.young(c.others, age) {
			s.Total.merge(others)
			others.finish(s.first, s.last)
			s.Others = others
		}
	}
	s.Total.finish(s.first, s.last)
	slices.SortFunc(s.Pairs, busier)
	return s
}

// young adds up the parts up to an age; it reports whether there are any.
func (s *Summary) young(a *aged, age int) (any bool) {
	for _, part := range a.parts[:age+1] {
		if part != nil {
			s.merge(part)
			any = true
		}
	}
	return any
}
