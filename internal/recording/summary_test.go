package recording

import (
	"bytes"
	"slices"
	"testing"
)

// Calls of twelve seconds in PCMU: what each side sends, and what is said of it.
func TestRemarks(t *testing.T) {
	speech := bytes.Repeat([]byte{0x90, 0x10}, 80) // ±15,996: −6.2 dBov
	faint := bytes.Repeat([]byte{0xF0, 0x70}, 80)  // ±120: −48.7 dBov, no silence
	zero := bytes.Repeat([]byte{0xFF}, 160)
	noise := bytes.Repeat([]byte{0xFE, 0x7E, 0xFF, 0xFD}, 40) // 0, ±8, 16: silence that moves
	loud := bytes.Repeat([]byte{0x80, 0x00}, 80)
	tests := []struct {
		name           string
		caller, callee []byte
		want           []string
	}{
		{"both speak", speech, speech, nil},
		{"faintly", faint, speech, nil},
		{"the callee is mute", speech, zero, []string{"one-way: only the caller is heard", "callee: digital silence"}},
		{"the caller is far from the microphone", noise, speech, []string{"one-way: only the callee is heard"}},
		{"nobody speaks", noise, zero, []string{"dead air: both sides are silent", "callee: digital silence"}},
		{"the callee sends nothing", speech, nil, []string{"one-way: only the caller is heard"}},
		{"too loud", loud, speech, nil},
	}
	for _, tt := range tests {
		c := NewCollector(nil, 1<<22)
		a, b := newTalker(c, 1, true, "PCMU", 8000), newTalker(c, 2, false, "PCMU", 8000)
		for range 600 {
			a.say(tt.caller)
			if tt.callee != nil {
				b.say(tt.callee)
			}
		}
		r, _, _ := hear(t, c, Options{})
		if got := r.Remarks(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if l := r.Sides[Caller].Sources[0].Levels; (l.ClippedSeconds > 0) != (tt.name == "too loud") {
			t.Errorf("%s: %+v", tt.name, l)
		}
	}
}

// What is missing from a capture is not silence: here all but a fifth of a second.
func TestLossIsNotSilence(t *testing.T) {
	c := NewCollector(nil, 1<<22)
	a, b := newTalker(c, 1, true, "PCMU", 8000), newTalker(c, 2, false, "PCMU", 8000)
	for n := range 600 {
		a.say(bytes.Repeat([]byte{0x90, 0x10}, 80))
		if n < 5 || n > 594 {
			b.say(bytes.Repeat([]byte{0x90, 0x10}, 80))
		} else {
			b.skip()
		}
	}
	r, _, _ := hear(t, c, Options{})
	if got := r.Remarks(); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// A side that is not decoded is not called silent.
func TestUnheardIsNotSilent(t *testing.T) {
	c := NewCollector(nil, 1<<22)
	a, b := newTalker(c, 1, true, "PCMU", 8000), newTalker(c, 2, false, "G729", 8000)
	for range 600 {
		a.say(bytes.Repeat([]byte{0x90, 0x10}, 80))
		b.say(make([]byte, 20))
	}
	r, _, _ := hear(t, c, Options{})
	want := []string{"0:12 at 8 kHz, from 2001-09-09 01:46:40.000 UTC", "  caller: PCMU 0x00000001 600 packets, -6.2 dBov, 0 % silence",
		"  callee: G729 0x00000002 from 192.0.2.2:4000 left out: codec is not decoded"}
	if got := r.Summary(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
