package filter

import (
	"math"
	"slices"

	"sipsniff/correlate"
)

// What the rules say of the sound of a call, as answers.

// oneWay tells whether a call with media was heard by one party only.
func oneWay(s subject) answer {
	if len(s.call.StreamIDs) == 0 {
		return unknown
	}
	return foundNamed(s, "one-way-audio")
}

// silent tells whether an answered call had no media, or nothing to hear in it.
func silent(s subject) answer {
	if s.call.Answered == 0 {
		return unknown
	}
	return foundNamed(s, "no-audio", "dead-air")
}

// foundNamed tells whether one of some rules found something; it is not known
// when nobody looked.
func foundNamed(s subject, names ...string) answer {
	if s.in.findings == nil {
		return unknown
	}
	return answerOf(slices.ContainsFunc(s.in.findings(s.call.Index), func(f correlate.Finding) bool { return slices.Contains(names, f.Name) }))
}

// roundTrip is the longest between the ends of a stream that RTCP tells of.
func roundTrip(s subject) float64 {
	return worst(s, func(st *correlate.Stream) float64 {
		half := st.Control.OneWay()
		if half < 0 {
			return math.NaN()
		}
		return 2e6 * half
	})
}
