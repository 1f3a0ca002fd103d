package mos

import "sipsniff/correlate/quality/emodel"

// NoPackets is why a stream of which only RTCP was seen has no score of its
// own: Reported rates what its receiver says.
const NoPackets = "no_rtp"

// NoReports is why there is nothing that Reported could rate.
const NoReports = "no_reports"

// Reported estimates a stream from the share of losses in percent, discards
// of the receiver included, that RTCP or a device reports. Losses are taken
// as random, since reports do not say how they lie. What becomes of late
// packets is only in it as far as the reports count them.
func (s *Scorer) Reported(form emodel.Format, audio bool, lossPercent, network float64) Score {
	if !audio {
		return Score{Reason: NotAudio}
	}
	entry, ok := s.Codecs.Find(form)
	if !ok {
		return Score{Reason: NoCodec}
	}
	out := Score{Known: true, Entry: entry, NetworkLoss: lossPercent, BurstRatio: 1}
	ieff := entry.Impairment(lossPercent, 1) - s.Advantage
	out.R = entry.Listening(ieff)
	out.MOS = entry.Scale.MOS(out.R)
	if network >= 0 {
		out.HasDelay, out.DelayFrom = true, "rtcp"
		out.Delay = network + assumedBuffer + form.PTime + entry.Lookahead + device
		out.ConversationR = entry.Conversational(ieff, out.Delay, s.Model)
		out.ConMOS = entry.Scale.MOS(out.ConversationR)
	}
	full, bridged := entry.Common()
	out.Bridged = bridged
	out.Common = full.Scale.MOS(full.Listening(full.Impairment(lossPercent, 1)))
	return out
}

// assumedBuffer is the delay of a receiver's buffer of which nothing is
// known, in ms: where the adaptive one begins (spec §5.8).
const assumedBuffer = 40
