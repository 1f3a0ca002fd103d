package ladder

import (
	"net/netip"
	"slices"
	"time"

	"sipsniff/correlate"
)

// gapLimit is the silence of signalling that gets a row of its own.
const gapLimit = int64(5 * time.Second)

// SDPMode chooses what a row tells of a session description.
type SDPMode uint8

// The modes in the order in which a key steps through them.
const (
	SDPCodecs  SDPMode = iota // on the arrow: the codecs
	SDPAddress                // under it: address and direction of each media line
	SDPFull                   // under it: everything of each media line
	SDPClassic                // the label above a bare arrow, as older tools draw it
	sdpModes
)

// Next returns the mode after m.
func (m SDPMode) Next() SDPMode { return (m + 1) % sdpModes }

// A Choice says what of a call becomes rows. The zero value shows all streams,
// folds copies and makes one column of each host.
type Choice struct {
	ASCII       bool
	SDP         SDPMode
	NoStreams   bool
	ActiveSince int64 // when not 0: only streams with a packet at or after this time
	OnlyStreams bool
	OnlySDP     bool
	SplitPorts  bool
	ShowKeys    bool // which keys were pressed; stars stand for them otherwise
	UnfoldAll   bool
	Unfolded    map[correlate.MessageKey]bool // rows, by their Message, whose copies are shown
	Aliases     map[netip.Addr]string         // names of hosts; addresses with the same name share a column
	Keep        func(*Row) bool               // which rows are wanted; nil: all
	Orders      [][]netip.Addr                // of some columns, from the left, the latest last; the others stay where they were first seen
}

// Build makes the rows of the legs, merged by time.
func Build(legs []Leg, c Choice) *Ladder {
	b := builder{choice: c, cast: newCast(legs, c.SplitPorts, c.Aliases), fold: newFolder()}
	for i := range legs {
		b.leg(i, legs[i].Call)
	}
	if !c.NoStreams {
		for i := range legs {
			b.streams(i, legs[i])
			b.digits(i, legs[i])
		}
	}
	l := &Ladder{Legs: legs, Participants: b.cast.list}
	for i := range l.Participants {
		l.Participants[i].Agent = cleaner(c.ASCII)(l.Participants[i].Agent)
	}
	l.Rows = b.finish()
	for _, order := range c.Orders {
		l.arrange(order)
	}
	return l
}

type builder struct {
	choice Choice
	cast   *cast
	fold   *folder
	rows   []Row
	heard  []int64 // times of all signalling, to find the silences
}

func (b *builder) leg(leg int, call *correlate.Call) {
	b.fold.nextLeg()
	first := len(b.rows)
	taps := map[tap]*correlate.Message{}
	for _, m := range call.Messages() {
		b.heard = append(b.heard, m.Nanos)
		from, to := b.cast.signalling(m.Src), b.cast.signalling(m.Dst)
		b.cast.credit(from, m)
		row, isNew := b.fold.place(m, len(b.rows))
		if isNew {
			b.rows = append(b.rows, Row{Kind: MessageRow, Leg: leg, From: from, To: to, Nanos: m.Nanos, Message: m, Tapped: tapped(taps, m)})
		}
		r := &b.rows[row]
		switch {
		case m.Duplicate && !isNew:
			r.Duplicates++
		case m.Retransmission:
			r.Retransmissions++
			r.Continued = r.Continued || isNew
			if !isNew {
				r.Copies = append(r.Copies, m)
			}
		}
		b.fold.answered(m)
	}
	b.label(b.rows[first:])
}

// A tap is what stays the same of a message wherever it is captured.
type tap struct {
	branch, method string
	status         int
	number         uint32
}

// tapLimit is how long a message takes from one place of capture to another.
const tapLimit = int64(50 * time.Millisecond)

