package recording

import (
	"fmt"
	"strings"
	"time"

	"sipsniff/internal/audio"
)

// The rules of spec §5.9.
const (
	mostly  = 0.95 // share of silent frames
	longAir = 10.0 // seconds of dead air, or of pure silence, that are worth a word
	oneWay  = 5.0  // seconds of a recording in which one side should have been heard
)

// Summary says in lines what is in a recording and what is odd about it.
func (r *Recording) Summary() []string {
	var lines []string
	if r.Rate > 0 {
		seconds := int(r.Duration + 0.5)
		lines = append(lines, fmt.Sprintf("%d:%02d at %g kHz, from %s UTC", seconds/60, seconds%60, float64(r.Rate)/1000,
			time.Unix(0, r.Start).UTC().Format("2006-01-02 15:04:05.000")))
	}
	for i, name := range [2]string{"caller", "callee"} {
		for j := range r.Sides[i].Sources {
			lines = append(lines, fmt.Sprintf("  %s: %s", name, r.Sides[i].Sources[j].summary()))
		}
	}
	for _, remark := range r.Remarks() {
		lines = append(lines, "  "+remark)
	}
	return lines
}

func (s *Source) summary() string {
	head := fmt.Sprintf("%s 0x%08X", s.Codec, s.SSRC)
	if s.Left != "" {
		return fmt.Sprintf("%s from %s left out: %s", head, s.Src, s.Left)
	}
	packets := "1 packet"
	if s.Packets != 1 {
		packets = fmt.Sprintf("%d packets", s.Packets)
	}
	parts := []string{packets}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(s.Redundant, "of them from redundancy")
	add(s.Lost, "lost")
	add(s.Unreadable, "not decrypted or cut")
	add(s.Undecodable, "that do not fit the codec")
	add(s.Overlapped, "at a time that was filled already")
	if s.Concealed > 0 {
		parts = append(parts, fmt.Sprintf("%.0f ms concealed", s.Concealed))
	}
	if s.Silenced > 0 {
		parts = append(parts, fmt.Sprintf("%.0f ms of loss silent", s.Silenced))
	}
	if l := &s.Levels; l.Frames > 0 {
		parts = append(parts, fmt.Sprintf("%.1f dBov", l.Mean), fmt.Sprintf("%.0f %% silence", 100*silentShare(l)))
		if l.ClippedSeconds > 0 {
			parts = append(parts, fmt.Sprintf("clipped in %d of %d s", l.ClippedSeconds, l.Seconds))
		}
	}
	return head + " " + strings.Join(parts, ", ")
}

func silentShare(l *audio.Levels) float64 {
	if l.Frames == 0 {
		return 1
	}
	return float64(l.Silent) / float64(l.Frames)
}

// Remarks are the faults that can be heard: one-way audio, dead air, digital
// silence. What was not decoded, or is missing, is not silence: a call with
// such a stream has none of the first two.
func (r *Recording) Remarks() []string {
	var found []string
	a, b := &r.Sides[Caller], &r.Sides[Callee]
	if r.Rate > 0 && !a.unheard(r.Duration) && !b.unheard(r.Duration) {
		still := [2]bool{silentShare(&a.Levels) >= mostly, silentShare(&b.Levels) >= mostly}
		switch {
		case still[0] && still[1] && r.Duration >= longAir:
			found = append(found, "dead air: both sides are silent")
		case still[0] != still[1] && r.Duration >= oneWay:
			found = append(found, fmt.Sprintf("one-way: only the %s is heard", [2]string{"callee", "caller"}[index(still[1])]))
		}
		if d := r.DeadAir; d.Length >= longAir && !(still[0] && still[1]) {
			found = append(found, fmt.Sprintf("dead air: %.1f s from second %.1f on", d.Length, d.From))
		}
	}
	for i, name := range [2]string{"caller", "callee"} {
		for j := range r.Sides[i].Sources {
			l := &r.Sides[i].Sources[j].Levels
			if float64(l.Frames)/50 >= longAir && float64(l.Digital) >= mostly*float64(l.Frames) {
				found = append(found, name+": digital silence")
			}
		}
	}
	return found
}

// unheard reports whether a side has a stream that should be heard and is not,
// for more than a twentieth of the recording.
func (s *Side) unheard(seconds float64) bool {
	missing := 0.0 // ms
	for i := range s.Sources {
		if left := s.Sources[i].Left; left == LeftCodec || left == LeftKeys {
			return true
		}
		missing += s.Sources[i].Silenced
	}
	return missing/1000 > (1-mostly)*seconds
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}
