package tui

import (
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// keeps reports whether a row is among those that are wanted.
func (v *flowView) keeps(r *ladder.Row) bool {
	if v.onlyFound {
		if _, found := v.severity(r); !found {
			return false
		}
	}
	return !v.onlyHits || v.search == "" || hasText(r, strings.ToLower(v.search))
}

func hasText(r *ladder.Row, want string) bool {
	if r.Message != nil {
		return strings.Contains(strings.ToLower(r.Message.Text()), want)
	}
	for _, l := range r.Labels {
		if strings.Contains(strings.ToLower(l.Text), want) {
			return true
		}
	}
	return false
}

// toggleHits shows only the rows with the text that is searched for, or all
// again. It asks for the text when there is none.
func (v *flowView) toggleHits() {
	if v.onlyHits {
		v.onlyHits = false
		v.build()
		return
	}
	if v.search != "" {
		v.onlyHits = true
		v.build()
		return
	}
	v.u.ask("only rows with: ", "", func(text string) {
		v.search, v.onlyHits = text, text != ""
		v.build()
	})
}

// nextColours tells other things apart by colour.
func (v *flowView) nextColours() {
	v.u.flow.colours = (v.u.flow.colours + 1) % colourModes
	v.u.say("colours by %s", [colourModes]string{"request and reply", "leg", "CSeq"}[v.u.flow.colours])
}

// rolesToTell are used in turn where colours tell more than two things apart.
//
//nolint:gochecknoglobals // constants
var rolesToTell = [...]role{roleRequest, roleResponse, roleUser, roleNumber, roleTag, roleUp}

// rowRole is how a row is coloured.
func (v *flowView) rowRole(r *ladder.Row) role {
	m := r.Message
	switch {
	case r.Kind == ladder.CopyRow:
		return roleDim
	case r.Kind == ladder.StreamRow || r.Kind == ladder.DigitRow:
		return roleMedia
	case m == nil:
		return roleDim
	case v.u.flow.colours == byLeg:
		return rolesToTell[r.Leg%len(rolesToTell)]
	case v.u.flow.colours == byCSeq:
		return rolesToTell[int(m.CSeq.Number)%len(rolesToTell)]
	case m.Method != "":
		return roleRequest
	}
	return roleResponse
}

// Limits from which on a stream stands out without a finding (tui.md 2.1).
const (
	badLoss = 2.0 // percent
	badMOS  = 3.1
)

// severity is the worst that is known of a row: of the findings that rest upon
// it, or of its losses.
func (v *flowView) severity(r *ladder.Row) (worst correlate.Severity, found bool) {
	worst, found = v.proof.of(r)
	if s := r.Stream; s != nil && r.Turn == 0 && worst < correlate.Warning && (lossPercent(s) > badLoss || s.Score.Known && s.Score.MOS < badMOS) {
		return correlate.Warning, true
	}
	return worst, found
}

// moveColumn moves the column of the sender of the row under the cursor. Other
// ladders with these hosts have them in the same order.
func (v *flowView) moveColumn(step int) {
	r := v.row()
	if r == nil || r.Kind == ladder.GapRow {
		v.u.say("the column of the sender moves: no sender on this row")
		return
	}
	to := r.From + step
	if to < 0 || to >= len(v.l.Participants) {
		return
	}
	order := make([]netip.Addr, 0, len(v.l.Participants))
	for i := range v.l.Participants {
		order = append(order, v.l.Participants[i].Addr)
	}
	order[r.From], order[to] = order[to], order[r.From]
	v.u.flow.keepOrder(slices.Compact(order))
	v.build()
	if v.firstColumn > to {
		v.firstColumn = to
	}
}

// toggleAliases names the columns, or shows their addresses alone.
func (v *flowView) toggleAliases() {
	if !v.u.hasNames() {
		v.u.say("no names: [alias] in the configuration gives them, as in \"192.0.2.1\" = \"pbx\"")
		return
	}
	v.change(func(s *flowSettings) { v.u.showNames(s.addresses) })
}
