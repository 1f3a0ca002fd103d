package tui

// whyNote is the gravest finding about the call, nil without one.
func (v *mediaView) whyNote() textLine { return nil }
