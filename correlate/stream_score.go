package correlate

import (
	"strings"

	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality/emodel"
)

// ScoreInput is what the score of a stream is made of, to score it by other
// assumptions or its intervals.
func (s *Stream) ScoreInput() mos.Input {
	return mos.Input{Audio: s.Media == "audio" || s.Media == "" && s.Codec != "", Format: s.Format, Quality: &s.Quality, Network: -1}
}

// score rates a stream that is being published.
func (t *streamTable) score(f *flow, s *Stream) {
	s.Format = f.coding(s)
	s.Score = t.scorer.Score(s.ScoreInput())
}

// coding is what the impairments of a codec depend on.
func (f *flow) coding(s *Stream) emodel.Format {
	form := emodel.Format{Encoding: strings.ToUpper(s.Codec), Clock: s.ClockRate, PTime: s.Quality.PTime, Mode: f.modes.most(), Silence: s.Quality.ComfortNoise > 0}
	known, _ := f.lookup(s.PayloadType)
	if known.content == contentBlocks && f.carried != nil && f.carried.blocks != nil {
		known = f.carried.blocks.primary
	}
	form.Playback = known.playback
	if spoken := s.Quality.Unique; s.Quality.PTime > 0 && spoken > s.Quality.ComfortNoise {
		form.Rate = float64(s.Octets-f.carried.redundant()) * 8 / (float64(spoken-s.Quality.ComfortNoise) * s.Quality.PTime) // bits in a ms
	}
	return form
}

// noteMode counts the mode of a packet of AMR or AMR-WB that can be read.
func (f *flow) noteMode(payload []byte) {
	if f.modes == nil {
		f.modes = new(modes)
	}
	if mode := f.format.amr.of(payload); mode >= 0 {
		f.modes[mode]++
	}
}
