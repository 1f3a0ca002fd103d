package tui

import (
	"fmt"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// maxDiffSteps bounds how many messages of a call are compared step by step.
const maxDiffSteps = 400

// diffCalls compares two calls: what became of them, their messages step by
// step, when each came, descriptions and quality.
func diffCalls(u *UI, a, b ladder.Leg) difference {
	var d difference
	d.section("outcome")
	d.outcome(u, a.Call, b.Call)
	d.section("steps (time since the first message)")
	d.steps(a.Call, b.Call)
	if d.described(a.Call, b.Call) {
		d.section("descriptions")
		d.offers(a.Call, b.Call)
	}
	if len(a.Streams)+len(b.Streams) > 0 {
		d.section("quality")
		d.quality(u, a, b)
	}
	return d
}

// text adds two values of which one may be unknown.
func (d *difference) text(name, a, b string) {
	d.near(name, a, b, a == b)
}

// near is text with a judgement of its own about what is the same.
func (d *difference) near(name, a, b string, same bool) {
	switch {
	case a == "" && b == "":
	case a == "":
		d.values(name, nil, &b, false)
	case b == "":
		d.values(name, &a, nil, false)
	default:
		d.values(name, &a, &b, same)
	}
}

func (d *difference) outcome(u *UI, a, b *correlate.Call) {
	code := func(c *correlate.Call) string {
		if c.FinalStatus == 0 {
			return ""
		}
		return strings.TrimSpace(fmt.Sprintf("%d %s", c.FinalStatus, c.FinalReason))
	}
	d.text("From", a.From, b.From)
	d.text("To", a.To, b.To)
	d.text("Route", routeOf(u, a), routeOf(u, b))
	d.text("User-Agent", a.UserAgent, b.UserAgent)
	d.text("State", a.Word(), b.Word())
	d.text("Final answer", code(a), code(b))
	d.text("Cause", a.Cause, b.Cause)
	d.text("Ended by", a.EndedBy, b.EndedBy)
	for _, t := range []struct {
		name string
		a, b int64
	}{{"Post-dial delay", a.PostDialDelay, b.PostDialDelay}, {"Ring", a.Ring, b.Ring}, {"Setup", a.Setup, b.Setup}, {"Duration", a.Duration, b.Duration}} {
		d.near(t.name, seconds(t.a), seconds(t.b), closeBy(t.a, t.b))
	}
	count := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprint(n)
	}
	d.text("Retransmissions", count(a.Retransmissions), count(b.Retransmissions))
}

func routeOf(u *UI, c *correlate.Call) string {
	if !c.Source.IsValid() {
		return ""
	}
	return c.Source.String() + " " + u.set.To + " " + c.Destination.String()
}

// seconds writes a duration in ns, "" when it is unknown.
func seconds(nanos int64) string {
	if nanos < 0 {
		return ""
	}
	return fmt.Sprintf("%.3f s", float64(nanos)/1e9)
}

// closeBy reports whether two times in ns are about the same: they differ by
// no more than a fifth, or by 50 ms.
func closeBy(a, b int64) bool {
	gap, most := max(a-b, b-a), max(a, b)
	return gap <= 50*int64(time.Millisecond) || gap*5 <= most
}

// A callStep is a message of a call as the other call has it too.
type callStep struct {
	m      *correlate.Message
	again  int // retransmissions of it
	toward string
	at     int64 // ns since the first message
}

// key is what two steps have in common that are the same.
func (s *callStep) key() string {
	if s.m.Method != "" {
		return s.toward + s.m.Method
	}
	return fmt.Sprintf("%s%d %s", s.toward, s.m.StatusCode, s.m.CSeq.Method)
}

// stepsOf are the messages of a call, copies counted with the first one. From
// the caller's side they go to the right.
func stepsOf(c *correlate.Call) []callStep {
	var list []callStep
	first := map[*correlate.Message]int{}
	for _, m := range c.Messages() {
		if m.Duplicate {
			continue
		}
		if at, ok := first[m.First]; ok && m.Retransmission {
			list[at].again++
			continue
		}
		if len(list) == maxDiffSteps {
			break
		}
		toward := "> "
		if m.Src.Addr() == c.Destination.Addr() && (m.Src.Addr() != c.Source.Addr() || m.Src == c.Destination) {
			toward = "< "
		}
		first[m] = len(list)
		list = append(list, callStep{m: m, toward: toward, at: m.Nanos - c.Messages()[0].Nanos})
	}
	return list
}

// steps aligns the messages of two calls.
func (d *difference) steps(a, b *correlate.Call) {
	sa, sb := stepsOf(a), stepsOf(b)
	ka, kb := make([]string, len(sa)), make([]string, len(sb))
	for i := range sa {
		ka[i] = sa[i].key()
	}
	for i := range sb {
		kb[i] = sb[i].key()
	}
	i, j := 0, 0
	until := func(toA, toB int) {
		for ; i < toA; i++ {
			v := sa[i].text()
			d.values(ka[i], &v, nil, false)
		}
		for ; j < toB; j++ {
			v := sb[j].text()
			d.values(kb[j], nil, &v, false)
		}
	}
	common(ka, kb, func(x, y int) {
		until(x, y)
		va, vb := sa[x].text(), sb[y].text()
		d.values(ka[x], &va, &vb, sa[x].again == sb[y].again && sa[x].m.Reason == sb[y].m.Reason && closeBy(sa[x].wait(sa, x), sb[y].wait(sb, y)))
		i, j = x+1, y+1
	})
	until(len(sa), len(sb))
}

