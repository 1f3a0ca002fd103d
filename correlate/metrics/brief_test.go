package metrics

import "testing"

// The brief ratios are those of the whole report.
func TestBriefIsTheReport(t *testing.T) {
	if testing.Short() {
		t.Skip("many calls take a while")
	}
	s := manyCalls(t, 300)
	report, brief := Of(s), BriefOf(s, s.Calls)
	if brief.Attempts != report.Total.Attempts || brief.AnswerSeizureRatio() != report.Total.AnswerSeizureRatio() ||
		brief.NetworkEffectivenessRatio() != report.Total.NetworkEffectivenessRatio() {
		t.Errorf("brief %+v, report %d attempts, ASR %v, NER %v", brief, report.Total.Attempts,
			report.Total.AnswerSeizureRatio(), report.Total.NetworkEffectivenessRatio())
	}
	for _, p := range []float64{50, 95} {
		a, aok := brief.PostDialDelay.Percentile(p)
		b, bok := report.Total.PostDialDelay.Percentile(p)
		if a != b || aok != bok {
			t.Errorf("PDD p%v: %d %v, report %d %v", p, a, aok, b, bok)
		}
	}
	if brief.Attempts == 0 || brief.Answered == brief.Attempts {
		t.Errorf("%d of %d answered: the sample shows nothing", brief.Answered, brief.Attempts)
	}
}
