package tui

import (
	"maps"
	"slices"
	"time"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// What a save can be about.
const (
	saveMarked = iota
	saveSubject
	saveListed
	saveAll
)

// A saveSource is what calls to save are chosen from. Nothing in it changes, so
// that many are counted beside the event loop.
type saveSource struct {
	snap    *correlate.Snapshot
	byIndex []*correlate.Call
	marked  []int
	listed  []sortEntry
	subject *correlate.Call // nil for none
	bound   map[int]int     // call by stream ID, by hand
}

func (u *UI) saveSource() *saveSource {
	return &saveSource{
		snap: u.snap, byIndex: u.byIndex, marked: slices.Collect(maps.Keys(u.calls.marked)), listed: u.calls.order.entries,
		subject: u.subject(), bound: maps.Clone(u.bound),
	}
}

// scope are the calls that a save is about, without their other legs.
func (s *saveSource) scope(scope int) []*correlate.Call {
	switch scope {
	case saveMarked:
		return s.those(slices.Values(slices.Sorted(slices.Values(s.marked))))
	case saveSubject:
		if s.subject == nil {
			return nil
		}
		return []*correlate.Call{s.subject}
	case saveListed:
		return s.those(func(yield func(int) bool) {
			for i := range s.listed {
				if !yield(s.listed[i].index) {
					return
				}
			}
		})
	}
	return s.snap.Calls
}

// those are the calls with some indexes, as far as they are there.
func (s *saveSource) those(indexes func(yield func(int) bool)) []*correlate.Call {
	var out []*correlate.Call
	for index := range indexes {
		if c := correlate.CallAt(s.byIndex, index); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// withLegs adds the other legs of calls.
func (s *saveSource) withLegs(calls []*correlate.Call) []*correlate.Call {
	seen := newIndexSet(s.byIndex)
	for _, c := range calls {
		seen.add(c.Index)
	}
	out := calls[:len(calls):len(calls)]
	for _, c := range calls {
		if c.LegCount() < 2 {
			continue
		}
		for _, index := range c.Joined() {
			if other := correlate.CallAt(s.byIndex, index); other != nil && !seen.has(index) {
				seen.add(index)
				out = append(out, other)
			}
		}
	}
	return out
}

// registrations are those of the people who called and were called, as far as
// they are not among the calls.
func (s *saveSource) registrations(calls []*correlate.Call) []*correlate.Call {
	seen, users := newIndexSet(s.byIndex), map[string]bool{}
	for _, c := range calls {
		seen.add(c.Index)
		users[ladder.User(c.From)], users[ladder.User(c.To)] = true, true
	}
	delete(users, "")
	var out []*correlate.Call
	for _, c := range s.snap.Calls {
		if c.Method == "REGISTER" && !seen.has(c.Index) && users[ladder.User(c.To)] {
			out = append(out, c)
		}
	}
	return out
}

// reportOctets is what a compound of RTCP takes that has a report and a name.
const reportOctets = 90

// estimate is how many packets and octets a capture of calls has.
func (s *saveSource) estimate(calls []*correlate.Call, p SavePackets, reports bool) (packets, octets uint64) {
	const headers = 14 + 20 + 8 + 32 // Ethernet, IP, UDP, and the record in the file
	stream := func(s *correlate.Stream) {
		packets += s.Packets
		octets += s.Packets*(14+32) + s.OctetsIP
		if reports {
			packets += s.RTCPPackets
			octets += s.RTCPPackets * (headers + reportOctets)
		}
	}
	chosen := newIndexSet(s.byIndex)
	for _, c := range calls {
		chosen.add(c.Index)
		if p != SaveMedia {
			packets += uint64(c.MessageCount)
			for _, m := range c.Messages() {
				octets += uint64(m.Size()) + headers
			}
		}
		if p == SaveSignalling {
			continue
		}
		for _, s := range streamsIn(s.snap, c) {
			stream(s)
		}
	}
	for id, index := range s.bound {
		if bound := streamAt(s.snap, id); p != SaveSignalling && bound != nil && bound.Call == nil && chosen.has(index) {
			stream(bound)
		}
	}
	return packets, octets
}

// A saveKey is everything that decides what is saved.
type saveKey struct {
	snap           *correlate.Snapshot
	rows           *listing
	scope, packets int
	legs, regs     bool
	reports        bool // with RTCP
}

// sameChoice reports whether the user chose the same, of whatever snapshot.
func (k saveKey) sameChoice(other saveKey) bool {
	k.snap, k.rows = other.snap, other.rows
	return k == other
}

// A saveTally is what is saved, and how much that is.
type saveTally struct {
	of              saveKey
	made            time.Time
	marked          int               // calls that are marked and still there
	calls           []*correlate.Call // with their other legs and registrations, as they were chosen
	legs, users     int               // other legs; registrations of the same users
	packets, octets uint64            // about, in a capture
}

func (s *saveSource) tally(key saveKey) saveTally {
	t := saveTally{of: key, marked: len(s.scope(saveMarked))}
	alone := s.scope(key.scope)
	whole := s.withLegs(alone)
	t.calls, t.legs = alone, len(whole)-len(alone)
	if key.legs {
		t.calls = whole
	}
	users := s.registrations(t.calls)
	t.users = len(users)
	if key.regs {
		t.calls = append(t.calls[:len(t.calls):len(t.calls)], users...)
	}
	t.packets, t.octets = s.estimate(t.calls, SavePackets(key.packets), key.reports)
	return t
}

// recountEvery is how often what is chosen is counted again while news come.
const recountEvery = 2 * time.Second

func (d *saveDialog) key() saveKey {
	return saveKey{d.u.snap, d.u.calls.shown, d.scope, d.packets, d.legs, d.regs, d.reports}
}

// count finds out what is chosen when that has changed, and names the file; many
// calls are counted beside the event loop.
func (d *saveDialog) count() {
	u, key := d.u, d.key()
	few := len(key.snap.Calls) <= inlineCalls
	if d.counting || d.tally.of == key || !few && d.tally.of.sameChoice(key) && u.now().Sub(d.tally.made) < recountEvery {
		return
	}
	source := u.saveSource()
	work := func() func() {
		t := source.tally(key)
		return func() {
			t.made = u.now()
			d.counting, d.tally = false, t
			d.rename()
			if !d.key().sameChoice(key) {
				d.count()
			}
		}
	}
	d.counting = true
	if few {
		work()()
		return
	}
	u.workshop.do(work)
}

// counted reports whether what is chosen is known, be it of a moment ago.
func (d *saveDialog) counted() bool { return d.tally.of.sameChoice(d.key()) }
