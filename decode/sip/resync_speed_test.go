package sip

import (
	"bytes"
	"testing"
	"time"

	"sipsniff/internal/allowance"
)

// An octet at a time, a search without line ends does not look at all that is
// kept for each: it costs about what it does where little is kept.
func TestSearchOctetByOctet(t *testing.T) {
	search := func(kept int) time.Duration {
		f := Framer{Known: true}
		b := bytes.Repeat([]byte{'x'}, 2*maxOpening)
		b = b[f.Next(b).Drop:]
		if !f.Searching() || len(b) != maxOpening-1 {
			t.Fatalf("%d octets kept", len(b))
		}
		b[len(b)-1-kept] = '\n'
		b = b[f.Next(append(b, 'x')).Drop:]
		buf := append(make([]byte, 0, 1<<20), b...)
		return allowance.Processor(func() {
			for range 20_000 {
				buf = append(buf, 'x')
				buf = buf[f.Next(buf).Drop:]
				if kept < 100 && len(buf) > 100 {
					buf[len(buf)-1] = '\n'
				}
			}
		})
	}
	// Others use the caches of this machine too; the best of a few says enough.
	best := 1e9
	for range 5 {
		best = min(best, float64(search(maxOpening-10))/float64(search(10)))
	}
	if best > 10 {
		t.Errorf("%.0f times the cost of a search that keeps little", best)
	}
	t.Logf("%.1f times", best)
}
