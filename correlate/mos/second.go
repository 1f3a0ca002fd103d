package mos

import "sipsniff/correlate/quality"

// Second scores one point of the chart of a stream that has a score, by one of
// its de-jitter buffers. Losses are taken to lie as they do in the whole
// stream. An outage is a MOS of 1; ok is false where nothing was said, or too
// little came.
func (s *Scorer) Second(of *Score, in Input, v *quality.Second, buffer int) (mos float64, ok bool) {
	if v.Marks&quality.MarkOutage != 0 && v.Marks&quality.MarkMedia == 0 {
		return 1, true
	}
	lost, some := v.LostShare()
	if !some || v.Marks&quality.MarkMedia == 0 || !enough(uint64(v.Expected), in.Format.PTime) {
		return 0, false
	}
	loss := 100 * min(lost+v.Discarded(buffer), 1)
	return of.Entry.Scale.MOS(s.rating(&of.Entry, loss, of.BurstRatio)), true
}
