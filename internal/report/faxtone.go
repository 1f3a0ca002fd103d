package report

import (
	"fmt"
	"strings"

	"sipsniff/correlate/press"
)

// faxTone is a signal of a fax machine in the sound of a stream.
type faxTone struct {
	Tone      string  `json:"tone"` // "CNG", "CED"
	At        string  `json:"at"`
	Duration  float64 `json:"duration_ms"` // with the pauses of CNG
	Level     int     `json:"level_dbov"`
	Frame     int     `json:"frame"`
	Times     int     `json:"times"` // bursts of CNG
	Reversals int     `json:"phase_reversals,omitempty"`
	Modulated bool    `json:"modulated,omitempty"` // ANSam of V.8
}

func newFaxTones(tones []press.FaxTone) []faxTone {
	var out []faxTone
	for i := range tones {
		f := &tones[i]
		out = append(out, faxTone{Tone: f.Name, At: stamp(f.At), Duration: round(float64(f.Nanos) / 1e6), Level: f.Level, Frame: f.Frame,
			Times: f.Times, Reversals: f.Reversals, Modulated: f.Modulated})
	}
	return out
}

// faxToneLine says what was heard in a line.
func faxToneLine(tones []press.FaxTone) string {
	parts := make([]string, len(tones))
	for i := range tones {
		f := &tones[i]
		parts[i] = fmt.Sprintf("%s at %s", faxToneName(f), clock(f.At))
	}
	return "fax tone heard: " + strings.Join(parts, ", ") + "\n"
}

// faxToneName is a signal in words, with the names that engineers know.
func faxToneName(f *press.FaxTone) string {
	switch {
	case f.Name == press.CNG:
		return fmt.Sprintf("CNG (1100 Hz, %d times)", f.Times)
	case f.Modulated:
		return "ANSam (2100 Hz, swelling" + reversed(f.Reversals) + ")"
	}
	return "CED (2100 Hz" + reversed(f.Reversals) + ")"
}

func reversed(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", phase reversed %d times", n)
}
