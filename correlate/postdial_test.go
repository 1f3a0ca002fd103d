package correlate

import "testing"

// TestPostDialDelay compares with spec §4.3, by hand: from the first INVITE of
// the attempt to the first 180 to 183, 2xx or refusal, or to ringback media.
func TestPostDialDelay(t *testing.T) {
	tests := []struct {
		name, script string
		want         int64
	}{
		{"the worked example of spec §4.4", worked, 1250 * millisecond},
		{"ringing", "0 A>B INVITE 1\n0.2 B>A 100 INVITE 1\n1 B>A 180 INVITE 1\n2 B>A 183 INVITE 1 sdp", second},
		{"forwarded", "0 A>B INVITE 1\n1 B>A 181 INVITE 1\n2 B>A 180 INVITE 1", second},
		{"199 tells nothing", "0 A>B INVITE 1\n1 B>A 199 INVITE 1\n2 B>A 180 INVITE 1", 2 * second},
		{"answered at once", "0 A>B INVITE 1\n3 B>A 200 INVITE 1 sdp", 3 * second},
		{"busy", "0 A>B INVITE 1\n4 B>A 486 INVITE 1", 4 * second},
		{"asked for credentials only", "0 A>B INVITE 1\n1 B>A 401 INVITE 1\n1.1 A>B ACK 1 nack", -1},
		{"too short an interval", "0 A>B INVITE 1\n1 B>A 422 INVITE 1\n1.1 A>B ACK 1 nack\n1.2 A>B INVITE 2\n2 B>A 180 INVITE 2", 2 * second},
		{"trying only", "0 A>B INVITE 1\n1 B>A 100 INVITE 1", -1},
		{"without the INVITE", "1 B>A 180 INVITE 1", -1},
	}
	for _, tt := range tests {
		if got := onlyCall(t, runScript(t, tt.script)).PostDialDelay; got != tt.want {
			t.Errorf("%s: %d ns, want %d", tt.name, got, tt.want)
		}
	}
}

// Media of the callee that comes before the first response is what the caller
// hears first.
func TestPostDialDelayToMedia(t *testing.T) {
	c := callMachine{}
	c.invited, c.alerted = at(10), at(14)
	for _, tt := range []struct{ first, want int64 }{{0, at(14)}, {at(9), at(14)}, {at(12), at(12)}, {at(15), at(14)}} {
		if got := c.outcome(at(20), media{firstCallee: tt.first}).alerted; got != tt.want {
			t.Errorf("media at %d: %d, want %d", tt.first, got, tt.want)
		}
	}
}
