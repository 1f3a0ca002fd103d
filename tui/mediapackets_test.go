package tui

import (
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/tui/internal/sample"
)

// Without a clock rate nothing is known second by second: there is none to list
// the packets of.
func TestPacketsWithoutSeconds(t *testing.T) {
	b := sample.New(1, "a@b", "sip:a@b", "sip:c@d", 0)
	b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE")
	s := b.Stream(1, "192.0.2.1:4000", "192.0.2.9:4000", "X", 1, 50, 0)
	s.Quality.Seconds, s.Quality.SecondsTail = nil, nil
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &correlate.Snapshot{Calls: []*correlate.Call{&b.Call}, Streams: []*correlate.Stream{s}, First: 1, Last: 2}, status: fileStatus()})
	r.config.Packets = func([]*correlate.Stream) (map[int]Rereading, error) {
		return map[int]Rereading{1: {Packets: []quality.Packet{{Arrival: s.First, Octets: 160, Frame: 3}, {Arrival: s.First + 2e7, SequenceNumber: 1, Octets: 160, Frame: 4}}}}, nil
	}
	r.press("v").has("Media #1", "the clock rate is unknown").hasNot("00:00:00").press("Enter").has("Media #1", "nothing was measured second by second")
}

// A stream that is in no call goes on, on its screen too.
func TestMediaOfAStreamAloneGrows(t *testing.T) {
	streams := orphans(1)
	snap := &correlate.Snapshot{Streams: streams, First: 1, Last: 2}
	r := newRig(t, rigOptions{w: 120, h: 24, snap: snap, status: liveStatus(), live: true})
	r.press("3", "Enter").has("without a call")
	grown := *streams[0]
	grown.Packets = 123456
	r.publish(&correlate.Snapshot{Streams: []*correlate.Stream{&grown}, First: 1, Last: 3}).has("123k")
	r.publish(&correlate.Snapshot{First: 1, Last: 4}).has("123k") // it left the memory
}
