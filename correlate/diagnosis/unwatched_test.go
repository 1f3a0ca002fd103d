package diagnosis

import (
	"strings"
	"testing"

	"sipsniff/correlate"
)

// Nothing is said of the media of calls that went on while media was let pass; all
// is said of others.
func TestMediaThatWasLetPassIsNotJudged(t *testing.T) {
	said, other := 0, 0
	for _, s := range scenarios() {
		if s.silent || !strings.HasPrefix(s.rule, "MED-") {
			continue
		}
		snap := s.play(t)
		seen := len(of(New(Options{}), snap, s.rule))
		said += seen
		blind := *snap
		blind.Input.Unwatched = []correlate.Unwatched{{From: snap.First, To: 0}}
		for _, f := range New(Options{}).Run(&blind).ByCall {
			for i := range f {
				if strings.HasPrefix(f[i].Code, "MED-") {
					t.Errorf("%s %s: %s", s.rule, s.name, f[i].Explanation)
				}
			}
		}
		blind.Input.Unwatched = []correlate.Unwatched{{From: snap.First - 9e9, To: snap.First - 2e9}, {From: snap.Last + 1e9, To: 0}}
		other += len(of(New(Options{}), &blind, s.rule))
	}
	if said < 20 || other != said {
		t.Errorf("%d findings, %d when media was let pass at other times", said, other)
	}
}
