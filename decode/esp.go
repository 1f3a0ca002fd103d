package decode

import "encoding/binary"

// encapsulatedSecurity counts an IPsec ESP packet or, when asked to, looks
// whether it was sent with NULL encryption (RFC 2410), as IP telephony in
// mobile networks is:
//
//	SPI 4, sequence 4, payload, padding 0–255, padding length 1,
//	next header 1, integrity check value
//
// Nothing says how long the check value is, so the usual lengths are tried
// until padding and payload agree with it.
func (d *Decoder) encapsulatedSecurity(b []byte, wire int) {
	if d.config.ESPNull && len(b) == wire && len(b) > 8 {
		for _, check := range [...]int{12, 16, 0, 8, 24, 32} {
			if payload, next, ok := espPayload(b[8:], check); ok {
				if d.enter(tunnelESP) {
					d.transport(next, payload, len(payload))
				}
				return
			}
		}
	}
	d.recognise(b)
	d.drop(esp)
}

// espPayload takes the trailer off, which must be as RFC 4303 §2.4 wants it:
// padding octets count up from 1.
func espPayload(b []byte, check int) (payload []byte, next uint8, ok bool) {
	end := len(b) - check - 2
	if end < 0 {
		return nil, 0, false
	}
	padding := int(b[end])
	if padding > end {
		return nil, 0, false
	}
	for i := range padding {
		if b[end-padding+i] != uint8(i+1) {
			return nil, 0, false
		}
	}
	payload, next = b[:end-padding], b[end+1]
	return payload, next, espPlausible(next, payload)
}

// espPlausible reports whether a payload is what its next header says.
func espPlausible(next uint8, b []byte) bool {
	switch next {
	case protocolUDP:
		return len(b) >= 8 && int(binary.BigEndian.Uint16(b[4:])) == len(b)
	case protocolTCP:
		header := 0
		if len(b) >= 20 {
			header = int(b[12]>>4) * 4
		}
		return header >= 20 && header <= len(b) && b[12]&0x0e == 0
	case protocolIPv4:
		return len(b) >= 20 && b[0]>>4 == 4 && int(binary.BigEndian.Uint16(b[2:])) == len(b)
	case protocolIPv6:
		return len(b) >= 40 && b[0]>>4 == 6 && int(binary.BigEndian.Uint16(b[4:]))+40 == len(b)
	}
	return false
}
