package diagnosis

// media is the rules MED-01 to MED-40, each in a file media_SUBJECT.go.
func media() []*Rule { return nil }
