package audio

// muLaw and aLaw are the sixteen-bit values of the octets of ITU-T G.711.
var (
	muLaw = lawTable(muLawSample) //nolint:gochecknoglobals // constant
	aLaw  = lawTable(aLawSample)  //nolint:gochecknoglobals // constant
)

// MuLaw returns the sixteen-bit value of each octet of µ-law. It is shared and
// not to be written to.
func MuLaw() *[256]int16 { return &muLaw }

// ALaw is MuLaw for A-law.
func ALaw() *[256]int16 { return &aLaw }

func lawTable(of func(byte) int16) (t [256]int16) {
	for i := range t {
		t[i] = of(byte(i))
	}
	return t
}

// muLawSample decodes an octet of µ-law: all bits inverted, then the sign,
// three bits of exponent and four of mantissa (G.711 table 2a). Fourteen bits
// become sixteen.
func muLawSample(c byte) int16 {
	c = ^c
	v := (int16(c&15)<<3+0x84)<<(c>>4&7) - 0x84
	if c&0x80 != 0 {
		return -v
	}
	return v
}

// aLawSample decodes an octet of A-law: every other bit inverted (G.711 table
// 1a). Thirteen bits become sixteen.
func aLawSample(c byte) int16 {
	c ^= 0x55
	v := int16(c&15)<<4 + 8
	if exponent := c >> 4 & 7; exponent > 0 {
		v = (v + 0x100) << (exponent - 1)
	}
	if c&0x80 == 0 {
		return -v
	}
	return v
}

// A g711 decodes an octet a sample.
type g711 struct {
	rate, channels int
	table          *[256]int16
	samples        []int16
}

func (d *g711) Rate() int { return d.rate }

func (d *g711) Decode(dst []int16, payload []byte) ([]int16, error) {
	if d.channels == 1 {
		for _, c := range payload {
			dst = append(dst, d.table[c])
		}
		return dst, nil
	}
	d.samples = d.samples[:0]
	for _, c := range payload {
		d.samples = append(d.samples, d.table[c])
	}
	return mixed(dst, d.samples, d.channels), whole(len(payload), d.channels)
}

// whole reports a payload whose last frame is incomplete.
func whole(octets, frame int) error {
	if octets%frame != 0 {
		return ErrPayload
	}
	return nil
}
