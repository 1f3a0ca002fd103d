package report

import (
	"fmt"
	"time"

	"sipsniff/correlate"
	"sipsniff/decode/rtp"
)

// control is what RTCP says of a stream. The names of the first four are those
// of the contract.
type control struct {
	ReportedLost   *int32   `json:"reported_lost,omitempty"` // cumulative, as the receiver counts
	ReportedJitter *float64 `json:"reported_jitter_ms,omitempty"`
	RoundTrip      *float64 `json:"round_trip_ms,omitempty"`
	XRMOS          *float64 `json:"xr_mos_lq,omitempty"`

	Reports       uint64   `json:"reports"` // report blocks about the stream
	Interval      *float64 `json:"report_interval_ms,omitempty"`
	ReceiverSSRC  string   `json:"receiver_ssrc,omitempty"`
	LossPercent   *float64 `json:"reported_loss_percent,omitempty"`
	Latest        *float64 `json:"latest_fraction_percent,omitempty"`
	Worst         *float64 `json:"worst_fraction_percent,omitempty"`
	WorstJitter   *float64 `json:"worst_jitter_ms,omitempty"`
	Near          *float64 `json:"round_trip_to_sender_ms,omitempty"`
	Far           *float64 `json:"round_trip_to_receiver_ms,omitempty"`
	WorstTrip     *float64 `json:"worst_round_trip_ms,omitempty"`
	R             *float64 `json:"r_factor,omitempty"`
	MOS           *float64 `json:"mos,omitempty"`
	ConMOS        *float64 `json:"mos_cq,omitempty"`
	MOSBasis      string   `json:"mos_basis,omitempty"`
	Implausible   []string `json:"implausible,omitempty"`
	Remarks       []string `json:"remarks,omitempty"`
	Goodbye       string   `json:"goodbye,omitempty"`
	CNAME         string   `json:"cname,omitempty"`
	ApplicationOf uint64   `json:"application_packets,omitempty"`

	Compared *compared         `json:"compared,omitempty"`
	Sender   *senderCount      `json:"sender,omitempty"`
	Feedback *feedback         `json:"feedback,omitempty"`
	Blocks   map[string]uint64 `json:"xr_blocks,omitempty"`
	VoIP     *voip             `json:"xr_voip,omitempty"`
	Summary  *summaryBlock     `json:"xr_summary,omitempty"`
}

// compared is the receiver's loss beside ours, of the same packets.
type compared struct {
	Intervals uint64 `json:"intervals"`
	Packets   int64  `json:"packets"`
	Reported  int64  `json:"reported_lost"`
	Here      int64  `json:"lost_here"`
	Behind    int64  `json:"lost_behind"`
}

// senderCount is what the sender counts; counted and passed are of the time between
// its first report and the latest.
type senderCount struct {
	Reports uint64  `json:"reports"`
	Packets uint32  `json:"packets"`
	Octets  uint32  `json:"octets"`
	Counted *uint64 `json:"counted,omitempty"`
	Passed  *uint64 `json:"passed,omitempty"` // sequence numbers, come or missing
}

type feedback struct {
	NACKs   uint64 `json:"nacks"`
	Missing uint64 `json:"nacked_packets"`
	PLIs    uint64 `json:"plis"`
	FIRs    uint64 `json:"firs"`
}

// voip is a block of VoIP metrics; what it calls unavailable is left out.
type voip struct {
	LossPercent     float64  `json:"loss_percent"`
	DiscardPercent  float64  `json:"discard_percent"`
	BurstPercent    float64  `json:"burst_density_percent"`
	GapPercent      float64  `json:"gap_density_percent"`
	BurstDuration   uint16   `json:"burst_duration_ms"`
	GapDuration     uint16   `json:"gap_duration_ms"`
	RoundTrip       *float64 `json:"round_trip_ms,omitempty"`
	EndSystem       *float64 `json:"end_system_delay_ms,omitempty"`
	Signal          *float64 `json:"signal_dbm0,omitempty"`
	Noise           *float64 `json:"noise_dbm0,omitempty"`
	ReturnLoss      *float64 `json:"rerl_db,omitempty"`
	MinGap          uint8    `json:"gmin"`
	R               *float64 `json:"r_factor,omitempty"`
	ExternalR       *float64 `json:"external_r_factor,omitempty"`
	MOSListening    *float64 `json:"mos_lq,omitempty"`
	MOSConversation *float64 `json:"mos_cq,omitempty"`
	Concealment     string   `json:"plc,omitempty"`
	Buffer          string   `json:"jitter_buffer,omitempty"`
	BufferNominal   uint16   `json:"jitter_buffer_nominal_ms,omitempty"`
	BufferMax       uint16   `json:"jitter_buffer_max_ms,omitempty"`
	BufferAbsolute  uint16   `json:"jitter_buffer_abs_max_ms,omitempty"`
}

type summaryBlock struct {
	Begin      uint16   `json:"begin_seq"`
	End        uint16   `json:"end_seq"`
	Lost       *uint32  `json:"lost,omitempty"`
	Duplicates *uint32  `json:"duplicates,omitempty"`
	MeanJitter *float64 `json:"mean_jitter_ms,omitempty"`
	MaxJitter  *float64 `json:"max_jitter_ms,omitempty"`
	MinTTL     *uint8   `json:"min_ttl,omitempty"`
	MaxTTL     *uint8   `json:"max_ttl,omitempty"`
}

