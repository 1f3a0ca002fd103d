package sip

// datePattern is the shape of SIP-date (RFC 3261 §25.1): letters stand for
// letters, digits for digits, the rest for itself. Only GMT may stand at its end.
const datePattern = "Aaa, 00 Aaa 0000 00:00:00 GMT"

// isDate reports whether s has the shape of a SIP-date.
func isDate(s string) bool {
	if len(s) != len(datePattern) || s[len(s)-3:] != "GMT" {
		return false
	}
	for i := 0; i < len(s)-3; i++ {
		var ok bool
		switch datePattern[i] {
		case 'A', 'a':
			ok = classes[fold(s[i])]&classLower != 0
		case '0':
			ok = isDigit(s[i])
		default:
			ok = s[i] == datePattern[i]
		}
		if !ok {
			return false
		}
	}
	return true
}
