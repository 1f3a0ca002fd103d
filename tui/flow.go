package tui

import (
	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// A rowKey is what stays the same of a row when the ladder is built anew.
type rowKey struct {
	kind   ladder.Kind
	m      correlate.MessageKey
	stream int
	nanos  int64
}

func keyOf(r *ladder.Row) rowKey {
	k := rowKey{kind: r.Kind, m: r.Message.Key()}
	if r.Stream != nil {
		k.stream = r.Stream.ID
	}
	if r.Kind == ladder.GapRow || r.Kind == ladder.DigitRow || r.Turn > 0 {
		k.nanos = r.Nanos
	}
	return k
}

// flowView is the ladder of one call or of several merged by time.
type flowView struct {
	u        *UI
	calls    []int                         // by Call.Index
	whole    int                           // the call of which all legs are shown; 0: calls as they were chosen
	unfolded map[correlate.MessageKey]bool // by the message of the row

	legs   []ladder.Leg
	l      *ladder.Ladder
	starts []int // first line of each row, and the number of lines at the end

	cursor, top int // row; line
	mark        *rowKey
	onlyFound   bool // rows that a finding rests upon, nothing else
	onlyHits    bool // rows with the text that is searched for, nothing else
	follow      bool
	firstColumn int
	height      int // lines of the ladder at the last drawing
	visible     int // columns at the last drawing
	search      string
	bodyTop     int             // screen row of the first line
	drawn       ladder.Geometry // at the last drawing
	border      border          // likewise

	reasons whyPane
	proof   proof                 // of the legs
	judged  [][]correlate.Finding // what proof was made of, by leg

	focus   bool // the keys move the preview
	preview scroller
}

func newFlowView(u *UI, calls []*correlate.Call) *flowView {
	v := &flowView{u: u, unfolded: map[correlate.MessageKey]bool{}, height: 1, visible: 1, reasons: whyPane{u: u}}
	for _, c := range calls {
		v.calls = append(v.calls, c.Index)
	}
	return v
}

// open shows the ladder of the chosen calls.
func (v *callsView) open() {
	if calls := v.chosen(); len(calls) > 0 {
		v.u.push(newFlowView(v.u, calls))
	}
}

func (v *flowView) context() Context { return InLadder }

// refresh builds the ladder again when one of its calls or streams changed.
func (v *flowView) refresh() {
	legs, changed := v.current()
	if changed || v.l == nil || v.otherFindings() {
		v.legs = legs
		v.build()
	}
}

// build makes the rows and finds the cursor again.
func (v *flowView) build() {
	var at rowKey
	atEnd := false
	if v.l != nil && len(v.l.Rows) > 0 {
		at = keyOf(&v.l.Rows[v.cursor])
		atEnd = v.cursor == len(v.l.Rows)-1
	}
	offset := v.line(v.cursor) - v.top
	v.proof, v.judged = v.proofOf(), v.findings()
	v.l = ladder.Build(v.legs, v.choice())
	v.measure()
	v.cursor = v.find(at)
	if v.follow || atEnd && v.u.coming() {
		v.cursor = max(0, len(v.l.Rows)-1)
	}
	v.top = v.line(v.cursor) - offset
	v.clamp()
}

func (v *flowView) choice() ladder.Choice {
	s := &v.u.flow
	c := ladder.Choice{
		ASCII: v.u.set.ASCII, SDP: s.sdp, NoStreams: s.streams == streamsOff, OnlyStreams: s.only == onlyStreams,
		OnlySDP: s.only == onlySDP, SplitPorts: s.split, ShowKeys: v.u.config.ShowKeys, UnfoldAll: s.unfold, Unfolded: v.unfolded,
	}
	if s.streams == streamsActive {
		c.ActiveSince = v.u.snap.Last - activeWithin
	}
	if v.onlyFound || v.onlyHits {
		c.Keep = v.keeps
	}
	c.Orders = s.orders
	if !s.addresses {
		c.Aliases = v.u.config.Aliases
	}
	return c
}

func (v *flowView) measure() {
	v.starts = v.starts[:0]
	line := 0
	for i := range v.l.Rows {
		v.starts = append(v.starts, line)
		line += v.l.Rows[i].Lines(v.u.flow.sdp)
	}
	v.starts = append(v.starts, line)
}

// line returns the first line of a row.
func (v *flowView) line(row int) int {
	if row < 0 || row >= len(v.starts) {
		return 0
	}
	return v.starts[row]
}

// find returns the row of a key, or the nearest to where the cursor was.
func (v *flowView) find(k rowKey) int {
	for i := range v.l.Rows {
		if keyOf(&v.l.Rows[i]) == k {
			return i
		}
	}
	return max(0, min(v.cursor, len(v.l.Rows)-1))
}

func (v *flowView) clamp() {
	v.cursor = max(0, min(v.cursor, len(v.l.Rows)-1))
	first := v.line(v.cursor)
	if first < v.top {
		v.top = first
	}
	if len(v.starts) > 1 && v.starts[v.cursor+1] > v.top+v.height {
		v.top = v.starts[v.cursor+1] - v.height
	}
	v.top = max(0, min(v.top, v.starts[len(v.starts)-1]-v.height))
}

// row returns the row under the cursor, nil when there is none.
func (v *flowView) row() *ladder.Row {
	if len(v.l.Rows) == 0 {
		return nil
	}
	return &v.l.Rows[v.cursor]
}

// call returns the call that the row under the cursor belongs to.
func (v *flowView) call() *correlate.Call {
	if r := v.row(); r != nil {
		return v.legs[r.Leg].Call
	}
	if len(v.legs) == 0 {
		return nil
	}
	return v.legs[0].Call
}

// message returns the message under the cursor, nil on any other row.
func (v *flowView) message() *correlate.Message {
	if r := v.row(); r != nil {
		return r.Message
	}
	return nil
}

func (v *flowView) move(m motion) {
	switch {
	case m == toLeft:
		v.firstColumn = max(0, v.firstColumn-1)
	case m == toRight:
		v.firstColumn = max(0, min(v.firstColumn+1, len(v.l.Participants)-v.visible))
	case v.reasons.focused() != 0:
		v.reasons.move(m)
	case v.focus && v.previewShown():
		v.preview.move(m)
	default:
		v.follow = false
		v.cursor = m.from(v.cursor, v.height, len(v.l.Rows))
		v.clamp()
		v.preview.top = 0
	}
}

// click moves the cursor to a row, or gives the keys to the preview.
func (v *flowView) click(x, y int, double bool) bool {
	if v.reasons.click(y, v) {
		return true
	}
	if b := v.border; b.x >= 0 && x >= b.x && y > 0 || b.y >= 0 && y > b.y {
		v.focus, v.reasons.focus = true, false
		return true
	}
	line := v.top + y - v.bodyTop
	if y < v.bodyTop || y >= v.bodyTop+v.height || line >= v.starts[len(v.starts)-1] {
		return false
	}
	for row := range v.l.Rows {
		if line < v.starts[row+1] {
			v.cursor = row
			break
		}
	}
	v.follow, v.focus, v.preview.top = false, false, 0
	if double {
		v.openMessage()
	}
	return true
}

// change alters a setting of all ladders and builds this one anew.
func (v *flowView) change(f func(s *flowSettings)) {
	f(&v.u.flow)
	v.build()
}

func (v *flowView) toggleFold() {
	if m := v.message(); m != nil {
		if v.row().Kind == ladder.MessageRow {
			v.unfolded[m.Key()] = !v.unfolded[m.Key()]
			v.build()
		}
	}
}

// toggleMark makes the row under the cursor the one that times are counted
// from, or counts from row to row again. On a second message it compares both.
func (v *flowView) toggleMark() {
	r := v.row()
	if r == nil || r.Kind == ladder.GapRow {
		return
	}
	k := keyOf(r)
	if v.mark != nil && *v.mark == k {
		v.mark = nil
		return
	}
	if marked := v.markedRow(); marked >= 0 && r.Message != nil && v.l.Rows[marked].Message != nil {
		first := &v.l.Rows[marked]
		v.u.push(newMessageDiff(v.u, first.Message, r.Message, v.legNote(first.Leg), v.legNote(r.Leg)))
		return
	}
	v.mark = &k
}

// markedRow returns the row that times are counted from, -1 for none.
func (v *flowView) markedRow() int {
	if v.mark == nil {
		return -1
	}
	for i := range v.l.Rows {
		if keyOf(&v.l.Rows[i]) == *v.mark {
			return i
		}
	}
	return -1
}

// step shows the next or previous call of the list.
func (v *flowView) step(n int) {
	from := v.whole
	if c := v.call(); from == 0 && c != nil {
		from = c.Index
	}
	c := v.u.calls.step(from, n)
	if c == nil {
		v.u.say("no more calls in the list")
		return
	}
	next := newFlowView(v.u, []*correlate.Call{c})
	if v.whole != 0 {
		next.whole = c.Index
	}
	next.height, next.visible, next.search, next.follow = v.height, v.visible, v.search, v.follow
	next.reasons.open = v.reasons.open && !v.reasons.offered
	next.refresh()
	next.explainLegs()
	v.u.stack[len(v.u.stack)-1] = next
}

// messages are the messages of all legs in the order of the capture, without
// duplicate captures.
func (v *flowView) messages() []*correlate.Message {
	return messagesOf(v.legs)
}

// openMessage shows the message of the row, or the media of a stream.
func (v *flowView) openMessage() {
	if r := v.row(); r != nil && r.Message == nil && (r.Stream != nil || len(r.Digits) > 0) {
		v.openMedia()
		return
	}
	if m := v.message(); m != nil {
		v.u.push(newMessageView(v.u, v.messages(), m))
	}
}
