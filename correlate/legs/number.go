package legs

import "strings"

// A Number is a telephone number as it is compared: digits without separators
// and without what stands for "international" (spec §2.4).
type Number struct {
	Digits string
	tail   [2]uint64 // the last nine and the last seven digits, 0 when there are fewer
}

const (
	minDigits = 5  // shorter ones are extensions that many have
	maxDigits = 32 // longer ones are no numbers
	longTail  = 9
	shortTail = 7
)

// ParseNumber reads the user part of a URI; ok is false when it is no number.
func ParseNumber(user string) (n Number, ok bool) {
	user, _, _ = strings.Cut(user, ";")
	digits, ok := digitsOf(user)
	if !ok {
		return n, false
	}
	for _, prefix := range [...]string{"00", "011"} {
		if rest, found := strings.CutPrefix(digits, prefix); found && !strings.HasPrefix(strings.TrimLeft(user, " "), "+") {
			digits = rest
			break
		}
	}
	if len(digits) < minDigits || len(digits) > maxDigits {
		return n, false
	}
	n.Digits = digits
	n.tail = [2]uint64{tailOf(digits, longTail), tailOf(digits, shortTail)}
	return n, true
}

// digitsOf drops the separators and a leading plus. Octets may be written as
// %HH: a plus and a space often are.
func digitsOf(user string) (digits string, ok bool) {
	if plain(user) {
		return user, user != ""
	}
	b := make([]byte, 0, len(user))
	for i := 0; i < len(user); i++ {
		c := user[i]
		if c == '%' {
			if i+2 >= len(user) {
				return "", false
			}
			c = unhex(user[i+1])<<4 | unhex(user[i+2])
			i += 2
		}
		switch {
		case isDigit(c):
			b = append(b, c)
		case strings.IndexByte("-.() ", c) >= 0 || c == '+' && len(b) == 0:
		default:
			return "", false
		}
	}
	return string(b), len(b) > 0
}

func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' || c == '*' || c == '#' }

// unhex is the value of a hexadecimal digit; anything else gives a value that
// makes no digit or separator.
func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0xFF
}

// tailOf packs the last n digits into one value, four bits each.
func tailOf(digits string, n int) uint64 {
	if len(digits) < n {
		return 0
	}
	v := uint64(1)
	for _, c := range []byte(digits[len(digits)-n:]) {
		d := uint64(c - '0')
		switch c {
		case '*':
			d = 10
		case '#':
			d = 11
		}
		v = v<<4 | d
	}
	return v
}

// A likeness is how far two numbers are the same, from not at all.
type likeness uint8

const (
	unlike likeness = iota
	sevenDigits
	nineDigits
	equalNumbers
)

func (n Number) like(o Number) likeness {
	switch {
	case n.tail[1] != o.tail[1]:
		return unlike
	case n.Digits == o.Digits:
		return equalNumbers
	case n.tail[1] == 0: // both are short, and not equal
		return unlike
	case n.tail[0] != 0 && n.tail[0] == o.tail[0]:
		return nineDigits
	}
	return sevenDigits
}

// alike is the best likeness between two lists.
func alike(a, b []Number) (best likeness) {
	for i := range a {
		for j := range b {
			best = max(best, a[i].like(b[j]))
		}
	}
	return best
}

// known reports whether a list has a number that tells subscribers apart.
func known(list []Number) bool {
	for i := range list {
		if list[i].tail[1] != 0 {
			return true
		}
	}
	return false
}

// withNumber adds a number to a list, once and up to a limit.
func withNumber(list []Number, user string) []Number {
	n, ok := ParseNumber(user)
	if !ok || len(list) >= maxNumbers {
		return list
	}
	for i := range list {
		if list[i].Digits == n.Digits {
			return list
		}
	}
	return append(list, n)
}
