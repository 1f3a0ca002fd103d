package ladder

import (
	"slices"
	"strings"

	"sipsniff/correlate"
)

// digits adds a row for each number that was dialled, at the time of its
// first key.
func (b *builder) digits(leg int, of Leg) {
	for _, group := range of.Call.DigitGroups() {
		first := &group[0]
		if group[len(group)-1].Last < b.choice.ActiveSince {
			continue
		}
		source, target := of.Call.Source, of.Call.Destination
		if !first.FromCaller {
			source, target = target, source
		}
		row := Row{Kind: DigitRow, Leg: leg, Nanos: first.At, Digits: group, Labels: digitLabels(group, b.choice.ShowKeys)}
		at := slices.IndexFunc(of.Streams, func(s *correlate.Stream) bool { return s.ID == first.Stream })
		if at >= 0 {
			row.From, row.To = b.cast.media(of.Streams[at].Src, source), b.cast.media(of.Streams[at].Dst, target)
		} else {
			row.From, row.To = b.cast.signalling(source), b.cast.signalling(target)
		}
		b.rows = append(b.rows, row)
	}
}

// digitLabels are the forms of the text for some keys, from long to short.
func digitLabels(group []correlate.Digit, show bool) []Label {
	text := DigitText(group, show)
	way := ""
	switch group[0].Source {
	case correlate.DigitInfo:
		way = " INFO"
	case correlate.DigitInband:
		way = " in-band"
	}
	labels := []Label{{Text: text + way}}
	if way != "" {
		labels = append(labels, Label{Text: text})
	}
	return append(labels, Label{Text: text, Cut: true})
}

// DigitText names keys, "DTMF 14#", and what machines say. Keys are stars
// unless they are to be shown.
func DigitText(group []correlate.Digit, show bool) string {
	var keys strings.Builder
	var machines []string
	for i := range group {
		d := &group[i]
		if d.Machine {
			machines = append(machines, d.Key)
		} else {
			keys.WriteString(d.Shown(show))
		}
	}
	if keys.Len() > 0 {
		machines = append([]string{"DTMF " + keys.String()}, machines...)
	}
	return strings.Join(machines, " ")
}
