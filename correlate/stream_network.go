package correlate

import (
	"math/bits"

	"sipsniff/decode"
)

// network is what the packets of a stream say of the way they took.
type network struct {
	rtp       uint64 // octets from the RTP header on
	outside   uint64 // octets of UDP and IP headers
	marks     uint16 // DSCP and TTL of the packet before
	marked    bool
	dscpTurns uint32
	ttlTurns  uint32
	ttls      [4]uint64 // bit set of the values seen
}

// noteIP takes the headers around a packet; length is that of its RTP or
// UDPTL.
func (f *flow) noteIP(p *decode.Packet, length int) {
	n := &f.network
	n.rtp += uint64(length)
	n.outside += uint64(p.OverheadIP)
	if marks := uint16(p.DSCP)<<8 | uint16(p.TTL); marks != n.marks || !n.marked {
		n.turn(marks)
	}
}

// turn notes another DSCP or TTL than that of the packet before.
func (n *network) turn(marks uint16) {
	if n.marked {
		if n.marks>>8 != marks>>8 {
			n.dscpTurns++
		}
		if n.marks&0xFF != marks&0xFF {
			n.ttlTurns++
		}
	}
	n.marks, n.marked = marks, true
	n.ttls[marks>>6&3] |= 1 << (marks & 63)
}

// publish fills in what a Stream says of its way.
func (n *network) publish(s *Stream, dscp uint64) {
	s.DSCP, s.DSCPChanges, s.TTLChanges = valuesOf(dscp), n.dscpTurns, n.ttlTurns
	s.OctetsRTP, s.OctetsIP = n.rtp, n.rtp+n.outside
	s.TTL = make([]uint8, 0, 2)
	for i, set := range n.ttls {
		for ; set != 0; set &= set - 1 {
			s.TTL = append(s.TTL, uint8(64*i+bits.TrailingZeros64(set)))
		}
	}
}
