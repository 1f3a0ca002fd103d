package tui

import (
	"sipsniff/correlate"
	"sipsniff/internal/cells"
)

// leastParties is how many cells caller and callee get before something that
// stands behind them is left out.
const leastParties = 24

// partiesIn is "caller → callee" in so many cells. Their ends stay, for numbers
// differ there.
func (u *UI) partiesIn(call *correlate.Call, width int) string {
	from, to := u.parties(call)
	arrow := " " + u.set.To + " "
	width = max(3, width-cells.Width(arrow))
	each := max(width/2, width-min(cells.Width(from), cells.Width(to)))
	return cells.CutMiddle(from, each, u.set.Ellipsis) + arrow + cells.CutMiddle(to, each, u.set.Ellipsis)
}

// aboutCall is a line that begins with who calls whom and goes on with the first of
// some tails, the longest first, that leaves them room; with none where there is
// little.
func (u *UI) aboutCall(head string, call *correlate.Call, width int, tails ...string) string {
	whole := cells.Width(u.partiesIn(call, anyWidth))
	for _, tail := range tails {
		if room := width - cells.Width(head+tail); room >= min(whole, leastParties) {
			return head + u.partiesIn(call, room) + tail
		}
	}
	return head + u.partiesIn(call, width-cells.Width(head))
}
