package tui

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/ladder"
)

// diffView shows how two messages, or two calls, differ.
type diffView struct {
	u        *UI
	messages [2]*correlate.Message // of a comparison of messages
	notes    [2]string             // what is said of each in the title
	calls    [2]ladder.Leg         // of a comparison of calls
	ofCalls  bool

	d     difference
	all   bool // lines that are the same too
	right int  // cells that values are scrolled by
	body  scroller
	built diffKey
}

// A diffKey is everything that decides the lines.
type diffKey struct {
	width      int
	looks      int
	right      int
	all, wire  bool
	swapped    *correlate.Message
	callA      *correlate.Call
	callB      *correlate.Call
	generation uint64
}

// wideDiff is the width from which on both values stand side by side.
const wideDiff = 100

func newMessageDiff(u *UI, a, b *correlate.Message, noteA, noteB string) *diffView {
	return &diffView{u: u, messages: [2]*correlate.Message{a, b}, notes: [2]string{noteA, noteB}, body: scroller{hit: -1, height: 1}}
}

func newCallDiff(u *UI, a, b *correlate.Call) *diffView {
	return &diffView{u: u, ofCalls: true, calls: [2]ladder.Leg{{Call: a, Streams: u.streamsOf(a)}, {Call: b, Streams: u.streamsOf(b)}},
		body: scroller{hit: -1, height: 1}}
}

func (v *diffView) context() Context { return InDiff }

// refresh looks the calls up again. Messages never change.
func (v *diffView) refresh() {
	for i := range v.calls {
		if !v.ofCalls {
			return
		}
		if c := v.u.callAt(v.calls[i].Call.Index); c != nil {
			v.calls[i] = ladder.Leg{Call: c, Streams: v.u.streamsOf(c)}
		}
	}
}

func (v *diffView) move(m motion) {
	switch m {
	case toLeft:
		v.right = max(0, v.right-8)
	case toRight:
		v.right = min(v.right+8, 4096)
	default:
		v.body.move(m)
	}
}

// compare works the difference out anew when something that decides it changed.
func (v *diffView) compare(width int) {
	key := diffKey{width: width, looks: v.u.looks, right: v.right, all: v.all, wire: v.u.flow.wire, swapped: v.messages[0], callA: v.calls[0].Call, callB: v.calls[1].Call,
		generation: v.u.snap.Generation}
	if key == v.built && v.body.lines != nil {
		return
	}
	v.built = key
	if v.ofCalls {
		v.d = diffCalls(v.u, v.calls[0], v.calls[1])
	} else {
		v.d = diffMessages(v.messages[0], v.messages[1], v.u.flow.wire)
	}
	v.lay(width)
}

func (v *diffView) draw(c canvas) {
	u := v.u
	head := 2
	wide := c.w >= wideDiff
	if wide {
		head = 4
	}
	v.compare(c.w)
	c.text(1, 0, cells.Cut(v.title(c.w-2), c.w-2, u.set.Ellipsis), u.theme[roleTitle])
	c.text(1, 1, cells.Cut(v.counts(), c.w-2, u.set.Ellipsis), u.theme[rolePlain])
	if wide {
		v.drawHeads(c)
	}
	v.body.draw(u, c.part(0, head, c.w, c.h-head-1), "")
	c.text(1, c.h-1, cells.Cut(v.legend(c.w-2), c.w-2, u.set.Ellipsis), u.theme[roleDim])
}

func (v *diffView) legend(width int) string {
	if v.ofCalls {
		return `"~" changed  "-" only in A  "+" only in B  ` + v.u.set.Dot + ` times count as the same within a fifth or 50 ms`
	}
	signs := `"~" changed  "-" only in A  "+" only in B  "=" same`
	return fitting(width, "changed characters are underlined+coloured; "+signs, signs+"  changes are underlined", signs)
}

