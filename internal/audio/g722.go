package audio

import "strings"

// A G722 decodes ITU-T G.722: two bands of adaptive differential PCM, the
// names of variables and blocks are those of the Recommendation.
type G722 struct {
	bits      int // of an octet that are sound: 8, 7 or 6 for 64, 56 or 48 kbit/s
	low, high g722Band
	x         [24]int32 // history of the synthesis filter
}

const g722Rate = 16000

// g722Bits reads the mode of a description; RFC 3551 has 64 kbit/s only, what
// others write is bitrate=56000.
func g722Bits(parameters string) int {
	switch p := strings.ReplaceAll(parameters, " ", ""); {
	case strings.Contains(p, "bitrate=56000"):
		return 7
	case strings.Contains(p, "bitrate=48000"):
		return 6
	}
	return 8
}

// NewG722 returns a decoder in its first state; bits is 8, 7 or 6.
func NewG722(bits int) *G722 {
	return &G722{bits: bits, low: g722Band{det: 32}, high: g722Band{det: 8}}
}

// Rate implements Decoder.
func (*G722) Rate() int { return g722Rate }

// Decode implements Decoder: an octet is two samples.
func (d *G722) Decode(dst []int16, payload []byte) ([]int16, error) {
	for _, c := range payload {
		low, high := d.lower(int32(c)), d.higher(int32(c>>6))
		copy(d.x[:], d.x[2:])
		d.x[22], d.x[23] = low+high, low-high
		var one, two int32
		for i, c := range &g722QMF {
			two += d.x[2*i] * c
			one += d.x[2*i+1] * g722QMF[11-i]
		}
		dst = append(dst, saturated(one>>11), saturated(two>>11))
	}
	return dst, nil
}

// lower decodes the lower band of an octet: blocks 2L, 3L, 5L and 6L. The bits
// of data besides sound are the last of the octet (table 2/G.722).
func (d *G722) lower(c int32) int32 {
	var level int32
	switch d.bits {
	case 7:
		level = g722Q5[c>>1&31]
	case 6:
		level = g722Q4[c>>2&15]
	default:
		level = g722Q6[c&63]
	}
	b := &d.low
	r := limited(b.s+b.det*level>>15, -16384, 16383)
	il := c >> 2 & 15
	dl := b.det * g722Q4[il] >> 15
	b.scale(g722WL[g722RL42[il]], 18432, 8)
	b.predict(dl)
	return r
}

// higher decodes the higher band: blocks 2H, 3H, 5H and 6H.
func (d *G722) higher(ih int32) int32 {
	b := &d.high
	dh := b.det * g722Q2[ih] >> 15
	r := limited(b.s+dh, -16384, 16383)
	b.scale(g722WH[g722RH2[ih]], 22528, 10)
	b.predict(dh)
	return r
}

// A g722Band is the memory of one band.
type g722Band struct {
	s, sz   int32
	r, p, a [3]int32
	d, b    [7]int32
	nb, det int32
}

// scale adapts the quantizer: LOGSCL and SCALEL, or LOGSCH and SCALEH.
func (n *g722Band) scale(weight, most int32, shift int32) {
	n.nb = limited(n.nb*127>>7+weight, 0, most)
	v := g722ILB[n.nb>>6&31]
	if shift -= n.nb >> 11; shift < 0 {
		v <<= -shift
	} else {
		v >>= shift
	}
	n.det = v << 2
}

// predict is block 4: it takes the difference signal in and foretells the
// next sample.
func (n *g722Band) predict(d int32) {
	n.d[0] = d
	n.r[0] = clipped(n.s + d)
	n.p[0] = clipped(n.sz + d)
	a1, a2 := n.poles()
	n.zeros()
	for i := 6; i > 0; i-- {
		n.d[i] = n.d[i-1]
	}
	n.r[2], n.r[1] = n.r[1], n.r[0]
	n.p[2], n.p[1] = n.p[1], n.p[0]
	n.a[1], n.a[2] = a1, a2

	sp := clipped(a1*clipped(2*n.r[1])>>15 + a2*clipped(2*n.r[2])>>15)
	n.sz = 0
	for i := 6; i > 0; i-- {
		n.sz += n.b[i] * clipped(2*n.d[i]) >> 15
	}
	n.sz = clipped(n.sz)
	n.s = clipped(sp + n.sz)
}

// poles adapts the two coefficients of UPPOL1 and UPPOL2.
func (n *g722Band) poles() (a1, a2 int32) {
	same := func(i int) bool { return n.p[0]>>15 == n.p[i]>>15 }
	w := clipped(4 * n.a[1])
	if same(1) {
		w = -w
	}
	a2 = min(w, 32767)>>7 + n.a[2]*32512>>15
	if same(2) {
		a2 += 128
	} else {
		a2 -= 128
	}
	a2 = limited(a2, -12288, 12288)
	a1 = n.a[1] * 32640 >> 15
	if same(1) {
		a1 += 192
	} else {
		a1 -= 192
	}
	most := clipped(15360 - a2)
	return limited(clipped(a1), -most, most), a2
}

// zeros adapts the six coefficients of UPZERO.
func (n *g722Band) zeros() {
	for i := 1; i <= 6; i++ {
		var w int32
		switch {
		case n.d[0] == 0:
		case n.d[i]>>15 == n.d[0]>>15:
			w = 128
		default:
			w = -128
		}
		n.b[i] = clipped(w + n.b[i]*32640>>15)
	}
}

func limited(v, least, most int32) int32 { return max(least, min(v, most)) }

func clipped(v int32) int32 { return limited(v, -32768, 32767) }

func saturated(v int32) int16 { return int16(clipped(v)) }

// The tables of G.722.
//
//nolint:gochecknoglobals // constants
var (
	g722WL   = [8]int32{-60, -30, 58, 172, 334, 538, 1198, 3042}
	g722RL42 = [16]int32{0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0}
	g722WH   = [3]int32{0, -214, 798}
	g722RH2  = [4]int32{2, 1, 2, 1}
	g722ILB  = [32]int32{
		2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
		2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
	}
	g722Q2 = [4]int32{-7408, -1616, 7408, 1616}
	g722Q4 = [16]int32{0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0}
	g722Q5 = [32]int32{
		-280, -280, -23352, -17560, -14120, -11664, -9752, -8184, -6864, -5712, -4696, -3784, -2960, -2208, -1520, -880,
		23352, 17560, 14120, 11664, 9752, 8184, 6864, 5712, 4696, 3784, 2960, 2208, 1520, 880, 280, -280,
	}
	g722Q6 = [64]int32{
		-136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
		-7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
		24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
		4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
	}
	g722QMF = [12]int32{3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11}
)
