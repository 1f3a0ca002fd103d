package filter

import (
	"slices"
	"testing"
	"time"

	"sipsniff/correlate"
)

// Of the sample, calls 1 and 4 were answered and have streams. The first is said
// to be one-way, the other to be without sound; RTCP tells a round trip of 80 ms
// of a stream of the first.
func TestSoundFields(t *testing.T) {
	snap := sample()
	snap.Streams[0].Control = &correlate.Control{Trip: correlate.RoundTrip{Near: -1, Far: -1, Total: 80 * time.Millisecond, Worst: -1}}
	in := NewScope(snap, nil)
	in.Problems(func(index int) []correlate.Finding {
		return map[int][]correlate.Finding{1: {{Code: "MED-01", Name: "one-way-audio"}}, 4: {{Code: "MED-21", Name: "dead-air"}}}[index]
	})
	for text, want := range map[string][]int{
		"oneway:yes": {1}, "oneway:no": {4}, "!oneway:yes": {2, 3, 4}, "silent:yes": {4}, "silent:no": {1},
		"rtt:80": {1}, "rtt>50": {1}, "rtt>100ms": nil, "rtt<1s": {1},
	} {
		e, err := Parse(text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, c := range snap.Calls {
			if e.Match(in, c) {
				got = append(got, c.Index)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: calls %v, want %v", text, got, want)
		}
		if name := text[:3]; (name == "one" || name == "sil") && e.Steady() {
			t.Errorf("%s is said to stay the same of a call that does", text)
		}
	}
}
