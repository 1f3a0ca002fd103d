package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate/quality"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// packetView lists the packets of one second of a stream.
type packetView struct {
	u      *UI
	v      *mediaView
	stream mediaStream
	all    []quality.Packet
	at     int // the second
	scroll scroller
	shown  int // the second that the lines are of, -1: none
}

// openPackets lists the packets of the second under the cursor.
func (v *mediaView) openPackets() {
	s := v.stream()
	if s == nil {
		return
	}
	v.read(func() {
		list, ok := v.packets.has(s.Stream)
		switch {
		case !ok || len(list) == 0:
			v.u.say("no packets of this stream were found again")
			return
		case s.Quality.SecondCount() == 0:
			v.u.say("nothing was measured second by second: the clock rate is unknown")
			return
		}
		v.u.push(&packetView{u: v.u, v: v, stream: *s, all: list, at: secondAt(&s.Quality, v.cursorTime(s)), shown: -1, scroll: scroller{hit: -1, height: 1}})
	})
}

func (p *packetView) context() Context { return InMedia }

// refresh takes the name that the stream has now: its arrow may be another
// character. The packets are those that were read.
func (p *packetView) refresh() {
	for i := range p.v.streams {
		if s := &p.v.streams[i]; s.ID == p.stream.ID {
			p.stream.name = s.name
		}
	}
}

func (p *packetView) move(m motion) {
	switch m {
	case toLeft:
		p.step(-1)
	case toRight:
		p.step(1)
	default:
		p.scroll.move(m)
	}
}

// step shows the second before or after, and moves the cursor of the chart.
func (p *packetView) step(n int) {
	q := &p.stream.Quality
	p.at = max(0, min(p.at+n, q.SecondCount()-1))
	p.v.at, p.v.follow = q.SecondStart+int64(p.at)*int64(q.SecondWidth), false
}

// bounds are the first packet of the second and the one after its last.
func (p *packetView) bounds() (from, to int) {
	q := &p.stream.Quality
	start := q.SecondStart + int64(p.at)*int64(q.SecondWidth)
	find := func(nanos int64) int {
		at, _ := slices.BinarySearchFunc(p.all, nanos, func(x quality.Packet, t int64) int {
			switch {
			case x.Arrival < t:
				return -1
			case x.Arrival > t:
				return 1
			}
			return 0
		})
		return at
	}
	return find(start), find(start + int64(q.SecondWidth))
}

func (p *packetView) draw(c canvas) {
	u := p.u
	if p.shown != p.at {
		p.scroll.lines, p.shown, p.scroll.top = p.lines(), p.at, 0
	}
	q := &p.stream.Quality
	start := q.SecondStart + int64(p.at)*int64(q.SecondWidth)
	title := fmt.Sprintf("Packets %s %s %s %s %s %s", p.stream.name, p.stream.Src, u.set.To, p.stream.Dst, u.set.Dot, u.at(start).Format("15:04:05.000"))
	c.text(1, 0, cells.Cut(title, c.w-2, u.set.Ellipsis), u.theme[roleTitle])
	said, delta, rate := secondText(q.Second(p.at))
	c.text(1, 1, cells.Cut(strings.TrimSpace(said+delta+rate), c.w-2, u.set.Ellipsis), u.theme[rolePlain])
	c.text(1, 2, cells.Cut("    Frame Time             Delta ms    Seq  Timestamp  PT Octets Remarks", c.w-2, u.set.Ellipsis), u.theme[rolePlain])
	p.scroll.draw(u, c.part(1, 3, c.w-1, c.h-4), "")
}

// maxPacketLines bounds what is listed of one second.
const maxPacketLines = 20_000

// lines are the packets of the second, with what is missing between them.
func (p *packetView) lines() []textLine {
	from, to := p.bounds()
	cut := to - from - maxPacketLines
	to = min(to, from+maxPacketLines)
	lines := []textLine{}
	if from == to {
		lines = append(lines, plainLine("no packet arrived in this second"))
	}
	for i := from; i < to; i++ {
		x := &p.all[i]
		delta := ""
		var remarks []string
		if i > 0 {
			before := &p.all[i-1]
			delta = fmt.Sprintf("%.2f", float64(x.Arrival-before.Arrival)/1e6)
			// Unsigned subtraction read as signed stays right across the 2^16 wrap.
			switch step := int16(x.SequenceNumber - before.SequenceNumber); {
			case step > 1:
				lines = append(lines, textLine{{fmt.Sprintf("%9s %s lost: %s", "", plural(int(step)-1, "packet"), numberRange(before.SequenceNumber+1, x.SequenceNumber-1)), roleBad}})
			case step == 0:
				remarks = append(remarks, "duplicate")
			case step < 0:
				remarks = append(remarks, "out of order")
			}
		}
		if x.Marker {
			remarks = append(remarks, "marker")
		}
		switch x.Role {
		case quality.Event:
			remarks = append(remarks, "event")
		case quality.Comfort:
			remarks = append(remarks, "comfort noise")
		case quality.Repair:
			remarks = append(remarks, "repair")
		case quality.Media:
		}
		lines = append(lines, plainLine(fmt.Sprintf("%9s %s %11s  %5d %10d %3d %6d %s", figure.Grouped(uint64(x.Frame)), p.u.at(x.Arrival).Format("15:04:05.000000"),
			delta, x.SequenceNumber, x.Timestamp, x.PayloadType, x.Octets, strings.Join(remarks, ", "))))
	}
	if cut > 0 {
		lines = append(lines, textLine{{count(cut) + " more packets", roleWarn}})
	}
	return lines
}

func numberRange(from, to uint16) string {
	if from == to {
		return fmt.Sprintf("seq %d", from)
	}
	return fmt.Sprintf("seq %d-%d", from, to)
}

// lostNumbers names the numbers that are missing in the second of a time and
// its first frame, when its packets were read.
func (v *mediaView) lostNumbers(s *mediaStream, at int64) string {
	list, ok := v.packets.has(s.Stream)
	if !ok {
		return ""
	}
	p := packetView{u: v.u, stream: *s, all: list, at: secondAt(&s.Quality, at)}
	from, to := p.bounds()
	var missing []string
	for i := max(from, 1); i < to && len(missing) < 4; i++ {
		if step := int16(list[i].SequenceNumber - list[i-1].SequenceNumber); step > 1 {
			missing = append(missing, numberRange(list[i-1].SequenceNumber+1, list[i].SequenceNumber-1))
		}
	}
	text := ""
	if len(missing) > 0 {
		text = "(" + strings.Join(missing, ", ") + ")"
	}
	if from < to {
		text += "  f" + figure.Grouped(uint64(list[from].Frame))
	}
	return text
}

func (p *packetView) copyText() {
	var b strings.Builder
	for _, l := range p.lines() {
		b.WriteString(l.String() + "\n")
	}
	p.u.copyText("the packets", b.String())
}
