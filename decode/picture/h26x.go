package picture

import "encoding/binary"

// The types of NAL units of H.264 (RFC 6184 §5.4).
const (
	nalIDR   = 5
	nalSPS   = 7
	nalPPS   = 8
	nalSTAPA = 24
	nalSTAPB = 25
	nalFUA   = 28
	nalFUB   = 29
)

// h264 reads a payload of H.264: a NAL unit, several, or a piece of one.
func h264(b []byte) Facts {
	switch kind := b[0] & 0x1F; kind {
	case nalSTAPA:
		return aggregate(b[1:])
	case nalSTAPB:
		return aggregate(b[min(3, len(b)):])
	case nalFUA, nalFUB:
		if len(b) < 2 || b[1]&0x80 == 0 { // only the start tells the type
			return Facts{}
		}
		return Facts{Key: keyUnit(b[1] & 0x1F)}
	}
	return unit(b)
}

// aggregate reads NAL units with their lengths before them.
func aggregate(b []byte) (all Facts) {
	for len(b) > 2 {
		n := int(binary.BigEndian.Uint16(b))
		b = b[2:]
		if n == 0 {
			continue
		}
		f := unit(b[:min(n, len(b))])
		all.Key = all.Key || f.Key
		if f.Width != 0 {
			all.Width, all.Height = f.Width, f.Height
		}
		b = b[min(n, len(b)):]
	}
	return all
}

func unit(b []byte) Facts {
	kind := b[0] & 0x1F
	f := Facts{Key: keyUnit(kind)}
	if kind == nalSPS {
		f.Width, f.Height = sizeOfSPS(b[1:])
	}
	return f
}

// keyUnit reports whether a NAL unit comes with a key frame (spec §5.11).
func keyUnit(kind byte) bool { return kind == nalIDR || kind == nalSPS || kind == nalPPS }

// The types of NAL units of H.265 (RFC 7798 §4.4).
const (
	nal265AP      = 48
	nal265FU      = 49
	nal265KeyLow  = 16
	nal265KeyHigh = 21
)

// h265 reports whether a payload of H.265 has a unit of a key frame.
func h265(b []byte) bool {
	const header = 2
	switch kind := b[0] >> 1 & 0x3F; kind {
	case nal265AP:
		for b = b[min(header, len(b)):]; len(b) > 2; {
			n := int(binary.BigEndian.Uint16(b))
			if n > 0 && key265(b[2]>>1&0x3F) {
				return true
			}
			b = b[min(2+n, len(b)):]
		}
		return false
	case nal265FU:
		return len(b) > header && b[header]&0x80 != 0 && key265(b[header]&0x3F)
	default:
		return key265(kind)
	}
}

func key265(kind byte) bool { return kind >= nal265KeyLow && kind <= nal265KeyHigh }
