package tui

import (
	"fmt"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// detailRows is how many lines the pane below the list has, its title left
// out.
const detailRows = 7

// detailHeight is how many rows the pane gets on a screen of so many rows.
func detailHeight(h int) int {
	if h >= 37 { // 38 with the hint line
		return detailRows + 1
	}
	return 0
}

// drawDetail shows what is known of the call under the cursor.
func (v *callsView) drawDetail(c canvas) {
	u, call := v.u, v.current()
	if call == nil {
		u.rule(c, 0, v.leftNote(), "")
		return
	}
	from, to := u.parties(call)
	title := fmt.Sprintf("#%d %s %s %s %s %s", call.Index, from, u.set.To, to, u.set.Dot, call.Word())
	if d, ok := u.duration(call); ok {
		title += " " + figure.Clock(d)
	}
	dot := " " + u.set.Dot + " "
	title += dot + plural(call.LegCount(), "leg") + dot + u.messageCounts(call)
	u.rule(c, 0, title, "Enter ladder"+dot+"v media"+dot+"W why")
	lines := v.detailLines(call, c.w-2)
	for i, line := range lines[:min(len(lines), detailRows)] {
		c.text(1, 1+i, cells.Cut(line.text, c.w-2, u.set.Ellipsis), u.theme[line.role])
	}
}

// leastCallID is how much of a Call-ID is worth showing.
const leastCallID = 16

// detailLines are what was found out about the call, its legs, its media, and
// who takes part, for lines of so many cells.
func (v *callsView) detailLines(call *correlate.Call, width int) []cell {
	u := v.u
	lines := v.findingLines(call)
	lines = append(lines, v.legLines(call, detailRows-len(lines)-3, width)...)
	lines = append(lines, cell{text: v.mediaLine(call)})
	identity := "  From " + u.clean(call.From) + "   To " + u.clean(call.To)
	if call.HasCallID {
		const name = "   Call-ID "
		id := u.clean(call.CallID)
		if room := width - cells.Width(identity+name); room >= leastCallID { // its end tells calls apart, too
			id = cells.CutMiddle(id, room, u.set.Ellipsis)
		}
		identity += name + id
	} else {
		identity += "   no Call-ID"
	}
	lines = append(lines, cell{text: identity}, cell{text: v.agentLine(call)})
	counts := fmt.Sprintf("  %s   %s   %s captured twice   %s", plural(call.MessageCount, "message"),
		plural(call.Retransmissions, "retransmission"), count(call.Duplicates), plural(len(call.Dialogs), "dialog"))
	return append(lines, cell{text: counts})
}

// findingLines are the verdict with its explanation, or the two worst
// findings.
func (v *callsView) findingLines(call *correlate.Call) []cell {
	u := v.u
	found := u.found.of(call.Index)
	var lines []cell
	for i := range found[:min(2, len(found))] {
		f := &found[i]
		lines = append(lines, cell{text: u.severityGlyph(f.Severity) + " " + u.clean(f.Title), role: severityRole(f.Severity)})
	}
	if said := remarks(call); len(said) > 0 && len(lines) < 2 {
		lines = append(lines, cell{text: u.set.Dot + " " + strings.Join(said, ", ")})
	}
	if len(found) == 1 && len(lines) == 1 && found[0].Explanation != "" {
		lines = append(lines, cell{text: "  " + u.clean(found[0].Explanation)})
	}
	return lines
}

// legLines are the legs, this call first; room is how many lines they get.
func (v *callsView) legLines(call *correlate.Call, room, width int) []cell {
	u := v.u
	lines := []cell{{text: "A " + v.detailTimes(call, width-2)}}
	others := 0
	for i := range call.Legs {
		leg := &call.Legs[i]
		if leg.Ref.Index == call.Index || leg.Possible {
			continue
		}
		others++
		if len(lines) >= max(2, room) {
			continue
		}
		line := ladder.Letter(len(lines)) + " "
		if c := u.callAt(leg.Ref.Index); c != nil {
			line += fmt.Sprintf("%s %s %s", c.Source, u.set.Both, c.Destination)
		} else {
			line += "#" + strconv.Itoa(leg.Ref.Index)
		}
		if len(leg.Reasons) > 0 {
			line += "     linked by " + u.clean(ladder.Way(leg.Reasons))
		}
		lines = append(lines, cell{text: line})
	}
	if hidden := others - (len(lines) - 1); hidden > 0 {
		lines[len(lines)-1].text += fmt.Sprintf("   and %s more", plural(hidden, "leg"))
	}
	return lines
}

// mediaLine is the streams, with how each went on.
func (v *callsView) mediaLine(call *correlate.Call) string {
	u := v.u
	var parts []string
	for _, s := range u.streamsOf(call) {
		part := u.streamSummary(s)
		if s.Score.Known {
			part += " MOS " + figure.MOS(s.Score.MOS, s.Score.Entry.Assumed()) + " " + v.sparks.of(u, s, 12)
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "  no RTP seen"
	}
	return "  " + strings.Join(parts, "      ")
}

// agentLine is what the two sides say they are, and who they say they are.
func (v *callsView) agentLine(call *correlate.Call) string {
	u := v.u
	var parts []string
	if agents := v.agents(call); agents != "" {
		parts = append(parts, agents)
	}
	for _, header := range []string{"P-Asserted-Identity", "Diversion"} {
		if value := headerOf(call, header); value != "" {
			parts = append(parts, header+" "+u.clean(value))
		}
	}
	if call.Cause != "" {
		parts = append(parts, "Reason "+u.clean(call.Cause))
	}
	if len(parts) == 0 {
		return "  no User-Agent"
	}
	return "  " + strings.Join(parts, "     ")
}

// agents are the programs that the requests of the legs come from, with the
// letters of legLines where there are several.
func (v *callsView) agents(call *correlate.Call) string {
	u, letter, text := v.u, 0, ""
	add := func(agent string) {
		if agent != "" {
			text += "   " + ladder.Letter(letter) + " " + u.clean(agent)
		}
		letter++
	}
	add(call.UserAgent)
	for i := range call.Legs {
		if leg := &call.Legs[i]; leg.Ref.Index != call.Index && !leg.Possible {
			if c := u.callAt(leg.Ref.Index); c != nil {
				add(c.UserAgent)
			} else {
				add("")
			}
		}
	}
	switch {
	case text == "":
		return ""
	case letter == 1:
		return "UA " + u.clean(call.UserAgent)
	}
	return "UA" + text[1:]
}

// headerOf is the value of a header of the first message, "" when it has none.
func headerOf(call *correlate.Call, name string) string {
	if len(call.Messages()) == 0 {
		return ""
	}
	for _, h := range divide(call.Messages()[0].Text()).headers {
		if hasName(h, []string{name}) {
			return headerText(h)
		}
	}
	return ""
}

// detailTimes is "A ⇄ B  INVITE 12:09:38.402  180 +1.9s  200 +6.2s  BYE …".
func (v *callsView) detailTimes(call *correlate.Call, width int) string {
	u := v.u
	line := fmt.Sprintf("%s %s %s", call.Source, u.set.Both, call.Destination)
	if call.Started > 0 {
		line += "   " + u.clean(call.Method) + " " + u.at(call.Started).Format("15:04:05.000")
	}
	if a := &call.Attempt; a.Alerted > 0 && a.Alert > 0 {
		line += fmt.Sprintf("  %d +%ss", a.Alert, figure.Seconds(a.Alerted-call.Started))
	}
	switch {
	case call.Answered > 0:
		line += "  200 +" + figure.Seconds(call.Answered-call.Started) + "s"
	case call.FinalStatus > 0 && call.Attempt.Decided > 0:
		line += fmt.Sprintf("  %d +%ss", call.FinalStatus, figure.Seconds(call.Attempt.Decided-call.Started))
	}
	if call.Ended > 0 && call.Answered > 0 {
		line += "  ended " + u.at(call.Ended).Format("15:04:05.0")
		if call.EndedBy != "" {
			line += " by " + call.EndedBy
		}
	}
	if call.Cause != "" {
		line = fitting(width, line+"  "+u.clean(briefCause(call.Cause)), line)
	}
	return line
}

// briefCause is a Reason header in a few words: "Q.850 16"; the header stands
// below it.
func briefCause(header string) string {
	if r := sip.ParseReason(header); r.Protocol != "" && r.Cause >= 0 {
		return r.Protocol + " " + strconv.Itoa(r.Cause)
	}
	return header
}
