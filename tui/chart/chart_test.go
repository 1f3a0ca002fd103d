package chart

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// The dots of a braille character, by hand: 1 4 / 2 5 / 3 6 / 7 8 from the
// top (Unicode 15.0 §21.1), bits in this order.
func TestCurve(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		height int
		want   []string
	}{
		{"top", []float64{1, 1, 1, 1}, 1, []string{"⠉⠉"}},
		{"bottom", []float64{0, 0}, 1, []string{"⣀"}},
		{"rise", []float64{0, 1}, 1, []string{"⡸"}}, // 7; 6 5 4 lead up to the top
		{"step in two rows", []float64{0, 0, 1, 1}, 2, []string{" ⡏", "⣀⠇"}},
		{"gap", []float64{1, None, None, 1}, 1, []string{"⠁⠈"}},
		{"beyond", []float64{7, -7}, 1, []string{"⢱"}}, // 1; 5 6 8 lead down to the bottom
		{"odd", []float64{1, 1, 1}, 1, []string{"⠉⠁"}},
	}
	for _, tt := range tests {
		if got := Curve(tt.values, tt.height, Axis{0, 1}, false); strings.Join(got, "/") != strings.Join(tt.want, "/") {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := Curve([]float64{0, 0.5, 1, None}, 3, Axis{0, 1}, true); strings.Join(got, "/") != "  * / *  /*   " {
		t.Errorf("ASCII: %q", got)
	}
}

func TestColumns(t *testing.T) {
	if got := Columns([]float64{0, 1, 50, 100, None, 0.01}, 1, Axis{0, 100}, false); got[0] != " ▁▄█ ▁" {
		t.Errorf("%q", got)
	}
	if got := Columns([]float64{30, 15, 200}, 2, Axis{0, 30}, false); strings.Join(got, "/") != "█ █/███" {
		t.Errorf("%q", got)
	}
	if got := Columns([]float64{0, 25, 50, 75, 100}, 1, Axis{0, 100}, true); got[0] != " .:|#" {
		t.Errorf("ASCII: %q", got)
	}
}

// Whatever is drawn has the size that was asked for.
func FuzzChart(f *testing.F) {
	f.Add([]byte{1, 2, 3, 255}, 3)
	f.Fuzz(func(t *testing.T, b []byte, height int) {
		height = 1 + (height&0x7fffffff)%20
		values := make([]float64, len(b))
		for i, c := range b {
			if values[i] = float64(c) - 50; c == 255 {
				values[i] = None
			}
		}
		for _, ascii := range []bool{false, true} {
			width := len(values)
			check := func(lines []string, width int) {
				if len(lines) != height {
					t.Fatalf("%d lines, want %d", len(lines), height)
				}
				for _, l := range lines {
					if utf8.RuneCountInString(l) != width {
						t.Fatalf("%q: want %d cells", l, width)
					}
					for _, c := range l {
						if ascii && c > '~' {
							t.Fatalf("%q", l)
						}
					}
				}
			}
			check(Columns(values, height, Axis{0, 100}, ascii), width)
			points := make([]float64, Points(width, ascii))
			for i := range points {
				points[i] = values[i*width/len(points)]
			}
			check(Curve(points, height, Axis{0, 100}, ascii), width)
		}
	})
}
