package tui

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// rawLimit is how many messages the view of all messages holds. A dialog may
// have any number; the rest is reached from the ladder.
const rawLimit = 1000

// messageView shows one message, or all messages of some calls one after
// another.
type messageView struct {
	u        *UI
	messages []*correlate.Message
	at       int  // index of the message shown
	all      bool // show all of them
	hex      bool
	search   string
	scroll   scroller
}

func newMessageView(u *UI, messages []*correlate.Message, m *correlate.Message) *messageView {
	v := &messageView{u: u, messages: messages, scroll: scroller{hit: -1, height: 1}}
	if m != nil {
		v.at = max(0, slices.Index(messages, m))
	}
	return v
}

// openRaw shows all messages of calls as text.
func (u *UI) openRaw(calls []*correlate.Call) {
	var legs []ladder.Leg
	for _, c := range calls {
		legs = append(legs, ladder.Leg{Call: c})
	}
	if messages := messagesOf(legs); len(messages) > 0 {
		v := newMessageView(u, messages, nil)
		v.all = true
		u.push(v)
	}
}

// messagesOf lists the messages of the legs by time, without duplicate
// captures.
func messagesOf(legs []ladder.Leg) []*correlate.Message {
	var out []*correlate.Message
	for i := range legs {
		for _, m := range legs[i].Call.Messages() {
			if !m.Duplicate {
				out = append(out, m)
			}
		}
	}
	if len(legs) > 1 {
		slices.SortStableFunc(out, func(a, b *correlate.Message) int {
			switch {
			case a.Nanos < b.Nanos:
				return -1
			case a.Nanos > b.Nanos:
				return 1
			}
			return 0
		})
	}
	return out
}

// mark remembers the message for a comparison; with another one marked it
// compares both.
func (v *messageView) mark() {
	u, m := v.u, v.message()
	switch {
	case v.all:
		u.say("Esc, then Enter on a row opens one message to mark")
	case u.marked != nil && u.marked.Key() == m.Key():
		u.marked = nil
		u.say("no longer marked")
	case u.marked != nil:
		first := u.marked
		u.marked = nil
		u.push(newMessageDiff(u, first, m, "", ""))
	default:
		u.marked = m
		u.say("marked; Space on another message compares both")
	}
}

func (v *messageView) context() Context { return InMessage }

// refresh does nothing: messages never change once they are there.
func (v *messageView) refresh() {}

func (v *messageView) move(m motion) {
	switch m {
	case toLeft:
		v.sideways(-sideStep)
	case toRight:
		v.sideways(sideStep)
	default:
		v.scroll.move(m)
	}
}

func (v *messageView) message() *correlate.Message { return v.messages[v.at] }

// step shows the next or previous message; in the view of all it scrolls there.
func (v *messageView) step(n int) {
	if v.all {
		v.stepHeading(n)
		return
	}
	at := v.at + n
	if at < 0 || at >= len(v.messages) {
		v.u.say("no more messages")
		return
	}
	v.at, v.scroll.top, v.scroll.right, v.scroll.hit = at, 0, 0, -1
}

func (v *messageView) stepHeading(n int) {
	for at := v.scroll.top + n; at >= 0 && at < len(v.scroll.lines); at += n {
		if line := v.scroll.lines[at]; len(line) > 0 && line[0].role == roleHead {
			v.scroll.top = at
			v.scroll.clamp()
			return
		}
	}
}

func (v *messageView) searchFor(text string, step int) {
	v.search = text
	switch {
	case text == "":
	case !v.scroll.find(text, step):
		v.u.say("%s is not in this text", text)
	case v.u.flow.noWrap:
		v.scroll.showHit(text)
		v.scroll.right = max(0, min(v.scroll.right, v.widest()-v.scroll.width))
	}
}

func (v *messageView) draw(c canvas) {
	u := v.u
	text := c.part(1, 1, c.w-1, c.h-2)
	key := textKey{m: v.message(), width: text.w - 1, looks: u.looks, wire: u.flow.wire, syntax: !u.flow.noSyntax, hex: v.hex, all: v.all, whole: u.flow.noWrap}
	if key != v.scroll.key {
		v.scroll.lines, v.scroll.key = v.lines(key), key
	}
	c.text(1, 0, cells.Cut(v.title(c.w-2), c.w-2, u.set.Ellipsis), u.theme[roleTitle])
	v.scroll.draw(u, text, v.search)
	c.text(1, c.h-1, cells.Cut(v.status(c.w-1), c.w-1, u.set.Ellipsis), u.theme[rolePlain])
}

