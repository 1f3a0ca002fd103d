package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
)

// onMedia makes an action of a function of the media screen.
func onMedia(f func(v *mediaView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*mediaView); ok {
			f(v)
		}
	}
}

func isMedia(u *UI) bool {
	_, ok := u.top().(*mediaView)
	return ok
}

// mediaActions are the keys of the media screen and of its packet list that no
// other screen has.
func mediaActions() []Action {
	return append([]Action{
		{ID: "media.back", Title: "Back", Help: "back", Contexts: InMedia, Keys: []string{"Esc"}, Rank: 1, Run: func(u *UI) {
			if v, ok := u.top().(*mediaView); !ok || !v.reasons.back() {
				u.back()
			}
		}},
		{ID: "media.quit", Title: "Back", Help: "back", Contexts: InMedia, Keys: []string{"q", "Q"}, Run: (*UI).back},
		{ID: "media.packets", Title: "Packets", Help: "packets of the second", Contexts: InMedia, Keys: []string{"Enter"}, Rank: 6,
			Enabled: isMedia, Run: onMedia((*mediaView).openPackets)},
		{ID: "media.focus", Title: "Pane", Help: "move in the chart, in the table", Contexts: InMedia, Keys: []string{"Tab"},
			Enabled: isMedia, Run: onMedia((*mediaView).nextPane)},
		{ID: "media.mark", Title: "Mark", Help: "count times from this second", Contexts: InMedia, Keys: []string{"Space"},
			Enabled: isMedia, Run: onMedia((*mediaView).toggleMark)},
		{ID: "media.unmark", Title: "Unmark", Help: "count times no longer", Contexts: InMedia, Keys: []string{"^W"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.mark = 0 })},
		{ID: "media.back10", Title: "Ten back", Help: "ten seconds back", Contexts: InMedia, Keys: []string{"Shift-Left"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.step(-10) })},
		{ID: "media.ahead10", Title: "Ten ahead", Help: "ten seconds ahead", Contexts: InMedia, Keys: []string{"Shift-Right"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.step(10) })},
		{ID: "media.bad.next", Title: "Bad second", Help: "next second with losses", Contexts: InMedia, Keys: []string{"n"}, Pair: "N", Rank: 11,
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.nextBad(1) })},
		{ID: "media.bad.previous", Title: "Bad second", Help: "second with losses before", Contexts: InMedia, Keys: []string{"N"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.nextBad(-1) })},
		{ID: "media.ladder", Title: "Ladder", Help: "its ladder", Contexts: InMedia, Keys: []string{"x", "F4"}, Rank: 12,
			Enabled: isMedia, Run: onMedia((*mediaView).openLadder)},
		{ID: "media.call.previous", Title: "Other call", Help: "previous call of the list; second before", Contexts: InMedia, Keys: []string{"["},
			Run: func(u *UI) { u.stepMedia(-1) }},
		{ID: "media.call.next", Title: "Other call", Help: "next call of the list; next second", Contexts: InMedia, Keys: []string{"]"},
			Run: func(u *UI) { u.stepMedia(1) }},
		{ID: "media.taller", Title: "Chart", Help: "chart taller, with fewer notes", Contexts: InMedia, Keys: []string{"9"}, Pair: "0",
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.stretch(1) })},
		{ID: "media.lower", Title: "Chart", Help: "chart lower, with more notes or streams", Contexts: InMedia, Keys: []string{"0"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.stretch(-1) })},
		{ID: "media.copy", Title: "Copy", Help: "copy the numbers", Contexts: InMedia, Keys: []string{"y"}, Run: (*UI).copyMedia},
		{ID: "media.copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InMedia, Keys: []string{"Y"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) {
				if s := v.stream(); s != nil {
					v.u.copyText("the Call-ID", s.call.CallID)
				}
			})},
	}, mediaDisplayActions()...)
}

