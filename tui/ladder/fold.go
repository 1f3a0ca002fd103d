package ladder

import (
	"net/netip"

	"sipsniff/correlate"
)

// duplicateReach is how many rows back a duplicate capture that does not name
// its original is looked for.
const duplicateReach = 16

// A folder decides which row a message belongs to. A retransmission goes to
// the row of the first copy, until its sender has received a final response:
// copies sent after that are remarkable and get a row of their own.
type folder struct {
	rowOf  map[*correlate.Message]int
	groups map[*correlate.Message]group
	finals map[way]int // final responses seen on each way
	recent []rowMessage
}

type group struct {
	row    int
	finals int // final responses its sender had when the row was begun
}

// A way is a direction between two hosts. The ports are kept only where one
// host talks to itself: elsewhere responses may come from another port than
// the request went to.
type way struct{ from, to netip.AddrPort }

func wayOf(from, to netip.AddrPort) way {
	if from.Addr() == to.Addr() {
		return way{from, to}
	}
	return way{netip.AddrPortFrom(from.Addr(), 0), netip.AddrPortFrom(to.Addr(), 0)}
}

type rowMessage struct {
	row int
	m   *correlate.Message
}

func newFolder() *folder {
	return &folder{rowOf: map[*correlate.Message]int{}, groups: map[*correlate.Message]group{}, finals: map[way]int{}}
}

// nextLeg forgets what only has a meaning within one call.
func (f *folder) nextLeg() {
	clear(f.finals)
	f.recent = f.recent[:0]
}

// place returns the row of m; isNew tells that it is next, a row not yet begun.
func (f *folder) place(m *correlate.Message, next int) (row int, isNew bool) {
	if m.Duplicate {
		if row, ok := f.original(m); ok {
			f.rowOf[m] = row
			return row, false
		}
	}
	first := m.First
	if !m.Retransmission || first == nil {
		first = m
	}
	g, ok := f.groups[first]
	if ok && m.Retransmission && g.finals == f.finalsFor(m) {
		f.rowOf[m] = g.row
		return g.row, false
	}
	f.begin(m, first, next)
	return next, true
}

func (f *folder) begin(m, first *correlate.Message, row int) {
	f.groups[first] = group{row: row, finals: f.finalsFor(m)}
	f.rowOf[m] = row
	if len(f.recent) == duplicateReach {
		copy(f.recent, f.recent[1:])
		f.recent = f.recent[:duplicateReach-1]
	}
	f.recent = append(f.recent, rowMessage{row, m})
}

// original finds the row of the packet that m is another capture of.
func (f *folder) original(m *correlate.Message) (int, bool) {
	if row, ok := f.rowOf[m.First]; ok && m.First != nil {
		return row, true
	}
	for i := len(f.recent) - 1; i >= 0; i-- {
		r := f.recent[i]
		if r.m.Src == m.Src && r.m.Dst == m.Dst && r.m.Text() == m.Text() {
			return r.row, true
		}
	}
	return 0, false
}

// finalsFor counts the final responses that went to the sender of m.
func (f *folder) finalsFor(m *correlate.Message) int {
	return f.finals[wayOf(m.Dst, m.Src)]
}

// answered notes m when it is a final response.
func (f *folder) answered(m *correlate.Message) {
	if m.Method == "" && m.StatusCode >= 200 && !m.Duplicate && !m.Retransmission {
		f.finals[wayOf(m.Src, m.Dst)]++
	}
}
