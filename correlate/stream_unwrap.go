package correlate

import (
	"net/netip"

	"sipsniff/decode"
	"sipsniff/decode/dtls"
	"sipsniff/decode/rtp"
)

// unwrap counts a datagram that is neither RTP nor RTCP, and returns what is
// in it when it is TURN, with its kind (RFC 7983 §7).
func (t *streamTable) unwrap(p *decode.Packet, b []byte, wireLength int, kind rtp.Kind) ([]byte, int, rtp.Kind) {
	const maxDepth = 2 // TURN in TURN
	for range maxDepth {
		inner, innerLength, indication, ok := rtp.Unwrap(b, wireLength)
		if !ok {
			break
		}
		if indication {
			t.datagrams.TURNIndications++
		} else {
			t.datagrams.TURNChannelData++
		}
		b, wireLength, kind = inner, innerLength, rtp.Classify(inner)
	}
	switch kind {
	case rtp.STUN:
		t.countSTUN(p, b)
	case rtp.ZRTP:
		t.datagrams.ZRTP++
	case rtp.DTLS:
		if !t.countDTLS(p, b) {
			kind = rtp.Unknown // UDPTL and others have such octets too
		}
	}
	return b, wireLength, kind
}

func (t *streamTable) countSTUN(p *decode.Packet, b []byte) {
	method, class, ok := rtp.STUNType(b)
	if ok && method == rtp.STUNBinding && class != rtp.STUNIndication {
		t.check(p, b, class)
	}
	switch class {
	case rtp.STUNRequest:
		t.datagrams.STUNRequests++
	case rtp.STUNIndication:
		t.datagrams.STUNIndications++
	case rtp.STUNError:
		t.datagrams.STUNErrors++
	case rtp.STUNSuccess:
		t.datagrams.STUNResponses++
		if seen, ok := rtp.STUNMapped(b); ok {
			t.noteMapped(p.Dst, seen)
		}
	}
}

// countDTLS reports whether a datagram is DTLS.
func (t *streamTable) countDTLS(p *decode.Packet, b []byte) bool {
	if !dtls.Is(b) && !(dtls.IsUnified(b) && t.handshakes.has(p)) {
		return false
	}
	t.datagrams.DTLS++
	t.handshake(p, b)
	return true
}

// has reports whether the ends of a packet spoke DTLS.
func (x *handshakeTable) has(p *decode.Packet) bool {
	return x.joins(p.Src, p.Dst)
}

// joins reports whether two addresses spoke DTLS with each other.
func (x *handshakeTable) joins(a, b netip.AddrPort) bool {
	return len(x.between) > 0 && (x.between[pair{a, b}] != nil || x.between[pair{b, a}] != nil)
}

// countUnknown counts a datagram of no known kind where media is expected.
func (t *streamTable) countUnknown(p *decode.Packet) {
	if len(t.expected[p.Dst]) > 0 || len(t.expected[p.Src]) > 0 {
		t.datagrams.UnknownOnMediaPort++
	}
}
