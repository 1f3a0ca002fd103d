package export

import (
	"context"
	"encoding/json"
	"time"

	"sipsniff/correlate"
	"sipsniff/decode/hep"
)

const (
	// reportEvery is the time between two reports about a stream.
	reportEvery = 10 * time.Second
	// streamIdle is how long nothing comes of a stream that has ended, in ns.
	streamIdle = 30 * int64(time.Second)
)

// reported is what was said of a stream last.
type reported struct {
	stream *correlate.Stream
	ended  bool
}

// Run reports what changed every ten seconds, until ctx is done.
func (e *Exporter) Run(ctx context.Context, snapshot func() *correlate.Snapshot) {
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			e.Report(snapshot(), false)
		}
	}
}

// Report sends a report about each stream that changed since the last one, and
// a last one about each that ended: with its call, by silence, or with the
// capture when final is set.
func (e *Exporter) Report(s *correlate.Snapshot, final bool) {
	ended := make(map[int]bool, len(s.Calls))
	for _, c := range s.Calls {
		ended[c.Index] = c.Ended != 0
	}
	now := make(map[int]reported, len(s.Streams))
	for _, st := range s.Streams {
		was := e.reports[st.ID]
		is := reported{stream: st, ended: final || s.Last-st.Last > streamIdle || st.Call != nil && ended[st.Call.Index]}
		if st.Packets > 0 && (was.stream != st || is.ended && !was.ended) { // what only RTCP tells is not ours to report
			e.report(st, is.ended)
		}
		now[st.ID] = is
	}
	e.reports = now // what left the snapshot is forgotten
	e.learn(s)
}

// report sends a report about a stream, under the time of its last packet.
func (e *Exporter) report(st *correlate.Stream, ended bool) {
	text, err := json.Marshal(newReport(st, ended))
	if err != nil || st.Src.Addr().Is4() != st.Dst.Addr().Is4() {
		return
	}
	p := hep.Packet{
		Src: st.Src, Dst: st.Dst, Protocol: hep.UDP, Kind: hep.FullReport, Nanos: st.Last, HasTime: true, Payload: text,
	}
	if st.Call != nil {
		p.Correlation = []byte(st.Call.CallID)
	}
	e.sender.Send(&p)
}

// qualityReport has the names that collectors know from other agents. What is
// not known is left out.
type qualityReport struct {
	CorrelationID string   `json:"CORRELATION_ID,omitempty"`
	CallID        string   `json:"RTP_SIP_CALL_ID,omitempty"`
	Time          float64  `json:"REPORT_TS"` // s since the Unix epoch
	SSRC          uint32   `json:"SSRC"`
	Packets       uint64   `json:"TOTAL_PK"`
	Expected      uint64   `json:"EXPECTED_PK"`
	Lost          uint64   `json:"PACKET_LOSS"`
	Reordered     uint64   `json:"OUT_ORDER"`
	Octets        uint64   `json:"TL_BYTE"`
	Jitter        *float64 `json:"JITTER,omitempty"` // ms, as the others
	MeanJitter    *float64 `json:"MEAN_JITTER,omitempty"`
	MaxJitter     *float64 `json:"MAX_JITTER,omitempty"`
	Delta         *float64 `json:"DELTA,omitempty"`
	MaxDelta      *float64 `json:"MAX_DELTA,omitempty"`
	SrcIP         string   `json:"SRC_IP"`
	SrcPort       uint16   `json:"SRC_PORT"`
	DstIP         string   `json:"DST_IP"`
	DstPort       uint16   `json:"DST_PORT"`
	PayloadType   uint8    `json:"CODEC_PT"`
	ClockRate     uint32   `json:"CLOCK,omitempty"` // Hz
	Codec         string   `json:"CODEC_NAME,omitempty"`
	Name          string   `json:"REPORT_NAME"`
	Type          string   `json:"TYPE"` // "HANGUP" is the last one
}

func newReport(st *correlate.Stream, ended bool) *qualityReport {
	q := &st.Quality
	r := &qualityReport{
		Time: float64(st.Last) / 1e9, SSRC: st.SSRC, Packets: st.Packets, Expected: q.Expected, Lost: q.Lost, Reordered: q.Reordered,
		Octets: st.Octets, SrcIP: st.Src.Addr().String(), SrcPort: st.Src.Port(), DstIP: st.Dst.Addr().String(), DstPort: st.Dst.Port(),
		PayloadType: st.PayloadType, ClockRate: st.ClockRate, Codec: st.Codec, Name: st.Src.String(), Type: "PERIODIC",
	}
	if ended {
		r.Type = "HANGUP"
	}
	if st.Call != nil {
		r.CorrelationID, r.CallID = st.Call.CallID, st.Call.CallID
	}
	if q.HasJitter {
		r.Jitter, r.MeanJitter, r.MaxJitter = &q.JitterLast, &q.JitterMean, &q.JitterMax
	}
	if q.HasDelta {
		r.Delta, r.MaxDelta = &q.DeltaMean, &q.DeltaMax
	}
	return r
}
