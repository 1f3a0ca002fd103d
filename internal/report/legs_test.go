package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sipsniff/correlate"
)

// legged is three calls of which two are one, and the third may be.
func legged() []*correlate.Call {
	ref := func(i int) correlate.CallRef { return correlate.CallRef{Index: i, CallID: fmt.Sprintf("%d@x", i)} }
	doubt := correlate.Leg{Ref: ref(7), With: ref(4), Score: 57, Reasons: []string{"callee's number"}, Possible: true}
	both := []correlate.Leg{
		{Ref: ref(3)},
		{Ref: ref(4), With: ref(3), Score: 85, Reasons: []string{"0.025 s later", "X-\x1bEvil names the other Call-ID"}},
		doubt,
	}
	call := func(i int, legs []correlate.Leg) *correlate.Call {
		return &correlate.Call{Index: i, CallID: ref(i).CallID, HasCallID: true, Legs: legs}
	}
	return []*correlate.Call{call(3, both), call(4, both), call(7, []correlate.Leg{{Ref: ref(7)}, doubt})}
}

func TestLegsJSON(t *testing.T) {
	calls := legged()
	var got []string
	for _, c := range calls {
		text, err := json.Marshal(newCall(c))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Legs     []string `json:"legs"`
			Evidence []leg    `json:"leg_evidence"`
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprint(c.Index, doc.Legs)
		for _, e := range doc.Evidence {
			line += fmt.Sprintf(" %s-%s %d %v %d", e.CallID, e.With, e.Score, e.Possible, len(e.Reasons))
		}
		got = append(got, line)
	}
	want := []string{"3 [4@x] 4@x-3@x 85 false 2 7@x-4@x 57 true 1", "4 [3@x] 4@x-3@x 85 false 2 7@x-4@x 57 true 1", "7 [] 7@x-4@x 57 true 1"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if text, _ := json.Marshal(newCall(&correlate.Call{})); !strings.Contains(string(text), `"legs":[]`) {
		t.Errorf("a call without others has no empty list: %s", text)
	}
}

func TestLegsText(t *testing.T) {
	var b bytes.Buffer
	writeLegs(&b, legged())
	const want = `
Calls 3, 4 are one call
  4 with 3 (85): 0.025 s later, X-␛Evil names the other Call-ID
Call 7 may be a leg of call 4 (57): callee's number
`
	if b.String() != want {
		t.Errorf("%s", b.String())
	}
	b.Reset()
	var many []*correlate.Call
	for i := range 30 {
		legs := []correlate.Leg{{Ref: correlate.CallRef{Index: i}, With: correlate.CallRef{Index: 99}, Possible: true}}
		many = append(many, &correlate.Call{Index: i, Legs: legs})
	}
	writeLegs(&b, many)
	if lines := strings.Count(b.String(), "may be a leg"); lines != maxDoubtful || !strings.Contains(b.String(), "… and 10 more that may be\n") {
		t.Errorf("%d lines:\n%s", lines, b.String())
	}
}
