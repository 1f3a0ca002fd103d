package tui

import (
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// onStreams makes an action of a function of the list of streams.
func onStreams(f func(v *streamsView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*streamsView); ok {
			f(v)
		}
	}
}

// streamActions are the keys of the streams that no other screen has.
func streamActions() []Action {
	hasStream := func(u *UI) bool {
		v, ok := u.top().(*streamsView)
		return ok && v.current() != nil
	}
	return []Action{
		{ID: "streams.open", Title: "Media", Help: "how it sounded, over time", Contexts: InStreams, Keys: []string{"Enter", "v"}, Rank: 1,
			Enabled: hasStream, Run: onStreams((*streamsView).openMedia)},
		{ID: "streams.call", Title: "Its call", Help: "ladder of its call", Contexts: InStreams, Keys: []string{"x", "F4"}, Rank: 2,
			Enabled: hasStream, Run: onStreams((*streamsView).openCall)},
		{ID: "streams.why", Title: "Why", Help: "why: findings of its call, with evidence", Contexts: InStreams, Keys: []string{"W"}, Rank: 8,
			Enabled: hasStream, Run: onStreams((*streamsView).explainCall)},
		{ID: "streams.untied", Title: "Untied", Help: "only streams without a call, all", Contexts: InStreams, Keys: []string{"u"}, Rank: 4,
			Run: onStreams(func(v *streamsView) { v.untied = !v.untied; v.refresh() })},
		{ID: "streams.problem.next", Title: "Problem", Help: "next stream with a problem", Contexts: InStreams, Keys: []string{"n"}, Pair: "N",
			Run: onStreams(func(v *streamsView) { v.toFault(1) })},
		{ID: "streams.problem.previous", Title: "Problem", Help: "previous stream with a problem", Contexts: InStreams, Keys: []string{"N"},
			Run: onStreams(func(v *streamsView) { v.toFault(-1) })},
		{ID: "streams.problems", Title: "Problems", Help: "only streams with a problem, all", Contexts: InStreams, Keys: []string{"!"},
			Run: onStreams(func(v *streamsView) { v.faulty = !v.faulty; v.refresh() })},
		{ID: "streams.bind", Title: "Bind to call", Help: "bind it to a call by hand", Contexts: InStreams, Keys: []string{"b"}, Rank: 5,
			Enabled: hasStream, Run: onStreams((*streamsView).bind)},
		{ID: "streams.sort.left", Title: "Sort", Help: "order by the column before", Contexts: InStreams, Keys: []string{"<"}, Pair: ">", Rank: 7,
			Run: onStreams(func(v *streamsView) { v.sortBy(v.key - 1) })},
		{ID: "streams.sort.right", Title: "Sort", Help: "order by the next column", Contexts: InStreams, Keys: []string{">"},
			Run: onStreams(func(v *streamsView) { v.sortBy(v.key + 1) })},
		{ID: "streams.reverse", Title: "Reverse", Help: "reverse the order", Contexts: InStreams, Keys: []string{"z", "Z"},
			Run: onStreams((*streamsView).reverse)},
		{ID: "streams.copy", Title: "Copy", Help: "copy the row", Contexts: InStreams, Keys: []string{"y"},
			Enabled: hasStream, Run: onStreams(func(v *streamsView) {
				s := v.current()
				v.u.copyText("the row", s.Src.String()+" "+s.Dst.String()+" "+v.u.streamSummary(s))
			})},
		{ID: "streams.back", Title: "Back", Help: "clear the filter, then back", Contexts: InStreams, Keys: []string{"Esc", "q", "Q"}, Rank: 9,
			Run: onStreams(func(v *streamsView) { v.u.leaveFiltered(v.filter) })},
	}
}

// leaveFiltered clears the filter of a view, or goes back when there is none.
func (u *UI) leaveFiltered(f *filterLine) {
	switch {
	case u.hideBanner():
	case len(f.text) > 0:
		f.clear()
	default:
		u.back()
	}
}

// openMedia shows how the stream went on: with those of its call, or alone.
func (v *streamsView) openMedia() {
	s := v.current()
	if c := v.u.callOf(s); c != nil {
		v.u.openMedia(c)
		if m, ok := v.u.top().(*mediaView); ok {
			m.current = s.ID
			m.arrange()
		}
		return
	}
	alone := asCall(s, nil)
	alone.Index = -s.ID // the media view looks its calls up, and keeps what is not there
	alone.From, alone.To = s.Src.String(), s.Dst.String()
	m := newMediaView(v.u, alone)
	m.legs = []ladder.Leg{{Call: alone, Streams: []*correlate.Stream{s}}}
	m.refresh()
	v.u.push(m)
}

// call is that of the stream under the cursor, nil when it is in none.
func (v *streamsView) call() *correlate.Call {
	if s := v.current(); s != nil {
		return v.u.callOf(s)
	}
	return nil
}

// openCall opens the ladder of the call of the stream.
func (v *streamsView) openCall() {
	c := v.u.callOf(v.current())
	if c == nil {
		v.u.say("it is in no call; b binds it to one by hand")
		return
	}
	v.u.push(newFlowView(v.u, []*correlate.Call{c}))
}

// explainCall says why the call of the stream went as it did, beside its media.
func (v *streamsView) explainCall() {
	if v.u.callOf(v.current()) == nil {
		v.u.say("it is in no call; why not stands below the list")
		return
	}
	v.openMedia()
	v.u.explain()
}

// bind asks for the call that an orphan belongs to.
func (v *streamsView) bind() {
	s, u := v.current(), v.u
	if s.Call != nil {
		u.say("it is in call #%d by its SDP", s.Call.Index)
		return
	}
	u.ask("bind to call #", "", func(text string) {
		text = strings.TrimPrefix(strings.TrimSpace(text), "#")
		if text == "" || text == "-" {
			delete(u.bound, s.ID)
			v.refresh()
			return
		}
		index, err := strconv.Atoi(text)
		if err != nil || u.callAt(index) == nil {
			u.say("there is no call #%s", text)
			return
		}
		if u.bound == nil {
			u.bound = map[int]int{}
		}
		u.bound[s.ID] = index
		v.refresh()
		u.say("bound to call #%d for this run; b and - undo it", index)
	})
}

// boundTo are the streams that were bound to a call by hand.
func (u *UI) boundTo(c *correlate.Call) []*correlate.Stream {
	var out []*correlate.Stream
	for id, index := range u.bound {
		if s := streamAt(u.snap, id); index == c.Index && s != nil && s.Call == nil {
			out = append(out, s)
		}
	}
	return out
}
