package tui

import (
	"cmp"

	"sipsniff/correlate"
)

// A streamKey is what the streams can be ordered by; what is not known comes
// last.
type streamKey struct {
	column, says string
	compare      func(a, b *correlate.Stream) int
}

var streamKeys = []streamKey{
	{"mos", "worst MOS first", func(a, b *correlate.Stream) int {
		return knownFirst(a.Score.Known, b.Score.Known, a.Score.MOS, b.Score.MOS)
	}},
	{"loss", "worst loss first", func(a, b *correlate.Stream) int {
		return knownFirst(a.Quality.Expected > 0, b.Quality.Expected > 0, -lossOf(a), -lossOf(b))
	}},
	{"jitter", "worst jitter first", func(a, b *correlate.Stream) int {
		return knownFirst(a.Quality.HasJitter, b.Quality.HasJitter, -a.Quality.JitterMean, -b.Quality.JitterMean)
	}},
	{"packets", "most packets first", func(a, b *correlate.Stream) int { return cmp.Compare(b.Packets, a.Packets) }},
	{"ssrc", "by SSRC", func(a, b *correlate.Stream) int { return cmp.Compare(a.SSRC, b.SSRC) }},
	{"source", "by source", func(a, b *correlate.Stream) int { return a.Src.Compare(b.Src) }},
	{"destination", "by destination", func(a, b *correlate.Stream) int { return a.Dst.Compare(b.Dst) }},
	{"codec", "by codec", func(a, b *correlate.Stream) int { return cmp.Compare(a.Codec, b.Codec) }},
	{"first", "by time", func(a, b *correlate.Stream) int { return cmp.Compare(a.First, b.First) }},
}

func knownFirst(aKnown, bKnown bool, a, b float64) int {
	switch {
	case aKnown && bKnown:
		return cmp.Compare(a, b)
	case aKnown:
		return -1
	case bKnown:
		return 1
	}
	return 0
}

// sortBy orders by the key in that place; all of them in turn.
func (v *streamsView) sortBy(i int) {
	v.key = (i + len(streamKeys)) % len(streamKeys)
	v.list.sorted = streamKeys[v.key].column
	v.list.sortUp = !v.back
	v.refresh()
}

func (v *streamsView) reverse() {
	v.back = !v.back
	v.sortBy(v.key)
}