// mediaDisplayActions change what the media screen shows.
func mediaDisplayActions() []Action {
	return []Action{
		{ID: "media.zoom.in", Title: "Zoom", Help: "show less of the time", Contexts: InMedia, Keys: []string{"+"}, Pair: "-", Rank: 5,
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.zoom = min(v.zoom+1, 16) })},
		{ID: "media.zoom.out", Title: "Zoom", Help: "show more of the time", Contexts: InMedia, Keys: []string{"-"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.zoom = max(v.zoom-1, 0) })},
		{ID: "media.lanes", Title: "Lanes", Help: "MOS jitter loss; delta skew; bit rate, level", Contexts: InMedia, Keys: []string{"d"}, Rank: 10,
			Enabled: isMedia, Run: onMedia((*mediaView).nextLanes)},
		{ID: "media.buffer.next", Title: "Buffer", Help: "de-jitter buffer: a larger one", Contexts: InMedia, Keys: []string{"b"}, Pair: "B", Rank: 13,
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.tryBuffer(1) })},
		{ID: "media.buffer.previous", Title: "Buffer", Help: "de-jitter buffer: a smaller one", Contexts: InMedia, Keys: []string{"B"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.tryBuffer(-1) })},
		{ID: "media.bad", Title: "Only bad", Help: "only streams with flags, all streams", Contexts: InMedia, Keys: []string{"!"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.bad = !v.bad; v.arrange() })},
		{ID: "media.sort.next", Title: "Sort", Help: "sort the streams by something else", Contexts: InMedia, Keys: []string{">"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.sort(1) })},
		{ID: "media.sort.previous", Title: "Sort", Help: "sort the streams as before", Contexts: InMedia, Keys: []string{"<"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.sort(-1) })},
		{ID: "media.reverse", Title: "Reverse", Help: "reverse the order of the streams", Contexts: InMedia, Keys: []string{"z", "Z"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.down = !v.down; v.arrange() })},
		{ID: "media.follow", Title: "Follow", Help: "stay on the latest second", Contexts: InMedia, Keys: []string{"A"},
			Enabled: isMedia, Run: onMedia(func(v *mediaView) { v.follow = !v.follow })},
	}
}

// nextLanes draws other quantities. How loud it was, the packets say: they are
// read for it when they can be.
func (v *mediaView) nextLanes() {
	if v.lanes = (v.lanes + 1) % 3; v.lanes == 2 {
		v.read(func() {})
	}
}

func (v *mediaView) toggleMark() {
	s := v.stream()
	if s == nil {
		return
	}
	at := v.cursorTime(s)
	if v.mark == at {
		v.mark = 0
		return
	}
	v.mark, v.at = at, at
}

// openLadder shows the ladder of all legs; one that it was opened from is gone
// back to.
func (v *mediaView) openLadder() {
	u := v.u
	if n := len(u.stack); n > 1 {
		if _, ok := u.stack[n-2].(*flowView); ok {
			u.back()
			return
		}
	}
	var calls []*correlate.Call
	for i := range v.legs {
		calls = append(calls, v.legs[i].Call)
	}
	f := newFlowView(u, calls[:min(1, len(calls))])
	if len(calls) > 1 {
		f.whole = calls[0].Index
	}
	u.push(f)
}

// stepMedia shows the media of another call of the list, or another second in
// the list of packets.
func (u *UI) stepMedia(n int) {
	switch v := u.top().(type) {
	case *packetView:
		v.step(n)
	case *mediaView:
		for from := v.opened; ; {
			c := u.calls.step(from, n)
			if c == nil {
				u.say("no more calls with media in the list")
				return
			}
			from = c.Index
			next := newMediaView(u, c)
			next.lanes, next.buffer = v.lanes, v.buffer
			next.refresh()
			if len(next.streams) > 0 {
				u.stack[len(u.stack)-1] = next
				return
			}
		}
	}
}

func (u *UI) copyMedia() {
	switch v := u.top().(type) {
	case *packetView:
		v.copyText()
	case *mediaView:
		v.copyText()
	}
}

// anyWidth is as wide as a text likes to be.
const anyWidth = 1 << 16

// copyText copies the numbers of all streams.
func (v *mediaView) copyText() {
	columns := slices.DeleteFunc(v.mediaColumns(wideMedia), func(c column) bool { return c.id == "flags" })
	var b strings.Builder
	b.WriteString(v.title(anyWidth) + "\n")
	for _, col := range columns {
		b.WriteString(col.title + "\t")
	}
	b.WriteString("Flags\n")
	for i := range v.streams {
		s := &v.streams[i]
		for _, col := range columns {
			b.WriteString(col.cell(i, anyWidth).text + "\t")
		}
		b.WriteString(strings.Join(s.flags, ", ") + "\n")
	}
	if s := v.stream(); s != nil {
		fmt.Fprintf(&b, "%s\n%s\n%s\n", v.readout(s, anyWidth), v.bufferNote(s, anyWidth), v.digitNote(anyWidth))
	}
	v.u.copyText("the numbers", b.String())
}
