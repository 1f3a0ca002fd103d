package filter

// A node is a part of an expression: anyOf, allOf, negation, *comparison,
// word or *saved.
type node interface{}

// anyOf and allOf have two parts at least; a part of anyOf is never another
// anyOf, a part of allOf never another allOf.
type (
	anyOf    []node
	allOf    []node
	negation struct{ of node }
)

// A word is text that is searched for in what a row of the list shows.
type word string

// A saved filter stands for its expression.
type saved struct {
	name string
	of   node // nil for a filter that matches everything
}

// A comparison is a field, an operator and its values; of a pattern there is
// one. Quotes are no part of a value.
type comparison struct {
	field  *field
	op     operator
	values []value
	at     int // of the field, in octets from the start of the text
}

// A value is one of a list, as it was written.
type value struct {
	text string
	at   int // in octets from the start of the text
}

// either joins the alternatives of an "or".
func either(parts []node) node {
	var flat anyOf
	for _, p := range parts {
		if inner, ok := p.(anyOf); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, p)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return flat
}

// every joins the parts of an "and".
func every(parts []node) node {
	var flat allOf
	for _, p := range parts {
		if inner, ok := p.(allOf); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, p)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return flat
}
