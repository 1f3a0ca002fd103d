package correlate

import (
	"slices"
	"strings"
	"testing"
)

func TestSharedPorts(t *testing.T) {
	own := func(origin string) string { return strings.Replace(audio(alice), "o=- 1 1", "o="+origin+" 1 1", 1) }
	tests := []struct {
		name   string
		second string
		ended  bool
		shared bool
	}{
		{"another call", own("x"), false, true},
		{"the same description on another leg", audio(alice), false, false},
		{"another port", strings.ReplaceAll(own("x"), "4000", "4010"), false, false},
		{"after the end of the first", own("x"), true, false},
		{"with ICE", own("x") + "\na=candidate:1 1 UDP 1 192.0.2.1 4000 typ host", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.describes(1, caller, 0, audio(alice))
			s.describes(1, callee, 0, audio(bob))
			if tt.ended {
				s.table.callEnded(callRef(1), sec)
			}
			s.table.takeMoved()
			s.describes(2, caller, 2*sec, tt.second)
			s.describes(2, caller, 3*sec, tt.second) // again
			first, second := s.table.sharedOf(1), s.table.sharedOf(2)
			if !tt.shared {
				if len(first)+len(second) > 0 {
					t.Errorf("%v and %v", first, second)
				}
				return
			}
			if len(first) != 1 || len(second) != 1 || second[0].At != addrPort(alice) || second[0].With.Index != 1 || first[0].With.Index != 2 || first[0].Nanos != 2*sec {
				t.Errorf("%v and %v", first, second)
			}
			if moved := s.table.takeMoved(); !slices.ContainsFunc(moved, func(r *CallRef) bool { return r.Index == 1 }) {
				t.Error("the first call is not published anew")
			}
		})
	}
}
