package recording

import (
	"testing"
	"time"

	"sipsniff/internal/allowance"
)

// A source that changes between rates with every packet costs one filter for
// each of them, not one for each change.
func TestAlternatingRates(t *testing.T) {
	c := NewCollector(nil, 1<<30)
	k := newTalker(c, 1, true, "L16", 8000)
	for n := range 4000 {
		k.m.PayloadType, k.m.ClockRate, k.step = 97, 8009, 160
		if n%2 == 1 {
			k.m.PayloadType, k.m.ClockRate = 98, 8011
		}
		if n == 0 {
			k.m.PayloadType, k.m.ClockRate = 99, 9001
		}
		k.say(numbered(n % 100))
	}
	var r *Recording
	for a := allowance.New(t, "resampling", time.Second); a.Try(1); {
		a.Time(func() { r, _, _ = hear(t, c, Options{}) })
	}
	if r.Sides[Caller].Sources[0].Packets != 4000 {
		t.Errorf("%+v", r.Sides[Caller].Sources[0])
	}
}
