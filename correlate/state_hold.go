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
// SendRecv when they differ. The addresses 0.0.0.0 and :: are the old way to
// say sendonly (RFC 2543 §B.5). It is not ok when there is no media.
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

// holdMethod is how a description holds the other side: a direction of
// RFC 3264 §8.4, or the address.
func holdMethod(s *sdp.Session) string {
	if s == nil {
		return ""
	}
	for i := range s.Media {
		m := &s.Media[i]
		switch {
		case m.Port == 0 || !m.RTP():
		case m.Direction == sdp.Inactive:
			return "inactive"
		case m.Direction == sdp.SendOnly:
			return "sendonly"
		case m.Address == netip.IPv6Unspecified():
			return "::"
		case m.Address.IsUnspecified():
			return "0.0.0.0"
		}
	}
	return ""
}

func directionOf(m *sdp.Media) sdp.Direction {
	if m.Address.IsUnspecified() && m.Direction == sdp.SendRecv {
		return sdp.SendOnly
	}
	return m.Direction
}