func (v *diffView) title(width int) string {
	u := v.u
	if v.ofCalls {
		name := func(c *correlate.Call) string {
			from, to := u.parties(c)
			return fmt.Sprintf("#%d %s %s %s %s", c.Index, from, u.set.To, to, c.Word())
		}
		return "Compare  A " + name(v.calls[0].Call) + "   " + u.set.Both + "   B " + name(v.calls[1].Call)
	}
	a, b := v.messages[0], v.messages[1]
	name := func(m *correlate.Message, note string, brief bool) string {
		text := u.headline(m)
		if brief && m.Method == "" {
			text = fmt.Sprint(m.StatusCode)
		}
		if note != "" {
			text += " " + note
		}
		return fmt.Sprintf("%s %s f%s", text, u.at(m.Nanos).Format("15:04:05.000"), count(m.Frame))
	}
	whole := fmt.Sprintf("Compare  A %s   %s   B %s", name(a, v.notes[0], false), u.set.Both, name(b, v.notes[1], false))
	brief := fmt.Sprintf("Compare  A %s   %s   B %s", name(a, v.notes[0], true), u.set.Both, name(b, v.notes[1], true))
	later := fmt.Sprintf("  (%+.3f)", float64(b.Nanos-a.Nanos)/1e9)
	return fitting(width, whole+later, whole, brief+later, brief)
}

func (v *diffView) counts() string {
	dot := " " + v.u.set.Dot + " "
	d := &v.d
	text := fmt.Sprintf("%d changed%s%d only in A%s%d only in B%s%d same", d.changed, dot, d.onlyA, dot, d.onlyB, dot, d.same)
	if v.all {
		text += " (shown, D hides)"
	} else {
		text += " (hidden, D shows)"
	}
	if d.order {
		text += "   order differs"
	}
	return text
}

// drawHeads names the columns of the wide layout.
func (v *diffView) drawHeads(c canvas) {
	u := v.u
	names, half := v.columns(c.w)
	from := func(i int) string {
		if v.ofCalls {
			return routeOf(u, v.calls[i].Call)
		}
		m := v.messages[i]
		return m.Src.Addr().String() + " " + u.set.To + " " + m.Dst.Addr().String()
	}
	c.text(1, 2, "Header", u.theme[rolePlain])
	c.text(names, 2, cells.Cut("A  "+from(0), half, u.set.Ellipsis), u.theme[rolePlain])
	c.text(names+half+1, 2, cells.Cut("B  "+from(1), half, u.set.Ellipsis), u.theme[rolePlain])
	for x := range c.w {
		c.text(x, 3, u.set.Rule, u.theme[roleDim])
	}
}

// columns are the cells of the names and of each value in the wide layout.
func (v *diffView) columns(width int) (names, half int) {
	names = 22
	if v.ofCalls {
		names = 34
	}
	return names, (width - names - 3) / 2
}

// next scrolls to the next line that differs, or the one before.
func (v *diffView) next(step int) {
	at := v.body.top
	for i := at + step; i >= 0 && i < len(v.body.lines); i += step {
		if l := v.body.lines[i]; len(l) > 0 && l[0].role == roleChanged {
			v.body.top = i
			v.body.clamp()
			if v.body.top == at {
				break
			}
			return
		}
	}
	v.u.say("no more changes")
}

func (v *diffView) swap() {
	v.messages[0], v.messages[1] = v.messages[1], v.messages[0]
	v.notes[0], v.notes[1] = v.notes[1], v.notes[0]
	v.calls[0], v.calls[1] = v.calls[1], v.calls[0]
}

// copyText copies the comparison as lines of text.
func (v *diffView) copyText() {
	var b strings.Builder
	b.WriteString(v.title(anyWidth) + "\n" + v.counts() + "\n")
	for i := range v.d.lines {
		l := &v.d.lines[i]
		if l.kind == diffSame && !v.all {
			continue
		}
		b.WriteString(l.kind.sign() + " " + v.u.clean(l.name) + "\n")
		for _, side := range []struct {
			name   string
			pieces []piece
		}{{"A", l.a}, {"B", l.b}} {
			if side.pieces != nil {
				b.WriteString("    " + side.name + " " + v.u.clean(joinPieces(side.pieces)) + "\n")
			}
		}
	}
	v.u.copyText("the comparison", b.String())
}

func joinPieces(list []piece) string {
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.text)
	}
	return b.String()
}
