package tui

import "sipsniff/correlate"

func (v *mediaView) why() *whyPane { return &v.reasons }

// pane is the pane with keys of its own that has the focus.
func (v *mediaView) pane() Context { return v.reasons.focused() }

func (v *mediaView) shownCalls() []*correlate.Call {
	list := make([]*correlate.Call, len(v.legs))
	for i := range v.legs {
		list[i] = v.legs[i].Call
	}
	return list
}

// jump moves the cursors to the stream and the second of an evidence; a message
// is shown in the ladder.
func (v *mediaView) jump(e *correlate.Evidence, call int) bool {
	for i := range v.streams {
		if v.streams[i].ID != e.Stream {
			continue
		}
		v.choose(i)
		if e.Nanos > 0 {
			v.at, v.follow = e.Nanos, false
		}
		return true
	}
	return e.Frame > 0 && v.u.openEvidence(e, call)
}

// nextPane gives the keys to the pane that says why, then to the chart, then
// to the table.
func (v *mediaView) nextPane() {
	v.reasons.left = false
	switch {
	case v.reasons.open && !v.reasons.focus && !v.onChart:
		v.reasons.focus = true
	case !v.onChart:
		v.reasons.focus, v.onChart = false, true
	default:
		v.reasons.focus, v.onChart = false, false
	}
}

// whyNote is the gravest finding about the call, nil without one.
func (v *mediaView) whyNote(width int) textLine {
	var worst *correlate.Finding
	for i := range v.legs {
		for _, f := range v.u.found.of(v.legs[i].Call.Index) {
			if worst == nil || f.Severity > worst.Severity {
				worst = &f
			}
		}
	}
	if worst == nil {
		return nil
	}
	head, tail := "", " (W: why)"
	if width >= wideDiff {
		head, tail = "Why     ", " (W for evidence)"
	}
	return textLine{{head, rolePlain}, {v.u.severityGlyph(worst.Severity) + " " + v.u.clean(worst.Title) + tail, severityRole(worst.Severity)}}
}
