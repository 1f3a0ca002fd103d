package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"sipsniff/correlate"
)

// eventful is example with a call in which things happened.
func eventful() Result {
	r := example()
	c := r.Snapshot.Calls[0]
	c.FromDisplay, c.ToDisplay, c.Cause = "Alice", "Bob", "Q.850;cause=16"
	c.Story = []correlate.Step{
		{Kind: correlate.StepInvite, By: correlate.SideCaller, Frames: [2]int{3, 3}, Nanos: start, Detail: "sip:bob@example.com"},
		{Kind: correlate.StepAnswered, By: correlate.SideCallee, Status: 200, Frames: [2]int{5, 5}, Nanos: start + second, More: "audio"},
		{Kind: correlate.StepHold, By: correlate.SideCallee, Frames: [2]int{20, 22}, Nanos: start + 9*second, Detail: "sendonly"},
		{Kind: correlate.StepDTMF, By: correlate.SideCaller, Frames: [2]int{30, 30}, Nanos: start + 10*second, Detail: "5"},
		{Kind: correlate.StepTransferAsked, By: correlate.SideCaller, Frames: [2]int{40, 40}, Nanos: start + 11*second, Detail: "sip:3005@example.com", More: "blind"},
		{Kind: correlate.StepByeUnanswered, By: correlate.SideCaller, Nanos: start + 83*second},
	}
	c.Holds = []correlate.Hold{{By: correlate.SideCallee, Method: "sendonly", From: start + 9*second, Frames: [2]int{20, 0}, Music: true}}
	c.HoldTime = 74 * second
	other := &correlate.CallRef{Index: 2, CallID: "b@example.com"}
	c.Transfers = []correlate.Transfer{{
		Kind: correlate.TransferBlind, By: correlate.SideCaller, Target: "sip:3005@example.com", Asked: start + 11*second, Frame: 40, Accepted: 202,
		Status: 200, Outcome: correlate.TransferDone, Call: other, Answered: start + 13*second,
	}}
	c.Redirects = []correlate.Redirect{{Status: 302, Target: "sip:c@example.com", At: start, Frame: 4}}
	c.Diversions = []correlate.Diversion{{From: "sip:d@example.com", Reason: "user-busy", Frame: 3}}
	c.Branches = []correlate.Branch{{Target: "sip:e@example.com", Serial: true, Sent: start, Rang: start + second/2, Status: 200, Ended: start + second, Winner: true, Frames: [2]int{3, 5}}}
	c.Conference = &correlate.Conference{Focus: "sip:room@example.com", Members: []*correlate.CallRef{other}}
	c.ReplacedBy = other
	return r
}

func TestStoryJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, eventful()); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"calls.0.story.0.at":               "2026-01-02T03:04:05.000000006Z",
		"calls.0.story.0.event":            "invite",
		"calls.0.story.0.by":               "caller",
		"calls.0.story.0.frames.0":         3.0,
		"calls.0.story.0.text":             "Alice (192.0.2.1) called Bob (2001:db8::2) at sip:bob@example.com",
		"calls.0.story.1.status":           200.0,
		"calls.0.story.2.frames.1":         22.0,
		"calls.0.story.2.detail":           "sendonly",
		"calls.0.story.2.text":             "Bob (2001:db8::2) put the call on hold with sendonly and went on sending audio",
		"calls.0.story.3.detail":           "*",
		"calls.0.story.4.more":             "blind",
		"calls.0.story.4.text":             "Alice (192.0.2.1) transferred Bob (2001:db8::2) to 3005 (blind) in call 2 (b@example.com); it was answered after 2.0 s",
		"calls.0.cause_text":               "normal clearing (Q.850 16)",
		"calls.0.ended_by":                 "callee",
		"calls.0.hold_ms":                  74000.0,
		"calls.0.holds.0.by":               "callee",
		"calls.0.holds.0.method":           "sendonly",
		"calls.0.holds.0.music":            true,
		"calls.0.transfers.0.outcome":      "done",
		"calls.0.transfers.0.call_id":      "b@example.com",
		"calls.0.transfers.0.status":       200.0,
		"calls.0.transfers.0.accepted":     202.0,
		"calls.0.redirects.0.target":       "sip:c@example.com",
		"calls.0.diversions.0.reason":      "user-busy",
		"calls.0.branches.0.winner":        true,
		"calls.0.branches.0.ring_after_ms": 500.0,
		"calls.0.conference.focus":         "sip:room@example.com",
		"calls.0.conference.members.0":     "b@example.com",
		"calls.0.replaced_by":              "b@example.com",
	} {
		if got := at(doc, path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	hold := at(doc, "calls.0.holds.0").(map[string]any)
	if _, there := hold["to"]; there {
		t.Error("a hold that lasted to the end has an end")
	}
	last := at(doc, "calls.0.story.5").(map[string]any)
	if list := last["frames"].([]any); len(list) != 0 {
		t.Errorf("a step of silence has frames %v", list)
	}
	plain := at(doc, "calls.1").(map[string]any)
	for _, name := range []string{"story", "holds", "hold_ms", "transfers", "cause_text", "conference", "replaced_by"} {
		if v, there := plain[name]; there {
			t.Errorf("a call without a story has %s: %v", name, v)
		}
	}
}

// Who is the caller is not known of a call that began before the capture.
func TestStoryJSONWithoutRoles(t *testing.T) {
	r := eventful()
	r.Snapshot.Calls[0].RolesUnknown = true
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	step := at(doc, "calls.0.story.0").(map[string]any)
	if by, there := step["by"]; there || at(doc, "calls.0.roles_unknown") != true {
		t.Errorf("by %v", by)
	}
}

func TestStoryText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, eventful()); err != nil {
		t.Fatal(err)
	}
	want := `Call 1  alice → bob  COMPLETED
  03:04:05.000  f3      Alice (192.0.2.1) called Bob (2001:db8::2) at sip:bob@example.com
  03:04:06.000  f5      Bob (2001:db8::2) answered (audio)
  03:04:14.000  f20-22  Bob (2001:db8::2) put the call on hold with sendonly and went on sending audio
  03:04:15.000  f30     Alice (192.0.2.1) sent the digit * (INFO)
  03:04:16.000  f40     Alice (192.0.2.1) transferred Bob (2001:db8::2) to 3005 (blind) in call 2 (b@example.com); it was answered after 2.0 s
  03:05:28.000          Nobody answered the BYE
  Cause: normal clearing (Q.850 16)
  On hold: 74.00 s
`
	if !strings.Contains(b.String(), want) {
		t.Errorf("the report is\n%s\nwant in it\n%s", b.String(), want)
	}
}

// The story of a call whose line tells it all is printed when it is asked for.
func TestPlainStories(t *testing.T) {
	r := eventful()
	c := r.Snapshot.Calls[0]
	c.Story = c.Story[:2]
	text := func(r Result) string {
		var b bytes.Buffer
		if err := Text(&b, r); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if strings.Contains(text(r), "Alice (192.0.2.1) called") {
		t.Error("a plain story is printed")
	}
	r.Verbose = true
	if !strings.Contains(text(r), "Alice (192.0.2.1) called") {
		t.Error("a plain story is not printed with -v")
	}
	r.Verbose = false
	for _, name := range []string{"1", "a@example.com"} {
		only, ok := r.Only(name)
		if !ok || len(only.Snapshot.Calls) != 1 || len(only.Snapshot.Streams) != 1 {
			t.Fatalf("%s: %v, %d calls", name, ok, len(only.Snapshot.Calls))
		}
		if out := text(only); !strings.Contains(out, "Alice (192.0.2.1) called") || !strings.Contains(out, "Replaced by  call 2, b@example.com") {
			t.Errorf("the report of call %s is\n%s", name, out)
		}
	}
	if _, ok := r.Only("nobody"); ok {
		t.Error("a call that is not there was found")
	}
}

// at is what stands at a path, nil when there is nothing.
func at(doc any, path string) any {
	v, _ := lookup(doc, path)
	return v
}
