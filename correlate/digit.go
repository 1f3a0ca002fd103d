package correlate

import (
	"cmp"
	"slices"
	"strings"

	"sipsniff/correlate/press"
	"sipsniff/decode/dtmf"
	"sipsniff/decode/sip"
)

// The ways that keys come.
const (
	DigitEvent  = "rfc4733"
	DigitInfo   = "info"
	DigitInband = "inband"
)

// A Digit is one press of a key, or a tone that a machine makes.
type Digit struct {
	Source    string // DigitEvent, DigitInfo, DigitInband
	Key       string // "5", "#"; "!" is a press of the hook. Of a machine its name: "CNG"
	Machine   bool   // no key
	At        int64  // Unix ns
	Last      int64  // of its latest packet
	Duration  int64  // ns; negative when unknown
	Volume    int    // dBm0 of an event, dBov in the sound; meaningful iff HasVolume
	HasVolume bool

	FromCaller bool
	Frame      int
	Stream     int // ID; 0 of SIP INFO

	Ended   bool // its end was seen, or there is none to see
	Doubled bool // the same key again less than 40 ms after
	Again   bool // the same press by another way or another stream
}

const (
	// noEndAfter is how long after its last packet a key counts as one whose
	// end is missing: three packets of 20 ms (spec §5.10).
	noEndAfter = 60 * 1e6
	// samePress is how near the same key by another way is the same press.
	samePress = 200 * 1e6
	// maxInfo is how many keys of SIP INFO are kept of a call.
	maxInfo = 256
	// maxCallDigits is how many keys of all ways a Call lists.
	maxCallDigits = 1024
)

// NoEnd reports whether the end of a key is missing, by a time after it.
func (d *Digit) NoEnd(now int64) bool { return !d.Ended && now-d.Last > noEndAfter }

// Shown is the key, or a star for it unless show is set: keys are secrets
// (spec §9.14). What machines say is none.
func (d *Digit) Shown(show bool) string {
	if show || d.Machine {
		return d.Key
	}
	return "*"
}

// Keys writes what was pressed, each press once and without machines.
func Keys(digits []Digit, show bool) string {
	var b strings.Builder
	for i := range digits {
		if d := &digits[i]; !d.Machine && !d.Again {
			b.WriteString(d.Shown(show))
		}
	}
	return b.String()
}

// digits are the keys that a stream carried, in order of time.
func (f *flow) digits() []Digit {
	c := f.carried
	if c == nil || c.events == nil && c.tones == nil {
		return nil
	}
	var list []Digit
	if c.events != nil {
		presses, _ := c.events.Presses()
		for i := range presses {
			list = append(list, f.eventDigit(&presses[i]))
		}
	}
	if c.tones != nil {
		heard, _ := c.tones.Heard()
		for i := range heard {
			list = append(list, f.toneDigit(&heard[i]))
		}
	}
	return inOrder(list)
}

func (f *flow) eventDigit(p *press.Press) Digit {
	_, key := dtmf.Key(p.Code)
	return Digit{Source: DigitEvent, Key: dtmf.Name(p.Code), Machine: !key, At: p.At, Last: p.Last, Duration: p.Nanos(),
		Volume: -int(p.Volume), HasVolume: true, FromCaller: f.fromCaller, Frame: p.Frame, Stream: f.id, Ended: p.Ended, Doubled: p.Doubled}
}

func (f *flow) toneDigit(k *press.Tone) Digit {
	return Digit{Source: DigitInband, Key: string(rune(k.Key)), At: k.At, Last: k.At + k.Nanos, Duration: k.Nanos,
		Volume: k.Level, HasVolume: true, FromCaller: f.fromCaller, Frame: k.Frame, Stream: f.id, Ended: true}
}

// inOrder sorts keys by time and marks those that were told before.
func inOrder(list []Digit) []Digit {
	byTime(list)
	for i := range list {
		list[i].Again = repeats(list[:i], &list[i])
	}
	return list
}

func byTime(list []Digit) {
	slices.SortStableFunc(list, func(a, b Digit) int { return cmp.Compare(a.At, b.At) })
}

// repeats reports whether the same press is among the keys before: of the
// same side, another way, at about the same time.
func repeats(before []Digit, d *Digit) bool {
	for i := range slices.Backward(before) {
		o := &before[i]
		if d.At-o.At > samePress {
			return false
		}
		if !o.Again && o.Key == d.Key && o.FromCaller == d.FromCaller && (o.Source != d.Source || o.Stream != d.Stream) {
			return true
		}
	}
	return false
}

// A pressed is the keys of one SIP INFO.
type pressed struct {
	fromTag string
	number  uint32 // of CSeq: copies on other hops and retransmissions have the same
	at      int64  // Unix ns, of the message
	last    int64  // of its last octet
	frame   int
	press   dtmf.Press
}

// notePress keeps the keys of an INFO, once for all copies of it.
func (r *callRecord) notePress(kept *Message, m *sip.Message) {
	if m.Method != "INFO" || len(r.pressed) >= maxInfo {
		return
	}
	value, _ := m.Get(sip.HeaderContentType)
	press, ok := dtmf.ParseInfo(value, m.Body)
	if !ok {
		return
	}
	for i := range r.pressed {
		p := &r.pressed[i]
		if p.fromTag == kept.FromTag && p.number == kept.CSeq.Number {
			if kept.Nanos < p.at {
				p.at, p.last, p.frame = kept.Nanos, kept.LastNanos, kept.Frame
			}
			return
		}
	}
	r.pressed = append(r.pressed, pressed{kept.FromTag, kept.CSeq.Number, kept.Nanos, kept.LastNanos, kept.Frame, press})
}

// infoDigits are the keys of the INFOs of a call.
func (r *callRecord) infoDigits(list []Digit) []Digit {
	for i := range r.pressed {
		p := &r.pressed[i]
		duration := int64(p.press.Duration)
		if duration == 0 {
			duration = -1
		}
		fromCaller := r.identity.fromTag == p.fromTag
		for _, key := range p.press.Keys {
			list = append(list, Digit{Source: DigitInfo, Key: string(key), At: p.at, Last: p.last, Duration: duration,
				FromCaller: fromCaller, Frame: p.frame, Ended: true})
		}
	}
	return list
}

// digitsOf are the keys of a call by all ways; nil when there are none.
func (r *callRecord) digitsOf(streams []*Stream) []Digit {
	list := r.infoDigits(nil)
	for _, s := range streams {
		if s.Content != nil {
			list = append(list, s.Content.DTMF...)
		}
	}
	byTime(list) // what is left out costs no comparison, which are many when all come at once
	return inOrder(list[:min(len(list), maxCallDigits)])
}
