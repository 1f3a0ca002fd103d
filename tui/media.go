package tui

import (
	"slices"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
	"sipsniff/internal/cells"
	"sipsniff/tui/ladder"
)

// mediaView shows how the streams of an end-to-end call went over time.
type mediaView struct {
	u       *UI
	calls   []int // by Call.Index; the legs
	opened  int   // the call that it was opened with
	legs    []ladder.Leg
	streams []mediaStream
	order   int  // of the table, see mediaOrders
	bad     bool // only streams with something to say
	down    bool // the order is turned round

	cursor, topRow int // of the table
	current        int // ID of the stream under the cursor
	tableTop       int // screen row of the first stream
	tableRows      int // that there is room for
	heads          []placed
	onChart        bool

	lanes  int   // which quantities are drawn
	at     int64 // Unix ns, where the cursor of the chart stands; 0: at the worst
	mark   int64 // what times are counted from; 0: nothing
	zoom   int   // the axis is cut in halves so often
	follow bool  // the cursor stays on the latest second
	taller int   // rows that the chart takes from the notes, or leaves to the streams
	span   axis  // of the last drawing

	reasons whyPane
	buffer  int // of buffersToTry; -1: the one that scores are made with
	before  int // of which there were figures before it was chosen
	packets packetShelf
}

// openMedia shows the media of a call with all its legs.
func (u *UI) openMedia(c *correlate.Call) {
	if c == nil {
		return
	}
	v := newMediaView(u, c)
	v.refresh()
	v.chooseWorst()
	if len(v.streams) == 0 && !v.bad {
		u.say("no RTP of call %d was seen%s", c.Index, u.encryptedNote(c))
		return
	}
	u.push(v)
}

func (u *UI) encryptedNote(c *correlate.Call) string {
	if c.EncryptedMedia {
		return ": its media is encrypted, and none was found"
	}
	return ""
}

func newMediaView(u *UI, c *correlate.Call) *mediaView {
	return &mediaView{u: u, opened: c.Index, calls: c.Joined(), buffer: -1, before: -1, reasons: whyPane{u: u}}
}

// scorer rates streams as the tracker does.
func (u *UI) scorer() *mos.Scorer { return &u.config.Scorer }

func (v *mediaView) context() Context { return InMedia }

// call is the one that the media is of, nil for a stream alone.
func (v *mediaView) call() *correlate.Call { return v.u.callAt(v.opened) }

// refresh looks the streams up again.
func (v *mediaView) refresh() {
	if c := v.u.callAt(v.opened); c != nil {
		v.calls = c.Joined()
	}
	var legs []ladder.Leg
	for _, index := range v.calls {
		if c := v.u.callAt(index); c != nil {
			legs = append(legs, ladder.Leg{Call: c, Streams: v.u.streamsOf(c)})
			continue
		}
		for i := range v.legs { // it left the memory, or is a stream alone
			if v.legs[i].Call.Index != index {
				continue
			}
			leg := v.legs[i]
			if s := streamAt(v.u.snap, -index); index < 0 && s != nil {
				leg.Streams = []*correlate.Stream{s}
			}
			legs = append(legs, leg)
		}
	}
	v.legs = legs
	v.arrange()
}

// arrange puts the streams in order and finds the cursor again.
func (v *mediaView) arrange() {
	list := v.u.mediaStreams(v.legs)
	if v.bad {
		list = slices.DeleteFunc(list, func(s mediaStream) bool { return len(s.flags) == 0 })
	}
	less := mediaOrders[v.order].less
	if less != nil {
		slices.SortStableFunc(list, func(a, b mediaStream) int { return less(&a, &b) })
	}
	if v.down {
		slices.Reverse(list)
	}
	v.streams = list
	if at := slices.IndexFunc(list, func(s mediaStream) bool { return s.ID == v.current }); at >= 0 {
		v.cursor = at
	}
	v.choose(v.cursor)
}

// choose moves the cursor of the table.
func (v *mediaView) choose(row int) {
	v.cursor = max(0, min(row, len(v.streams)-1))
	if s := v.stream(); s != nil {
		v.current = s.ID
	}
}

