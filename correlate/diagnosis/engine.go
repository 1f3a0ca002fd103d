package diagnosis

import (
	"slices"

	"sipsniff/correlate"
)

// An Engine runs the rules over snapshots. One goroutine uses it. It remembers
// what it said of each call: one that did not change costs nothing again,
// unless what was said of it depends on others.
type Engine struct {
	options Options
	rules   []*Rule // that are on
	entries map[int]*entry
	sight   sight
	sighted int64 // Unix ns, when One brought it up to date last

	callers callers

	runs     int
	pairRuns map[way]int // the run in which a call between two hosts changed last

	last   *correlate.Snapshot // that was judged, and what was said of it
	result *Result
}

// New returns an Engine.
func New(o Options) *Engine {
	e := &Engine{options: o, entries: make(map[int]*entry), pairRuns: make(map[way]int)}
	for _, r := range Catalogue() {
		if !o.off[r.Code] {
			e.rules = append(e.rules, r)
		}
	}
	return e
}

// Run says what is to be said of a snapshot. What it returns depends on the
// snapshot alone, and never changes.
func (e *Engine) Run(snap *correlate.Snapshot) *Result {
	if snap == e.last {
		return e.result
	}
	e.runs++
	x := &sharing{snap: snap, options: &e.options, sight: &e.sight}
	rows := e.known(snap)
	e.look(snap, rows)
	e.pair(snap, rows)
	for i, c := range snap.Calls {
		if n := rows[i]; n == nil || n.call != c || !n.holds(e, snap) {
			rows[i] = e.judge(x, c)
		}
	}
	s := &Survey{sharing: x, Calls: snap.Calls, Now: snap.Last, rows: rows, callers: &e.callers}
	for _, r := range e.rules {
		if r.Survey != nil {
			s.rule = r
			r.Survey(s)
		}
	}
	e.last, e.result = snap, e.conclude(x, s)
	return e.result
}

// known are the entries of the calls of a snapshot, as far as there are any.
func (e *Engine) known(snap *correlate.Snapshot) []*entry {
	rows := make([]*entry, len(snap.Calls))
	for i, c := range snap.Calls {
		rows[i] = e.entries[c.Index]
	}
	return rows
}

// pair notes between which hosts calls changed, came or left.
func (e *Engine) pair(snap *correlate.Snapshot, rows []*entry) {
	there := 0
	for i, c := range snap.Calls {
		n := rows[i]
		if n != nil {
			there++
		}
		if n == nil || n.call != c {
			e.pairRuns[hostsOf(c)] = e.runs
			if n != nil {
				e.pairRuns[hostsOf(n.call)] = e.runs
			}
		}
	}
	if there < len(e.entries) {
		e.forget(snap)
	}
	if len(e.pairRuns) > 2*len(snap.Calls)+1000 {
		clear(e.pairRuns) // of some it is not known any more: all that depends on them is judged again
		for _, c := range snap.Calls {
			e.pairRuns[hostsOf(c)] = e.runs
		}
	}
}

// look notes what the changed calls show, before any of them is judged.
func (e *Engine) look(snap *correlate.Snapshot, rows []*entry) {
	if e.sight.slots == nil {
		return // nobody asked yet
	}
	for i, c := range snap.Calls {
		if n := rows[i]; n == nil || n.call != c {
			e.sight.note(c)
		}
	}
	if len(e.sight.noted) > 2*len(snap.Calls)+1000 {
		before := e.sight.noted
		e.sight.noted = make(map[int]int, len(snap.Calls))
		for _, c := range snap.Calls {
			e.sight.noted[c.Index] = before[c.Index]
		}
	}
}

// One judges a single call, of a snapshot with it and its streams: what the
// rules say that look at one call. whole is a snapshot of everything, which
// tells what the capture shows; nil when there is none. It remembers nothing of the call.
func (e *Engine) One(c *correlate.Call, own, whole *correlate.Snapshot) *Result {
	x := &sharing{snap: own, options: &e.options, sight: new(sight)}
	if whole != nil {
		if e.sight.slots != nil && whole.Last >= e.sighted+second {
			e.look(whole, e.known(whole))
			e.sighted = whole.Last
		}
		seen := *own
		seen.Links = whole.Links
		x.snap, x.whole, x.sight = &seen, whole, &e.sight
	}
	x.alone = whole == nil
	n := e.entryOf(x, c)
	r := &Result{ByCall: make(map[int][]correlate.Finding)}
	if len(n.settled) > 0 {
		r.ByCall[c.Index] = n.settled
	}
	return r
}

