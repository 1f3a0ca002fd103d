package press

import "math"

// The signals by which fax machines and modems know each other.
const (
	CNG = "CNG" // the caller: 1100 Hz, 0.5 s long, every 3.5 s (T.30 §4.1)
	CED = "CED" // the called one: 2100 Hz, 2.6 to 4 s long (T.30 §4.1); of modems too, as ANS (V.25) or ANSam (V.8)
)

// maxFaxTones is how many are kept of a stream.
const maxFaxTones = 16

// A FaxTone is a signal of a fax machine that was heard in the sound.
type FaxTone struct {
	Name      string // CNG or CED
	Frame     int
	At        int64 // when it began, by the arrival of its packet, Unix ns
	Nanos     int64 // to its end so far, with the pauses of CNG
	Level     int   // dBov
	Times     int   // bursts of CNG; 1 of CED
	Reversals int   // of the phase of CED: it disables echo cancellers (V.25)
	Modulated bool  // CED swells at 15 Hz: ANSam (V.8)
}

// What makes a signal, in samples. Blocks make lengths uncertain by one.
const (
	faxGap    = 2 * block                // that may be missing in it
	shortCED  = rate                     // a second at least
	shortCNG  = rate*425/1000 - block    // 0.5 s ± 15 %
	longCNG   = rate*575/1000 + block    //
	shortRest = rate*2550/1000 - 2*block // 3 s ± 15 %
	longRest  = rate*3450/1000 + 2*block //

	faxLevel  = -43  // dBov at least
	faxPurity = 0.55 // of the power of a block that the tone has: a tone 15 Hz off keeps 0.6
	swelling  = 0.05 // standard deviation of the amplitude, of the mean: 20 % of ANSam leave 0.11
)

// faxCoefficients are those of 1100 Hz ± 38 Hz in steps, and of 2100 Hz.
var faxCoefficients = func() (c [4]float64) {
	for i, f := range [4]float64{1072, 1100, 1128, answer} {
		c[i] = 2 * math.Cos(2*math.Pi*f/rate)
	}
	return c
}()

// answer is the frequency of CED, in Hz.
const answer = 2100

var faxPower = math.Pow(10, faxLevel/10.0)

// A burst is one tone that goes on. Places are samples of the stream.
type burst struct {
	open       bool
	begin, end int64
	at         int64
	frame      int
	power      float64 // the most
}

// hear takes a block with the tone, and reports whether the tone began there.
func (u *burst) hear(t *Tones, power float64) (began bool) {
	began = !u.open
	if began {
		*u = burst{open: true, begin: t.place, at: t.at, frame: t.frame}
	}
	u.end, u.power = t.place+block, max(u.power, power)
	return began
}

// over reports whether a burst that is open ended before the block.
func (u *burst) over(t *Tones) bool { return u.open && t.place-u.end > faxGap }

func (u *burst) length() int64 { return u.end - u.begin }

func (u *burst) tone(name string) FaxTone {
	return FaxTone{Name: name, Frame: u.frame, At: u.at, Nanos: samplesNanos(u.length()), Level: int(math.Round(decibels(u.power))), Times: 1}
}

func samplesNanos(n int64) int64 { return n * 1e9 / rate }

// A faxEar listens for the signals of fax machines.
type faxEar struct {
	calling  burst
	before   burst // of CNG, that ended; open when there is one
	rhythm   int   // 1 + place in list of the CNG that goes on, 0 for none
	answered burst
	answer   int // likewise, of CED
	wave
	list []FaxTone
}

// listen judges the block of samples at hand.
func (e *faxEar) listen(t *Tones, total float64) {
	if e.calling.over(t) {
		e.endCall()
	}
	if e.answered.over(t) {
		e.answered.open = false
	}
	if total < faxPower {
		return
	}
	var power [4]float64
	t.goertzels(&power, &faxCoefficients)
	if p := max(power[0], power[1], power[2]); p > faxPurity*total {
		e.calling.hear(t, p)
	} else if power[3] > faxPurity*total {
		e.hearAnswer(t, power[3])
	}
}

// endCall takes a burst of 1100 Hz that ended: two in the rhythm of CNG make it.
func (e *faxEar) endCall() {
	u := e.calling
	e.calling.open = false
	if n := u.length(); n < shortCNG || n > longCNG {
		return
	}
	rest := u.begin - e.before.end
	follows := e.before.open && rest >= shortRest && rest <= longRest
	switch {
	case !follows:
		e.rhythm = 0
	case e.rhythm == 0:
		e.rhythm = e.add(e.before.tone(CNG))
	}
	if follows && e.rhythm > 0 {
		c := &e.list[e.rhythm-1]
		c.Times++
		c.Nanos += samplesNanos(u.end - e.before.end)
		c.Level = max(c.Level, int(math.Round(decibels(u.power))))
	}
	e.before = u
}

// hearAnswer takes a block of 2100 Hz.
func (e *faxEar) hearAnswer(t *Tones, power float64) {
	u := &e.answered
	if u.hear(t, power) {
		e.answer, e.wave = 0, wave{}
	}
	e.follow(t, power)
	if u.length() < shortCED {
		return
	}
	if e.answer == 0 {
		e.answer = e.add(u.tone(CED))
	}
	if e.answer > 0 {
		c := &e.list[e.answer-1]
		*c = u.tone(CED)
		c.Reversals, c.Modulated = e.reversals, e.modulated()
	}
}

// add returns the place of a tone in the list plus 1, -1 when there is no room.
func (e *faxEar) add(tone FaxTone) int {
	if len(e.list) == maxFaxTones {
		return -1
	}
	e.list = append(e.list, tone)
	return len(e.list)
}

// FaxTones returns a copy of the signals of fax machines so far.
func (t *Tones) FaxTones() []FaxTone { return append([]FaxTone(nil), t.fax.list...) }
