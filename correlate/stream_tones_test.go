package correlate

import (
	"math"
	"testing"
	"unsafe"

	"sipsniff/correlate/press"
)

// muOf is a byte of μ-law for a sample, by the formula of ITU-T G.711.
func muOf(sample float64) byte {
	sign := byte(0)
	if sample < 0 {
		sign, sample = 0x80, -sample
	}
	v := int(min(sample, 32635)) + 132
	exponent := 7
	for mask := 0x4000; v&mask == 0 && exponent > 0; mask >>= 1 {
		exponent--
	}
	return ^(sign | byte(exponent)<<4 | byte(v>>(exponent+3)&0x0F))
}

// sing sends packets of two tones, or of silence.
func (s *scene) sing(m *source, nanos int64, n int, low, high float64) int64 {
	for range n {
		b := make([]byte, 160)
		for i := range b {
			at := float64(m.timestamp+uint32(i)) / 8000
			v := 0.0
			if low > 0 {
				v = 6000*math.Sin(2*math.Pi*low*at) + 6000*math.Sin(2*math.Pi*high*at)
			}
			b[i] = muOf(v)
		}
		s.deliver(m, nanos, false, b)
		m.timestamp += 160
		nanos += 20 * msec
	}
	return nanos
}

// Keys in the sound are heard when somebody asks for them.
func TestKeysInTheSound(t *testing.T) {
	for _, listening := range []bool{false, true} {
		s := newScene(t)
		s.table.tones = listening
		s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0"))
		m := &source{src: bob, dst: alice, ssrc: 1}
		nanos := s.sing(m, sec, 10, 0, 0)
		pressed := nanos
		nanos = s.sing(m, nanos, 5, 697, 1336)
		nanos = s.sing(m, nanos, 5, 0, 0)
		nanos = s.sing(m, nanos, 5, 941, 1477)
		s.sing(m, nanos, 5, 0, 0)
		got := s.only()
		if !listening {
			if got.Content != nil {
				t.Errorf("nobody listens: %+v", *got.Content)
			}
			continue
		}
		if got.Content == nil || Keys(got.Content.DTMF, true) != "2#" {
			t.Fatalf("%+v", got.Content)
		}
		d := got.Content.DTMF[0]
		if d.Source != DigitInband || d.At < pressed-26*msec || d.At > pressed+26*msec || d.Duration < 50*msec || d.Duration > 130*msec || d.Volume < -20 || d.Volume > -16 {
			t.Errorf("%+v, pressed at %d", d, pressed)
		}
	}
}

// Sound inside of RED is listened to no more than other sound.
func TestKeysInTheSoundOfRED(t *testing.T) {
	for _, listening := range []bool{false, true} {
		s := newScene(t)
		s.table.tones = listening
		s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 121 0", "a=rtpmap:121 red/8000", "a=fmtp:121 0/0"))
		m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 121}
		for n := range 20 {
			b := make([]byte, 160)
			for i := range b {
				at := float64(m.timestamp+uint32(i)) / 8000
				b[i] = muOf(6000*math.Sin(2*math.Pi*697*at) + 6000*math.Sin(2*math.Pi*1336*at))
			}
			s.deliver(m, sec+int64(n)*20*msec, false, redundant(0, nil, b))
			m.timestamp += 160
		}
		want := ""
		if listening {
			want = "2"
		}
		if got := s.only(); Keys(got.Content.DTMF, true) != want {
			t.Errorf("listening %v: %+v", listening, got.Content.DTMF)
		}
	}
}

// The keys that are kept of the sound count against the memory.
func TestTonesCountAgainstTheMemory(t *testing.T) {
	s := newScene(t)
	s.table.tones = true
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0"))
	m := &source{src: bob, dst: alice, ssrc: 1}
	nanos := s.sing(m, sec, 5, 0, 0)
	s.only()
	before := s.table.contents
	const presses = 40
	for range presses {
		nanos = s.sing(m, nanos, 5, 697, 1336)
		nanos = s.sing(m, nanos, 5, 0, 0)
	}
	if got := s.only(); len(got.Content.DTMF) != presses {
		t.Fatalf("%d keys", len(got.Content.DTMF))
	}
	if grown := s.table.contents - before; grown < presses*int64(unsafe.Sizeof(press.Tone{})) {
		t.Errorf("%d octets for %d keys", grown, presses)
	}
}

// A stream says that a fax answered, when somebody listens.
func TestFaxToneOfAStream(t *testing.T) {
	s := newScene(t)
	s.table.tones = true
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0"))
	m := &source{src: bob, dst: alice, ssrc: 1}
	nanos := s.sing(m, sec, 10, 0, 0)
	began := nanos
	nanos = s.sing(m, nanos, 150, 2100, 2100)
	s.sing(m, nanos, 5, 0, 0)
	got := s.only().Content
	if got == nil || len(got.FaxTones) != 1 || got.FaxTones[0].Name != press.CED || got.FaxTones[0].At < began-26*msec || got.FaxTones[0].At > began+26*msec || len(got.DTMF) != 0 {
		t.Errorf("%+v", got)
	}
}
