package mos

import (
	"sipsniff/correlate/quality"
	"sipsniff/correlate/quality/emodel"
)

// The reasons for which a stream has no score.
const (
	NoCodec  = "unknown_codec" // nothing to base an estimate on
	NoClock  = "no_clock_rate" // nothing was measured
	NotAudio = "not_audio"     // there is no such model for video, text or fax
	TooShort = "too_short"     // fewer packets than an estimate needs
)

const (
	// leastPackets is what an interval, and so a stream, must hold to be
	// scored (spec §6.8); leastMedia is the time that will do instead, in ms.
	leastPackets = 10
	leastMedia   = 500

	// deadLoss is the share of losses in percent, deadTime the time without
	// anything played in ms, from which on that time counts as no speech at
	// all (spec §6.3).
	deadLoss = 50
	deadTime = 2000

	intervalSeconds = 5
)

// A Scorer holds what is the same for all streams. The zero value scores by
// the codec table and the adaptive de-jitter buffer, without delay.
type Scorer struct {
	Codecs    emodel.Table
	Fixed     bool // score by one of the fixed buffers
	Buffer    int  // which one
	Advantage float64
	Model     emodel.DelayModel
	OneWay    float64 // ms, the delay of the network where RTCP does not tell; 0 unknown
}

// An Input is one stream.
type Input struct {
	Audio   bool
	Format  emodel.Format
	Quality *quality.Report
	// Network is the one-way delay of the network that RTCP tells, in ms;
	// negative when it does not.
	Network float64
}

// A Score is an estimate of how one stream sounded at its receiver.
type Score struct {
	Known  bool   // there is one
	Reason string // why there is none
	Entry  emodel.Entry
	Buffer string // the de-jitter buffer that was assumed: "a1"

	NetworkLoss, Discarded float64 // percent of what was expected; what was recovered is not lost
	BurstRatio             float64
	R, MOS                 float64 // without delay

	// With delay, when it is known.
	HasDelay              bool
	DelayFrom             string  // "rtcp" or "configured"
	Delay                 float64 // ms, from mouth to ear
	ConversationR, ConMOS float64

	// Common is the score on the full-band scale; Bridged when that is not
	// the scale of the codec.
	Common  float64
	Bridged bool
}

// Used is the place of the de-jitter buffer that scores are made by, among
// those of quality.Report.
func (s *Scorer) Used() int {
	if s.Fixed {
		return s.Buffer
	}
	return quality.BufferAdaptive
}

// Score estimates one stream.
func (s *Scorer) Score(in Input) Score {
	q := in.Quality
	if !in.Audio {
		return Score{Reason: NotAudio}
	}
	entry, ok := s.Codecs.Find(in.Format)
	switch {
	case !ok:
		return Score{Reason: NoCodec}
	case !q.HasBuffers:
		return Score{Reason: NoClock, Entry: entry}
	case !enough(q.Expected, in.Format.PTime):
		return Score{Reason: TooShort, Entry: entry}
	}
	out := Score{Known: true, Entry: entry}
	s.whole(&out, q)
	s.delay(&out, &in)
	full, bridged := entry.Common()
	out.Bridged = bridged
	out.Common = full.Scale.MOS(full.Listening(full.Impairment(out.NetworkLoss+out.Discarded, out.BurstRatio)))
	return out
}

// whole scores the stream by its totals.
func (s *Scorer) whole(out *Score, q *quality.Report) {
	b := &q.Buffers[s.Used()]
	out.Buffer = b.Model.String()
	out.NetworkLoss = percent(q.Residual(), q.Expected)
	out.Discarded = max(percent(b.Bursts.Lost, b.Bursts.Packets)-out.NetworkLoss, 0)
	out.BurstRatio = b.Bursts.Ratio()
	loss := percent(b.Bursts.Lost, b.Bursts.Packets)
	out.R = s.rating(&out.Entry, loss, out.BurstRatio)
	if loss >= deadLoss {
		out.R *= 1 - s.deadShare(q)
	}
	out.MOS = out.Entry.Scale.MOS(out.R)
}

// deadShare is the share of the stream's time in which nothing was played.
func (s *Scorer) deadShare(q *quality.Report) float64 {
	var dead, all float64
	for i := range q.IntervalCount() {
		if v := q.Interval(i); v.Expected > 0 {
			dead += float64(v.Dead[s.Used()])
			all += intervalSeconds * 1000
		}
	}
	if all == 0 {
		return 0
	}
	return min(dead/all, 1)
}

func (s *Scorer) rating(e *emodel.Entry, loss, burstRatio float64) float64 {
	return e.Listening(e.Impairment(loss, burstRatio) - s.Advantage)
}

// device is what the telephones add to the delay besides their buffers, in
// ms: an assumption (spec §6.3).
const device = 10

// delay adds the score of a conversation when the delay is known.
func (s *Scorer) delay(out *Score, in *Input) {
	network := in.Network
	switch {
	case network >= 0:
		out.DelayFrom = "rtcp"
	case s.OneWay > 0:
		network, out.DelayFrom = s.OneWay, "configured"
	default:
		return
	}
	q := in.Quality
	out.HasDelay = true
	out.Delay = network + float64(q.Buffers[s.Used()].Mean())/1e6 + q.PTime + out.Entry.Lookahead + device
	ieff := out.Entry.Impairment(out.NetworkLoss+out.Discarded, out.BurstRatio) - s.Advantage
	out.ConversationR = out.Entry.Conversational(ieff, out.Delay, s.Model)
	out.ConMOS = out.Entry.Scale.MOS(out.ConversationR)
}

func percent(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// enough reports whether so many packets can be scored.
func enough(packets uint64, ptime float64) bool {
	return packets >= leastPackets || float64(packets)*ptime >= leastMedia
}
