package msrp

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzFramer wants that octets in one piece and one at a time give the same,
// that no body is held, and that nothing is counted twice.
func FuzzFramer(f *testing.F) {
	f.Add([]byte(sendText+okText), uint16(40))
	f.Add([]byte(reportText+sendText[:90]), uint16(0))
	f.Add([]byte("MSRP t1 SEND\r\n\r\n\r\n-------t1+\r\n-------t2#\r\nMSRP t1 200\nTo-Path:\n-------t1$"), uint16(20))
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		at := min(int(cut), len(b))
		var whole, single feeder
		whole.add(string(b[:at]))
		for i := range at {
			single.add(string(b[i : i+1]))
			if len(single.b) > maxHeaderOctets {
				t.Fatalf("%d octets wait", len(single.b))
			}
		}
		whole.gap()
		single.gap()
		whole.add(string(b[at:]))
		for i := at; i < len(b); i++ {
			single.add(string(b[i : i+1]))
		}
		whole.end()
		single.end()
		if diff := cmp.Diff(single.frames, whole.frames); diff != "" {
			t.Fatal(diff)
		}
		octets := whole.framer.Skipped
		for _, frame := range whole.frames {
			octets += frame.Octets
			for range Path(frame.ToPath) {
			}
		}
		if octets > uint64(len(b)) {
			t.Fatalf("%d octets counted of %d", octets, len(b))
		}
	})
}
