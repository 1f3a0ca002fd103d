package watch

import (
	"encoding/json"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/clean"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/report"
)

// timeLayout is that of reports.
const timeLayout = "2006-01-02T15:04:05.000000000Z"

func stamp(nanos int64) string {
	if nanos == 0 {
		return ""
	}
	return time.Unix(0, nanos).UTC().Format(timeLayout)
}

// A progress is the line of a call that goes on.
type progress struct {
	Event       Event    `json:"ev"`
	At          string   `json:"at"`
	CallID      *string  `json:"call_id"`
	Method      string   `json:"method"`
	From        string   `json:"from,omitempty"`
	To          string   `json:"to,omitempty"`
	Source      string   `json:"source"`
	Destination string   `json:"destination"`
	State       string   `json:"state"`
	Setup       *float64 `json:"setup_ms,omitempty"`
	FinalStatus int      `json:"final_status,omitempty"`
}

func newProgress(e Event, at int64, c *correlate.Call) progress {
	p := progress{
		Event: e, At: stamp(at), Method: c.Method, From: c.From, To: c.To,
		Source: c.Source.String(), Destination: c.Destination.String(), State: c.State.String(), FinalStatus: c.FinalStatus,
	}
	if c.HasCallID {
		p.CallID = &c.CallID
	}
	if e == CallAnswer && c.Setup >= 0 {
		ms := float64(c.Setup) / 1e6
		p.Setup = &ms
	}
	return p
}

// A statistics is the line of every ten seconds, and of drops.
type statistics struct {
	Event     Event       `json:"ev"`
	At        string      `json:"at,omitempty"` // of the latest packet
	Frames    uint64      `json:"frames"`
	Octets    uint64      `json:"octets"`
	Messages  uint64      `json:"sip_messages"`
	RTP       uint64      `json:"rtp_packets"`
	Calls     uint64      `json:"calls"`      // INVITEs, since the beginning
	Open      int         `json:"calls_open"` // of any method, that are remembered
	Streams   int         `json:"streams_open"`
	Ended     uint64      `json:"calls_ended"`   // of any method, those that the filter stops too
	Skipped   uint64      `json:"lines_skipped"` // because the reader of the output was slow
	Evicted   uint64      `json:"calls_evicted"`
	Limit     string      `json:"limit_reached,omitempty"`
	Dropped   report.Loss `json:"dropped"`
	Sources   []from      `json:"sources,omitempty"` // when there are several that count
	Recording string      `json:"recording_error,omitempty"`
}

func (w *Watcher) statistics(e Event) statistics {
	st, s := w.bound.status(), w.bound.snapshot()
	out := statistics{
		Event: e, At: stamp(st.Last), Frames: st.Frames, Octets: st.Octets,
		Messages: s.Totals.SIPMessages, RTP: s.Totals.RTPPackets + s.Totals.SRTPPackets, Calls: s.Totals.Calls,
		Open: len(s.Calls), Streams: len(s.Streams), Ended: w.ended.Load(), Skipped: w.queue.losses(),
		Evicted: s.EvictedCalls, Limit: s.LimitReached, Dropped: report.NewLoss(st.Drops), Sources: newFrom(&st), Recording: w.bound.problem(),
	}
	return out
}

// A from is what came from one of several sources, and what it lost.
type from struct {
	Name    string      `json:"name"`
	Frames  uint64      `json:"frames"`
	Dropped report.Loss `json:"dropped"`
}

// newFrom lists the sources when there are several and one of them counts.
func newFrom(st *pipeline.Status) []from {
	list, counted := make([]from, 0, len(st.Sources)), false
	for i := range st.Sources {
		s := &st.Sources[i]
		counted = counted || s.Drops != nil
		list = append(list, from{clean.Line(s.Name), s.Frames, report.NewLoss(s.Drops)})
	}
	if len(list) < 2 || !counted {
		return nil // the sum says it all, or there is nothing to say
	}
	return list
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // there is no value that cannot be written
	}
	return append(b, '\n')
}
