package tui

import (
	"testing"
	"time"

	"sipsniff/correlate/diagnosis"
)

// The filter of the problems chooses the calls that they are tallied from, and
// Enter lists no others.
func TestFilterOfProblems(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	r.press("5").has("2 calls with problems · 4 kinds", "SIP is not marked").hasNot("/ filter")
	r.press("/").typeText("dave").press("Enter").has("/ dave", "1 call with problems · 1 kind", "1 of 3", "Esc clears").hasNot("not valid", "SIP is not marked")
	r.press("Enter").has("[1 Dialogs", "/ (dave) problem:", "1 of 8").press("Esc").has("[5 Problems 2]", "/ dave")
	r.press("F3", "^U").typeText("nobodyatall").press("Enter").has(`0 of 3 calls with findings match "nobodyatall"`)
	r.press("F7").has("Filter").press("Esc")
	r.press("Esc").has("2 calls with problems · 4 kinds", "[5 Problems 2]").hasNot("nobodyatall").press("Esc").has("[1 Dialogs 8]")
}

// Esc goes back one step at a time: out of the explanation, then of the evidence,
// and only then the filter is cleared.
func TestLeaveFilteredProblems(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 80, 24)
	r.press("5", "/").typeText("dave").press("Enter", "W").has("What happened").press("Esc").hasNot("What happened").has("/ dave")
	r.press("Esc").hasNot("/ dave").has("[5 Prob 2]")
}

// With a filter or a window the problems are not tallied for each snapshot.
func TestProblemsRest(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: Status{Source: "eth0", Frames: 1}, live: true})
	r.found = &findings{&diagnosis.Result{}}
	r.press("5", "w").text()
	v := r.top().(*problemsView)
	v.refresh()
	if !v.late {
		t.Error("it is tallied again at once")
	}
	r.clock = r.clock.Add(3 * time.Second)
	if r.text(); v.late {
		t.Error("it is not tallied later")
	}
}
