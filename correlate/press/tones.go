package press

import (
	"math"

	"sipsniff/internal/audio"
)

const (
	rate      = 8000
	block     = 205                                        // samples that are judged at once: 25.6 ms
	keyBlocks = 2                                          // in a row that make a press
	gapBlocks = 2                                          // in a row without the tone that end it
	loudest   = -36                                        // dBov that both tones must exceed
	twistLow  = -8                                         // dB that the high tone may be below the low one
	twistHigh = 4                                          // and above it
	above     = 8                                          // dB of a tone above the others of its group
	harmonic  = 12                                         // dB of a tone above its second harmonic
	full      = 1 << 15                                    // full scale of a sample
	scale     = 2 / (float64(block) * block * full * full) // of a Goertzel power to the square of the RMS
)

// The tones of ITU-T Q.23, in Hz.
var (
	lows  = [4]float64{697, 770, 852, 941}
	highs = [4]float64{1209, 1336, 1477, 1633}
	keys  = [4]string{"123A", "456B", "789C", "*0#D"}
)

// coefficients are those of the eight tones, then those of their second
// harmonics.
var coefficients = func() (c [16]float64) {
	for i := range 8 {
		f := lows[i%4]
		if i >= 4 {
			f = highs[i%4]
		}
		c[i], c[i+8] = 2*math.Cos(2*math.Pi*f/rate), 2*math.Cos(4*math.Pi*f/rate)
	}
	return c
}()

// A Tone is a key that was heard in the sound.
type Tone struct {
	Key   byte
	Frame int
	At    int64 // when it began, by the arrival of its packet, Unix ns
	Nanos int64 // how long it sounded, to the next 25.6 ms
	Level int   // dBov of the louder tone
}

// Tones listens for keys in samples of 8 kHz (spec §5.10). The zero value is
// ready.
type Tones struct {
	samples [block]float64
	filled  int
	at      int64 // of the first sample in the block
	frame   int
	place   int64 // of that sample in the stream
	fax     faxEar

	heard      byte // of the latest blocks, 0 for none
	row        int  // how many in a row
	since      int64
	sinceFrame int
	level      int
	silent     int // blocks without the tone of the open press
	open       bool
	list       []Tone
	dropped    uint64
	next       uint32 // timestamp that goes on where the last packet ended
	behind     int64  // place of that sample
	started    bool
}

// Add takes a packet of G.711. One that came late is left out, and where some
// are missing the tone is interrupted.
func (t *Tones) Add(payload []byte, aLaw bool, timestamp uint32, arrival int64, frame int) {
	ahead := int32(timestamp - t.next)
	switch {
	case t.started && ahead < 0 && ahead > -rate:
		return
	case t.started && ahead != 0:
		t.interrupt()
		if ahead < 0 { // the timestamps began anew
			ahead = rate
		}
		t.behind += int64(ahead)
	}
	t.started, t.next = true, timestamp+uint32(len(payload))
	table := audio.MuLaw()
	if aLaw {
		table = audio.ALaw()
	}
	for i, b := range payload {
		if t.filled == 0 {
			t.at, t.frame, t.place = arrival+int64(i)*1e9/rate, frame, t.behind+int64(i)
		}
		t.samples[t.filled] = float64(table[b])
		if t.filled++; t.filled == block {
			t.filled = 0
			power := t.power()
			t.fax.listen(t, power)
			t.judged(t.judge(power))
		}
	}
	t.behind += int64(len(payload))
}

// interrupt begins anew after samples that are missing.
func (t *Tones) interrupt() {
	t.filled = 0
	t.heard, t.row, t.open = 0, 0, false
}

// judged takes what one block held: a key, or 0.
func (t *Tones) judged(key byte, level int) {
	if t.open && key == t.heard {
		t.silent = 0
		t.extend(level)
		return
	}
	if t.open {
		if t.silent++; t.silent < gapBlocks && key == 0 {
			return
		}
		t.open, t.heard, t.row = false, 0, 0
	}
	if key == 0 || key != t.heard {
		t.heard, t.row, t.since, t.sinceFrame, t.level = key, 0, t.at, t.frame, level
	}
	if key == 0 {
		return
	}
	t.level = max(t.level, level)
	if t.row++; t.row == keyBlocks {
		t.begin()
	}
}

const blockNanos = int64(block) * 1e9 / rate

func (t *Tones) begin() {
	t.open, t.silent = true, 0
	if len(t.list) == MaxPresses {
		t.dropped++
		return
	}
	t.list = append(t.list, Tone{Key: t.heard, Frame: t.sinceFrame, At: t.since, Nanos: keyBlocks * blockNanos, Level: t.level})
}

