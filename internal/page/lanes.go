package page

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
)

// Sizes of the lanes of a stream in pixels.
const (
	chartWidth = 560
	laneHeight = 44
	laneGap    = 8
	chartLeft  = 46
)

// lanesStyle has their colours.
const lanesStyle = `.lanes{font:11px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.lanes text{fill:#555}.lanes .frame{fill:none;stroke:#ccc}.lanes .curve{fill:none;stroke:#1d4ed8;stroke-width:1.5}.lanes .loss{fill:#b3261e}
@media (prefers-color-scheme:dark){.lanes text{fill:#aaa}.lanes .frame{stroke:#444}.lanes .curve{stroke:#8ab4ff}.lanes .loss{fill:#ff8a80}}`

// A lane is one quantity over the time of a stream.
type lane struct {
	name, low, high string
	top             float64 // the value at the upper edge; the lower edge is floor
	floor           float64
	columns         bool // bars instead of a curve
	values          []float64
	known           []bool
}

// lanes draws MOS, jitter and loss of a stream over its time; "" when nothing
// was measured.
func lanes(s *correlate.Stream, scorer *mos.Scorer, o *Options) string {
	list := []lane{mosLane(s, scorer), jitterLane(s), lossLane(s)}
	shown := list[:0]
	for _, l := range list {
		if len(l.values) > 0 {
			shown = append(shown, l)
		}
	}
	if len(shown) == 0 {
		return ""
	}
	var b strings.Builder
	height := len(shown)*(laneHeight+laneGap) + 16
	fmt.Fprintf(&b, `<svg class="lanes" xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" role="img">`, chartLeft+chartWidth+8, height)
	for i := range shown {
		shown[i].draw(&b, i*(laneHeight+laneGap))
	}
	y := height - 3
	fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text><text x="%d" y="%d" text-anchor="end">%s</text></svg>`,
		chartLeft, y, o.clock(s.First), chartLeft+chartWidth, y, o.clock(s.Last))
	return b.String()
}

func mosLane(s *correlate.Stream, scorer *mos.Scorer) lane {
	l := lane{name: "MOS", low: "1", high: "4.5", floor: 1, top: 4.5}
	if !s.Score.Known {
		return l
	}
	for _, v := range scorer.Course(&s.Score, s.ScoreInput()).Intervals {
		l.values = append(l.values, v.MOS)
		l.known = append(l.known, v.State == mos.Scored || v.State == mos.Outage)
	}
	return l
}

func jitterLane(s *correlate.Stream) lane {
	l := lane{name: "jitter", low: "0"}
	if !s.Quality.HasJitter {
		return l
	}
	for i := range s.Quality.SecondCount() {
		v := s.Quality.Second(i)
		l.values, l.known = append(l.values, v.Jitter()), append(l.known, v.Expected > 0)
		l.top = max(l.top, v.Jitter())
	}
	l.top = max(l.top, 5)
	l.high = fmt.Sprintf("%.0f ms", l.top)
	return l
}

func lossLane(s *correlate.Stream) lane {
	l := lane{name: "loss", low: "0", columns: true}
	for i := range s.Quality.SecondCount() {
		share, ok := s.Quality.Second(i).LostShare()
		l.values, l.known = append(l.values, share*100), append(l.known, ok)
		l.top = max(l.top, share*100)
	}
	l.top = max(l.top, 5)
	l.high = fmt.Sprintf("%.0f %%", l.top)
	return l
}

// draw draws the lane with its upper edge at y.
func (l *lane) draw(b *strings.Builder, y int) {
	fmt.Fprintf(b, `<rect class="frame" x="%d" y="%d" width="%d" height="%d"/>`, chartLeft, y, chartWidth, laneHeight)
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text><text x="%d" y="%d" text-anchor="end">%s</text><text x="%d" y="%d" text-anchor="end">%s</text>`,
		chartLeft-4, y+10, l.high, chartLeft-4, y+laneHeight/2+4, l.name, chartLeft-4, y+laneHeight, l.low)
	step := float64(chartWidth) / float64(len(l.values))
	height := func(v float64) float64 {
		return laneHeight * min(max((v-l.floor)/(l.top-l.floor), 0), 1)
	}
	if l.columns {
		for i, v := range l.values {
			if l.known[i] && v > 0 {
				h := height(v)
				fmt.Fprintf(b, `<rect class="loss" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, chartLeft+float64(i)*step, float64(y+laneHeight)-h, max(step-0.5, 0.5), h)
			}
		}
		return
	}
	l.curve(b, y, step, height)
}

// curve draws a line that is broken where nothing is known.
func (l *lane) curve(b *strings.Builder, y int, step float64, height func(float64) float64) {
	b.WriteString(`<path class="curve" d="`)
	pen := "M"
	for i, v := range l.values {
		if !l.known[i] {
			pen = "M"
			continue
		}
		h := float64(y+laneHeight) - height(v)
		fmt.Fprintf(b, "%s%.1f %.1f H%.1f ", pen, chartLeft+float64(i)*step, h, chartLeft+float64(i+1)*step)
		pen = "L"
	}
	b.WriteString(`"/>`)
}
