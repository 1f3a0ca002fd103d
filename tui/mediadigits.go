package tui

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
)

// A pressed is a key as the line of the keys tells it.
type pressed struct{ key, length string } // "1 @12:10:02.110", " (120 ms)"

// pressedBy are the keys that were pressed, by the way they came.
func (v *mediaView) pressedBy() map[string][]pressed {
	u := v.u
	by := map[string][]pressed{}
	for i := range v.legs {
		digits := v.legs[i].Call.DTMF
		for j := range digits {
			d := &digits[j]
			if d.Again || len(v.legs) > 1 && v.repeatedOnLegs(i, d) {
				continue
			}
			p := pressed{key: u.clean(d.Shown(u.config.ShowKeys)) + " @" + u.at(d.At).Format("15:04:05.000")}
			switch {
			case d.NoEnd(u.snap.Last):
				p.length = " (no end)"
			case d.Duration >= 0:
				p.length = fmt.Sprintf(" (%d ms)", d.Duration/1e6)
			}
			if d.Doubled {
				p.key += " twice"
			}
			by[d.Source] = append(by[d.Source], p)
		}
	}
	return by
}

// digitNote lists the keys that were pressed, in so many cells: how long they were
// held goes first, then how many more there are stands for the last of them.
func (v *mediaView) digitNote(width int) string {
	by := v.pressedBy()
	inBand, flag := "not checked", " (--inband-dtmf)"
	if v.u.config.Tones || len(by[correlate.DigitInband]) > 0 {
		inBand, flag = "none heard", ""
	}
	const head = "DTMF    "
	var ways, brief, short []string
	for _, way := range []struct{ source, name, none string }{
		{correlate.DigitEvent, "RFC 4733: ", "none"}, {correlate.DigitInfo, "SIP INFO: ", "none"}, {correlate.DigitInband, "in-band: ", inBand},
	} {
		list := by[way.source]
		if len(list) == 0 {
			ways = append(ways, way.name+way.none)
			continue
		}
		long := make([]string, len(list))
		for i, p := range list {
			long[i] = p.key + p.length
			name := map[bool]string{true: way.name}[i == 0]
			short = append(short, name+p.key)
		}
		ways = append(ways, way.name+strings.Join(long, "  "))
		brief = append(brief, ways[len(ways)-1])
	}
	if len(short) == 0 {
		return fitting(width, head+strings.Join(ways, "   ")+flag, head+strings.Join(ways, "   "), head+"none, in-band "+inBand)
	}
	return fitting(width, head+strings.Join(ways, "   ")+flag, head+strings.Join(ways, "   "), head+strings.Join(brief, "   "), partsIn(width, head, "  ", short))
}

// repeatedOnLegs reports whether a key was on an earlier leg as well.
func (v *mediaView) repeatedOnLegs(leg int, d *correlate.Digit) bool {
	const same = 500 * 1e6
	for i := range leg {
		for j := range v.legs[i].Call.DTMF {
			o := &v.legs[i].Call.DTMF[j]
			if o.Key == d.Key && o.FromCaller == d.FromCaller && max(o.At-d.At, d.At-o.At) < same {
				return true
			}
		}
	}
	return false
}
