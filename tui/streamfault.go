package tui

import "sipsniff/correlate"

// fault reports whether a stream has a problem: something was found about it, or
// it lost much.
func (u *UI) fault(s *correlate.Stream) bool {
	if c := u.callOf(s); c != nil && u.found.ofStream(c.Index, s.ID) != nil {
		return true
	}
	return u.lossy(s)
}

// faults are the streams with a problem by their IDs, nil when all are to be
// shown.
func (v *streamsView) faults() map[int]bool {
	if !v.faulty {
		return nil
	}
	out := map[int]bool{}
	for _, s := range v.u.snap.Streams {
		if v.u.fault(s) {
			out[s.ID] = true
		}
	}
	return out
}

// toFault goes to the next stream with a problem, or the one before.
func (v *streamsView) toFault(step int) {
	for row := v.list.cursor + step; row >= 0 && row < v.Len(); row += step {
		if v.u.fault(v.shown.rows[row]) {
			v.list.set(row)
			v.explain()
			return
		}
	}
	v.u.say("%s", map[int]string{1: "no problem below", -1: "no problem above"}[step])
}

// narrowing says which streams alone are shown, and the keys that show all; else
// how to see fewer.
func (v *streamsView) narrowing() (note string, narrowed bool) {
	switch {
	case v.untied && v.faulty:
		return "untied with problems only (u, !: all)", true
	case v.untied:
		return "untied only (u: all)", true
	case v.faulty:
		return "problems only (!: all)", true
	}
	return "u: untied only", false
}
