package diagnosis

import "slices"

// signalling is the rules SIG-01 to SIG-40, each in the file of its subject.
func signalling() []*Rule {
	return slices.Concat(
		negotiationRules(),
		authenticationRules(),
		refusalRules(),
		encryptedRules()[:2],
	)
}
