package tui

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// detailHeight is how many rows the pane below the list gets on a screen of
// so many rows.
func detailHeight(h int) int {
	if h >= 37 { // 38 with the hint line
		return 7
	}
	return 0
}

// drawDetail shows what is known of the call under the cursor.
func (v *callsView) drawDetail(c canvas) {
	u, call := v.u, v.current()
	from, to := u.parties(call)
	title := fmt.Sprintf("#%d %s %s %s %s %s", call.Index, from, u.set.To, to, u.set.Dot, call.Word())
	if d, ok := u.duration(call); ok {
		title += " " + figure.Clock(d)
	}
	if n := call.LegCount(); n > 1 {
		title += fmt.Sprintf(" %s %d legs", u.set.Dot, n)
	}
	u.rule(c, 0, title, "Enter ladder")
	for i, line := range v.detailLines(call) {
		c.text(1, 1+i, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[rolePlain])
	}
}

func (v *callsView) detailLines(call *correlate.Call) []string {
	u := v.u
	lines := []string{v.detailTimes(call)}
	var streams []string
	for _, s := range u.streamsOf(call) {
		streams = append(streams, u.streamSummary(s))
	}
	if len(streams) == 0 {
		streams = []string{"no RTP seen"}
	}
	lines = append(lines, "  "+strings.Join(streams, "    "))
	lines = append(lines, "  From "+u.clean(call.From)+"   To "+u.clean(call.To))
	identity := "  Call-ID " + u.clean(call.CallID)
	if !call.HasCallID {
		identity = "  no Call-ID"
	}
	if call.UserAgent != "" {
		identity += "   UA " + u.clean(call.UserAgent)
	}
	if call.Cause != "" {
		identity += "   Reason " + u.clean(call.Cause)
	}
	counts := fmt.Sprintf("  %s   %s   %s captured twice   %s", plural(call.MessageCount, "message"),
		plural(call.Retransmissions, "retransmission"), count(call.Duplicates), plural(len(call.Dialogs), "dialog"))
	if len(call.Flags) > 0 {
		counts += "   " + strings.Join(call.Flags, " ")
	}
	return append(lines, identity, counts)
}

// detailTimes is "A ⇄ B  INVITE 12:09:38.402  first reply +1.9s  answer +6.2s  BYE …".
func (v *callsView) detailTimes(call *correlate.Call) string {
	u := v.u
	line := fmt.Sprintf("%s %s %s %s", call.Source, u.set.Both, call.Destination, call.Transport)
	if call.Started > 0 {
		line += "   " + u.clean(call.Method) + " " + u.at(call.Started).Format("15:04:05.000")
	}
	if call.PostDialDelay >= 0 {
		line += "  first reply +" + figure.Seconds(call.PostDialDelay) + "s"
	}
	if call.Answered > 0 {
		line += "  answered +" + figure.Seconds(call.Answered-call.Started) + "s"
	}
	if call.Ended > 0 {
		line += "  ended " + u.at(call.Ended).Format("15:04:05.000")
		if call.EndedBy != "" {
			line += " by " + call.EndedBy
		}
	}
	return line
}
