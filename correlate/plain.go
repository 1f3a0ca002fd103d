package correlate

import (
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// A Plain is a plain datagram and, where it is RTP, its header.
type Plain struct {
	decode.Plain
	Header rtp.Compact

	lane *lane // that it may wait in, see Tracker.Expect
}

// ReadMedia reads the header of a packet if it is RTP, and reports whether it is.
// h is refilled.
func (d *Plain) ReadMedia(h *rtp.Header) bool {
	return d.Header.Read(d.Payload, int(d.WireLength), h)
}
