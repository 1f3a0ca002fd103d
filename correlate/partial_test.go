package correlate

import "testing"

// A capture that begins with the BYE of a call: PARTIAL_IN_CALL, then ENDING,
// then COMPLETED with its final response, or after 32 s without one. How long
// the call was is not known (spec §3.6).
func TestByeOfACallThatWasNotCaptured(t *testing.T) {
	tests := []struct {
		name, script string
		state        State
	}{
		{"alone", "1 A>B BYE 2", StateEnding},
		{"answered", "1 A>B BYE 2\n1.1 B>A 200 BYE 2", StateCompleted},
		{"not known to the peer", "1 A>B BYE 2\n1.1 B>A 481 BYE 2", StateCompleted},
		{"without an answer", "1 A>B BYE 2\nadvance 34", StateCompleted},
		{"the response alone", "1.1 B>A 200 BYE 2", StateCompleted},
	}
	for _, tt := range tests {
		c := onlyCall(t, runScript(t, tt.script))
		if c.State != tt.state || c.Duration != -1 || c.Answered != 0 || c.Setup != -1 || c.Ended == 0 {
			t.Errorf("%s: state %v, answered %d, ended %d, duration %d", tt.name, c.State, c.Answered, c.Ended, c.Duration)
		}
	}
}
