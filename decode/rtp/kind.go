package rtp

import "encoding/binary"

const (
	stunCookie = 0x2112A442 // RFC 8489 §5
	zrtpMagic  = 0x5A525450 // "ZRTP", RFC 6189 §5
)

// Classify says what b is by its first octets: the ranges of RFC 7983 §7,
// and RFC 5761 §4 to tell RTCP from RTP. Kinds that have a magic number or a
// length are only reported when those are right. It decides what octets
// could be, not what they are: only RTP and RTCP that somebody expects count.
func Classify(b []byte) Kind {
	if len(b) < 4 {
		return Unknown
	}
	switch first := b[0]; {
	case first >= 128 && first <= 191:
		if isControl(b[1]) {
			return RTCP
		}
		return RTP
	case first <= 3:
		return classifySTUN(b)
	case first >= 16 && first <= 19:
		if len(b) >= 8 && binary.BigEndian.Uint32(b[4:]) == zrtpMagic {
			return ZRTP
		}
	case first >= 20 && first <= 63:
		return DTLS
	case first >= 64 && first <= 79:
		if _, ok := ChannelData(b); ok {
			return TURNChannel
		}
	}
	return Unknown
}

// isControl reports whether the second octet is a packet type of RTCP, and no
// marker and payload type of RTP (RFC 5761 §4).
func isControl(second byte) bool { return second >= 192 && second <= 223 }

func classifySTUN(b []byte) Kind {
	if len(b) < 20 || binary.BigEndian.Uint32(b[4:]) != stunCookie || b[3]&3 != 0 {
		return Unknown
	}
	return STUN
}

// ChannelData returns the application data of a TURN ChannelData message
// (RFC 8656 §12.4): a channel number of 0x4000 to 0x4FFF, a length, the data,
// and up to three octets of padding.
func ChannelData(b []byte) ([]byte, bool) {
	if len(b) < channelHead || b[0]>>4 != 4 {
		return nil, false
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if rest := len(b) - channelHead - n; rest < 0 || rest > 3 {
		return nil, false
	}
	return b[channelHead : channelHead+n], true
}

const channelHead = 4 // channel number 2, length 2
