package report

import (
	"fmt"
	"io"
	"strconv"

	"sipsniff/correlate"
	"sipsniff/internal/audio"
)

// levels says how loud a stream was, iff it was measured.
type levels struct {
	Mean           float64  `json:"mean_dbov"`
	Active         *float64 `json:"active_dbov,omitempty"` // of what is not silence
	Peak           float64  `json:"peak_dbov"`
	SilentPercent  float64  `json:"silent_percent"`
	DigitalPercent float64  `json:"digital_silence_percent"`
	Measured       float64  `json:"measured_ms"`
	Clipped        int      `json:"clipped_seconds"`
}

func newLevels(l *audio.Levels) *levels {
	if l == nil {
		return nil
	}
	out := &levels{Mean: round(l.Mean), Peak: round(audio.DBov(float64(l.Peak))), Measured: float64(l.Frames) * 20, Clipped: l.ClippedSeconds,
		SilentPercent: round(share(l.Silent, l.Frames)), DigitalPercent: round(share(l.Digital, l.Frames))}
	if l.Silent < l.Frames {
		active := round(l.Active)
		out.Active = &active
	}
	return out
}

func share(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

// writeLevels lists the streams that were measured.
func writeLevels(w io.Writer, streams []*correlate.Stream) error {
	t := newTable(">Stream", "Codec", ">Level dBov", ">Speech dBov", ">Peak", ">Silent%", ">Digital%", ">Clipped s", ">of s")
	n := 0
	for _, st := range streams {
		l := st.Levels
		if l == nil {
			continue
		}
		n++
		t.add(strconv.Itoa(st.ID), codecName(st), fmt.Sprintf("%.1f", l.Mean), known(l.Active, l.Silent < l.Frames), fmt.Sprintf("%.1f", audio.DBov(float64(l.Peak))),
			fmt.Sprintf("%.0f", share(l.Silent, l.Frames)), fmt.Sprintf("%.0f", share(l.Digital, l.Frames)), strconv.Itoa(l.ClippedSeconds), strconv.Itoa(l.Seconds))
	}
	if n == 0 {
		return nil
	}
	fmt.Fprintln(w)
	return t.write(w)
}
