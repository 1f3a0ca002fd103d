package tui

import "sipsniff/correlate"

func (v *callsView) why() *whyPane { return &v.reasons }

// pane is the pane with keys of its own that has the focus, or the empty list
// that waits for SIP.
func (v *callsView) pane() Context {
	if v.awaits() {
		return InEmpty
	}
	return v.reasons.focused()
}

// explainedCalls is the call under the cursor.
func (v *callsView) explainedCalls() []*correlate.Call {
	if c := v.current(); c != nil {
		return []*correlate.Call{c}
	}
	return nil
}

// jump opens the ladder of all legs at the row of an evidence.
func (v *callsView) jump(e *correlate.Evidence, call int) bool { return v.u.openEvidence(e, call) }

// openEvidence opens the ladder of all legs of a call at the row of an evidence;
// it reports whether there is one.
func (u *UI) openEvidence(e *correlate.Evidence, call int) bool {
	f := newFlowView(u, nil)
	f.whole = call
	f.refresh()
	if !f.jump(e, call) {
		return false
	}
	u.push(f)
	return true
}

// openLegs shows the ladder of all legs of the call under the cursor.
func (v *callsView) openLegs() {
	c := v.current()
	f := newFlowView(v.u, []*correlate.Call{c})
	v.u.push(f)
	if c.LegCount() > 1 {
		f.toggleLegs()
		return
	}
	f.sayNoLegs()
}
