package correlate

import (
	"strings"

	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality/emodel"
)

// ScoreInput is what the score of a stream is made of, to score it by other
// assumptions or its intervals.
func (s *Stream) ScoreInput() mos.Input {
	return mos.Input{Audio: s.Media == "audio" || s.Media == "" && s.Codec != "", Format: s.Format, Quality: &s.Quality, Network: s.Control.OneWay()}
}

// score rates a stream that is being published.
func (t *streamTable) score(f *flow, s *Stream) {
	only := f.isReported()
	if only {
		f.assume(s)
	}
	s.Format = f.coding(s)
	s.Control = f.control(s.ClockRate)
	in := s.ScoreInput()
	if !only {
		s.Score = t.scorer.Score(in)
	}
	if c := s.Control; c != nil {
		t.rateReports(c, in)
	}
}

// rateReports scores a stream by what its receiver reports.
func (t *streamTable) rateReports(c *Control, in mos.Input) {
	loss, ok := c.Received.Percent()
	if v := c.VoIP; v != nil {
		loss, ok = float64(v.LossRate)*100/256+float64(v.DiscardRate)*100/256, true
	}
	if !ok {
		c.Estimate.Reason = mos.NoReports
		return
	}
	c.Estimate = t.scorer.Reported(in.Format, in.Audio, loss, in.Network)
}

// coding is what the impairments of a codec depend on.
func (f *flow) coding(s *Stream) emodel.Format {
	form := emodel.Format{Encoding: strings.ToUpper(s.Codec), Clock: s.ClockRate, PTime: s.Quality.PTime, Mode: f.modes.most(), Silence: s.Quality.ComfortNoise > 0}
	if known, _ := f.lookup(s.PayloadType); known.playback != 0 {
		form.Playback = known.playback
	}
	if spoken := s.Quality.Unique; s.Quality.PTime > 0 && spoken > s.Quality.ComfortNoise {
		form.Rate = float64(s.Octets) * 8 / (float64(spoken-s.Quality.ComfortNoise) * s.Quality.PTime) // bits in a ms
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
