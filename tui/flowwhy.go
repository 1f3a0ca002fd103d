package tui

import (
	"slices"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

func (v *flowView) why() *whyPane { return &v.reasons }

// foundOut builds the rows again: their marks are others.
func (v *flowView) foundOut() {
	v.refresh()
	v.explainLegs()
}

// pane is the pane with keys of its own that has the focus.
func (v *flowView) pane() Context { return v.reasons.focused() }

// jump moves the cursor to the row of an evidence. A copy that is folded into
// its row is found there.
func (v *flowView) jump(e *correlate.Evidence, call int) bool {
	if e.Frame > 0 {
		for i := range v.l.Rows {
			if r := &v.l.Rows[i]; r.Kind != ladder.GapRow && v.legs[r.Leg].Call.Index == call && holdsFrame(r, e.Frame) {
				return v.goTo(i)
			}
		}
		for i := range v.l.Rows { // of another leg, or only known to the whole
			if holdsFrame(&v.l.Rows[i], e.Frame) {
				return v.goTo(i)
			}
		}
	}
	if e.Stream > 0 {
		for i := range v.l.Rows {
			if s := v.l.Rows[i].Stream; s != nil && s.ID == e.Stream {
				return v.goTo(i)
			}
		}
	}
	return v.nearest(e)
}

// nearest is the last row before the time of an evidence without a row of its
// own.
func (v *flowView) nearest(e *correlate.Evidence) bool {
	at := -1
	for i := range v.l.Rows {
		if e.Nanos > 0 && v.l.Rows[i].Nanos <= e.Nanos {
			at = i
		}
	}
	return at >= 0 && v.goTo(at)
}

// nextPane gives the keys to the pane that says why, then to the preview, then
// to the ladder again.
func (v *flowView) nextPane() {
	v.reasons.left = false
	switch {
	case v.reasons.open && !v.reasons.focus && !v.focus:
		v.reasons.focus = true
	case !v.focus && v.previewShown():
		v.reasons.focus, v.focus = false, true
	default:
		v.reasons.focus, v.focus = false, false
	}
}

func (v *flowView) goTo(row int) bool {
	v.follow = false
	v.cursor = row
	v.clamp()
	return true
}

// holdsFrame reports whether a frame is in a row, or folded into it.
func holdsFrame(r *ladder.Row, frame int) bool {
	switch {
	case r.Message != nil && (r.Message.Frame == frame || r.Message.LastFrame == frame):
		return true
	case r.Stream != nil && r.Turn == 0 && (r.Stream.FirstFrame == frame || r.Stream.LastFrame == frame):
		return true
	case len(r.Digits) > 0 && r.Digits[0].Frame == frame:
		return true
	}
	for _, m := range r.Copies {
		if m.Frame == frame {
			return true
		}
	}
	return false
}

// findings are those of each leg.
func (v *flowView) findings() [][]correlate.Finding {
	list := make([][]correlate.Finding, len(v.legs))
	for i := range v.legs {
		list[i] = v.u.found.of(v.legs[i].Call.Index)
	}
	return list
}

// otherFindings reports whether something else was found out about the legs
// than the rows show. What the rules say of a call that did not change is the
// same list.
func (v *flowView) otherFindings() bool {
	return !slices.EqualFunc(v.findings(), v.judged, func(a, b []correlate.Finding) bool {
		return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
	})
}

// proof is what the findings about the calls of the ladder rest upon: the
// worst severity by frame and by stream.
type proof struct {
	frames, streams map[int]correlate.Severity
	notes, problems int
	worst           correlate.Severity // of the problems
}

// proofOf gathers the evidence of all findings.
func (v *flowView) proofOf() proof {
	p := proof{frames: map[int]correlate.Severity{}, streams: map[int]correlate.Severity{}}
	for _, j := range v.u.found.joint(v.shownCalls()) {
		if j.finding.Severity > correlate.Info {
			p.problems++
			p.worst = max(p.worst, j.finding.Severity)
		} else {
			p.notes++
		}
	}
	for i := range v.legs {
		list := v.u.found.of(v.legs[i].Call.Index)
		for j := range list {
			f := &list[j]
			for _, e := range f.Evidence {
				note(p.frames, e.Frame, f.Severity)
				note(p.streams, e.Stream, f.Severity)
			}
		}
	}
	return p
}

func note(of map[int]correlate.Severity, key int, s correlate.Severity) {
	if known, ok := of[key]; key > 0 && (!ok || s > known) {
		of[key] = s
	}
}

// of is the worst finding that a row is evidence of.
func (p *proof) of(r *ladder.Row) (worst correlate.Severity, found bool) {
	try := func(s correlate.Severity, ok bool) {
		if ok && (!found || s > worst) {
			worst, found = s, true
		}
	}
	if r.Stream != nil && r.Turn == 0 {
		s, ok := p.streams[r.Stream.ID]
		try(s, ok)
		s, ok = p.frames[r.Stream.FirstFrame]
		try(s, ok)
	}
	if r.Message != nil {
		s, ok := p.frames[r.Message.Frame]
		try(s, ok)
	}
	for _, m := range r.Copies {
		s, ok := p.frames[m.Frame]
		try(s, ok)
	}
	return worst, found
}

// stepEvidence moves to the next or previous row that a finding rests upon.
func (v *flowView) stepEvidence(step int) {
	for i := v.cursor + step; i >= 0 && i < len(v.l.Rows); i += step {
		if _, ok := v.proof.of(&v.l.Rows[i]); ok {
			v.goTo(i)
			return
		}
	}
	v.u.say("no more rows with findings")
}
