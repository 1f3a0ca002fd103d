package tui

import (
	"slices"
	"testing"

	"sipsniff/correlate"
	"sipsniff/tui/internal/sample"
)

// TestLegs shows all legs of a call with F4, and one again.
func TestLegs(t *testing.T) {
	snap := rows(4)
	list := []correlate.Leg{
		{Ref: correlate.CallRef{Index: 2}},
		{Ref: correlate.CallRef{Index: 3}, With: correlate.CallRef{Index: 2}, Score: 85, Reasons: []string{"0.700 s later"}},
	}
	snap.Calls[1].Legs, snap.Calls[2].Legs = list, list
	r := newRig(t, rigOptions{w: 100, h: 40, snap: snap, status: fileStatus()})
	r.press("Down", "Down").has("2 legs")
	r.press("Enter").has("Flow #3", "· 2 legs", "[3/4]").hasNot("  A ")
	r.press("F4").has("Flow #2", "legs A+B (joined by time 0.700 s, score 85)", "[3/4]", "  A 12:09:39", "▶ B   +0.700")

	// Another leg turns up while all are shown.
	b := sample.New(9, "ninth", "sip:a@b", "sip:c@d", 3)
	b.Request("192.0.2.9:5060", "192.0.2.77:5060", "INVITE")
	more := *r.snap
	more.Generation++
	list = append(slices.Clone(list), correlate.Leg{Ref: correlate.CallRef{Index: 9}, With: correlate.CallRef{Index: 3}, Score: 60})
	third := *snap.Calls[2]
	third.Legs, b.Call.Legs = list, list
	more.Calls = []*correlate.Call{snap.Calls[0], snap.Calls[1], &third, snap.Calls[3], &b.Call}
	r.publish(&more).has("legs A+B+C", "192.0.2.77:5060")

	r.press("x").has("Flow #3", "[3/5]").hasNot("legs A+B", "192.0.2.77")
	r.press("]").has("Flow #4").hasNot("legs")
	r.press("F4").has("no other leg: tried")
	r.press("Esc", "Home", "Space", "Down", "Space", "Enter", "F4").has("the marked calls are shown")
}

// A comparison names both legs, also where the ladder shows one of them.
func TestComparisonNamesBothLegs(t *testing.T) {
	r := ownCapture(t, "b2bua-xcid", 120, 40)
	r.flowOf(1).press("=").has("Compare  A INVITE leg A ", "B INVITE leg B ").press("Esc", "Esc")
	r.flowOf(2).press("=").has("Compare  A INVITE leg B ", "B INVITE leg A ")
}
