package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/tui/ladder"
)

// legLetter names a leg where there is room for one letter: A … Z, then *.
func legLetter(i int) string {
	if name := ladder.Letter(i); len(name) == 1 {
		return name
	}
	return "*"
}

// legsTitle says how many legs the call has, or which are on the screen and
// what joined the last of them.
func (v *flowView) legsTitle() string {
	dot := " " + v.u.set.Dot + " "
	if v.whole == 0 {
		if n := v.legs[0].Call.LegCount(); n > 1 {
			return dot + fmt.Sprintf("%d legs", n)
		}
		return ""
	}
	return dot + "legs " + ladder.Letters(len(v.legs))
}

// joinedBy says how it was found that the legs belong together: all of it, and
// without how sure that is.
func (v *flowView) joinedBy() (all, brief string) {
	why := v.u.clean(ladder.Joining(v.legs))
	if v.whole == 0 || why == "" {
		return "", ""
	}
	short := why
	if at := strings.LastIndex(why, ", "); at > 0 {
		short = why[:at]
	}
	return " (" + why + ")", " (" + short + ")"
}

// sayNoLegs says that the call stands alone, and how others were looked for.
func (v *flowView) sayNoLegs() {
	v.u.say("no other leg: tried X-Call-ID and its like, Session-ID, icid, media, host with number and time")
}

// toggleLegs shows all legs of the end-to-end call, or only the one that the
// ladder was opened with.
func (v *flowView) toggleLegs() {
	switch {
	case v.whole != 0:
		v.calls, v.whole = []int{v.whole}, 0
	case len(v.calls) > 1:
		v.u.say("the marked calls are shown: Esc goes back to the list")
		return
	case len(v.legs) == 0:
		return
	case v.legs[0].Call.LegCount() < 2:
		v.sayNoLegs()
		return
	default:
		v.whole = v.calls[0]
	}
	v.refresh()
	v.explainLegs()
}

// tallScreen is from how many rows on all legs have the pane that says why
// below them.
const tallScreen = 50

// explainLegs opens the pane that says why below all legs on a tall screen when
// there is something to say, unless the user closed it before; below one leg
// it goes again.
func (v *flowView) explainLegs() {
	u := v.u
	_, h := u.screen.Size()
	switch {
	case v.whole == 0 && v.reasons.offered:
		v.reasons.open, v.reasons.focus, v.reasons.offered = false, false, false
	case v.whole != 0 && !v.reasons.open && !u.noReasons && h >= tallScreen && len(u.found.joint(v.shownCalls())) > 0:
		v.reasons.open, v.reasons.offered = true, true
	}
}

// current looks the legs up in the snapshot. A call that left it stays on the
// screen as it was.
func (v *flowView) current() (legs []ladder.Leg, changed bool) {
	if c := v.u.callAt(v.whole); c != nil {
		v.calls = c.Joined()
	}
	for _, index := range v.calls {
		if c := v.u.callAt(index); c != nil {
			legs = append(legs, ladder.Leg{Call: c, Streams: v.u.streamsOf(c)})
		} else if leg, ok := v.shown(index); ok {
			legs = append(legs, leg)
		}
	}
	return legs, !slices.EqualFunc(legs, v.legs, sameLeg)
}

// shown returns a leg as it is on the screen.
func (v *flowView) shown(index int) (leg ladder.Leg, ok bool) {
	for i := range v.legs {
		if v.legs[i].Call.Index == index {
			return v.legs[i], true
		}
	}
	return leg, false
}

func sameLeg(a, b ladder.Leg) bool {
	if a.Call != b.Call || len(a.Streams) != len(b.Streams) {
		return false
	}
	for i := range a.Streams {
		if a.Streams[i] != b.Streams[i] {
			return false
		}
	}
	return true
}

// legNote names a leg where there are several.
func (v *flowView) legNote(leg int) string {
	if len(v.legs) < 2 {
		return ""
	}
	return "leg " + ladder.Letter(leg)
}
