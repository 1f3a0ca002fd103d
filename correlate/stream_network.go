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
	dscpTurns uint32
	ttlTurns  uint32
}

// count takes the headers around a packet, and returns its marks; length is
// that of its RTP or UDPTL.
func (n *network) count(p *decode.Packet, length int) (marks uint16) {
	n.rtp += uint64(length)
	n.outside += uint64(p.OverheadIP)
	return uint16(p.DSCP)<<8 | uint16(p.TTL)
}

// noMarks stands for those of no packet: DSCP has six bits.
const noMarks = 0xFFFF

// turn notes another DSCP or TTL than that of the packet before.
func (f *flow) turn(marks uint16) {
	n := &f.network
	if n.marks != noMarks {
		if n.marks>>8 != marks>>8 {
			n.dscpTurns++
		}
		if n.marks&0xFF != marks&0xFF {
			n.ttlTurns++
		}
	}
	n.marks = marks
	f.ttls[marks>>6&3] |= 1 << (marks & 63)
}

// publishNetwork fills in what a Stream says of its way.
func (f *flow) publishNetwork(s *Stream) {
	n := &f.network
	s.DSCP, s.DSCPChanges, s.TTLChanges = valuesOf(f.dscp), n.dscpTurns, n.ttlTurns
	s.OctetsRTP, s.OctetsIP = n.rtp, n.rtp+n.outside
	s.TTL = make([]uint8, 0, 2)
	for i, set := range f.ttls {
		for ; set != 0; set &= set - 1 {
			s.TTL = append(s.TTL, uint8(64*i+bits.TrailingZeros64(set)))
		}
	}
}
