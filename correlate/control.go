package correlate

import (
	"time"

	"sipsniff/correlate/mos"
	"sipsniff/decode/rtp"
)

// A Control is what RTCP says of one stream (spec §5.12). Nothing of it is in
// the stream's own figures: RTCP is not authenticated, and it speaks of the
// whole way to the receiver instead of the way to the probe.
type Control struct {
	Only bool // no RTP of the stream was seen

	Sent     SenderControl
	Received ReceiverControl
	Trip     RoundTrip
	Compared LossSplit
	Feedback FeedbackCount

	Wire ControlWire // the RTCP that the sender of the stream sent

	CNAME   string // of the sender
	Goodbye string // why the sender left, as it says
	Apps    uint64 // packets of applications that the sender sent

	Extended [rtp.KnownBlocks + 1]uint64 // blocks of extended reports that the receiver sent, see rtp.Extended
	Summary  *rtp.Summary                // the latest about the stream; nil when none
	VoIP     *rtp.VoIP                   // likewise

	// Estimate is the score of the stream by the losses that its receiver
	// reports; Estimate.Reason says why there is none.
	Estimate mos.Score
}

// SenderControl is what the sender says.
type SenderControl struct {
	Reports         uint64 // sender reports
	Packets, Octets uint32 // sent until the latest, by its count

	// Between the first report and the latest: what the sender counts, and
	// the sequence numbers that passed the probe, come or missing. Valid iff
	// Comparable. What is only in the first was lost before a device in front
	// of the probe numbered the packets anew, or was sent elsewhere.
	Comparable    bool
	Counted, Span uint64
}

// ReceiverControl is what the receiver says: the report blocks about the
// stream. All but Reports is valid iff there is one.
type ReceiverControl struct {
	Reports        uint64
	SSRC           uint32 // of the receiver
	First, Last    int64  // Unix ns
	Fraction       float64
	WorstFraction  float64 // 0 to 1, of one report interval
	CumulativeLost int32
	Highest        uint32 // extended

	// Lost of Expected in all report intervals that were seen. Expected is 0
	// when they do not tell.
	Lost, Expected int64

	HasJitter           bool    // the clock rate is known
	Jitter, WorstJitter float64 // ms, plausible ones

	Implausible []string // what cannot be: "jitter", "loss", "last_sr", "delay"

	Frozen Freeze // the longest time in which Highest stood still; Reports is 0 when it never did
}

// A Freeze is a time in which the receiver got nothing new: all of its reports
// named the same highest number.
type Freeze struct {
	From, To int64  // Unix ns, of the first such report and the last
	Reports  uint64 // after the first
	Packets  uint64 // of the stream that passed the probe meanwhile
	Frame    int    // of the last such report
}

// ControlWire is the RTCP packets that one source sent, encrypted ones too.
type ControlWire struct {
	Packets     uint64
	Octets      uint64 // of RTCP with its UDP and IP headers
	First, Last int64  // Unix ns; 0 when there was none
}

// Interval is the mean time between two packets; 0 with fewer than two.
func (w *ControlWire) Interval() time.Duration {
	if w.Packets < 2 {
		return 0
	}
	return time.Duration((w.Last - w.First) / int64(w.Packets-1))
}

// Percent is the share of packets that the receiver reports as lost; ok is
// false without a report.
func (r *ReceiverControl) Percent() (percent float64, ok bool) {
	switch {
	case r.Reports == 0:
		return 0, false
	case r.Expected > 0:
		return 100 * float64(max(r.Lost, 0)) / float64(r.Expected), true
	}
	return 100 * r.Fraction, true
}

// Interval is the mean time between two reports; 0 with fewer than two.
func (r *ReceiverControl) Interval() time.Duration {
	if r.Reports < 2 {
		return 0
	}
	return time.Duration((r.Last - r.First) / int64(r.Reports-1))
}

// RoundTrip is measured at the probe; negative is unknown.
type RoundTrip struct {
	Near  time.Duration // probe to sender and back
	Far   time.Duration // probe to receiver and back
	Total time.Duration // sender to receiver and back
	Worst time.Duration // the longest Total
	Count uint64        // measurements of Near and Far
}

// LossSplit compares the losses that the receiver reports with those that the
// probe saw of the same sequence numbers.
type LossSplit struct {
	Intervals uint64 // between reports
	Packets   int64
	Reported  int64 // by the receiver; duplicates lower it
	Here      int64 // missing at the probe: lost before it
}

// Behind is what was lost between the probe and the receiver. It is negative
// when the receiver got what the probe did not see, or got duplicates.
func (l *LossSplit) Behind() int64 { return l.Reported - l.Here }

// FeedbackCount counts what receivers asked of the stream.
type FeedbackCount struct {
	NACKs      uint64 // packets that ask for others again
	Missing    uint64 // how many they ask for
	PLIs, FIRs uint64
}

// OneWay is half of the round trip in ms: as the probe measured it, else as
// the receiver reports it; negative when neither is known.
func (c *Control) OneWay() float64 {
	switch {
	case c == nil:
	case c.Trip.Total >= 0:
		return float64(c.Trip.Total) / 2e6
	case c.VoIP != nil && c.VoIP.RoundTrip > 0:
		return float64(c.VoIP.RoundTrip) / 2
	}
	return -1
}

// Disagrees reports whether the receiver's loss and ours differ by more than
// the edges of the report intervals explain: by one in a hundred, and by three
// packets.
func (l *LossSplit) Disagrees() bool {
	behind := max(l.Behind(), -l.Behind())
	return behind >= 3 && behind*100 >= l.Packets
}
