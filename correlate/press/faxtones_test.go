package press

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// sox makes sound of 8 kHz, μ-law or A-law, out of the parts of a command.
func sox(t *testing.T, law string, effects string) []byte {
	t.Helper()
	path, err := exec.LookPath("sox")
	if err != nil {
		t.Skip("sox is not installed")
	}
	b, err := exec.Command(path, append([]string{"-R", "-n", "-r", "8000", "-c", "1", "-t", "raw", "-e", law, "-"}, strings.Fields(effects)...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// heardFax puts sound into packets of 20 ms and loses some.
func heardFax(sound []byte, aLaw bool, from uint32, lost func(packet int) bool) *Tones {
	var tones Tones
	for n := 0; (n+1)*160 <= len(sound); n++ {
		if lost == nil || !lost(n) {
			tones.Add(sound[n*160:(n+1)*160], aLaw, from+uint32(n)*160, int64(n)*20e6, n+1)
		}
	}
	return &tones
}

// inverted is the sound with its phase turned by half.
func inverted(sound []byte) []byte {
	out := make([]byte, len(sound))
	for i, b := range sound {
		out[i] = b ^ 0x80
	}
	return out
}

func TestFaxTones(t *testing.T) {
	const muLaw, aLaw = "mu-law", "a-law"
	pause := func(seconds int) []byte { return sox(t, muLaw, "trim 0 "+string(rune('0'+seconds))) }
	join := func(parts ...[]byte) (all []byte) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	reversed := func(piece string) (all []byte) { // every 450 ms (V.25 §3.2)
		b := sox(t, muLaw, piece)
		for range 4 {
			all = append(append(all, b...), inverted(b)...)
		}
		return all
	}
	tests := []struct {
		name  string
		sound []byte
		aLaw  bool
		want  []FaxTone // At in ms and Nanos in ms here; 0 for what is not asked
	}{
		{"CED", join(pause(1), sox(t, muLaw, "synth 3.3 sine 2100 gain -12"), pause(1)), false, []FaxTone{{Name: CED, At: 1000, Nanos: 3300, Level: -15, Times: 1}}},
		{"CED in A-law, 15 Hz high", sox(t, aLaw, "synth 2.6 sine 2115 gain -20"), true, []FaxTone{{Name: CED, Nanos: 2600, Level: -25, Times: 1}}},
		{"CED 15 Hz low, quiet", sox(t, muLaw, "synth 2.6 sine 2085 gain -36"), false, []FaxTone{{Name: CED, Nanos: 2600, Level: -41, Times: 1}}},
		{"CED with reversals", join(pause(1), reversed("synth 0.45 sine 2100 gain -12"), pause(1)), false,
			[]FaxTone{{Name: CED, At: 1000, Nanos: 3600, Level: -15, Times: 1, Reversals: 7}}},
		{"ANSam", join(sox(t, muLaw, "synth 3.3 sine 2100 tremolo 15 33 gain -12"), pause(1)), false, []FaxTone{{Name: CED, Nanos: 3300, Level: -17, Times: 1, Modulated: true}}},
		{"ANSam with reversals", join(reversed("synth 0.466666 sine 2100 tremolo 15 33 gain -12"), pause(1)), false,
			[]FaxTone{{Name: CED, Nanos: 3733, Level: -17, Times: 1, Reversals: 7, Modulated: true}}},
		{"CNG", join(pause(1), sox(t, muLaw, "synth 0.5 sine 1100 pad 0 3 repeat 3 gain -12")), false, []FaxTone{{Name: CNG, At: 1000, Nanos: 11000, Level: -15, Times: 4}}},
		{"CNG 38 Hz high and slow", sox(t, muLaw, "synth 0.57 sine 1138 pad 0 3.4 repeat 1 gain -30"), false, []FaxTone{{Name: CNG, Nanos: 4540, Level: -34, Times: 2}}},
		{"CNG 38 Hz low and fast", sox(t, aLaw, "synth 0.43 sine 1062 pad 0 2.6 repeat 1 gain -6"), true, []FaxTone{{Name: CNG, Nanos: 3460, Level: -10, Times: 2}}},
		{"CNG, then CED", join(sox(t, muLaw, "synth 0.5 sine 1100 pad 0 3 repeat 1 gain -12"), sox(t, muLaw, "synth 3 sine 2100 gain -12")), false,
			[]FaxTone{{Name: CNG, Nanos: 4000, Level: -15, Times: 2}, {Name: CED, At: 7000, Nanos: 3000, Level: -15, Times: 1}}},
		{"one beep", join(sox(t, muLaw, "synth 0.5 sine 1100 gain -12"), pause(5)), false, nil},
		{"beeps every second", sox(t, muLaw, "synth 0.5 sine 1100 pad 0 0.5 repeat 9 gain -12"), false, nil},
		{"long 1100 Hz", join(sox(t, muLaw, "synth 9 sine 1100 gain -12"), pause(4)), false, nil},
		{"short 2100 Hz", sox(t, muLaw, "synth 0.7 sine 2100 pad 0 1 repeat 4 gain -12"), false, nil},
		{"dial tone", sox(t, muLaw, "synth 5 sine 425 gain -12"), false, nil},
		{"2000 Hz in the rhythm of CNG", sox(t, muLaw, "synth 0.5 sine 2000 pad 0 3 repeat 3 gain -12"), false, nil},
		{"sweep", sox(t, muLaw, "synth 20 sine 300-3400 gain -12"), false, nil},
		{"noise", sox(t, muLaw, "synth 20 pinknoise gain -6"), false, nil},
		{"too quiet", sox(t, muLaw, "synth 3 sine 2100 gain -50"), false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := heardFax(tt.sound, tt.aLaw, 1<<32-4000, nil).FaxTones()
			if len(got) != len(tt.want) {
				t.Fatalf("%+v, want %+v", got, tt.want)
			}
			for i, g := range got {
				w := tt.want[i]
				if d := g.At/1e6 - w.At; d < -26 || d > 26 {
					t.Errorf("at %d ms, want %d", g.At/1e6, w.At)
				}
				if d := g.Nanos/1e6 - w.Nanos; d < -60 || d > 60 {
					t.Errorf("%d ms long, want %d", g.Nanos/1e6, w.Nanos)
				}
				if g.Level < w.Level-2 || g.Level > w.Level+2 {
					t.Errorf("%d dBov, want %d", g.Level, w.Level)
				}
				if g.Name != w.Name || g.Times != w.Times || g.Reversals != w.Reversals || g.Modulated != w.Modulated {
					t.Errorf("%+v, want %+v", g, w)
				}
			}
		})
	}
}

// Fax tones are heard when packets are lost, and never twice.
func TestFaxTonesThroughLosses(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	sound := append(sox(t, "mu-law", "synth 0.5 sine 1100 pad 0 3 repeat 3 gain -12"), sox(t, "mu-law", "synth 3.3 sine 2100 gain -12")...)
	tones := heardFax(sound, false, 0, func(int) bool { return rnd.IntN(50) == 0 })
	got := tones.FaxTones()
	if len(got) != 2 || got[0].Name != CNG || got[0].Times < 3 || got[1].Name != CED || got[1].Nanos < 3e9 || got[1].Reversals != 0 || got[1].Modulated {
		t.Errorf("%+v", got)
	}
	if keys, _ := tones.Heard(); len(keys) != 0 {
		t.Errorf("keys %+v", keys)
	}
}

// No fax is heard in the keys of a telephone, and a list does not grow for ever.
func TestFaxTonesAreBounded(t *testing.T) {
	var sound []byte
	for _, k := range []string{"697 synth 1 sine mix 1209", "941 synth 1 sine mix 1633"} {
		sound = append(sound, sox(t, "mu-law", "synth 1 sine "+k+" gain -12")...)
	}
	if got := heardFax(sound, false, 0, nil).FaxTones(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	tone := append(sox(t, "mu-law", "synth 1.2 sine 2100 gain -12"), sox(t, "mu-law", "trim 0 1")...)
	sound = nil
	for range 40 {
		sound = append(sound, tone...)
	}
	if got := heardFax(sound, false, 0, nil).FaxTones(); len(got) != maxFaxTones {
		t.Errorf("%d tones", len(got))
	}
}
