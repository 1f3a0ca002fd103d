package tui

import (
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// What a person reads in the capture with a stopwatch: 100 Trying at 2.216 s,
// CANCEL 31.903 s later; 180 and CANCEL 1.517 s later; nothing for 32 s; 404.
func TestOutcomeInTheTitle(t *testing.T) {
	ownCapture(t, "timeout", 100, 24).press("Home", "Enter").has("TIMEOUT, no answer in 32.0 s")
	ownCapture(t, "not-found", 100, 24).press("Home", "Enter").has("REJECTED, 404 Not Found")
	ownCapture(t, "busy", 100, 24).press("Home", "Enter").has("BUSY, 486 Rejected")
	ownCapture(t, "cancelled", 100, 24).press("Home", "Enter").has("CANCELLED, rang for 1.5 s")
	ownCapture(t, "call-audio", 100, 24).press("Home", "Enter").hasNot("COMPLETED,", "0 s,")
	callScreens(t, capturePath(t, "c0032"), 80, 24).press("Home", "Down", "Enter").has("CANCELLED, no answer in 31.9 s")
}

func TestWaited(t *testing.T) {
	const second = int64(1e9)
	step := func(kind correlate.StepKind, at int64) correlate.Step {
		return correlate.Step{Kind: kind, Nanos: at * second}
	}
	for _, tt := range []struct {
		name, want string
		story      []correlate.Step
	}{
		{"only 100", "no answer in 30.0 s", []correlate.Step{step(correlate.StepInvite, 100), step(correlate.StepTrying, 102), step(correlate.StepCancel, 132), step(correlate.StepCancelled, 133)}},
		{"rang", "rang for 9.0 s", []correlate.Step{step(correlate.StepInvite, 100), step(correlate.StepRinging, 101), step(correlate.StepEarlyMedia, 104), step(correlate.StepCancel, 110)}},
		{"the second attempt counts", "no answer in 7.0 s", []correlate.Step{step(correlate.StepInvite, 100), step(correlate.StepRinging, 101), step(correlate.StepInviteAgain, 120), step(correlate.StepCancel, 127)}},
		{"what comes late changes nothing", "no answer in 5.0 s", []correlate.Step{step(correlate.StepInvite, 100), step(correlate.StepCancel, 105), step(correlate.StepRinging, 106), step(correlate.StepTrying, 107), step(correlate.StepNoFinalResponse, 400)}},
		{"no response at all", "no answer in 32.0 s", []correlate.Step{step(correlate.StepInvite, 100), step(correlate.StepNoResponse, 163)}},
		{"the INVITE was not captured", "", []correlate.Step{step(correlate.StepCancel, 105)}},
		{"nobody gave up", "", []correlate.Step{step(correlate.StepInvite, 100), step(correlate.StepRinging, 101)}},
	} {
		if got := waited(&correlate.Call{Told: correlate.Told{Story: tt.story}}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Legs 1 and 2 are one call, 3 is another: what is said of both legs stands
// once, with the packets of both.
func TestFindingsOfLegsStandOnce(t *testing.T) {
	legs := []correlate.Leg{{Ref: correlate.CallRef{Index: 1}}, {Ref: correlate.CallRef{Index: 2}}}
	calls := []*correlate.Call{{Index: 1, Legs: legs}, {Index: 2, Legs: legs}, {Index: 3}}
	finding := func(code, title string, s correlate.Severity, frames ...int) correlate.Finding {
		f := correlate.Finding{Code: code, Title: title, Severity: s}
		for _, n := range frames {
			f.Evidence = append(f.Evidence, correlate.Evidence{Frame: n, Text: "seen"})
		}
		return f
	}
	r := newRig(t, rigOptions{w: 100, h: 30, snap: &correlate.Snapshot{Calls: calls}})
	r.found = &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{
		1: {finding("A", "Refused (PCMA)", correlate.Info, 11, 14), finding("B", "Lost", correlate.Warning, 12)},
		2: {finding("A", "Refused", correlate.Warning, 14, 21), finding("B", "Late", correlate.Warning, 22), finding("A", "Refused", correlate.Info, 23)},
		3: {finding("A", "Refused", correlate.Info, 31)},
	}}}
	var got []string
	for _, line := range r.whyLines(calls, 60) {
		if text := strings.Join(strings.Fields(line.text.String()), " "); !strings.HasPrefix(text, "confidence") {
			got = append(got, strings.TrimSuffix(text, " confidence proven"))
		}
	}
	want := []string{"⚠ #2 #1 Refused", "[1] f14 seen", "[2] f21 seen", "[3] f11 seen", "⚠ #1 Lost", "[1] f12 seen",
		"⚠ #2 Late", "[1] f22 seen", "· #2 Refused", "[1] f23 seen", "· #3 Refused", "[1] f31 seen"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if v := gravest(r.found.joint(calls)); v == nil || v.Title != "Refused" {
		t.Errorf("the verdict is %v", v)
	}
}

func TestFindingsOfTheFaxStandOnce(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0077"), 200, 50)
	r.press("Home", "F4") // on a tall screen with the reasons
	r.has("5 findings · 1 note: The sound of the callee was gone for 34.3 s")
	if n := strings.Count(whyWords(r), "T.38 was refused, the fax stays"); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, whyWords(r))
	}
	if words := whyWords(r); !strings.Contains(words, "f1,398") || !strings.Contains(words, "f1,400") {
		t.Errorf("the packets of both legs are not there:\n%s", words)
	}
}