// wait is how long after the step before a step came.
func (s *callStep) wait(all []callStep, i int) int64 {
	if i == 0 {
		return 0
	}
	return s.at - all[i-1].at
}

func (s *callStep) text() string {
	text := figure.Delta(s.at, 9)
	if s.m.Method == "" && s.m.Reason != "" {
		text += " " + s.m.Reason
	}
	if s.again > 0 {
		text += fmt.Sprintf(" (sent %d times)", s.again+1)
	}
	return fmt.Sprintf("%s  frame %d", text, s.m.Frame)
}

func (d *difference) described(a, b *correlate.Call) bool {
	return len(descriptions(a))+len(descriptions(b)) > 0
}

// descriptions are the steps of a call that describe media.
func descriptions(c *correlate.Call) []callStep {
	var list []callStep
	for _, s := range stepsOf(c) {
		if s.m.SDP != nil {
			list = append(list, s)
		}
	}
	return list
}

// offers compares what both calls say of their media, the n-th with the n-th of
// the same message.
func (d *difference) offers(a, b *correlate.Call) {
	la, lb := descriptions(a), descriptions(b)
	used := make([]bool, len(lb))
	for i := range la {
		var other *correlate.Message
		for j := range lb {
			if !used[j] && lb[j].key() == la[i].key() {
				used[j], other = true, lb[j].m
				break
			}
		}
		d.describe(la[i].key(), la[i].m, other)
	}
	for j := range lb {
		if !used[j] {
			d.describe(lb[j].key(), nil, lb[j].m)
		}
	}
}

func (d *difference) describe(name string, a, b *correlate.Message) {
	from := len(d.lines)
	switch {
	case a == nil:
		d.sessions(nil, b.SDP)
	case b == nil:
		d.sessions(a.SDP, nil)
	default:
		d.sessions(a.SDP, b.SDP)
	}
	for i := from; i < len(d.lines); i++ {
		d.lines[i].name = name + " " + d.lines[i].name
	}
}

// quality compares the streams of each direction in turn.
func (d *difference) quality(u *UI, a, b ladder.Leg) {
	for _, fromCaller := range []bool{true, false} {
		name := "Callee hears"
		if !fromCaller {
			name = "Caller hears"
		}
		la, lb := streamsFrom(a, fromCaller), streamsFrom(b, fromCaller)
		for i := range max(len(la), len(lb)) {
			title := name
			if i > 0 {
				title = fmt.Sprintf("%s %d", name, i+1)
			}
			var sa, sb *correlate.Stream
			if i < len(la) {
				sa = la[i]
			}
			if i < len(lb) {
				sb = lb[i]
			}
			d.stream(u, title, sa, sb)
		}
	}
}

func streamsFrom(l ladder.Leg, fromCaller bool) []*correlate.Stream {
	var list []*correlate.Stream
	for _, s := range l.Streams {
		if s.FromCaller == fromCaller && !s.Repair {
			list = append(list, s)
		}
	}
	return list
}

func (d *difference) stream(u *UI, name string, a, b *correlate.Stream) {
	field := func(what string, value func(s *correlate.Stream) string, same func() bool) {
		va, vb := "", ""
		if a != nil {
			va = value(a)
		}
		if b != nil {
			vb = value(b)
		}
		d.near(name+": "+what, va, vb, va == vb || a != nil && b != nil && same != nil && same())
	}
	field("codec", func(s *correlate.Stream) string { return ladder.StreamName(s, u.set.ASCII) }, nil)
	field("packets", func(s *correlate.Stream) string { return figure.Grouped(s.Packets) }, func() bool { return within(float64(a.Packets), float64(b.Packets), 0.2, 10) })
	field("lost", func(s *correlate.Stream) string {
		if p := figure.Percent(s.Quality.Lost, s.Quality.Expected); p != "" {
			return p + " %"
		}
		return ""
	}, func() bool {
		return within(lossPercent(a), lossPercent(b), 0.2, 0.3)
	})
	field("jitter", func(s *correlate.Stream) string {
		if s.Quality.HasJitter {
			return fmt.Sprintf("%.1f ms, at most %.1f", s.Quality.JitterMean, s.Quality.JitterMax)
		}
		return ""
	}, func() bool { return within(a.Quality.JitterMean, b.Quality.JitterMean, 0.3, 3) })
	field("MOS est.", func(s *correlate.Stream) string {
		if s.Score.Known {
			return figure.MOS(s.Score.MOS, s.Score.Entry.Assumed())
		}
		return ""
	}, func() bool { return within(a.Score.MOS, b.Score.MOS, 0, 0.1) })
}

func lossPercent(s *correlate.Stream) float64 {
	return 100 * float64(s.Quality.Lost) / float64(max(s.Quality.Expected, 1))
}

// within reports whether two values differ by no more than a share of the
// larger, or by so much.
func within(a, b, share, least float64) bool {
	gap := max(a-b, b-a)
	return gap <= least || gap <= share*max(a, b)
}
