package audio

import (
	"math"
	"testing"
)

// sine is a tone of whole periods with an amplitude.
func sine(rate, hertz, n int, amplitude float64) []int16 {
	s := make([]int16, n)
	for i := range s {
		s[i] = int16(math.Round(amplitude * math.Sin(2*math.Pi*float64(hertz)*float64(i)/float64(rate))))
	}
	return s
}

func TestLevels(t *testing.T) {
	square := make([]int16, 8000)
	for i := range square {
		square[i] = int16(32767 - i/8%2*65534)
	}
	faint := sine(8000, 500, 8000, 100) // 20·log(100/√2/32768) = −53.3 dBov
	still := make([]int16, 8000)
	for i := range still {
		still[i] = int16(8 - i%2*16) // A-law: D5 55 D5 55
	}
	half := append(sine(8000, 500, 8000, 3276.8), make([]int16, 8000)...)
	tests := []struct {
		name            string
		samples         []int16
		silent, digital int
		mean, active    float64
		clipped         int
	}{
		{"a square wave of full scale is 0 dBov", square, 0, 0, 0, 0, 1},
		{"a sine of full scale is 3 dB less", sine(8000, 500, 8000, 32767), 0, 0, -3.01, -3.01, 1}, // 500 Hz is at the limit twice in 16 samples
		{"a tenth is 20 dB less", sine(8000, 500, 8000, 3276.7), 0, 0, -23.01, -23.01, 0},
		{"faint", faint, 50, 0, -53.3, 0, 0},
		{"digital silence of A-law", still, 50, 50, -72.25, 0, 0}, // 20·log(8/32768)
		{"zeros", make([]int16, 8000), 50, 50, -127, 0, 0},
		{"half of it silence", half, 50, 50, -26.02, -23.01, 0},
	}
	for _, tt := range tests {
		m := NewMeter(8000, 32767)
		frames, silent := 0, 0
		m.Add(tt.samples[:1234], func(s bool) { frames++; silent += count(s) })
		m.Add(tt.samples[1234:], func(s bool) { frames++; silent += count(s) })
		l := m.Levels()
		if l.Frames != len(tt.samples)/160 || frames != l.Frames || l.Silent != tt.silent || silent != tt.silent || l.Digital != tt.digital ||
			math.Abs(l.Mean-tt.mean) > 0.05 || math.Abs(l.Active-tt.active) > 0.05 || l.ClippedSeconds != tt.clipped || l.Seconds != len(tt.samples)/8000 {
			t.Errorf("%s: %+v", tt.name, l)
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// One sample of a hundred at the limit is not clipping, one more is.
func TestClipping(t *testing.T) {
	for n, want := range map[int]int{80: 0, 81: 1} {
		s := make([]int16, 8000)
		for i := range n {
			s[i*7] = 32124
		}
		m := NewMeter(8000, FullScale("pcmu"))
		m.Add(s, nil)
		if l := m.Levels(); l.ClippedSeconds != want || l.Peak != 32124 {
			t.Errorf("%d: %+v", n, l)
		}
	}
}
