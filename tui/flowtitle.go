package tui

import (
	"fmt"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

func (v *flowView) drawTitle(c canvas) {
	u := v.u
	if len(v.legs) == 0 {
		c.text(1, 0, "Flow: the call has left the memory", u.theme[roleTitle])
		return
	}
	position := ""
	index := v.whole
	if len(v.calls) == 1 {
		index = v.calls[0]
	}
	if index != 0 {
		if row := u.calls.Find(index); row >= 0 {
			position = fmt.Sprintf("[%d/%d]", row+1, u.calls.Len())
		}
	}
	c.right(c.w-1, 0, position, u.theme[rolePlain])
	title := cells.Cut(v.title(c.w-3-len(position)), c.w-3-len(position), u.set.Ellipsis)
	x := c.text(1, 0, title, u.theme[roleTitle])
	room := c.w - len(position) - 2
	if found := v.countFindings(); found != "" && x+2+cells.Width(found) < room {
		x = c.text(x+2, 0, found, u.theme[roleWarn])
		v.drawVerdict(c.part(x, 0, room-x-1, 1))
	} else if problems := fmt.Sprintf("%s %d", u.severityGlyph(v.proof.worst), v.proof.problems); v.proof.problems > 0 && x+2+cells.Width(problems) < room {
		c.text(x+2, 0, problems, u.theme[roleWarn])
	}
}

// title says which call it is in so many cells; how it was found that the legs
// belong together, and then the outcome, go first.
func (v *flowView) title(width int) string {
	u := v.u
	if len(v.legs) == 1 || v.whole != 0 {
		call := v.legs[0].Call
		legs := v.legsTitle()
		state, outcome := " "+u.set.Dot+" "+call.Word(), ""
		if d, ok := u.duration(call); ok {
			state += " " + figure.Clock(d)
		}
		if text := u.outcome(call); text != "" {
			outcome = ", " + text
		}
		all, brief := v.joinedBy()
		return u.aboutCall(fmt.Sprintf("Flow #%d ", call.Index), call, width, state+outcome+legs+all, state+outcome+legs+brief, state+outcome+legs, state+legs, state)
	}
	var parts []string
	for i := range v.legs {
		call := v.legs[i].Call
		parts = append(parts, fmt.Sprintf("%s #%d %s", ladder.Letter(i), call.Index, u.clean(call.CallID)))
	}
	return "Flow " + strings.Join(parts, " "+u.set.Dot+" ")
}

// drawVerdict names the gravest finding where there is room for it.
func (v *flowView) drawVerdict(c canvas) {
	verdict := gravest(v.u.found.joint(v.shownCalls()))
	if verdict == nil {
		return
	}
	text := ": " + v.u.clean(verdict.Title)
	if cells.Width(text) <= c.w {
		c.text(0, 0, text, v.u.theme[roleWarn])
	}
}

// countFindings says how much was found out: "⚠ 1 finding · 2 notes".
func (v *flowView) countFindings() string {
	text := ""
	if v.proof.problems > 0 {
		text = v.u.severityGlyph(v.proof.worst) + " " + plural(v.proof.problems, "finding")
	}
	if v.proof.notes > 0 {
		if text != "" {
			text += " "
		}
		text += v.u.set.Dot + " " + plural(v.proof.notes, "note")
	}
	return text
}
