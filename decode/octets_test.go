package decode

import (
	"slices"
	"testing"
)

// What octets came in: in the order of the stream, which need not be that of
// the capture.
func TestWhereOctetsCameFrom(t *testing.T) {
	var o octets
	for _, frame := range []int{7, 3, 9, 8} {
		o.add([]byte("0123456789"), mark{frame: frame, nanos: int64(frame), endFrame: frame, endNanos: int64(frame)})
		o.keep()
	}
	o.drop(5)
	for _, tt := range []struct {
		n, frame, end int
		frames        []int
	}{
		{1, 7, 7, []int{7}},
		{5, 7, 7, []int{7}},
		{6, 7, 7, []int{7, 3}},
		{16, 7, 9, []int{7, 3, 9}},
		{35, 7, 9, []int{7, 3, 9, 8}},
	} {
		if m := o.whole(tt.n); m.frame != tt.frame || m.nanos != int64(tt.frame) || m.endFrame != tt.end || m.endNanos != int64(tt.end) {
			t.Errorf("%d octets: %+v, want frames %d to %d", tt.n, m, tt.frame, tt.end)
		}
		if got := o.frames(nil, o.at(0).offset, o.at(tt.n-1).offset); !slices.Equal(got, tt.frames) {
			t.Errorf("%d octets came in %v, want %v", tt.n, got, tt.frames)
		}
	}
}
