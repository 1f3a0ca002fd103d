package sip

// knownMethods are those of the RFCs, most frequent first, then what is seen
// in the wild (spec Appendix C).
var knownMethods = [...]string{
	"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "NOTIFY", "SUBSCRIBE", "PRACK", "UPDATE", "INFO",
	"MESSAGE", "REFER", "PUBLISH",
	"SERVICE", "BENOTIFY", "NEGOTIATE", "QAUTH", "COMET", "DO", "SPRACK", "PING", "SOURCE", "KDMQ",
}

// KnownMethod reports whether the method is in the table of spec Appendix C.
// Methods are compared exactly.
func KnownMethod(method string) bool {
	for _, known := range knownMethods {
		if known == method {
			return true
		}
	}
	return false
}

// InternMethod returns the method from the table, where it is in it, so that
// what keeps it does not keep the message too, and comparing is fast.
func InternMethod(method string) string {
	for _, known := range knownMethods {
		if known == method {
			return known
		}
	}
	return method
}

// knownMethodFold is KnownMethod without regard to case.
func knownMethodFold(method string) bool {
	for _, known := range knownMethods {
		if equalFold(known, method) {
			return true
		}
	}
	return false
}
