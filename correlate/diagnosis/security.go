package diagnosis

import "slices"

// security is the rules SEC-01 to SEC-12, each in a file security_SUBJECT.go.
func security() []*Rule {
	return slices.Concat(
		probingRules(),
		passwordRules(),
		fraudRules(),
		floodRules(),
		intrusionRules(),
		secrecyRules(),
		callerRules(),
	)
}
