package tui

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"sipsniff/correlate"
)

// listFilters are filters, and what they let through.
var listFilters = map[string]func(c *correlate.Call) bool{
	"":                func(*correlate.Call) bool { return true },
	"method:INVITE":   func(c *correlate.Call) bool { return c.Method == "INVITE" },
	"idx:10..2200":    func(c *correlate.Call) bool { return c.Index >= 10 && c.Index <= 2200 },
	"method:REGISTER": func(c *correlate.Call) bool { return c.Method == "REGISTER" },
}

// A listModel is a list under random news and keys, and what it should show.
type listModel struct {
	*rig
	random  *rand.Rand
	all     []*correlate.Call // that come yet, one after the other
	news    *correlate.Snapshot
	filter  string
	cleared []map[int]bool // by index, the latest last
	results chan func()
}

func newListModel(t *testing.T, seed uint64, calls int) *listModel {
	m := &listModel{random: rand.New(rand.NewPCG(seed, 2)), all: manyCalls(2 * calls).Calls, cleared: []map[int]bool{{}}, results: make(chan func(), 4096)}
	for i, c := range m.all {
		c.Method = []string{"INVITE", "OPTIONS", "REGISTER", "INVITE"}[i%4]
	}
	m.news = &correlate.Snapshot{Calls: m.all[:calls:calls], First: 1, Last: 2}
	m.all = m.all[calls:]
	m.rig = newRig(t, rigOptions{w: 100, h: 24, snap: m.news, status: liveStatus(), live: true})
	m.workshop.results, m.workshop.ended = m.results, make(chan struct{})
	return m
}

// publishNews has calls come, change, leave, and turn up before others.
func (m *listModel) publishNews() {
	next := *m.news
	next.Calls = slices.Clone(m.news.Calls)
	for i, c := range next.Calls {
		if m.random.IntN(12) == 0 {
			changed := *c
			changed.Method = []string{"INVITE", "OPTIONS", "REGISTER"}[m.random.IntN(3)]
			changed.State, changed.MessageCount = correlate.State(m.random.IntN(26)), m.random.IntN(5)
			next.Calls[i] = &changed
		}
	}
	next.Calls = slices.DeleteFunc(next.Calls, func(*correlate.Call) bool { return m.random.IntN(40) == 0 })
	come := m.all[:min(len(m.all), m.random.IntN(20))]
	m.all, next.Calls = m.all[len(come):], append(next.Calls, come...)
	if n := len(next.Calls); n > 1 && m.random.IntN(4) == 0 {
		next.Calls[n-1], next.Calls[n-2] = next.Calls[n-2], next.Calls[n-1]
	}
	next.Last += int64(time.Second)
	m.news = &next
	m.publish(m.news)
}

// clear clears all, or what the list does not show.
func (m *listModel) clear(key string) {
	goes := maps.Clone(m.cleared[len(m.cleared)-1])
	listed := m.calls.listed()
	for _, c := range m.calls.shown.wish.byIndex {
		if key == "F9" && !listed[c.Index] {
			goes[c.Index] = true
		}
	}
	for _, c := range m.UI.snap.Calls {
		if key == "F5" {
			goes[c.Index] = true
		}
	}
	if m.press(key); m.dialog != nil {
		m.press("Enter")
		m.cleared = append(m.cleared, goes)
	}
}

// act does something at random.
func (m *listModel) act() {
	v := m.calls
	switch m.random.IntN(12) {
	default:
		m.publishNews()
	case 0:
		keys := sortKeys()
		key := keys[m.random.IntN(len(keys))]
		if m.random.IntN(2) == 0 {
			key, _ = keyOfColumn("method")
		}
		v.orderBy(key, m.random.IntN(2) == 0)
	case 1:
		m.filter = slices.Sorted(maps.Keys(listFilters))[m.random.IntN(len(listFilters))]
		v.filterWith(m.filter)
	case 2:
		v.picked = true
		v.setScope(scope(m.random.IntN(3)))
	case 3:
		m.clear([]string{"F5", "F9", "F9"}[m.random.IntN(3)])
	case 4:
		m.press("u")
		m.cleared = m.cleared[:max(1, len(m.cleared)-1)]
	case 5:
		v.toggleFollow()
	case 6:
		v.list.set(m.random.IntN(v.Len() + 1))
	case 7:
		select {
		case then := <-m.results:
			then()
		default:
		}
	}
}

// settled lets the work end and the tally become due.
func (m *listModel) settled() {
	for range 2 {
		for m.workshop.busy() {
			(<-m.results)()
		}
		m.clock = m.clock.Add(countEvery)
		m.catchUp()
	}
}

// wanted are the rows that there should be, by index, and how many calls are not
// cleared away.
func (m *listModel) wanted() (rows []int, of int) {
	for _, c := range m.news.Calls {
		if m.cleared[len(m.cleared)-1][c.Index] {
			continue
		}
		of++
		hidden := m.calls.scope == scopeCalls && c.Method != "INVITE" || m.calls.scope == scopeDialogs && c.Method == "OPTIONS"
		if !hidden && listFilters[m.filter](c) {
			rows = append(rows, c.Index)
		}
	}
	slices.Sort(rows)
	return rows, of
}

// TestListUnderRandomKeys compares the list, once nothing is at work, with the rows
// that filter, scope and clearing leave, and with a listing that is made anew.
func TestListUnderRandomKeys(t *testing.T) {
	for seed, calls := range []int{40, 50, 60, 70, 80, inlineCalls + 300, inlineCalls + 301} {
		m := newListModel(t, uint64(seed), calls)
		v := m.calls
		for step := range 150 {
			for range m.random.IntN(4) + 1 {
				m.act()
			}
			_ = m.text()
			m.settled()
			rows, of := m.wanted()
			got := rowsOf(v.shown)
			if !slices.Equal(slices.Sorted(slices.Values(got)), rows) {
				t.Fatalf("%d calls, step %d: scope %d, filter %q: %d rows, want %d", calls, step, v.scope, m.filter, len(got), len(rows))
			}
			if _, n := v.tally(); n != of {
				t.Fatalf("%d calls, step %d: of %d, want %d", calls, step, n, of)
			}
			w := v.wish(false)
			w.marked = v.marked
			anew := w.make(nil, func() bool { return false })
			if !v.order.key.volatile && !slices.Equal(got, rowsOf(anew)) {
				t.Fatalf("%d calls, step %d: another order by %s", calls, step, v.order.key.column)
			}
			if !reflect.DeepEqual(v.shown.counts, anew.counts) {
				t.Fatalf("%d calls, step %d: counted %+v, want %+v", calls, step, v.shown.counts, anew.counts)
			}
			if v.Len() > 0 && v.list.id != v.ID(v.list.cursor) {
				t.Fatalf("%d calls, step %d: the cursor is on %d and shown on %d", calls, step, v.list.id, v.ID(v.list.cursor))
			}
		}
	}
}
