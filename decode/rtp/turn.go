package rtp

import "encoding/binary"

// Unwrap returns what a TURN message carries for or from a peer: ChannelData
// (RFC 8656 §12.4), or a Send or Data indication (§11). indication tells
// which. innerLength is the length of it on the wire, more than len(inner)
// when the capture cut it. wireLength is that of b.
func Unwrap(b []byte, wireLength int) (inner []byte, innerLength int, indication, ok bool) {
	wireLength = max(wireLength, len(b))
	if len(b) >= channelHead && b[0]>>4 == 4 {
		n := int(binary.BigEndian.Uint16(b[2:]))
		if rest := wireLength - channelHead - n; rest < 0 || rest > 3 {
			return nil, 0, false, false
		}
		return b[channelHead:min(channelHead+n, len(b))], n, false, true
	}
	method, class, ok := STUNType(b)
	if !ok || class != STUNIndication || method != turnSend && method != turnData {
		return nil, 0, false, false
	}
	inner, ok, innerLength = attribute(b, attributeData)
	return inner, innerLength, true, ok
}
