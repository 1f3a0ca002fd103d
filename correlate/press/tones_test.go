package press

import (
	"math"
	"math/rand/v2"
	"testing"

	"sipsniff/internal/allowance"
	"sipsniff/internal/audio"
)

// A voice makes packets of 20 ms of μ-law.
type voice struct {
	t         Tones
	timestamp uint32
	frame     int
}

// compress is the nearest of the 256 values, so that nothing of the expansion
// under test is used backwards but its order.
func compress(sample float64, table *[256]int16) byte {
	best, distance := 0, math.Inf(1)
	for i, v := range table {
		if d := math.Abs(float64(v) - sample); d < distance {
			best, distance = i, d
		}
	}
	return byte(best)
}

// say plays packets whose samples f gives for the time in seconds.
func (v *voice) say(packets int, aLaw bool, f func(float64) float64) {
	table := audio.MuLaw()
	if aLaw {
		table = audio.ALaw()
	}
	for range packets {
		payload := make([]byte, 160)
		for i := range payload {
			payload[i] = compress(f(float64(v.timestamp+uint32(i))/8000), table)
		}
		v.frame++
		v.t.Add(payload, aLaw, v.timestamp, int64(v.timestamp)*125000, v.frame)
		v.timestamp += 160
	}
}

func silence(float64) float64 { return 0 }

// tones sounds two frequencies, each at so many dBov.
func tones(low, high, lowLevel, highLevel float64) func(float64) float64 {
	a := math.Sqrt2 * 32768 * math.Pow(10, lowLevel/20)
	b := math.Sqrt2 * 32768 * math.Pow(10, highLevel/20)
	return func(t float64) float64 {
		return a*math.Sin(2*math.Pi*low*t) + b*math.Sin(2*math.Pi*high*t)
	}
}

func (v *voice) heard() string {
	list, _ := v.t.Heard()
	var out []byte
	for _, k := range list {
		out = append(out, k.Key)
	}
	return string(out)
}

// Every key of ITU-T Q.23, 100 ms on and 100 ms off, in both laws.
func TestEveryKey(t *testing.T) {
	rows, columns := []float64{697, 770, 852, 941}, []float64{1209, 1336, 1477, 1633}
	want := "123A456B789C*0#D"
	for _, aLaw := range []bool{false, true} {
		var v voice
		v.say(5, aLaw, silence)
		for i := range want {
			v.say(5, aLaw, tones(rows[i/4], columns[i%4], -12, -10))
			v.say(5, aLaw, silence)
		}
		if got := v.heard(); got != want {
			t.Errorf("A-law %v: heard %q, want %q", aLaw, got, want)
		}
		list, _ := v.t.Heard()
		for i, k := range list[:min(len(list), len(want))] {
			begin := int64(100+200*i) * ms
			if k.At < begin-26*ms || k.At > begin+26*ms || k.Nanos < 50*ms || k.Nanos > 130*ms || k.Level < -11 || k.Level > -9 {
				t.Errorf("key %d: %+v, begun at %d", i, k, begin)
			}
		}
	}
}

// The limits of spec §5.10, one after the other.
func TestLimits(t *testing.T) {
	tests := []struct {
		name  string
		sound func(float64) float64
		want  string
	}{
		{"quiet", tones(770, 1336, -35, -35), "5"},
		{"too quiet", tones(770, 1336, -38, -38), ""},
		{"low tone louder by 7 dB", tones(770, 1336, -10, -17), "5"},
		{"low tone louder by 10 dB", tones(770, 1336, -10, -20), ""},
		{"high tone louder by 3 dB", tones(770, 1336, -13, -10), "5"},
		{"high tone louder by 6 dB", tones(770, 1336, -16, -10), ""},
		{"one tone", tones(770, 1336, -10, -90), ""},
		{"two low tones", tones(697, 941, -10, -10), ""},
		{"a third tone", func(t float64) float64 {
			return tones(770, 1336, -12, -12)(t) + tones(941, 1336, -16, -90)(t)
		}, ""},
		{"harmonics, as of a voice", func(t float64) float64 {
			return tones(770, 1336, -12, -12)(t) + tones(1540, 2672, -18, -18)(t)
		}, ""},
		{"1.5 % beside", tones(770*1.015, 1336*0.985, -12, -12), "5"},
	}
	for _, tt := range tests {
		var v voice
		v.say(5, false, silence)
		v.say(6, false, tt.sound)
		v.say(5, false, silence)
		if got := v.heard(); got != tt.want {
			t.Errorf("%s: heard %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPauses(t *testing.T) {
	five := tones(770, 1336, -12, -12)
	var v voice
	v.say(5, false, five)
	v.say(1, false, silence) // 20 ms: the same press
	v.say(5, false, five)
	v.say(4, false, silence)
	v.say(1, false, five) // 20 ms: none
	v.say(4, false, silence)
	v.say(5, false, five)
	v.say(5, false, tones(941, 1477, -12, -12)) // without a pause, but another key
	if got := v.heard(); got != "55#" {
		t.Errorf("heard %q, want 55#", got)
	}
	v = voice{}
	v.say(2, false, five)
	v.timestamp += 160 // a packet is lost
	v.say(2, false, five)
	if got := v.heard(); got != "" {
		t.Errorf("heard %q across a hole", got)
	}
}

func TestNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var v voice
	v.say(50*allowance.Share(60, 6), false, func(float64) float64 { return 8000 * r.NormFloat64() })
	if got := v.heard(); got != "" {
		t.Errorf("heard %q in a minute of noise, or a part of it", got)
	}
}

// The first values of the tables of ITU-T G.711.
func TestExpansion(t *testing.T) {
	for _, tt := range []struct {
		table *[256]int16
		code  byte
		want  int16
	}{
		{audio.MuLaw(), 0x80, 32124}, {audio.MuLaw(), 0x00, -32124}, {audio.MuLaw(), 0xFF, 0}, {audio.MuLaw(), 0x7F, 0}, {audio.MuLaw(), 0xEF, 132},
		{audio.ALaw(), 0xD5, 8}, {audio.ALaw(), 0x55, -8}, {audio.ALaw(), 0xAA, 32256}, {audio.ALaw(), 0x2A, -32256},
	} {
		if got := tt.table[tt.code]; got != tt.want {
			t.Errorf("%#x: %d, want %d", tt.code, got, tt.want)
		}
	}
}

func BenchmarkTones(b *testing.B) {
	payload := make([]byte, 160)
	for i := range payload {
		payload[i] = compress(8000*math.Sin(float64(i)/7), audio.MuLaw())
	}
	var t Tones
	for i := range b.N {
		t.Add(payload, false, uint32(i)*160, 0, 0)
	}
}
