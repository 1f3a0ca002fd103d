package correlate

import "sipsniff/decode"

// network is what the packets of a stream say of the way they took.
type network struct {
	rtp     uint64  // octets from the RTP header on
	outside uint64  // octets of UDP and IP headers
	turned  *turned // nil while all packets have the same marks
	marks   uint16  // DSCP and TTL of the packet before
}

// turned is how the marks of a stream changed.
type turned struct {
	dscp, ttl uint32    // times
	ttls      [4]uint64 // bit set of the values seen
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
	before := n.marks
	n.marks = marks
	if before == noMarks {
		return
	}
	if n.turned == nil {
		n.turned = new(turned)
		n.turned.see(before)
	}
	n.turned.see(marks)
	if before>>8 != marks>>8 {
		n.turned.dscp++
	}
	if before&0xFF != marks&0xFF {
		n.turned.ttl++
	}
}

func (t *turned) see(marks uint16) { t.ttls[marks>>6&3] |= 1 << (marks & 63) }

// publishNetwork fills in what a Stream says of its way.
func (f *flow) publishNetwork(s *Stream) {
	n := &f.network
	s.DSCP = valuesOf(f.dscp)
	s.OctetsRTP, s.OctetsIP = n.rtp, n.rtp+n.outside
	if n.turned == nil {
		if ttl := uint8(n.marks); ttl != 0 && n.marks != noMarks { // an agent of HEP does not tell
			s.TTL = []uint8{ttl}
		}
		return
	}
	s.DSCPChanges, s.TTLChanges = n.turned.dscp, n.turned.ttl
	for i, set := range n.turned.ttls {
		for _, v := range valuesOf(set) {
			if ttl := uint8(64*i) + v; ttl != 0 {
				s.TTL = append(s.TTL, ttl)
			}
		}
	}
}
