package gen

import (
	"math"
	"math/bits"
)

// A codec is G.711 in one of its two forms.
type codec struct {
	name        string
	payloadType int
}

// codecOf is the codec of exchange n.
func (g *generator) codecOf(n int) codec {
	if g.o.Codec == "PCMU" || g.o.Codec == "" && n%2 == 0 {
		return codec{"PCMU", 0}
	}
	return codec{"PCMA", 8}
}

// tone is one second of a tone that swells and fades, so that audio of a
// generated call can be heard and seen; 440 Hz at 8000 Hz repeats each second.
func tone(encode func(int16) byte) []byte {
	const rate = 8000
	b := make([]byte, rate+samples)
	for i := range b {
		t := float64(i%rate) / rate
		b[i] = encode(int16(8000 * math.Sin(2*math.Pi*440*t) * math.Sin(math.Pi*t)))
	}
	return b
}

// muLaw encodes one sample (ITU-T G.711 table 2): sign, segment, step, all inverted.
func muLaw(sample int16) byte {
	v, sign := int(sample), byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, 32635) + 132
	segment := bits.Len(uint(v >> 8))
	return ^(sign | byte(segment)<<4 | byte(v>>(segment+3))&0x0f)
}

// aLaw encodes one sample (ITU-T G.711 table 1): sign, segment, step, every
// other bit inverted. Negative numbers are taken as ones' complement.
func aLaw(sample int16) byte {
	v, sign := int(sample), byte(0x80)
	if v < 0 {
		v, sign = ^v, 0
	}
	v >>= 4
	if v < 16 {
		return (sign | byte(v)) ^ 0x55
	}
	segment := bits.Len(uint(v)) - 4
	return (sign | byte(segment)<<4 | byte(v>>(segment-1))&0x0f) ^ 0x55
}
