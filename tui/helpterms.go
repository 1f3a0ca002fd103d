package tui

import "strings"

// statisticTerms are what the figures of the statistics mean, as
// docs/METRICS.md has it at length.
func statisticTerms() []helpLine {
	return []helpLine{
		{keys: "ASR", text: "answered / attempts with a final reply or a timeout"},
		{keys: "NER", text: "answered, busy, no answer, cancelled by the caller / the same"},
		{keys: "SEER", text: "answered, 480, 486, 600, 603 / the same without redirected (RFC 6076)"},
		{keys: "ACD", text: "average duration of answered calls"},
		{keys: "401/407", text: "challenges, not failures"},
		{keys: "PDD", text: "from the first INVITE to ringing, answer or refusal"},
		{keys: "MOS", text: "of the worst stream of a call"},
	}
}

// terms are those that have what is typed, below a heading of their own.
func (h *helpDialog) terms() []helpLine {
	if h.about != InStatistics {
		return nil
	}
	want := strings.ToLower(string(h.typed))
	lines := []helpLine{{}, {text: "Figures"}}
	for _, line := range statisticTerms() {
		if strings.Contains(strings.ToLower(line.keys+" "+line.text), want) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 2 {
		return nil
	}
	return lines
}
