package decode

import (
	"encoding/binary"

	"sipsniff/decode/dtls"
	"sipsniff/decode/rtp"
)

const (
	framedHead  = 2    // octets of the length in front of each packet (RFC 4571 §2)
	longestSeen = 2047 // octets of a packet by which such a stream is recognised
	framesSeen  = 6    // packets among which it has to be
	mostStrange = 3    // packets of no known kind in a row that end it
)

// A framedVerdict says whether a stream is RTP over TCP.
type framedVerdict uint8

const (
	framedNo framedVerdict = iota
	framedMaybe
	framedYes
)

// isFramedRTP recognises RTP over TCP (RFC 4571): packets of RTP, RTCP, STUN
// or DTLS with their length in front, two in a row. As the length of RTP can
// be anything and its version is two bits, one of them has to be of a kind
// with a magic number or a length of its own, or of an SSRC met before.
func isFramedRTP(b []byte) framedVerdict {
	var sources [framesSeen]uint32
	valid, known, sure := 0, 0, false
	for range framesSeen {
		if len(b) < framedHead {
			return framedMaybe
		}
		n := int(binary.BigEndian.Uint16(b))
		if n > longestSeen || n == 0 {
			return framedNo
		}
		rest := b[framedHead:min(framedHead+n, len(b))]
		kind := framedKind(rest, n)
		if kind == rtp.Unknown {
			if len(rest) < n && len(rest) < smallestFramed {
				return framedMaybe
			}
			return framedNo
		}
		if len(rest) < n {
			return framedMaybe
		}
		b = b[framedHead+n:]
		sure = sure || kind != rtp.RTP
		if kind == rtp.RTP {
			ssrc := binary.BigEndian.Uint32(rest[8:])
			for _, s := range sources[:known] {
				sure = sure || s == ssrc
			}
			sources[known] = ssrc
			known++
		}
		if valid++; valid >= 2 && sure {
			return framedYes
		}
	}
	return framedNo
}

// smallestFramed is how many octets of a packet tell its kind.
const smallestFramed = 20

// framedKind is the kind of a packet of n octets of which b is there.
func framedKind(b []byte, n int) rtp.Kind {
	switch kind := rtp.Classify(b); kind {
	case rtp.RTP:
		var h rtp.Header
		if rtp.Parse(b, n, &h) == nil && (h.PayloadType < 64 || h.PayloadType > 95) {
			return kind
		}
	case rtp.RTCP:
		const words = 4
		if n >= 2*words && n%2 == 0 && words*(1+int(binary.BigEndian.Uint16(b[2:]))) <= n {
			return kind
		}
	case rtp.STUN:
		if n == 20+int(binary.BigEndian.Uint16(b[2:])) {
			return kind
		}
	case rtp.DTLS:
		if dtls.Is(b) {
			return kind
		}
	case rtp.ZRTP:
		return kind
	}
	return rtp.Unknown
}

// startFramed begins to take a direction for RTP.
func (t *streamTable) startFramed(c *connection, f *flow) {
	f.application = framedRTP
	if !c.framed {
		c.framed = true
		t.stats.FramedRTP++
	}
}

// readFramed hands on the next packet of a stream of RTP over TCP.
func (t *streamTable) readFramed(c *connection, from int, f *flow, p *Packet) bool {
	if len(f.b) < framedHead {
		return false
	}
	n := int(binary.BigEndian.Uint16(f.b))
	if len(f.b) < framedHead+n {
		return false
	}
	packet := f.b[framedHead : framedHead+n]
	switch {
	case n == 0: // keeps the connection open
	case rtp.Classify(packet) == rtp.Unknown:
		if f.strange++; f.strange >= mostStrange {
			t.ignore(c, from)
			return false
		}
	default:
		f.strange = 0
	}
	if n > 0 {
		out := t.compose(f, p, f.at(0), f.at(framedHead+n-1), Packet{Payload: packet, WireLength: n, Transport: TCP})
		t.stats.FramedPackets++
		t.handler.Datagram(out)
		out.Payload = nil
	}
	f.drop(framedHead + n)
	return true
}
