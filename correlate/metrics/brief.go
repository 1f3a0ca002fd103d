package metrics

import "sipsniff/correlate"

// A Brief is the few ratios that stand above a list of calls: the same numbers
// as in a Summary, found in a fraction of the time.
type Brief struct {
	Attempts         int // that are decided
	Answered         int
	networkEffective int

	PostDialDelay Distribution
	Talk          Distribution
}

// BriefOf adds up the calls of a snapshot that are given.
func BriefOf(s *correlate.Snapshot, calls []*correlate.Call) *Brief {
	b := new(Brief)
	sided := certain(s)
	for _, call := range calls {
		for i := range call.EarlierAttempts {
			b.add(&call.EarlierAttempts[i], sided)
		}
		if call.Attempt.Known() {
			b.add(&call.Attempt, sided)
		}
	}
	b.PostDialDelay.finish()
	b.Talk.finish()
	return b
}

// certain are the pairs of hosts of which one side only is seen for certain.
func certain(s *correlate.Snapshot) map[pair]string {
	sided := make(map[pair]string)
	for _, l := range s.Links.List {
		if l.Certain {
			sided[pair{l.A, l.B}.ordered()] = l.Seen
		}
	}
	return sided
}

func (b *Brief) add(a *correlate.Attempt, sided map[pair]string) {
	if a.Pending() {
		return
	}
	if len(sided) > 0 && a.State == correlate.StateTimeout && sided[pair{a.Source.Addr(), a.Destination.Addr()}.ordered()] != "" {
		return
	}
	b.Attempts++
	add(&b.Answered, a.Answered)
	add(&b.networkEffective, a.Answered || networkEffective(a))
	t := a.Timing()
	b.PostDialDelay.add(t.PostDialDelay)
	b.Talk.add(t.Talk)
}

// AnswerSeizureRatio is ASR.
func (b *Brief) AnswerSeizureRatio() Ratio { return Ratio{b.Answered, b.Attempts} }

// NetworkEffectivenessRatio is NER.
func (b *Brief) NetworkEffectivenessRatio() Ratio { return Ratio{b.networkEffective, b.Attempts} }