func newControl(s *correlate.Stream) *control {
	c := s.Control
	if c == nil {
		return nil
	}
	out := &control{Reports: c.Received.Reports, Implausible: c.Received.Implausible, Goodbye: c.Goodbye, CNAME: c.CNAME,
		ApplicationOf: c.Apps, Remarks: ControlRemarks(s), Blocks: blockCounts(&c.Extended),
		RoundTrip: tripMillis(c.Trip.Total), WorstTrip: tripMillis(c.Trip.Worst), Near: tripMillis(c.Trip.Near), Far: tripMillis(c.Trip.Far)}
	out.receiver(&c.Received)
	out.rate(c)
	if l := &c.Compared; l.Intervals > 0 {
		out.Compared = &compared{l.Intervals, l.Packets, l.Reported, l.Here, l.Behind()}
	}
	if v := &c.Sent; v.Reports > 0 {
		out.Sender = &senderCount{Reports: v.Reports, Packets: v.Packets, Octets: v.Octets}
		if v.Comparable {
			out.Sender.Counted, out.Sender.Passed = &v.Counted, &v.Span
		}
	}
	if f := c.Feedback; f != (correlate.FeedbackCount{}) {
		out.Feedback = &feedback{f.NACKs, f.Missing, f.PLIs, f.FIRs}
	}
	if c.VoIP != nil {
		out.VoIP = newVoIP(c.VoIP)
		out.XRMOS = out.VoIP.MOSListening
	}
	out.Summary = newSummaryBlock(c.Summary, s.ClockRate)
	return out
}

func (c *control) receiver(r *correlate.ReceiverControl) {
	if r.Reports == 0 {
		return
	}
	c.ReportedLost, c.ReceiverSSRC = &r.CumulativeLost, fmt.Sprintf("0x%08X", r.SSRC)
	percent, _ := r.Percent()
	c.LossPercent, c.Latest, c.Worst = rounded(percent), rounded(100*r.Fraction), rounded(100*r.WorstFraction)
	if r.HasJitter {
		c.ReportedJitter, c.WorstJitter = rounded(r.Jitter), rounded(r.WorstJitter)
	}
	if d := r.Interval(); d > 0 {
		c.Interval = tripMillis(d)
	}
}

func (c *control) rate(from *correlate.Control) {
	e := &from.Estimate
	if e.Reason != "" {
		return
	}
	c.R, c.MOS = rounded(e.R), rounded(e.MOS)
	c.MOSBasis = "RTCP of the receiver, " + e.Entry.Basis()
	if e.HasDelay {
		c.ConMOS = rounded(e.ConMOS)
	}
}

// blockNames are the keys of Control.Extended.
var blockNames = [...]string{"other", "loss_rle", "duplicate_rle", "receipt_times", "reference_time", "dlrr", "summary", "voip"}

func blockCounts(counts *[rtp.KnownBlocks + 1]uint64) map[string]uint64 {
	var out map[string]uint64
	for i, n := range counts {
		if n > 0 && out == nil {
			out = make(map[string]uint64)
		}
		if n > 0 {
			out[blockNames[i]] = n
		}
	}
	return out
}

func newVoIP(v *rtp.VoIP) *voip {
	share := func(n uint8) float64 { return round(float64(n) * 100 / 256) }
	out := &voip{
		LossPercent: share(v.LossRate), DiscardPercent: share(v.DiscardRate), BurstPercent: share(v.BurstDensity), GapPercent: share(v.GapDensity),
		BurstDuration: v.BurstDuration, GapDuration: v.GapDuration, MinGap: v.MinGap,
		Signal: available(int(v.Signal), 1), Noise: available(int(v.Noise), 1), ReturnLoss: available(int(v.ReturnLoss), 1),
		R: available(int(v.R), 1), ExternalR: available(int(v.ExternalR), 1),
		MOSListening: available(int(v.MOSListening), 10), MOSConversation: available(int(v.MOSConversation), 10),
		Concealment:   [...]string{"", "disabled", "enhanced", "standard"}[v.Config>>6],
		Buffer:        [...]string{"", "reserved", "fixed", "adaptive"}[v.Config>>4&3],
		BufferNominal: v.BufferNominal, BufferMax: v.BufferMax, BufferAbsolute: v.BufferMost,
	}
	if v.RoundTrip > 0 {
		out.RoundTrip = rounded(float64(v.RoundTrip))
	}
	if v.EndSystem > 0 {
		out.EndSystem = rounded(float64(v.EndSystem))
	}
	return out
}

// available is a value in parts of one; nil when the block has none.
func available(v, parts int) *float64 {
	if v == rtp.Unavailable {
		return nil
	}
	return rounded(float64(v) / float64(parts))
}

func newSummaryBlock(v *rtp.Summary, clock uint32) *summaryBlock {
	if v == nil {
		return nil
	}
	out := &summaryBlock{Begin: v.Begin, End: v.End}
	if v.HasLost {
		out.Lost = &v.Lost
	}
	if v.HasDuplicates {
		out.Duplicates = &v.Duplicates
	}
	if v.HasJitter && clock > 0 {
		out.MeanJitter, out.MaxJitter = rounded(float64(v.MeanJitter)*1000/float64(clock)), rounded(float64(v.MaxJitter)*1000/float64(clock))
	}
	if v.HasTTL {
		out.MinTTL, out.MaxTTL = &v.MinTTL, &v.MaxTTL
	}
	return out
}

// tripMillis makes milliseconds of a duration; nil when negative, which is
// unknown.
func tripMillis(d time.Duration) *float64 {
	if d < 0 {
		return nil
	}
	return rounded(float64(d) / 1e6)
}
