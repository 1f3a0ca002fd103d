package filter

import (
	"slices"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// Of the sample, calls 1 and 4 were answered and have streams. The first is said
// to be one-way, the other to be without sound; RTCP tells a round trip of 80 ms
// of a stream of the first.
func TestSoundFields(t *testing.T) {
	snap := sample()
	snap.Streams[0].Control = &correlate.Control{Trip: correlate.RoundTrip{Near: -1, Far: -1, Total: 80 * time.Millisecond, Worst: -1}}
	in := NewScope(snap, nil)
	in.Problems(&diagnosis.Result{ByCall: map[int][]correlate.Finding{1: {{Code: "MED-01", Name: "one-way-audio"}}, 4: {{Code: "MED-21", Name: "dead-air"}}}})
	for text, want := range map[string][]int{
		"oneway:yes": {1}, "oneway:no": {4}, "!oneway:yes": {2, 3, 4}, "silent:yes": {4}, "silent:no": {1},
		"rtt:80": {1}, "rtt>50": {1}, "rtt>100ms": nil, "rtt<1s": {1},
	} {
		if got := matchingIn(t, in, snap, text, Options{}); !slices.Equal(got, want) {
			t.Errorf("%s: calls %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"oneway:yes", "oneway:no", "!oneway:yes", "silent:yes", "silent:no"} {
		if e, err := Parse(text, Options{}); err != nil || e.Steady() {
			t.Errorf("%s is said to stay the same of a call that does (%v)", text, err)
		}
	}
}
