package tui

import (
	"net/netip"
	"testing"

	"sipsniff/tui/ladder"
)

// The flag of packets of another size than their receiver asks for has both sizes.
func TestPacketTimes(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	call := r.callAt(6)
	s := r.mediaStreams([]ladder.Leg{{Call: call, Streams: r.streamsOf(call)}})[0]
	stream := *s.Stream
	s.Stream = &stream
	if got := r.packetTimes(&s); got != "ptime≠SDP" {
		t.Errorf("of packets of the size that is asked for the flag is %q", got)
	}
	stream.Quality.PTime = 30
	if got := r.packetTimes(&s); got != "ptime 30≠20" {
		t.Errorf("the flag is %q", got)
	}
	stream.Dst = netip.MustParseAddrPort("198.51.100.1:4")
	if got := r.packetTimes(&s); got != "ptime≠SDP" {
		t.Errorf("of a receiver that is not described the flag is %q", got)
	}
}
