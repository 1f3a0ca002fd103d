package correlate

import (
	"net/netip"

	"sipsniff/decode/sdp"
)

// negotiate applies an accepted offer and its answer, nil when it was not
// seen, to who holds whom (RFC 3264 §8.4; spec §3.6).
func (h *holdSides) negotiate(callerOffers bool, offer, answer *sdp.Session) {
	offerer, answerer := calleeSide, callerSide
	if callerOffers {
		offerer, answerer = callerSide, calleeSide
	}
	offered, ok := holding(offer)
	if !ok {
		return
	}
	h[offerer] = offered != sdp.SendRecv && offered != sdp.RecvOnly
	answered, ok := holding(answer)
	if !ok || offered == sdp.Inactive {
		return // nothing but inactive may answer inactive
	}
	h[answerer] = answered == sdp.SendOnly || answered == sdp.Inactive
}

// holdSides tells which side, by callerSide and calleeSide, holds the other.
type holdSides [2]bool

// holding is the direction that all media of a description have in common,
// SendRecv when they differ. The address 0.0.0.0 is the old way to say
// sendonly (RFC 2543 §B.5). It is not ok when there is no media.
func holding(s *sdp.Session) (d sdp.Direction, ok bool) {
	if s == nil {
		return sdp.SendRecv, false
	}
	for i := range s.Media {
		m := &s.Media[i]
		if m.Port == 0 || !m.RTP() {
			continue
		}
		own := directionOf(m)
		if ok && own != d {
			return sdp.SendRecv, true
		}
		d, ok = own, true
	}
	return d, ok
}

func directionOf(m *sdp.Media) sdp.Direction {
	if m.Address == netip.IPv4Unspecified() && m.Direction == sdp.SendRecv {
		return sdp.SendOnly
	}
	return m.Direction
}
