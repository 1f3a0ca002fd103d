package tui

import (
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
)

// The MOS that the lowest and the highest bar of a sparkline stand for.
const (
	worstMOS = 1.0
	bestMOS  = 4.5
)

// mosBar is the bar of a MOS.
func (u *UI) mosBar(score float64) string {
	bars := u.set.Bars
	i := int((score - worstMOS) / (bestMOS - worstMOS) * float64(len(bars)))
	return bars[max(0, min(i, len(bars)-1))]
}

// sparkline is how the MOS of a stream went on, in so many cells: a dot is a
// time without audio. It is empty when the stream has no score.
func (u *UI) sparkline(s *correlate.Stream, width int) string {
	if s == nil || !s.Score.Known || width <= 0 {
		return ""
	}
	n := s.Quality.IntervalCount()
	if n == 0 {
		return ""
	}
	var b strings.Builder
	var scorer mos.Scorer
	input := s.ScoreInput()
	for cell := range width {
		from := cell * n / width
		to := max(from+1, (cell+1)*n/width)
		score, ok := scorer.Part(&s.Score, input, func(i int) bool { return i >= from && i < to })
		switch {
		case ok:
			b.WriteString(u.mosBar(score))
		case n < 3 && s.Quality.Expected > 0: // too short to be cut
			b.WriteString(u.mosBar(s.Score.MOS))
		default:
			b.WriteString(u.set.Dot)
		}
	}
	return b.String()
}

// mostSparks bounds the sparklines that are remembered.
const mostSparks = 4096

// A sparkCache remembers the sparklines of streams that did not change.
type sparkCache struct{ known map[int]spark } // by stream ID

type spark struct {
	of           *correlate.Stream
	width, looks int
	text         string
}

func (k *sparkCache) of(u *UI, s *correlate.Stream, width int) string {
	if s == nil {
		return ""
	}
	got := k.known[s.ID]
	if got.of != s || got.width != width || got.looks != u.looks {
		if k.known == nil || len(k.known) >= mostSparks {
			k.known = make(map[int]spark)
		}
		got = spark{s, width, u.looks, u.sparkline(s, width)}
		k.known[s.ID] = got
	}
	return got.text
}
