package gen

import "math/rand/v2"

// A loss model decides packet by packet: at random, or as a two-state Markov
// chain (Gilbert) in which nothing passes in the bad state.
type lossModel struct {
	enter, leave float64 // chance to go bad, to become good again
	bad          bool
}

// newLossModel loses the share rate of packets, in runs of mean length burst.
func newLossModel(rate, burst float64) lossModel {
	if rate >= 1 {
		return lossModel{enter: 1}
	}
	if burst <= 1 {
		return lossModel{enter: rate, leave: 1 - rate}
	}
	return lossModel{enter: rate / (burst * (1 - rate)), leave: 1 / burst}
}

// next tells whether the next packet is lost.
func (m *lossModel) next(r *rand.Rand) bool {
	if m.enter == 0 {
		return false
	}
	if m.bad {
		m.bad = r.Float64() >= m.leave
	} else {
		m.bad = r.Float64() < m.enter
	}
	return m.bad
}
