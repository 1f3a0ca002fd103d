package detect

import "sipsniff/decode/sdp"

// fit is how the payload lengths suit a codec.
type fit uint8

const (
	wrong fit = iota
	likely
	exact // there is hardly anything else that has such lengths and timestamps
)

// tags are what SRTP may add to a payload: nothing, or its tags (RFC 3711,
// RFC 7714), with or without a master key identifier of four octets.
var tags = [...]int{0, 4, 8, 10, 14, 16, 20}

// fits holds the lengths of a flow against a static codec (appendix B).
func (f *facts) fits(c *sdp.Codec) fit {
	if f.lengths[1] == 0 || f.usualCount*2 < f.packets && c.ClockRate != 90000 {
		return wrong
	}
	switch c.Name {
	case "PCMU", "PCMA", "G722":
		return f.perTick(1, 1, 0)
	case "L16":
		return f.perTick(2*int64(c.Channels), 1, 0)
	case "DVI4":
		return f.perTick(1, 2, 4)
	case "GSM":
		return f.perFrame(33, 160)
	case "G729":
		return f.perFrame(10, 80)
	case "G728":
		return f.perFrame(5, 20)
	case "LPC":
		return f.perFrame(7, 160)
	case "G723":
		return max(f.perFrame(24, 240), f.perFrame(20, 240))
	case "QCELP":
		return f.upTo(1000)
	case "MP2T":
		if f.transport*10 >= f.packets*9 {
			return exact
		}
		return wrong
	case "MPA":
		switch f.usual { // 1152 samples at 44.1, 48 and 32 kHz, in ticks of 90 kHz
		case 2351, 2160, 3240:
			return exact
		}
		return f.upTo(1 << 16)
	case "JPEG", "H261", "H263", "MPV":
		return f.upTo(1 << 16)
	}
	return wrong // CelB and nv are not in use
}

// perTick expects octets = ticks·n/d + more, and perhaps the tag of SRTP.
func (f *facts) perTick(n, d, more int64) fit {
	for _, tag := range tags {
		if f.usual > 0 && int64(f.length-tag) == f.usual*n/d+more {
			return exact
		}
	}
	return wrong
}

// perFrame expects whole frames of so many octets, each of so many ticks.
func (f *facts) perFrame(octets int, ticks int64) fit {
	for _, tag := range tags {
		n := f.length - tag
		if n > 0 && n%octets == 0 && f.usual == int64(n/octets)*ticks {
			return exact
		}
	}
	return wrong
}

func (f *facts) upTo(octets int) fit {
	if f.lengths[0] > 0 && f.lengths[1] <= octets {
		return likely
	}
	return wrong
}
