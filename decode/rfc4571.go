package decode

import (
	"encoding/binary"

	"sipsniff/decode/dtls"
	"sipsniff/decode/rtp"
)

// This file is about media over TCP: packets with a length in front of each
// (RFC 4571), as ICE has them between peers, and the messages of TURN, which
// have lengths of their own, between a client and a relay (RFC 8656 §3).

const (
	framedHead  = 2    // octets of the length in front of each packet (RFC 4571 §2)
	longestSeen = 2047 // octets of a packet by which such a stream is recognised
	framesSeen  = 6    // packets among which it has to be
	mostStrange = 3    // packets of no known kind in a row that end it
)

// A framedVerdict says whether a stream is media over TCP.
type framedVerdict uint8

const (
	framedNo framedVerdict = iota
	framedMaybe
	framedYes
	framedTURN
)

// isFramedRTP recognises RTP over TCP (RFC 4571): packets of RTP, RTCP, STUN
// or DTLS with their length in front, two in a row. As the length of RTP can
// be anything and its version is two bits, one of them has to be of a kind
// with a magic number or a length of its own, or of an SSRC met before.
func isFramedRTP(b []byte) framedVerdict {
	if v := startsTURN(b); v != framedNo {
		return v
	}
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

// startsTURN recognises a STUN message without a length in front.
func startsTURN(b []byte) framedVerdict {
	const cookie = "\x21\x12\xa4\x42"
	if len(b) == 0 {
		return framedMaybe
	}
	if b[0] > 3 || len(b) > 3 && b[3]%4 != 0 || len(b) > 4 && !startsLike(b[4:], cookie) {
		return framedNo
	}
	if len(b) < 4+len(cookie) {
		return framedMaybe
	}
	return framedTURN
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

// startFramed begins to take a direction for media.
func (t *streamTable) startFramed(c *connection, f *flow, v framedVerdict) {
	f.application = framedRTP
	f.turn = v == framedTURN
	if !c.framed {
		c.framed = true
		t.stats.FramedRTP++
	}
}

// nextFramed returns the octets of the next packet with its head, the octets
// of the head, and those of padding behind; a size of 0 when there are not
// enough of them to tell.
func (f *flow) nextFramed() (size, head, padding int) {
	b := f.b
	switch {
	case !f.turn && len(b) >= framedHead:
		return framedHead + int(binary.BigEndian.Uint16(b)), framedHead, 0
	case f.turn && len(b) >= 4 && b[0]>>4 == 4: // ChannelData, RFC 8656 §12.5
		n := int(binary.BigEndian.Uint16(b[2:]))
		return 4 + n, 0, -n & 3
	case f.turn && len(b) >= 4:
		return 20 + int(binary.BigEndian.Uint16(b[2:])), 0, 0
	}
	return 0, 0, 0
}

// readFramed hands on the next packet of a stream of media.
func (t *streamTable) readFramed(c *connection, from int, f *flow, p *Packet) bool {
	size, head, padding := f.nextFramed()
	if size == 0 || len(f.b) < size+padding {
		return false
	}
	packet := f.b[head:size]
	switch {
	case len(packet) == 0: // keeps the connection open
	case rtp.Classify(packet) == rtp.Unknown:
		if f.strange++; f.strange >= mostStrange {
			t.ignore(c, from)
			return false
		}
	default:
		f.strange = 0
	}
	if len(packet) > 0 {
		out := t.compose(f, p, f.at(0), f.at(size-1), Packet{Payload: packet, WireLength: len(packet), Transport: TCP})
		t.stats.FramedPackets++
		t.handler.Datagram(out)
		out.Payload = nil
	}
	f.drop(size + padding)
	return true
}
