package press

// The samples of G.711, 16 bits wide (ITU-T G.711).
var (
	muLaw     = tableOf(expandMu)
	aLawTable = tableOf(expandA)
)

func tableOf(expand func(byte) int16) (t [256]int16) {
	for i := range t {
		t[i] = expand(byte(i))
	}
	return t
}

func expandMu(b byte) int16 {
	b = ^b
	v := (int16(b&0x0F)<<3+0x84)<<(b>>4&7) - 0x84
	if b&0x80 != 0 {
		return -v
	}
	return v
}

func expandA(b byte) int16 {
	b ^= 0x55
	v := int16(b&0x0F)<<4 + 8
	if exponent := b >> 4 & 7; exponent > 0 {
		v = (v + 0x100) << (exponent - 1)
	}
	if b&0x80 == 0 {
		return -v
	}
	return v
}
