package tui

import (
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

func (v *streamsView) tally() (shown, of int)   { return v.Len(), v.shown.all }
func (v *streamsView) applyFilter(*filter.Expr) { v.refresh() }

// universe is the streams as calls of one stream each, which is what the
// filter looks at.
func (v *streamsView) universe() (*filter.Scope, []*correlate.Call) {
	snap := v.u.snap
	calls := make([]*correlate.Call, 0, len(snap.Streams))
	for _, s := range snap.Streams {
		calls = append(calls, asCall(s, v.u.callOf(s)))
	}
	in := filter.NewScope(snap, nil)
	v.u.found.tell(in)
	return in, calls
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
	w := streamWish{snap: v.u.snap, byIndex: v.u.byIndex, bound: cloneBound(v.u.bound), expr: v.filter.expr(), untied: v.untied, faulty: v.faults(), found: v.u.found, key: streamKeys[v.key], back: v.back}
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

// foundOut takes in new findings: rows may depend on them.
func (v *streamsView) foundOut() {
	if v.faulty || v.filter.asksFindings() {
		v.refresh()
	}
}

func cloneBound(m map[int]int) map[int]int {
	out := make(map[int]int, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
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