// extend makes the open press longer by a block.
func (t *Tones) extend(level int) {
	if t.dropped == 0 {
		k := &t.list[len(t.list)-1]
		k.Nanos += blockNanos
		k.Level = max(k.Level, level)
	}
}

// power is the mean square of the block, of full scale 1.
func (t *Tones) power() float64 {
	var total float64
	for _, s := range t.samples {
		total += s * s
	}
	return total / (block * full * full)
}

// judge is the key that sounds in the block of a power, 0 when none does.
func (t *Tones) judge(total float64) (key byte, level int) {
	if total < minPower { // too quiet for two tones
		return 0, 0
	}
	var power [8]float64
	t.goertzels((*[4]float64)(power[:4]), (*[4]float64)(coefficients[:4]))
	t.goertzels((*[4]float64)(power[4:]), (*[4]float64)(coefficients[4:8]))
	low, okLow := peak(power[:4])
	high, okHigh := peak(power[4:])
	if !okLow || !okHigh {
		return 0, 0
	}
	twist := decibels(power[4+high]) - decibels(power[low])
	if twist < twistLow || twist > twistHigh {
		return 0, 0
	}
	if t.hasHarmonic(power[:], low, 4+high) || t.hasHarmonic(power[:], 4+high, low) {
		return 0, 0
	}
	return keys[low][high], int(math.Round(max(decibels(power[low]), decibels(power[4+high]))))
}

// hasHarmonic reports whether a tone is not a pure one. What the other tone
// leaks into the place of the harmonic in so short a block is granted: 1336 Hz
// is near twice 697 Hz.
func (t *Tones) hasHarmonic(power []float64, tone, other int) bool {
	granted := math.Sqrt(power[tone]*math.Pow(10, -harmonic/10.0)) + math.Sqrt(power[other])*leaks[tone][other]
	return t.goertzel(coefficients[8+tone]) > granted*granted
}

// leaks is how much of the amplitude of one tone is found at the second
// harmonic of another: the Dirichlet kernel of a block.
var leaks = func() (l [8][8]float64) {
	all := append(lows[:], highs[:]...)
	for i := range l {
		for j := range l {
			x := math.Pi * math.Abs(2*all[i]-all[j]) / rate
			l[i][j] = math.Abs(math.Sin(block*x) / (block * math.Sin(x)))
		}
	}
	return l
}()

// minPower is the mean square of one tone of the least level, of full scale 1.
var minPower = math.Pow(10, loudest/10.0)

// goertzel is the square of the RMS of one frequency in the block, of full
// scale 1.
func (t *Tones) goertzel(coefficient float64) float64 {
	var a, b float64
	for _, s := range t.samples {
		a, b = s+coefficient*a-b, a
	}
	return (a*a + b*b - coefficient*a*b) * scale
}

// goertzels is goertzel of four frequencies at once, which takes little more
// time than one: the processor waits for the sum before.
func (t *Tones) goertzels(power, coefficient *[4]float64) {
	c0, c1, c2, c3 := coefficient[0], coefficient[1], coefficient[2], coefficient[3]
	var a0, b0, a1, b1, a2, b2, a3, b3 float64
	for _, s := range t.samples {
		a0, b0 = s+c0*a0-b0, a0
		a1, b1 = s+c1*a1-b1, a1
		a2, b2 = s+c2*a2-b2, a2
		a3, b3 = s+c3*a3-b3, a3
	}
	power[0] = (a0*a0 + b0*b0 - c0*a0*b0) * scale
	power[1] = (a1*a1 + b1*b1 - c1*a1*b1) * scale
	power[2] = (a2*a2 + b2*b2 - c2*a2*b2) * scale
	power[3] = (a3*a3 + b3*b3 - c3*a3*b3) * scale
}

// peak is the loudest of four tones; ok when it is loud enough and stands out.
func peak(power []float64) (loud int, ok bool) {
	for i := range power {
		if power[i] > power[loud] {
			loud = i
		}
	}
	level := decibels(power[loud])
	if level <= loudest {
		return loud, false
	}
	for i := range power {
		if i != loud && level-decibels(power[i]) < above {
			return loud, false
		}
	}
	return loud, true
}

func decibels(power float64) float64 { return 10 * math.Log10(max(power, 1e-12)) }

// Heard returns a copy of the keys so far, and how many more there was no
// room for.
func (t *Tones) Heard() (list []Tone, dropped uint64) {
	return append([]Tone(nil), t.list...), t.dropped
}

// Count is how many keys and signals of fax machines are kept.
func (t *Tones) Count() int { return len(t.list) + len(t.fax.list) }