// tapped reports whether a message was captured between other addresses just
// before: in front of a device that changes them.
func tapped(taps map[tap]*correlate.Message, m *correlate.Message) bool {
	if m.Branch == "" {
		return false
	}
	key := tap{m.Branch, m.CSeq.Method + " " + m.Method, m.StatusCode, m.CSeq.Number}
	before := taps[key]
	taps[key] = m
	return before != nil && (before.Src != m.Src || before.Dst != m.Dst) && m.Nanos-before.Nanos < tapLimit && !m.Retransmission
}

// label writes the text of the rows of one leg.
func (b *builder) label(rows []Row) {
	l := newLabeller(b.choice.ASCII, rows)
	for i := range rows {
		r := &rows[i]
		r.Labels = l.message(r)
		r.Details = l.details(r.Message, b.choice.SDP)
	}
}

func (b *builder) streams(leg int, of Leg) {
	l := newLabeller(b.choice.ASCII, nil)
	for _, s := range of.Streams {
		if s.Last < b.choice.ActiveSince {
			continue
		}
		source, target := of.Call.Source, of.Call.Destination
		if !s.FromCaller {
			source, target = target, source
		}
		labels := l.stream(s)
		b.rows = append(b.rows, Row{
			Kind: StreamRow, Leg: leg, From: b.cast.media(s.Src, source), To: b.cast.media(s.Dst, target),
			Nanos: s.First, Stream: s, Said: labels[0].Text, Labels: labels,
		})
		whole := b.rows[len(b.rows)-1]
		for i, turn := range epochs(s) {
			if i > 0 {
				row := whole
				row.Nanos, row.Turn, row.Labels = turn.Since, i, l.turn(&turn)
				b.rows = append(b.rows, row)
			}
		}
	}
}

// finish puts the rows in order, leaves out what was not chosen, and adds
// silences and deltas.
func (b *builder) finish() []Row {
	slices.SortStableFunc(b.rows, func(x, y Row) int {
		switch {
		case x.Nanos < y.Nanos:
			return -1
		case x.Nanos > y.Nanos:
			return 1
		}
		return int(x.Kind) - int(y.Kind)
	})
	slices.Sort(b.heard)
	rows := make([]Row, 0, len(b.rows)+8)
	heard := 0
	for i := range b.rows {
		r := &b.rows[i]
		if !b.chosen(r) {
			continue
		}
		if r.Kind == MessageRow {
			for heard < len(b.heard) && b.heard[heard] < r.Nanos {
				heard++
			}
			if heard > 0 && len(rows) > 0 && r.Nanos-b.heard[heard-1] >= gapLimit {
				rows = append(rows, Row{Kind: GapRow, Leg: r.Leg, Nanos: r.Nanos, Gap: r.Nanos - b.heard[heard-1]})
			}
		}
		rows = append(rows, *r)
		rows = b.unfold(rows, r)
	}
	return withDeltas(rows)
}

func (b *builder) chosen(r *Row) bool {
	if b.choice.Keep != nil && !b.choice.Keep(r) {
		return false
	}
	if r.Kind == StreamRow || r.Kind == DigitRow {
		return !b.choice.OnlySDP
	}
	if b.choice.OnlyStreams {
		return false
	}
	return !b.choice.OnlySDP || r.Message.SDP != nil
}

// unfold adds the copies of r as rows when that was asked for.
func (b *builder) unfold(rows []Row, r *Row) []Row {
	if r.Kind != MessageRow || len(r.Copies) == 0 || !b.choice.UnfoldAll && !b.choice.Unfolded[r.Message.Key()] {
		return rows
	}
	l := newLabeller(b.choice.ASCII, nil)
	for _, m := range r.Copies {
		rows = append(rows, Row{Kind: CopyRow, Leg: r.Leg, From: r.From, To: r.To, Nanos: m.Nanos, Message: m, Labels: l.copyOf(m)})
	}
	return rows
}

func withDeltas(rows []Row) []Row {
	last := -1
	for i := range rows {
		if rows[i].Kind == GapRow {
			continue
		}
		if last >= 0 {
			rows[i].Delta, rows[i].HasDelta = rows[i].Nanos-rows[last].Nanos, true
		}
		last = i
	}
	return rows
}
