package diagnosis

// infrastructure is the rules INF-01 to INF-11, each in a file
// infrastructure_SUBJECT.go.
func infrastructure() []*Rule { return encryptedRules()[2:] }
