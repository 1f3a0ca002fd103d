package tui

import (
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// compareLegs shows how the message under the cursor differs from the same
// message on another leg, or on another hop of this one.
func (v *flowView) compareLegs() {
	r := v.row()
	if r == nil || r.Message == nil {
		v.u.say("no message on this row")
		return
	}
	other, note := v.counterpart(r)
	if other == nil {
		v.u.say("no %s on another leg: tried the legs of the call and its other hops", v.u.headline(r.Message))
		return
	}
	v.u.push(newMessageDiff(v.u, r.Message, other, v.ownLeg(r, note), note))
}

// ownLeg names the leg of a row beside what its counterpart is called. Of a call
// without other legs there is nothing to name.
func (v *flowView) ownLeg(r *ladder.Row, counterpart string) string {
	call := v.legs[r.Leg].Call
	joined := slices.Index(call.Joined(), call.Index)
	if len(v.legs) < 2 && (joined < 0 || !strings.HasPrefix(counterpart, "leg ")) {
		return ""
	}
	return "leg " + v.letterOf(call, joined)
}

// letterOf is the letter of a leg as the ladder has it; joined is its place among all
// legs, where the ladder has but one.
func (v *flowView) letterOf(c *correlate.Call, joined int) string {
	at := slices.IndexFunc(v.legs, func(l ladder.Leg) bool { return l.Call == c })
	if len(v.legs) > 1 && at >= 0 {
		return ladder.Letter(at)
	}
	return ladder.Letter(joined)
}

// counterpart finds the message that became of the one of a row, or that it
// was made of: of the same kind, nearest in time.
func (v *flowView) counterpart(r *ladder.Row) (found *correlate.Message, note string) {
	m, call := r.Message, v.legs[r.Leg].Call
	var apart int64
	try := func(c *correlate.Call, note2 string) {
		for _, o := range c.Messages() {
			if o == m || o.Duplicate || o.Retransmission || o.Method != m.Method || o.StatusCode != m.StatusCode || o.CSeq.Method != m.CSeq.Method {
				continue
			}
			if c == call && (o.Src == m.Src && o.Dst == m.Dst || o.Src == m.Dst && o.Dst == m.Src || o.CSeq != m.CSeq) {
				continue
			}
			if gap := max(o.Nanos-m.Nanos, m.Nanos-o.Nanos); found == nil || gap < apart {
				found, apart, note = o, gap, note2
			}
		}
	}
	try(call, "other hop")
	for i, index := range call.Joined() {
		if c := v.u.callAt(index); c != nil && c != call {
			try(c, "leg "+v.letterOf(c, i))
		}
	}
	for i := range v.legs {
		if v.legs[i].Call != call {
			try(v.legs[i].Call, "leg "+ladder.Letter(i))
		}
	}
	return found, note
}
