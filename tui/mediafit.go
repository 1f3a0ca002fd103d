package tui

import (
	"fmt"
	"strings"

	"sipsniff/internal/cells"
)

// fitting returns the first of some texts that fits, the fullest first; when
// none does it is the last.
func fitting(width int, texts ...string) string {
	for _, text := range texts {
		if cells.Width(text) <= width {
			return text
		}
	}
	return texts[len(texts)-1]
}

// fittingParts joins parts as long as they fit. The first is always there.
func fittingParts(width int, gap string, parts []string) string {
	text := parts[0]
	for _, part := range parts[1:] {
		if cells.Width(text+gap+part) > width {
			break
		}
		text += gap + part
	}
	return text
}

// partsIn joins as many parts as fit behind a head, whole, and says how many more
// there are. The first is always there.
func partsIn(width int, head, gap string, parts []string) string {
	for n := len(parts); ; n-- {
		text := head + strings.Join(parts[:n], gap)
		if left := len(parts) - n; left > 0 {
			text += fmt.Sprintf("  +%d", left)
		}
		if n <= 1 || cells.Width(text) <= width {
			return text
		}
	}
}

// briefFlags are the flags of streams in fewer cells, where the long ones do
// not fit.
//
//nolint:gochecknoglobals // constants
var briefFlags = strings.NewReplacer("late start ", "late ", "same gaps as ", "gaps as ", "clock skew ", "skew ", "SSRC changed", "new SSRC",
	"codec changed", "new codec", "seen by RTCP only", "RTCP only", " outages ", " out ")

// briefFlag is a flag in few cells; of an address behind a translator only that
// there is one.
func briefFlag(flag string) string {
	if strings.HasPrefix(flag, "NAT: ") {
		return "NAT"
	}
	return briefFlags.Replace(flag)
}

// flagsIn writes the gravest of the flags that fit, whole, and how many more
// there are.
func flagsIn(width int, flags []string, ellipsis string) string {
	if len(flags) == 0 {
		return ""
	}
	for n := len(flags); n > 0; n-- {
		more := ""
		if left := len(flags) - n; left > 0 {
			more = fmt.Sprintf(" +%d", left)
		}
		brief := make([]string, n)
		for i := range brief {
			brief[i] = briefFlag(flags[i])
		}
		text := fitting(width, strings.Join(flags[:n], ", ")+more, strings.Join(brief, ", ")+more)
		if cells.Width(text) <= width {
			return text
		}
	}
	return cells.Cut(briefFlag(flags[0]), width, ellipsis)
}
