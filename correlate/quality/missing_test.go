package quality

import "testing"

func TestMissing(t *testing.T) {
	var s Sequence
	if _, ok := s.Locate(7); ok {
		t.Error("a number was located before any came")
	}
	if _, ok := s.Missing(0, 0); ok {
		t.Error("counted before anything came")
	}
	// 65530 to 65535, then 2 (0 and 1 are missing), 3, 5 (4 is missing), and 0 late.
	for _, n := range []uint16{65530, 65531, 65532, 65533, 65534, 65535, 2, 3, 5, 0} {
		s.Add(n)
	}
	locate := func(n uint16) int64 { e, _ := s.Locate(n); return e }
	if locate(5)-locate(65530) != 11 {
		t.Errorf("65530 is at %d, 5 at %d", locate(65530), locate(5))
	}
	for _, tt := range []struct {
		from, to uint16
		want     uint64
		ok       bool
	}{
		{65529, 5, 2, true}, // 1 and 4
		{65529, 65535, 0, true},
		{65535, 1, 1, true},
		{3, 4, 1, true},
		{4, 4, 0, true},
		{65528, 5, 0, false}, // before the first
		{3, 6, 0, false},     // after the highest
		{5, 3, 0, false},
	} {
		if n, ok := s.Missing(locate(tt.from), locate(tt.to)); n != tt.want || ok != tt.ok {
			t.Errorf("after %d to %d: %d missing, %v; want %d, %v", tt.from, tt.to, n, ok, tt.want, tt.ok)
		}
	}
	for n := range uint16(windowSize) {
		s.Add(6 + n)
	}
	if _, ok := s.Missing(s.Begin(), s.Highest()); ok {
		t.Error("counted what is no longer remembered")
	}
	if n, ok := s.Missing(locate(5), s.Highest()); n != 0 || !ok {
		t.Errorf("%d missing, %v", n, ok)
	}
}
