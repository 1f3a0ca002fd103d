package tui

import (
	"strings"
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

// A warning that stands in the log stands once as a whole.
func TestWarningStandsOnce(t *testing.T) {
	status := fileStatus()
	text := "the filter does not match packets inside of tunnels; to have them too, add what follows: proto 47 or proto 4 or so"
	status.Warnings, status.Log = []string{text}, []Event{{Text: text}}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(2), status: status})
	if n := strings.Count(r.press("6").text(), "or so"); n != 1 {
		t.Errorf("the end of the warning is there %d times", n)
	}
}

// That streams are left out is said where there is little room, too.
func TestNarrowedStreamsAreSaid(t *testing.T) {
	snap := rows(6)
	for i := range 400 {
		snap.Streams = append(snap.Streams, &correlate.Stream{ID: 1000 + i, Secure: i%2 == 0, UDPTL: i%2 == 1})
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: fileStatus()})
	r.press("3", "!").has("problems only (!: all)").press("u").has("untied with problems only (u, !: all)").press("!").has("untied only (u: all)")
}

// n and N go through the registrations with a problem; that the others are left
// out is said where there is little room, too.
func TestFaultsInRegistrations(t *testing.T) {
	r := ownCapture(t, "register-digest", 80, 24)
	r.press("2", "g").text()
	v := r.top().(*registrationsView)
	if troubled(v.current()) {
		r.press("n").has("no problem below").press("N").has("no problem above")
	} else {
		r.press("n").text()
	}
	if !troubled(v.current()) {
		t.Errorf("the cursor is on %s", v.current().AOR)
	}
	r.hasNot("problems only").press("!").has("problems only (!: all)").press("!").hasNot("problems only")
}

// What came through a pipe cannot be read again either: it is not given up
// without a question.
func TestQuitOfAStreamAsks(t *testing.T) {
	status := fileStatus()
	status.Done = true
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: status})
	r.config.Stream = true
	r.press("q").has("A stream: 3 calls are not saved.").press("Esc")
	r.savedAll = r.latest
	if r.press("q"); r.ended == nil {
		t.Error("it asks although all is saved")
	}
	r = newRig(t, rigOptions{w: 80, h: 24, status: status})
	r.config.Stream = true
	if r.press("q"); r.ended == nil {
		t.Error("it asks although there is nothing to save")
	}
}
