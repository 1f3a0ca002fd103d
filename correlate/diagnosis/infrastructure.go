package diagnosis

import "slices"

// infrastructure is the rules INF-01 to INF-11, each in a file
// infrastructure_SUBJECT.go.
func infrastructure() []*Rule {
	return slices.Concat(
		trunkRules(),
		sightRules(),
		captureRules(),
		encryptedRules()[2:],
		connectionRules(),
		translationRules(),
		sipMarkingRules(),
	)
}
