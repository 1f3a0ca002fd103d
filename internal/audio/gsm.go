package audio

// A GSM decodes GSM 06.10 full rate (ETSI EN 300 961 §5.3, in the fixed-point
// arithmetic of §5.3.1 to 5.3.7), whose names the variables have.
type GSM struct {
	dp   [160]int16 // 120 old samples of the residual, then the 40 of a subframe
	nrp  int16      // lag of the subframe before
	lar  [8]int16   // log area ratios of the frame before
	v    [9]int16   // of the lattice filter
	msr  int16      // of the de-emphasis
	wt   [160]int16
	bits bitReader
}

const (
	gsmRate      = 8000
	gsmFrame     = 33  // octets
	gsmSamples   = 160 // of a frame
	gsmSignature = 0xD // first four bits (RFC 3551 §4.5.8.1)
)

// NewGSM returns a decoder in its first state.
func NewGSM() *GSM { return &GSM{nrp: 40} }

// Rate implements Decoder.
func (*GSM) Rate() int { return gsmRate }

// Decode implements Decoder.
func (d *GSM) Decode(dst []int16, payload []byte) ([]int16, error) {
	for ; len(payload) >= gsmFrame; payload = payload[gsmFrame:] {
		d.bits = bitReader{b: payload[:gsmFrame]}
		if d.bits.next(4) != gsmSignature {
			return dst, ErrPayload
		}
		n := len(dst)
		dst = append(dst, make([]int16, gsmSamples)...)
		d.frame(dst[n:])
	}
	return dst, whole(len(payload), gsmFrame)
}

// frame decodes what the bits hold.
func (d *GSM) frame(s []int16) {
	var larc [8]int16
	for i, n := range [8]int{6, 6, 5, 5, 4, 4, 3, 3} {
		larc[i] = d.bits.next(n)
	}
	for j := range 4 {
		d.subframe(d.wt[40*j : 40*j+40])
	}
	d.shortTerm(&larc, s)
	for k, v := range s {
		d.msr = add16(v, multR(d.msr, 28180))
		s[k] = add16(d.msr, d.msr) &^ 7
	}
}

// subframe decodes five milliseconds of the residual: the pulses, and what
// repeats from up to 120 samples ago.
func (d *GSM) subframe(out []int16) {
	lag, gain, grid, xmaxc := d.bits.next(7), d.bits.next(2), d.bits.next(2), d.bits.next(6)
	var e [40]int16
	exponent, mantissa := gsmScale(xmaxc)
	factor := gsmFAC[mantissa]
	shift := 6 - exponent
	half := shiftLeft(1, shift-1)
	for i := range 13 {
		pulse := (d.bits.next(3)<<1 - 7) << 12
		e[int(grid)+3*i] = shiftRight(add16(multR(factor, pulse), half), shift)
	}
	if lag >= 40 && lag <= 120 {
		d.nrp = lag
	}
	old := d.dp[:]
	for k := range 40 {
		old[120+k] = add16(e[k], multR(gsmQLB[gain], old[120+k-int(d.nrp)]))
	}
	copy(out, old[120:])
	copy(old, old[40:])
}

// gsmScale reads the coded maximum of a subframe.
func gsmScale(xmaxc int16) (exponent, mantissa int16) {
	if xmaxc > 15 {
		exponent = xmaxc>>3 - 1
	}
	mantissa = xmaxc - exponent<<3
	if mantissa == 0 {
		return -4, 7
	}
	for mantissa <= 7 {
		mantissa = mantissa<<1 | 1
		exponent--
	}
	return exponent, mantissa - 8
}

// shortTerm is the lattice filter over a frame, whose coefficients slide from
// those of the frame before to those of this one.
func (d *GSM) shortTerm(larc *[8]int16, s []int16) {
	var now, rp [8]int16
	for i, c := range &gsmLAR {
		t := (larc[i] + c.mic) << 10
		t = multR(c.inva, sub16(t, c.b<<1))
		now[i] = add16(t, t)
	}
	for _, part := range [4]struct{ from, to int }{{0, 13}, {13, 27}, {27, 40}, {40, 160}} {
		for i := range rp {
			before, after := d.lar[i], now[i]
			v := after
			switch part.from {
			case 0:
				v = add16(add16(before>>2, after>>2), before>>1)
			case 13:
				v = add16(before>>1, after>>1)
			case 27:
				v = add16(add16(before>>2, after>>2), after>>1)
			}
			rp[i] = reflection(v)
		}
		d.lattice(&rp, d.wt[part.from:part.to], s[part.from:part.to])
	}
	d.lar = now
}

// reflection is the reflection coefficient of a log area ratio.
func reflection(lar int16) int16 {
	v := lar
	if v < 0 {
		v = sub16(0, v)
	}
	switch {
	case v < 11059:
		v <<= 1
	case v < 20070:
		v += 11059
	default:
		v = add16(v>>2, 26112)
	}
	if lar < 0 {
		return -v
	}
	return v
}

func (d *GSM) lattice(rp *[8]int16, wt, s []int16) {
	for k, sri := range wt {
		for i := 7; i >= 0; i-- {
			sri = sub16(sri, multR(rp[i], d.v[i]))
			d.v[i+1] = add16(d.v[i], multR(rp[i], sri))
		}
		s[k], d.v[0] = sri, sri
	}
}

func add16(a, b int16) int16 { return saturated(int32(a) + int32(b)) }
func sub16(a, b int16) int16 { return saturated(int32(a) - int32(b)) }

// multR is the rounded product of two fractions.
func multR(a, b int16) int16 { return saturated((int32(a)*int32(b) + 16384) >> 15) }

// shiftLeft shifts to the right for negative n; so does shiftRight the other way.
func shiftLeft(a, n int16) int16 {
	switch {
	case n >= 16:
		return 0
	case n < 0:
		return shiftRight(a, -n)
	}
	return a << n
}

func shiftRight(a, n int16) int16 {
	switch {
	case n >= 16:
		return a >> 15
	case n < 0:
		return shiftLeft(a, -n)
	}
	return a >> n
}

// A bitReader reads the bit of most weight first, and 0 behind the end.
type bitReader struct {
	b  []byte
	at int // bits
}

func (r *bitReader) next(n int) (v int16) {
	for range n {
		v <<= 1
		if i := r.at >> 3; i < len(r.b) {
			v |= int16(r.b[i] >> (7 - r.at&7) & 1)
		}
		r.at++
	}
	return v
}

// The tables of GSM 06.10: 4.1, 4.3 and 4.6 of the standard.
//
//nolint:gochecknoglobals // constants
var (
	gsmLAR = [8]struct{ b, mic, inva int16 }{
		{0, -32, 13107}, {0, -32, 13107}, {2048, -16, 13107}, {-2560, -16, 13107},
		{94, -8, 19223}, {-1792, -8, 17476}, {-341, -4, 31454}, {-1144, -4, 29708},
	}
	gsmQLB = [4]int16{3277, 11469, 21299, 32767}
	gsmFAC = [8]int16{18431, 20479, 22527, 24575, 26623, 28671, 30719, 32767}
)