// chooseWorst puts the cursor on the stream that lost most, when one lost
// anything worth mentioning.
func (v *mediaView) chooseWorst() {
	worst, most := 0, v.u.limits.poorLoss*100
	for i := range v.streams {
		if lost := lossPercent(v.streams[i].Stream); lost > most {
			worst, most = i, lost
		}
	}
	v.choose(worst)
}

// stream is the one under the cursor, nil when there is none.
func (v *mediaView) stream() *mediaStream {
	if v.cursor >= len(v.streams) {
		return nil
	}
	return &v.streams[v.cursor]
}

func (v *mediaView) move(m motion) {
	if v.reasons.focused() != 0 {
		v.reasons.move(m)
		return
	}
	switch m {
	case toLeft:
		v.step(-1)
	case toRight:
		v.step(1)
	case toFirst, toLast:
		if s := v.stream(); s != nil {
			v.at, v.follow = s.First, false
			if m == toLast {
				v.at = s.Last
			}
		}
	case pageUp, halfUp:
		v.step(-10)
	case pageDown, halfDown:
		v.step(10)
	default:
		if v.onChart {
			v.step(map[motion]int{up: -10, down: 10}[m])
			return
		}
		v.choose(m.from(v.cursor, 1, len(v.streams)))
	}
}

// step moves the cursor of the chart by seconds.
func (v *mediaView) step(n int) {
	s := v.stream()
	if s == nil || s.Quality.SecondCount() == 0 {
		return
	}
	v.follow = false
	width := int64(s.Quality.SecondWidth)
	v.at = max(v.span.low, min(v.cursorTime(s)+int64(n)*width, v.span.high))
}

func (v *mediaView) click(_, y int, double bool) bool {
	if v.reasons.click(y, v) {
		return true
	}
	row := v.topRow + y - v.tableTop
	if y < v.tableTop || y >= v.tableTop+v.tableRows || row >= len(v.streams) {
		return false
	}
	v.choose(row)
	if double {
		v.openPackets()
	}
	return true
}

// stretch makes the chart higher, or leaves rows of it to the streams.
func (v *mediaView) stretch(n int) { v.taller = max(-mostStretch, min(v.taller+n, mostStretch)) }

// mostStretch bounds that.
const mostStretch = 10

// nextBad moves the cursor to the next second in which something was lost,
// thrown away or missing.
func (v *mediaView) nextBad(step int) {
	s := v.stream()
	if s == nil {
		return
	}
	q := &s.Quality
	at := v.cursorTime(s)
	for i := secondAt(q, at) + step; i >= 0 && i < q.SecondCount(); i += step {
		if sec := q.Second(i); sec.Lost > 0 || sec.Discarded(v.u.scorer().Used()) > 0 {
			v.at, v.follow = q.SecondStart+int64(i)*int64(q.SecondWidth), false
			return
		}
	}
	v.u.say("no more seconds with losses in this direction")
}

func (v *mediaView) draw(c canvas) {
	u := v.u
	c.text(1, 0, cells.Cut(v.title(c.w-2), c.w-2, u.set.Ellipsis), u.theme[roleTitle])
	s := v.stream()
	if s == nil {
		v.reasons.shown = 0
		c.text(1, 2, "no streams to show"+map[bool]string{true: ": ! shows all", false: ""}[v.bad], u.theme[rolePlain])
		return
	}
	if why := v.reasons.rows(v.shownCalls(), c.w, c.h); why > 0 {
		v.reasons.draw(c.part(0, c.h-why, c.w, why), v.shownCalls())
		c.h -= why
	}
	rows := min(len(v.streams), max(2, (c.h-7)/4-v.taller))
	v.drawTable(c.part(0, 1, c.w, 1+rows))
	leaves := map[bool]string{true: "Tab leaves"}[v.onChart]
	u.rule(c, 2+rows, v.heading(s, c.w-8-cells.Width(leaves)), leaves)
	notes := v.notes(s, c.w, max(1, (c.h-rows-6)/3))
	notes = notes[:max(1, min(len(notes), len(notes)-v.taller))]
	top := 3 + rows
	below := min(len(notes), max(0, c.h-top))
	v.drawChart(c.part(0, top, c.w, c.h-top-below), s)
	for i := range below {
		line := notes[i]
		x := 1
		for _, sp := range line {
			x = c.text(x, c.h-below+i, cells.Cut(sp.text, c.w-1-x, u.set.Ellipsis), u.theme[sp.role])
		}
	}
}
