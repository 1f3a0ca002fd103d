package tui

import (
	"testing"

	"sipsniff/correlate"
)

// The list says how a leg was found in the words of the ladder.
func TestDetailSaysHowALegWasFound(t *testing.T) {
	snap := rows(4)
	list := []correlate.Leg{
		{Ref: correlate.CallRef{Index: 2}},
		{Ref: correlate.CallRef{Index: 3}, With: correlate.CallRef{Index: 2}, Score: 85, Reasons: []string{"0.006 s later", "callee's number"}},
	}
	snap.Calls[1].Legs, snap.Calls[2].Legs = list, list
	r := newRig(t, rigOptions{w: 120, h: 40, snap: snap, status: fileStatus()})
	r.press("Down").has("linked by number+time 0.006 s").hasNot("linked by 0.006 s later")
}

// Of a long path the name of the file stays.
func TestSourceKeepsItsName(t *testing.T) {
	status := fileStatus()
	status.Inputs = []Input{{Name: "/srv/captures/of/a/customer/trace-17.pcap", State: "done", Frames: 12}}
	newRig(t, rigOptions{w: 80, h: 24, snap: rows(2), status: status}).press("6").has(" /srv/capt…/trace-17.pcap done")
}