// judge makes the entry of a call anew.
func (e *Engine) judge(x *sharing, c *correlate.Call) *entry {
	n := e.entryOf(x, c)
	n.beginning() // now that its messages are at hand
	n.asked()
	n.run = e.runs
	e.entries[c.Index] = n
	return n
}

// saw reports whether media was looked at as long as a call went on.
func (x *sharing) saw(c *correlate.Call) bool {
	in := &x.snap.Input
	if x.whole != nil {
		in = &x.whole.Input
	}
	if len(in.Unwatched) == 0 {
		return true
	}
	to := x.snap.Last
	if c.Ended > 0 {
		to = c.Ended
	}
	return in.Saw(c.Started, to)
}

// entryOf runs the checks over a call.
func (e *Engine) entryOf(x *sharing, c *correlate.Call) *entry {
	tally := tallyOf(c)
	k := Case{Call: c, Traits: tally.traits, Now: x.snap.Last, sharing: x}
	if k.Traits&TraitMedia != 0 {
		k.Streams = make([]*correlate.Stream, 0, len(c.StreamIDs))
		for _, id := range c.StreamIDs {
			if s := x.StreamOf(id); s != nil {
				k.Streams = append(k.Streams, s)
			}
		}
	}
	x.looked, x.paired, x.mute = false, false, false
	saw := x.saw(c)
	for _, r := range e.rules {
		if !saw && r.aboutMedia() {
			continue
		}
		if r.Check != nil && (r.When == 0 || r.When&k.Traits != 0) {
			k.rule = r
			r.Check(&k)
		}
	}
	n := &entry{call: c, tally: tally}
	for _, d := range k.found {
		stands, again := d.guard(x)
		if again != 0 && again > k.Now {
			k.Passed(again)
		}
		if stands {
			n.findings = append(n.findings, d.finish())
		}
	}
	n.recheck, n.looked, n.paired, n.mute, n.settled = k.recheck, x.looked, x.paired, x.mute, settle(n.findings)
	return n
}

// forget lets go of the calls that left the snapshot.
func (e *Engine) forget(snap *correlate.Snapshot) {
	there := make(map[int]bool, len(snap.Calls))
	for _, c := range snap.Calls {
		there[c.Index] = true
	}
	for index, n := range e.entries {
		if !there[index] {
			e.pairRuns[hostsOf(n.call)] = e.runs
			delete(e.entries, index)
			e.sight.forget(index)
		}
	}
}

// settle takes away the findings that follow from others, and puts the rest in
// order, the verdict first. The list that it is given stays as it is.
func settle(all []correlate.Finding) []correlate.Finding {
	if len(all) == 0 {
		return nil
	}
	list := slices.Clone(all)
	slices.SortStableFunc(list, func(a, b correlate.Finding) int { return byWeight(&a, &b) })
	hider := make([]int, len(list)) // index of what hides it, -1 when nothing does
	for i := range list {
		hider[i] = slices.IndexFunc(list, func(f correlate.Finding) bool { return f.Code != list[i].Code && hides(&f, &list[i]) })
	}
	for i := range list {
		if top := summit(hider, i); top != i {
			t := &list[top]
			if t.Because = slices.Clone(t.Because); !slices.Contains(t.Because, list[i].Code) {
				t.Because = append(t.Because, list[i].Code)
			}
		}
	}
	kept := list[:0]
	for i := range list {
		if hider[i] < 0 || summit(hider, i) == i {
			slices.Sort(list[i].Because)
			kept = append(kept, list[i])
		}
	}
	return slices.Clip(kept)
}

// summit follows what hides a finding up to what nothing hides. A ring of
// findings that hide each other is shown whole.
func summit(hider []int, i int) int {
	at := i
	for range hider {
		if hider[at] < 0 {
			return at
		}
		at = hider[at]
	}
	return i
}

// hides reports whether one finding makes another not worth showing. What is
// only suspected hides nothing that is known.
func hides(a, b *correlate.Finding) bool {
	if a.Confidence == correlate.Suspect && b.Confidence != correlate.Suspect {
		return false
	}
	r := RuleOf(a.Code)
	return r != nil && slices.Contains(r.Hides, b.Code)
}
