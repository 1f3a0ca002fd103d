package tui

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/internal/filter"
	"sipsniff/tui/figure"
)

func streamsTab() tab {
	return tab{wide: "Streams", medium: "Streams", narrow: "Str",
		count: func(u *UI) int { return len(u.snap.Streams) },
		open:  func(u *UI) view { return newStreamsView(u) }}
}

// streamsView is the list of streams, those that belong to no call among them.
type streamsView struct {
	u      *UI
	list   *vlist
	filter *filterLine
	shown  streamListing
	untied bool             // only those without a call
	faulty bool             // only those with a problem
	key    int              // in streamKeys
	back   bool             // against its usual direction
	busy   bool             // a listing is being made
	again  bool             // and another one is wanted after it
	why    map[int][]string // by stream ID: why it is in no call
	sparks sparkCache
}

// A streamListing is the rows of the list and what they are counted from.
type streamListing struct {
	rows                           []*correlate.Stream
	at                             map[int]int // row by ID
	all, inCalls, srtp, fax, bound int
}

func newStreamsView(u *UI) *streamsView {
	v := &streamsView{u: u, why: map[int][]string{}}
	v.list = newVList(v)
	v.list.gutter = plainGutter
	v.filter = newFilterLine(u, v)
	v.sortBy(0)
	return v
}

func (v *streamsView) context() Context        { return InStreams }
func (v *streamsView) filterLine() *filterLine { return v.filter }
func (v *streamsView) rowsName() string        { return "streams" }
func (v *streamsView) rows() *vlist            { return v.list }
func (v *streamsView) Len() int                { return len(v.shown.rows) }
func (v *streamsView) ID(row int) int          { return v.shown.rows[row].ID }
func (v *streamsView) Marked(int) bool         { return false }
func (v *streamsView) move(m motion)           { v.list.move(m); v.explain() }

func (v *streamsView) Find(id int) int {
	if row, there := v.shown.at[id]; there {
		return row
	}
	return -1
}

// current is the stream under the cursor, nil when there is none.
func (v *streamsView) current() *correlate.Stream {
	if v.Len() == 0 {
		return nil
	}
	return v.shown.rows[v.list.cursor]
}

func (v *streamsView) tally() (shown, of int)   { return v.Len(), len(v.u.snap.Streams) }
func (v *streamsView) applyFilter(*filter.Expr) { v.refresh() }

// universe is the streams as calls of one stream each, which is what the
// filter looks at.
func (v *streamsView) universe() (*filter.Scope, []*correlate.Call) {
	snap := v.u.snap
	calls := make([]*correlate.Call, 0, len(snap.Streams))
	for _, s := range snap.Streams {
		calls = append(calls, asCall(s, v.u.callOf(s)))
	}
	return filter.NewScope(snap, nil), calls
}

// asCall is a stream as a call that has nothing else: a stream without a call
// still has addresses, a codec, losses.
func asCall(s *correlate.Stream, of *correlate.Call) *correlate.Call {
	c := &correlate.Call{Ring: -1, PostDialDelay: -1, SessionRequestDelay: -1, Setup: -1, Duration: -1}
	if of != nil {
		*c = *of
	}
	c.Source, c.Destination, c.StreamIDs, c.Started = s.Src, s.Dst, []int{s.ID}, s.First
	c.Score = nil
	if s.Score.Known {
		c.Score = &correlate.CallScore{MOS: s.Score.MOS, Stream: s.ID}
	}
	return c
}

// callOf is the call that a stream belongs to, by signalling or by hand.
func (u *UI) callOf(s *correlate.Stream) *correlate.Call {
	if s.Call != nil {
		return u.callAt(s.Call.Index)
	}
	if index, bound := u.bound[s.ID]; bound {
		return u.callAt(index)
	}
	return nil
}

