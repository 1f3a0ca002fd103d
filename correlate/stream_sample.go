package correlate

import (
	"math"
	"strings"

	sound "sipsniff/internal/audio"
)

// Sampled is how silent a stream of G.711 in clear is, by one packet every half
// a second. Config.Levels measures all of them.
type Sampled struct {
	Packets uint16 // that were looked at
	Silent  uint16 // of those, below −50 dBov
	Digital uint16 // of those, in which nothing moves: silence made by a machine
}

const (
	sampleStep  = 7 // octets from one that is looked at to the next, so that it falls into step with no tone
	leastSample = 80

	silentSquare = 103.6 * 103.6 // mean square of −50 dBov, of 32768 (spec §5.9)
	digitalLimit = 8             // the smallest value of A-law
)

// sample looks at the sound of a packet, its header in t.header.
func (t *streamTable) sample(f *flow, b []byte) {
	u := &f.pulse
	law := sound.MuLaw()
	switch f.format.law {
	case lawless:
		return
	case lawA:
		law = sound.ALaw()
	}
	if f.secure || u.samples == math.MaxUint16 {
		return
	}
	from, to := t.header.PayloadOffset, t.header.PayloadOffset+t.header.PayloadLength
	if to > len(b) || to-from < leastSample {
		return
	}
	sum, n, moves := 0.0, 0, false
	first := b[from]
	for i := from; i < to; i += sampleStep {
		v := float64(law[b[i]])
		sum += v * v
		moves = moves || b[i] != first || math.Abs(v) > digitalLimit
		n++
	}
	u.samples++
	if sum < silentSquare*float64(n) {
		u.silent++
	}
	if !moves {
		t.oddOf(f).digital++
	}
}

// A law is what the octets of G.711 mean.
type law uint8

const (
	lawless law = iota // another codec
	lawA
	lawMu
)

func lawOf(name string) law {
	switch {
	case strings.EqualFold(name, "PCMA"):
		return lawA
	case strings.EqualFold(name, "PCMU"):
		return lawMu
	}
	return lawless
}
