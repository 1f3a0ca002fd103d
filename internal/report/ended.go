package report

import (
	"io"

	"sipsniff/correlate"
)

// ended is a call that has ended, with its streams.
type ended struct {
	Event string `json:"ev"`
	call
	Evicted bool     `json:"evicted,omitempty"` // it had to make room before it ended
	Streams []stream `json:"streams"`
}

// Ended writes a call that has ended as one line: the call as in a report,
// with its streams in it, under the name of an event. The snapshot of r is
// that of the ending.
func Ended(w io.Writer, r Result, event string, e *correlate.Ending) error {
	out := ended{Event: event, call: newCallOf(&r, e.Call, &r.Snapshot.Links), Evicted: e.Evicted, Streams: []stream{}}
	out.Type = "call"
	for st := range streamsOf(r) {
		out.Streams = append(out.Streams, *st)
	}
	return newEncoder(w).Encode(&out)
}
