package watch

import (
	"encoding/json"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/pipeline"
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

// lost are packets by who lost them, since the beginning.
type lost struct {
	Kernel    *uint64 `json:"kernel"` // null: nobody counts
	Interface *uint64 `json:"interface"`
	Queue     *uint64 `json:"queue"`
}

// A statistics is the line of every ten seconds, and of drops.
type statistics struct {
	Event     Event  `json:"ev"`
	At        string `json:"at,omitempty"` // of the latest packet
	Frames    uint64 `json:"frames"`
	Octets    uint64 `json:"octets"`
	Messages  uint64 `json:"sip_messages"`
	RTP       uint64 `json:"rtp_packets"`
	Calls     uint64 `json:"calls"`      // INVITEs, since the beginning
	Open      int    `json:"calls_open"` // of any method, that are remembered
	Streams   int    `json:"streams_open"`
	Ended     uint64 `json:"calls_ended"`   // of any method, those that the filter stops too
	Skipped   uint64 `json:"lines_skipped"` // because the reader of the output was slow
	Evicted   uint64 `json:"calls_evicted"`
	Limit     string `json:"limit_reached,omitempty"`
	Dropped   lost   `json:"dropped"`
	Recording string `json:"recording_error,omitempty"`
}

func (w *Watcher) statistics(e Event) statistics {
	st, s := w.bound.status(), w.bound.snapshot()
	out := statistics{
		Event: e, At: stamp(st.Last), Frames: st.Frames, Octets: st.Octets,
		Messages: s.Totals.SIPMessages, RTP: s.Totals.RTPPackets + s.Totals.SRTPPackets, Calls: s.Totals.Calls,
		Open: len(s.Calls), Streams: len(s.Streams), Ended: w.ended.Load(), Skipped: w.queue.losses(),
		Evicted: s.EvictedCalls, Limit: s.LimitReached, Dropped: newLost(&st), Recording: w.bound.problem(),
	}
	return out
}

func newLost(st *pipeline.Status) (l lost) {
	d := st.Drops
	if d == nil {
		return l
	}
	return lost{Kernel: &d.Kernel, Interface: &d.Interface, Queue: &d.Queue}
}

// sum is how many packets are known to be lost.
func (l lost) sum() (n uint64) {
	for _, p := range []*uint64{l.Kernel, l.Interface, l.Queue} {
		if p != nil {
			n += *p
		}
	}
	return n
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // there is no value that cannot be written
	}
	return append(b, '\n')
}
