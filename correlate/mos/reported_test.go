package mos

import (
	"math"
	"testing"

	"sipsniff/correlate/quality/emodel"
)

// By hand, PCMU (Ie 0, Bpl 25.1): Ie,eff = 95 Ppl / (Ppl + 25.1) and
// R = 93.2 - Ie,eff; MOS = 1 + 0.035 R + R (R - 60) (100 - R) 7e-6.
func TestReported(t *testing.T) {
	pcmu := emodel.Format{Encoding: "PCMU", Clock: 8000, Mode: -1}
	var s Scorer
	for _, tt := range []struct{ loss, r float64 }{
		{0, 93.2},
		{5, 93.2 - 475.0/30.1},
		{10, 93.2 - 950.0/35.1},
	} {
		got := s.Reported(pcmu, true, tt.loss, -1)
		if got.Reason != "" || math.Abs(got.R-tt.r) > 0.001 || math.Abs(got.MOS-(1+0.035*tt.r+tt.r*(tt.r-60)*(100-tt.r)*7e-6)) > 0.0005 || got.HasDelay {
			t.Errorf("%g %% lost: %+v, want R %g", tt.loss, got, tt.r)
		}
	}
	if got := s.Reported(pcmu, true, 5, 300); !got.HasDelay || got.DelayFrom != "rtcp" || got.Delay < 300 || got.ConMOS >= got.MOS {
		t.Errorf("with a delay of 300 ms: %+v", got)
	}
	if got := s.Reported(pcmu, false, 5, -1); got.Reason != NotAudio {
		t.Errorf("video: %+v", got)
	}
	if got := s.Reported(emodel.Format{Encoding: "nothing"}, true, 5, -1); got.Reason != NoCodec {
		t.Errorf("unknown codec: %+v", got)
	}
}
