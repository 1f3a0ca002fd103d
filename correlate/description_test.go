package correlate

import "testing"

// Who sent which description, also when the callee asks for a change.
func TestDescriptions(t *testing.T) {
	s := runScript(t, `
		0.0 A>B INVITE 1 sdp
		0.5 A>B INVITE 1 sdp
		1.0 B>A 183 INVITE 1 sdp
		2.0 B>A 200 INVITE 1 sdp=pcma
		2.1 A>B ACK 1
		5.0 B>A INVITE 7 to=a sdp=sendonly
		5.1 A>B 200 INVITE 7 sdp=recvonly
		5.2 B>A ACK 7`)
	list := onlyCall(t, s).Descriptions()
	want := []struct {
		frame  int
		caller bool
	}{{1, true}, {3, false}, {4, false}, {6, false}, {7, true}}
	if len(list) != len(want) {
		t.Fatalf("%d descriptions, want %d", len(list), len(want))
	}
	for i, w := range want {
		if list[i].Frame != w.frame || list[i].FromCaller != w.caller || list[i].SDP == nil {
			t.Errorf("%d: frame %d, of the caller %v", i, list[i].Frame, list[i].FromCaller)
		}
	}
}
