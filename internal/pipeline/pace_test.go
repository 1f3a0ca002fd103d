package pipeline

import "testing"

func TestPace(t *testing.T) {
	var p pace
	const second = 1_000_000_000
	for i := range int64(600) { // two frames a second, for ten minutes
		p.add(1_000*second + i*second)
		p.add(1_000*second + i*second + second/2)
	}
	p.add(1) // a clock that was set back
	r := p.report()
	var sum uint64
	for _, n := range r.Frames {
		sum += uint64(n)
	}
	if sum != 1201 {
		t.Errorf("%d frames are in the slices, want 1201", sum)
	}
	if r.From != 1_000*second || r.Width != 1_600_000_000 || len(r.Frames) != 375 { // 600 s in slices of 1.6 s
		t.Errorf("from %d, slices of %d ns, %d of them", r.From, r.Width, len(r.Frames))
	}
	p.add(1 << 62) // a clock that is wild
	if r := p.report(); len(r.Frames) > paceSlices {
		t.Errorf("%d slices", len(r.Frames))
	}
}
