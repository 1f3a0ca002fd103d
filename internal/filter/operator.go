package filter

import "strings"

// An operator compares the value of a field.
type operator uint8

const (
	has       operator = iota // ":"  contains, or is
	equal                     // "="  is, as a whole
	different                 // "!=" has a value, and another one
	less
	lessEqual
	greater
	greaterEqual
	matches // "~"  a regular expression
)

// operatorSigns are in the order of the constants.
var operatorSigns = [...]string{":", "=", "!=", "<", "<=", ">", ">=", "~"}

func (o operator) String() string { return operatorSigns[o] }

// ordered reports whether the operator needs values that have an order.
func (o operator) ordered() bool { return o >= less && o <= greaterEqual }

// operatorAt reads the longest operator that s begins with.
func operatorAt(s string) (o operator, length int) {
	for i, sign := range operatorSigns {
		if len(sign) > length && strings.HasPrefix(s, sign) {
			o, length = operator(i), len(sign)
		}
	}
	return o, length
}
