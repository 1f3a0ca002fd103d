package diagnosis

import "slices"

// signalling is the rules SIG-01 to SIG-40, each in the file of its subject.
func signalling() []*Rule {
	return slices.Concat(
		noAnswerRules(),
		acknowledgementRules(),
		delayRules(),
		cancelRules(),
		loopRules(),
		dialogRules(),
		policyRules(),
		registrationRules(),
		loadRules(),
		pathRules(),
		sizeRules(),
		reliableRules(),
		transferRules(),
		malformedRules(),
		clockRules(),
		negotiationRules(),
		authenticationRules(),
		refusalRules(),
		encryptedRules()[:2],
	)
}
