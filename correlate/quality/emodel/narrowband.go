package emodel

import "math"

// A Path is the parameters of G.107 Table 3 for one direction of speech.
// DefaultPath has the defaults of the Recommendation.
type Path struct {
	SLR, RLR   float64 // dB, sending and receiving loudness rating
	STMR, LSTR float64 // dB, sidetone masking and listener's sidetone rating
	Ds         float64 // D-value of the telephone, sending side
	TELR       float64 // dB, talker echo loudness rating
	WEPL       float64 // dB, weighted echo path loss
	T, Tr, Ta  float64 // ms, one-way delay of the echo path, round trip in the 4-wire loop, absolute one-way delay
	QDU        float64 // quantization distortion units
	Nc         float64 // dBm0p, circuit noise
	Nfor       float64 // dBmp, noise floor at the receiving side
	Ps, Pr     float64 // dB(A), room noise at the sending and the receiving side
	Advantage  float64 // A
}

// DefaultPath returns the defaults of G.107 Table 3.
func DefaultPath() Path {
	return Path{SLR: 8, RLR: 2, STMR: 15, LSTR: 18, Ds: 3, TELR: 65, WEPL: 110, QDU: 1, Nc: -70, Nfor: -64, Ps: 35, Pr: 35}
}

// delayed is the default path with a one-way delay in ms and an echo path of
// the same length.
func delayed(ta float64) Path {
	p := DefaultPath()
	p.T, p.Tr, p.Ta = ta, 2*ta, ta
	return p
}

func lg(x float64) float64 { return math.Log10(x) }

func power(x float64) float64 { return math.Pow(10, x/10) }

// Noise is No, the sum of all noise at the 0 dBr point in dBm0p (7-3 to 7-7).
func (p *Path) Noise() float64 {
	olr := p.SLR + p.RLR
	nos := p.Ps - p.SLR - p.Ds - 100 + 0.004*math.Pow(p.Ps-olr-p.Ds-14, 2)
	pre := p.Pr + 10*lg(1+power(10-p.LSTR))
	nor := p.RLR - 121 + pre + 0.008*math.Pow(pre-35, 2)
	nfo := p.Nfor + p.RLR
	return 10 * lg(power(p.Nc)+power(nos)+power(nor)+power(nfo))
}

// SignalToNoise is Ro, the basic signal-to-noise ratio (7-2).
func (p *Path) SignalToNoise() float64 { return 15 - 1.5*(p.SLR+p.Noise()) }

// Simultaneous is Is, the impairments that occur with the voice (7-8 to 7-17).
func (p *Path) Simultaneous() float64 {
	return p.loudness() + p.sidetone() + p.quantization()
}

// loudness is Iolr, for a connection that is too loud (7-9, 7-10).
func (p *Path) loudness() float64 {
	x := (p.SLR + p.RLR + 0.2*(64+p.Noise()-p.RLR)) / 8
	return 20 * (math.Pow(1+math.Pow(x, 8), 1.0/8) - x)
}

// sidetone is Ist, for a sidetone that is not the best (7-11, 7-12).
func (p *Path) sidetone() float64 {
	stmro := -10 * lg(power(-p.STMR)+math.Exp(-p.T/4)*power(-p.TELR))
	term := func(factor, offset, scale, power float64) float64 {
		return factor * math.Pow(1+math.Pow(math.Abs((stmro+offset)/scale), power), 1/power)
	}
	return term(12, -13, 6, 8) - term(28, 1, 19.4, 35) - term(13, -3, 33, 13) + 29
}

// quantization is Iq (7-13 to 7-17).
func (p *Path) quantization() float64 {
	q := 37 - 15*lg(p.QDU)
	g := 1.07 + 0.258*q + 0.0602*q*q
	y := (p.SignalToNoise()-100)/15 + 46/8.4 - g/9
	z := 46.0/30 - g/40
	return 15 * lg(1+math.Pow(10, y)+math.Pow(10, z))
}

// Delay is Id, the impairments that delay causes: talker echo, listener echo
// and, beyond 100 ms, delay as such (7-18).
func (p *Path) Delay() float64 {
	return p.talkerEcho() + p.listenerEcho(p.SignalToNoise()) + PureDelay(p.Ta)
}

// talkerEcho is Idte (7-19 to 7-24).
func (p *Path) talkerEcho() float64 {
	terv := p.TELR - 40*lg((1+p.T/10)/(1+p.T/150)) + 6*math.Exp(-0.3*p.T*p.T)
	if p.STMR < 9 {
		terv += p.sidetone() / 2
	}
	idte := p.echo(-1.5*(p.Noise()-p.RLR), 80+2.5*(terv-14))
	if p.STMR > 20 {
		ist := p.sidetone()
		idte = math.Sqrt(idte*idte + ist*ist)
	}
	return idte
}

// echo is the form that (7-19) has for both widths of speech. It is nothing
// below 1 ms, and never negative (spec §6.2).
func (p *Path) echo(roe, re float64) float64 {
	if p.T < 1 {
		return 0
	}
	d := (roe - re) / 2
	return max((d+math.Sqrt(d*d+100)-1)*(1-math.Exp(-p.T)), 0)
}

// listenerEcho is Idle, for a signal-to-noise ratio of ro (7-25, 7-26).
func (p *Path) listenerEcho(ro float64) float64 {
	rle := 10.5 * (p.WEPL + 7) * math.Pow(p.Tr+1, -0.25)
	d := (ro - rle) / 2
	return d + math.Sqrt(d*d+169)
}

// PureDelay is Idd, for a one-way delay in ms with perfect echo control and
// default sensitivity to delay (7-27, 7-28).
func PureDelay(ta float64) float64 {
	const mT = 100
	if ta <= mT {
		return 0
	}
	x := lg(ta/mT) / lg(2)
	return 25 * (math.Pow(1+math.Pow(x, 6), 1.0/6) - 3*math.Pow(1+math.Pow(x/3, 6), 1.0/6) + 2)
}

// Rating is R with the impairment of the equipment that ieff is (7-1).
func (p *Path) Rating(ieff float64) float64 {
	return p.SignalToNoise() - p.Simultaneous() - p.Delay() - ieff + p.Advantage
}
