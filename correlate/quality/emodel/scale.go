package emodel

import "math"

// A Scale is what a rating is measured on. MOS values of different scales are
// not comparable.
type Scale uint8

// The scales of G.107, G.107.1 and G.107.2.
const (
	NarrowBand Scale = iota // R 0 to 100
	WideBand                // R 0 to 129
	FullBand                // R 0 to 148
	scales
)

// scaleFacts are the constants of one scale.
type scaleFacts struct {
	name    string
	rating  float64 // R without any impairment
	ceiling float64 // what Ie,eff tends to when everything is lost
	stretch float64 // of the delay impairment and of R before it becomes a MOS
}

// The constants, by Scale (spec Appendix F). Narrow band rounds its default
// rating of 93.206 as the Recommendation does.
var facts = [scales]scaleFacts{
	NarrowBand: {"NB", 93.2, 95, 1},
	WideBand:   {"WB", 129, 95, 1.29},
	FullBand:   {"FB", 148, 132, 1.48},
}

// String returns "NB", "WB" or "FB".
func (s Scale) String() string { return facts[s%scales].name }

// MOS is the score of a rating on this scale.
func (s Scale) MOS(r float64) float64 { return MOS(r / facts[s%scales].stretch) }

// Best is the rating of speech without any impairment.
func (s Scale) Best() float64 { return facts[s%scales].rating }

// A Codec is the impairment of a codec on one scale: Ie without loss, and Bpl,
// its robustness against loss.
type Codec struct {
	Scale   Scale
	Ie, Bpl float64
}

// burstBpl is the least robustness for which G.113 lets bursts count: codecs
// that conceal losses well.
const burstBpl = 16

// Impairment is Ie,eff for a share of lost packets in percent and the burst
// ratio of the losses (7-29). The burst ratio counts on the narrow-band scale
// and for robust codecs only (spec §6.3); it is clamped to 1…8.
func (c Codec) Impairment(lossPercent, burstRatio float64) float64 {
	if lossPercent <= 0 {
		return c.Ie
	}
	burstR := 1.0
	if c.Scale == NarrowBand && c.Bpl >= burstBpl {
		burstR = min(max(burstRatio, 1), 8)
	}
	return c.Ie + (facts[c.Scale%scales].ceiling-c.Ie)*lossPercent/(lossPercent/burstR+c.Bpl)
}

// Listening is the rating without delay, R_LQ (spec §6.3 to §6.5): what one
// side heard, however late.
func (c Codec) Listening(ieff float64) float64 { return c.clamp(c.Scale.Best() - ieff) }

// A DelayModel says how delay takes from a rating.
type DelayModel uint8

// The delay models of spec §6.3.
const (
	DelayG107     DelayModel = iota // with talker and listener echo, the default
	DelayEchoFree                   // perfect echo control
	DelayClassic                    // the two straight lines that other tools use
)

// The classic model: R falls by 0.024 a ms, and beyond the knee by 0.11 more.
const (
	classicSlope = 0.024
	classicMore  = 0.11
	classicKnee  = 177.3
)

// Conversational is the rating with a one-way delay in ms, R_CQ.
func (c Codec) Conversational(ieff, delay float64, model DelayModel) float64 {
	return c.clamp(c.conversational(ieff, delay, model))
}

func (c Codec) conversational(ieff, delay float64, model DelayModel) float64 {
	f := facts[c.Scale%scales]
	switch model {
	case DelayEchoFree:
		return f.rating - f.stretch*PureDelay(delay) - ieff
	case DelayClassic:
		return f.rating - f.stretch*(classicSlope*delay+classicMore*max(delay-classicKnee, 0)) - ieff
	}
	p := delayed(delay)
	switch c.Scale {
	case WideBand:
		return f.rating - p.wideDelay() - ieff
	case FullBand: // G.107.2 gives no echo terms; see DelayEchoFree
		return f.rating - f.stretch*PureDelay(delay) - ieff
	}
	return p.SignalToNoise() - p.Simultaneous() - p.Delay() - ieff
}

func (c Codec) clamp(r float64) float64 { return min(max(r, 0), facts[c.Scale%scales].stretch*100) }

// wideNoise is Nfor on the wide-band scale in dBmp (G.107.1).
const wideNoise = -96

// wideDelay is Id,WB of G.107.1: echo with its correction K, and 1.29 times
// the impairment of pure delay.
func (p *Path) wideDelay() float64 {
	quiet := *p
	quiet.Nfor = wideNoise
	k := 18.0
	if p.T < 100 {
		k = 0.08*p.T + 10
	}
	terv := p.TELR + k - 40*lg((1+p.T/10)/(1+p.T/150)) + 6*math.Exp(-0.3*p.T*p.T)
	idte := quiet.echo(-1.5*(quiet.Noise()-p.RLR), 80+3*(terv-14))
	f := facts[WideBand]
	return idte + p.listenerEcho(f.rating) + f.stretch*PureDelay(p.Ta)
}

// Bridges between the scales: planning approximations (spec §6.6).
const (
	narrowToWide = 35.8 // Ie,WB - Ie,NB
	wideToFull   = 19   // Ie,FB - Ie,WB
)

// Common is the codec on the full-band scale, so that calls of different
// widths can stand in one column. bridged is false when that is its own scale.
func (c Codec) Common() (full Codec, bridged bool) {
	switch c.Scale {
	case NarrowBand:
		return Codec{FullBand, c.Ie + narrowToWide + wideToFull, c.Bpl}, true
	case WideBand:
		return Codec{FullBand, c.Ie + wideToFull, c.Bpl}, true
	}
	return c, false
}