func (v *messageView) lines(key textKey) []textLine {
	if !v.all {
		return messageText(v.u, v.message(), key)
	}
	var lines []textLine
	for i, m := range v.messages[:min(rawLimit, len(v.messages))] {
		heading := fmt.Sprintf("%d/%d %s %s %s %s %s", i+1, len(v.messages), v.u.headline(m), v.u.set.Dot,
			v.u.at(m.Nanos).Format("15:04:05.000000"), v.u.set.Dot, v.u.envelope(m))
		lines = append(lines, textLine{{cells.PadRight(heading, key.width, v.u.set.Ellipsis), roleHead}})
		lines = append(lines, messageText(v.u, m, key)...)
		lines = append(lines, nil)
	}
	if rest := len(v.messages) - rawLimit; rest > 0 {
		lines = append(lines, textLine{{count(rest) + " more messages: open them from the ladder", roleWarn}})
	}
	return lines
}

// title says which message it is in so many cells.
func (v *messageView) title(width int) string {
	u, dot := v.u, " "+v.u.set.Dot+" "
	if v.all {
		return fmt.Sprintf("All %s messages", count(len(v.messages)))
	}
	m := v.message()
	head := fmt.Sprintf("Message %d/%d", v.at+1, len(v.messages)) + dot + u.headline(m)
	if whole := fittingMessage(u, m, anyWidth, head) + u.marks(m); cells.Width(whole) <= width {
		return whole
	}
	return fittingMessage(u, m, width, head)
}

// headline is the method, or the status code and its reason.
func (u *UI) headline(m *correlate.Message) string {
	switch {
	case m.Method != "":
		return u.clean(m.Method)
	case m.StatusCode > 0:
		return strings.TrimRight(fmt.Sprintf("%d %s", m.StatusCode, u.clean(m.Reason)), " ")
	}
	return "response " + u.clean(m.Reason)
}

// leastAddress is how much of an address is worth showing.
const leastAddress = 12

// fittingMessage is a head with when, where and how a message was carried, as
// much of that as fits.
func fittingMessage(u *UI, m *correlate.Message, width int, head string) string {
	dot := " " + u.set.Dot + " "
	fine, coarse := dot+u.at(m.Nanos).Format("15:04:05.000000"), dot+u.at(m.Nanos).Format("15:04:05.000")
	frame := "frame " + figure.Grouped(uint64(m.Frame))
	ends := dot + m.Src.String() + " " + u.set.To + " " + m.Dst.String()
	hosts := dot + m.Src.Addr().String() + " " + u.set.To + " " + m.Dst.Addr().String()
	short := ""
	if each := (width - cells.Width(head+coarse+dot+frame+dot+u.set.To) - 2) / 2; each >= leastAddress {
		cut := func(a netip.Addr) string { return cells.CutMiddle(a.String(), each, u.set.Ellipsis) }
		short = dot + cut(m.Src.Addr()) + " " + u.set.To + " " + cut(m.Dst.Addr())
	}
	return fitting(width, head+fine+dot+u.envelope(m), head+fine+dot+frame+ends, head+coarse+dot+frame+ends, head+coarse+dot+frame+hosts,
		head+coarse+dot+frame+short, head+coarse+dot+frame, head+coarse, head)
}

// envelope is where and how a message was carried.
func (u *UI) envelope(m *correlate.Message) string {
	return fmt.Sprintf("frame %s %s %s %s %s %s %s", figure.Grouped(uint64(m.Frame)), u.set.Dot, m.Src, u.set.To, m.Dst, u.set.Dot, u.carriage(m))
}

// carriage is the transport of a message, how long it is and what cut it.
func (u *UI) carriage(m *correlate.Message) string {
	line := fmt.Sprintf("%s %s B", strings.ToUpper(m.Transport.String()), figure.Grouped(uint64(m.Size())))
	if m.Cut != "" {
		line += " cut: " + strings.ReplaceAll(m.Cut, "_", " ")
	}
	return line
}

// marks are TTL and DSCP of the packet. An agent that reports a message tells
// neither.
func (u *UI) marks(m *correlate.Message) string {
	if m.TTL == 0 {
		return ""
	}
	return fmt.Sprintf(" %s TTL %d DSCP %s", u.set.Dot, m.TTL, dscpName(m.DSCP))
}
