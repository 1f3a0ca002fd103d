package audio

import (
	"math"
	"strings"
)

// The rules of spec §5.9.
const (
	SilentBelow  = -50.0 // dBov of a frame
	Floor        = -127.0
	clippedShare = 100 // a second is clipped when more than one sample of so many is at the limit
	digitalLimit = 8   // the smallest value of A-law; that of µ-law is 0
)

// Levels is how loud something was, in frames of 20 ms.
type Levels struct {
	Frames         int
	Silent         int     // frames below −50 dBov
	Digital        int     // frames in which nothing moves: silence made by a machine
	Mean           float64 // dBov of all samples; meaningful iff Frames > 0
	Active         float64 // dBov of the frames that are not silent; meaningful iff Silent < Frames
	Peak           int     // largest absolute value
	Seconds        int     // begun
	ClippedSeconds int     // of which more than 1 % of the samples are at the limit
}

// A Meter measures samples as they come.
type Meter struct {
	frame, second int // samples
	limit         int32
	levels        Levels

	n           int   // samples in this frame
	energy      int64 // sum of their squares
	least, most int32 // of their absolute values
	all, active float64

	inSecond, clipped int
}

// FullScale is the largest value that a codec can say.
func FullScale(codec string) int {
	switch strings.ToUpper(codec) {
	case "PCMU":
		return 32124
	case "PCMA":
		return 32256
	}
	return math.MaxInt16
}

// NewMeter measures samples at a rate, of a codec that can say up to limit.
func NewMeter(rate, limit int) *Meter {
	return &Meter{frame: max(rate/50, 1), second: max(rate, 1), limit: int32(limit)}
}

// Rate is that of the samples.
func (m *Meter) Rate() int { return m.second }

// Add measures samples, and reports of each frame that they complete whether
// it was silent.
func (m *Meter) Add(samples []int16, frame func(silent bool)) {
	for len(samples) > 0 {
		n := min(len(samples), m.frame-m.n, m.second-m.inSecond)
		m.run(samples[:n])
		samples = samples[n:]
		if m.n == m.frame {
			silent := m.endFrame()
			if frame != nil {
				frame(silent)
			}
		}
		if m.inSecond == m.second {
			m.endSecond()
		}
	}
}

// run measures samples within a frame and a second.
func (m *Meter) run(samples []int16) {
	least, most, energy := m.least, m.most, int64(0)
	if m.n == 0 {
		least, most = math.MaxInt32, 0
	}
	for _, s := range samples {
		v := int32(s)
		energy += int64(v * v)
		v = max(v, -v)
		least, most = min(least, v), max(most, v)
	}
	if most >= m.limit {
		for _, s := range samples {
			if max(int32(s), -int32(s)) >= m.limit {
				m.clipped++
			}
		}
	}
	m.least, m.most = least, most
	m.energy += energy
	m.n += len(samples)
	m.inSecond += len(samples)
}

func (m *Meter) endSecond() {
	m.levels.Seconds++
	if m.clipped*clippedShare > m.inSecond {
		m.levels.ClippedSeconds++
	}
	m.inSecond, m.clipped = 0, 0
}

func (m *Meter) endFrame() (silent bool) {
	energy := float64(m.energy)
	m.levels.Frames++
	silent = dBov(energy/float64(m.n)) < SilentBelow
	if silent {
		m.levels.Silent++
	} else {
		m.active += energy
	}
	if m.least == m.most && m.most <= digitalLimit {
		m.levels.Digital++
	}
	m.levels.Peak = max(m.levels.Peak, int(m.most))
	m.all += energy
	m.n, m.energy = 0, 0
	return silent
}

// Levels is what was measured so far, in whole frames.
func (m *Meter) Levels() Levels {
	l := m.levels
	if l.Frames > 0 {
		l.Mean = dBov(m.all / float64(l.Frames*m.frame))
	}
	if n := l.Frames - l.Silent; n > 0 {
		l.Active = dBov(m.active / float64(n*m.frame))
	}
	if m.inSecond > 0 { // a second that was cut off counts as one
		l.Seconds++
		if m.clipped*clippedShare > m.inSecond {
			l.ClippedSeconds++
		}
	}
	return l
}

// DBov is the level of a sample, or of a square wave of its value.
func DBov(value float64) float64 { return dBov(value * value) }

// dBov is the level of a mean square, against a square wave of full scale
// (RFC 6464 §3).
func dBov(meanSquare float64) float64 {
	if meanSquare <= 0 {
		return Floor
	}
	return max(Floor, 10*math.Log10(meanSquare/(32768*32768)))
}
