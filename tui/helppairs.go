package tui

import (
	"slices"
	"strings"
)

// A helpPair are actions that the help tells on one line, because each says
// what the other is.
type helpPair struct {
	ids  []string // the actions, in the order of the line
	text string
}

// helpPairs are all of them. Where a place has not all the actions of one, those
// that it has stand alone.
//
//nolint:gochecknoglobals // constants
var helpPairs = []helpPair{
	{[]string{"move.up", "move.down"}, "move"},
	{[]string{"move.pageup", "move.pagedown"}, "page"},
	{[]string{"move.halfup", "move.halfdown"}, "half a page"},
	{[]string{"move.first", "move.last"}, "first, last"},
	{[]string{"move.left", "move.right"}, "scroll columns"},
	{[]string{"view.1", "view.2", "view.3", "view.4", "view.5", "view.6"}, "views"},
	{[]string{"freeze", "stop"}, "hold the view / stop capture"},
	{[]string{"freeze", "capture.stop"}, "hold the view / stop capture"},

	{[]string{"calls.sort.left", "calls.sort.right"}, "sort by another column"},
	{[]string{"calls.unmark", "calls.markall"}, "unmark all / mark all shown"},
	{[]string{"calls.copy", "calls.copyid"}, "copy the row / Call-ID"},
	{[]string{"calls.problem.next", "calls.problem.previous"}, "next / previous problem"},
	{[]string{"registrations.sort.left", "registrations.sort.right"}, "sort by another column"},
	{[]string{"streams.sort.left", "streams.sort.right"}, "sort by another column"},
	{[]string{"streams.problem.next", "streams.problem.previous"}, "next / previous problem"},
	{[]string{"problems.example.next", "problems.example.previous"}, "next / previous example"},
	{[]string{"problems.mute", "problems.unmute"}, "hide this kind / show all"},

	{[]string{"ladder.previous", "ladder.next"}, "previous / next call"},
	{[]string{"ladder.hit.next", "ladder.hit.previous"}, "next / previous hit, or finding"},
	{[]string{"ladder.copy", "ladder.copyid"}, "copy the message / Call-ID"},
	{[]string{"ladder.column.left", "ladder.column.right"}, "move a column"},
	{[]string{"ladder.preview.grow", "ladder.preview.shrink"}, "preview larger / smaller"},
	{[]string{"ladder.fold", "ladder.foldall"}, "unfold the row / all"},
	{[]string{"message.previous", "message.next"}, "previous / next message"},
	{[]string{"message.hit.next", "message.hit.previous"}, "next / previous hit"},
	{[]string{"message.copy", "message.copyid"}, "copy the message / Call-ID"},
	{[]string{"diff.next", "diff.previous"}, "next / previous change"},

	{[]string{"media.back10", "media.ahead10"}, "ten seconds"},
	{[]string{"media.bad.next", "media.bad.previous"}, "next / previous bad second"},
	{[]string{"media.mark", "media.unmark"}, "count times from here / no more"},
	{[]string{"media.call.previous", "media.call.next"}, "other call; second of the packets"},
	{[]string{"media.taller", "media.lower"}, "chart taller / lower"},
	{[]string{"media.copy", "media.copyid"}, "copy the numbers / Call-ID"},
	{[]string{"media.zoom.in", "media.zoom.out"}, "show less / more of the time"},
	{[]string{"media.buffer.next", "media.buffer.previous"}, "larger / smaller de-jitter buffer"},
	{[]string{"media.sort.previous", "media.sort.next"}, "sort the streams"},
	{[]string{"why.next", "why.previous"}, "next / previous evidence"},

	{[]string{"columns.up", "columns.down"}, "choose a column"},
	{[]string{"columns.earlier", "columns.later"}, "move it"},
	{[]string{"columns.narrower", "columns.wider"}, "narrower / wider"},
	{[]string{"settings.up", "settings.down"}, "choose a line"},
	{[]string{"settings.pageup", "settings.pagedown"}, "page"},
	{[]string{"settings.section", "settings.section.back"}, "section"},
	{[]string{"settings.previous", "settings.next"}, "choice"},
	{[]string{"form.previous", "form.next"}, "field"},
	{[]string{"form.left", "form.right"}, "choice"},
	{[]string{"filter.earlier", "filter.later"}, "history"},
	{[]string{"sort.up", "sort.down"}, "choose a column"},
	{[]string{"help.up", "help.down"}, "scroll"},
	{[]string{"help.pageup", "help.pagedown"}, "page"},
	{[]string{"help.screen.previous", "help.screen.next"}, "help of another screen"},
	{[]string{"save.previous", "save.next"}, "line"},
	{[]string{"folders.up", "folders.down"}, "choose a directory"},
	{[]string{"folders.pageup", "folders.pagedown"}, "page"},
	{[]string{"palette.up", "palette.down"}, "choose a line"},
}

// pairIn finds the actions that share a line with one in a place; nil when it
// stands alone.
func (t *keyTable) pairIn(a *Action, place Context) (members []*Action, text string) {
	for _, p := range helpPairs {
		if !slices.Contains(p.ids, a.ID) {
			continue
		}
		members = members[:0]
		for _, id := range p.ids {
			at := slices.IndexFunc(t.actions, func(o Action) bool { return o.ID == id })
			if at >= 0 && t.actions[at].Contexts&place != 0 && len(t.keysOf(&t.actions[at], place)) > 0 {
				members = append(members, &t.actions[at])
			}
		}
		if len(members) == len(p.ids) {
			return members, p.text
		}
	}
	return nil, ""
}

// pairKeys spells the keys of several actions: "p / P", "Up k / Down j", and of
// a row of them the first and the last, "1 … 6".
func (t *keyTable) pairKeys(members []*Action, place Context, ellipsis string) string {
	keys := make([]string, len(members))
	changed := false
	for i, a := range members {
		keys[i] = t.list(a, place)
		changed = changed || t.changed(a, place)
	}
	switch {
	case len(keys) == 2:
		return strings.Join(keys, " / ")
	case changed:
		return strings.Join(keys, " ")
	}
	return keys[0] + " " + ellipsis + " " + keys[len(keys)-1]
}
