package diagnosis

import "slices"

// media is the rules MED-01 to MED-40, each in a file media_SUBJECT.go.
func media() []*Rule {
	return slices.Concat(
		silenceRules(),
		startRules(),
		addressRules(),
		formatRules(),
		lossRules(),
		timingRules(),
		identityRules(),
		keyRules(),
		markingRules(),
		protectionRules(),
		mediaPathRules(),
		reportingRules(),
		qualityRules(),
		faxRules(),
	)
}
