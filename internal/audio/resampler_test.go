package audio

import (
	"math"
	"slices"
	"testing"
)

// A tone is the same tone at the other rate, in phase: what is over is less
// than a thousandth of it.
func TestResampler(t *testing.T) {
	tests := []struct{ in, out, hertz int }{
		{8000, 16000, 1000}, {8000, 48000, 440}, {16000, 48000, 3000}, {44100, 48000, 2000}, {8000, 44100, 300}, {8000, 16000, 3000},
	}
	for _, tt := range tests {
		r := NewResampler(tt.in, tt.out)
		in := sine(tt.in, tt.hertz, tt.in, 10000)
		want := sine(tt.out, tt.hertz, tt.out, 10000)
		var got []int16
		for piece := range slices.Chunk(in, 777) {
			got = r.Add(got, piece)
		}
		got = r.End(got)
		if len(got) != len(want) {
			t.Fatalf("%+v: %d samples, want %d", tt, len(got), len(want))
		}
		var noise, signal float64
		for i := tt.out / 10; i < tt.out*9/10; i++ {
			d := float64(got[i]) - float64(want[i])
			noise, signal = noise+d*d, signal+float64(want[i])*float64(want[i])
		}
		if db := 10 * math.Log10(noise/signal); db > -50 {
			t.Errorf("%+v: %.1f dB of error", tt, db)
		} else {
			t.Logf("%+v: %.1f dB", tt, db)
		}
		if again := r.End(r.Add(nil, in)); !slices.Equal(again, got) {
			t.Errorf("%+v: other samples in one piece", tt)
		}
	}
	if NewResampler(8000, 8000) != nil {
		t.Error("a resampler for one rate")
	}
}