func (v *streamsView) refresh() {
	if v.busy {
		v.again = true
		return
	}
	w := streamWish{snap: v.u.snap, byIndex: v.u.byIndex, bound: cloneBound(v.u.bound), expr: v.filter.expr(), untied: v.untied, faulty: v.faults(), key: streamKeys[v.key], back: v.back}
	work := func() func() {
		l := w.make()
		return func() {
			v.busy, v.shown = false, l
			v.list.refresh()
			v.explain()
			if v.again {
				v.refresh()
			}
		}
	}
	v.busy, v.again = true, false
	if len(w.snap.Streams) <= inlineCalls {
		work()()
		return
	}
	v.u.workshop.do(work)
}

func cloneBound(m map[int]int) map[int]int {
	out := make(map[int]int, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// A streamWish is what the rows are made from.
type streamWish struct {
	snap    *correlate.Snapshot
	byIndex []*correlate.Call
	bound   map[int]int
	expr    *filter.Expr
	untied  bool
	faulty  map[int]bool // by ID, those to show; nil: all
	key     streamKey
	back    bool
}

// make finds the rows and puts them in order.
func (w *streamWish) make() streamListing {
	l := streamListing{at: map[int]int{}}
	in := filter.NewScope(w.snap, nil)
	for _, s := range w.snap.Streams {
		call := w.callOf(s)
		l.count(s, call != nil, w.bound)
		if w.untied && call != nil || w.faulty != nil && !w.faulty[s.ID] {
			continue
		}
		if w.expr != nil && !w.expr.Match(in, asCall(s, call)) {
			continue
		}
		l.rows = append(l.rows, s)
	}
	slices.SortStableFunc(l.rows, func(a, b *correlate.Stream) int {
		if c := w.key.compare(a, b); c != 0 && w.back {
			return -c
		} else if c != 0 {
			return c
		}
		return a.ID - b.ID
	})
	for row, s := range l.rows {
		l.at[s.ID] = row
	}
	return l
}

func (w *streamWish) callOf(s *correlate.Stream) *correlate.Call {
	index := 0
	if s.Call != nil {
		index = s.Call.Index
	} else if index = w.bound[s.ID]; index == 0 {
		return nil
	}
	return callIn(w.byIndex, index)
}

func (l *streamListing) count(s *correlate.Stream, inCall bool, bound map[int]int) {
	l.all++
	if inCall {
		l.inCalls++
	}
	if bound[s.ID] > 0 {
		l.bound++
	}
	if s.Secure {
		l.srtp++
	}
	if s.UDPTL {
		l.fax++
	}
}

// A streamKey is what the streams can be ordered by; what is not known comes
// last.
type streamKey struct {
	column, says string
	compare      func(a, b *correlate.Stream) int
}

var streamKeys = []streamKey{
	{"mos", "worst MOS first", func(a, b *correlate.Stream) int {
		return knownFirst(a.Score.Known, b.Score.Known, a.Score.MOS, b.Score.MOS)
	}},
	{"loss", "worst loss first", func(a, b *correlate.Stream) int {
		return knownFirst(a.Quality.Expected > 0, b.Quality.Expected > 0, -lossOf(a), -lossOf(b))
	}},
	{"jitter", "worst jitter first", func(a, b *correlate.Stream) int {
		return knownFirst(a.Quality.HasJitter, b.Quality.HasJitter, -a.Quality.JitterMean, -b.Quality.JitterMean)
	}},
	{"packets", "most packets first", func(a, b *correlate.Stream) int { return cmp.Compare(b.Packets, a.Packets) }},
	{"ssrc", "by SSRC", func(a, b *correlate.Stream) int { return cmp.Compare(a.SSRC, b.SSRC) }},
	{"source", "by source", func(a, b *correlate.Stream) int { return a.Src.Compare(b.Src) }},
	{"destination", "by destination", func(a, b *correlate.Stream) int { return a.Dst.Compare(b.Dst) }},
	{"codec", "by codec", func(a, b *correlate.Stream) int { return cmp.Compare(a.Codec, b.Codec) }},
	{"first", "by time", func(a, b *correlate.Stream) int { return cmp.Compare(a.First, b.First) }},
}

func knownFirst(aKnown, bKnown bool, a, b float64) int {
	switch {
	case aKnown && bKnown:
		return cmp.Compare(a, b)
	case aKnown:
		return -1
	case bKnown:
		return 1
	}
	return 0
}

// sortBy orders by the key in that place; all of them in turn.
func (v *streamsView) sortBy(i int) {
	v.key = (i + len(streamKeys)) % len(streamKeys)
	v.list.sorted = streamKeys[v.key].column
	v.list.sortUp = !v.back
	v.refresh()
}

func (v *streamsView) reverse() {
	v.back = !v.back
	v.sortBy(v.key)
}

func (v *streamsView) draw(c canvas) {
	u := v.u
	rest := v.filter.drawAbove(u.drawTop(c), v.drawSummary)
	rest = u.drawBanner(rest)
	if v.Len() == 0 {
		for i, line := range v.emptyLines() {
			rest.text(2, 1+i, cells.Cut(line, rest.w-3, u.set.Ellipsis), u.theme[rolePlain])
		}
		return
	}
	const pane = 7
	body := rest
	if rest.h >= pane+6 {
		body = rest.part(0, 0, rest.w, rest.h-pane)
		v.drawPane(rest.part(0, rest.h-pane, rest.w, pane))
	}
	v.list.columns = v.columns(body.w)
	v.list.draw(u, body)
}

func (v *streamsView) emptyLines() []string {
	switch {
	case v.filter.expr() != nil && len(v.u.snap.Streams) > 0:
		return []string{v.filter.nothing()}
	case v.faulty && len(v.u.snap.Streams) > 0:
		return []string{fmt.Sprintf("no problem in %s. ! shows all.", plural(len(v.u.snap.Streams), "stream"))}
	case v.untied && len(v.u.snap.Streams) > 0:
		return []string{fmt.Sprintf("all %s belong to calls. u shows them.", plural(len(v.u.snap.Streams), "stream"))}
	}
	u := v.u
	line := "No RTP among " + figure.Counted(u.status.Frames, "packet")
	switch {
	case !u.status.Done:
		line += " so far."
	case u.status.Frames == 0:
		return u.noSIP()
	default:
		line += ": it was not captured here, or nobody spoke."
	}
	lines := append([]string{line}, u.present()...)
	if u.status.TLSHidden > 0 {
		lines = append(lines, "", u.hiddenTLS())
	}
	return lines
}

func (v *streamsView) drawSummary(c canvas) {
	u, l := v.u, &v.shown
	dot := " " + u.set.Dot + " "
	line := plural(l.all, "stream") + dot + count(l.inCalls) + " in calls" + dot + count(l.all-l.inCalls) + " not tied to any call"
	if l.bound > 0 {
		line += dot + count(l.bound) + " by hand"
	}
	if l.srtp > 0 {
		line += dot + count(l.srtp) + " SRTP"
	}
	if l.fax > 0 {
		line += dot + count(l.fax) + " T.38"
	}
	if len(u.snap.Calls) == 0 && u.status.Frames > 0 {
		line = fmt.Sprintf("%s has %s, none is SIP%s%s", u.clean(filepath.Base(u.status.Source)), figure.Counted(u.status.Frames, "packet"), dot, line)
	}
	note, narrowed := v.narrowing()
	if c.w >= wideTabs {
		note += "      sort: " + streamKeys[v.key].says
		if v.back {
			note += ", reversed"
		}
	}
	room := c.w - 2
	if narrowed || cells.Width(line)+cells.Width(note)+4 <= c.w {
		c.right(c.w-1, 0, note, u.theme[roleKey])
		room -= cells.Width(note) + 2
	}
	c.text(1, 0, cells.Cut(line, room, u.set.Ellipsis), u.theme[rolePlain])
}

// click moves the cursor to the row, opens its media on a double click, or
// orders by the head that was hit.
func (v *streamsView) click(x, y int, double bool) bool {
	if y == v.list.headRow {
		id, _ := v.list.headAt(x)
		at := slices.IndexFunc(streamKeys, func(k streamKey) bool { return k.column == id })
		switch {
		case at < 0:
			return false
		case at == v.key:
			v.reverse()
		default:
			v.sortBy(at)
		}
		return true
	}
	if !v.list.click(y) {
		return false
	}
	v.explain()
	if double {
		v.openMedia()
	}
	return true
}
