package filter

import (
	"maps"
	"slices"
	"strings"
)

// Narrows reports whether every call that e matches is matched by old as well,
// as far as that can be seen from how the two are written: e asks for more, or
// its last word goes on. What did not match old then need not be looked at.
func (e *Expr) Narrows(old *Expr) bool {
	if old == nil || old.root == nil {
		return true
	}
	if e.root == nil {
		return false
	}
	if !maps.Equal(e.aliases, old.aliases) {
		return false
	}
	for _, wanted := range conditions(old.root) {
		if !implied(wanted, conditions(e.root)) {
			return false
		}
	}
	return true
}

// conditions are the parts that all have to hold.
func conditions(n node) []node {
	if parts, ok := n.(allOf); ok {
		return parts
	}
	return []node{n}
}

// implied reports whether one of the parts cannot hold without the wanted one.
func implied(wanted node, parts []node) bool {
	short, isWord := wanted.(word)
	text := spelled(wanted)
	for _, part := range parts {
		if long, ok := part.(word); ok && isWord && within(string(short), string(long)) {
			return true
		}
		if spelled(part) == text {
			return true
		}
	}
	return false
}

// within reports whether a text that holds long holds short too. Words are
// searched for without regard to the case of letters.
func within(short, long string) bool {
	return strings.Contains(strings.ToLower(long), strings.ToLower(short))
}

func spelled(n node) string {
	var b strings.Builder
	write(&b, n)
	return b.String()
}

// Steady reports whether what the filter says of a call can change only with
// the call and its streams: not with the time, with marks, or with what is
// found out about the call.
func (e *Expr) Steady() bool {
	return !e.asksAny("since", "dur", "time", "marked") && !e.AsksFindings()
}

// AsksFindings reports whether what the filter says of a call depends on what was
// found out about it: its Scope has to know the Problems then.
func (e *Expr) AsksFindings() bool {
	return e.asksAny("problem", "severity", "finding", "oneway", "silent")
}

// asksAny reports whether one of some fields is in the filter.
func (e *Expr) asksAny(names ...string) bool {
	return e.root != nil && asksAny(e.root, names)
}

func asksAny(n node, names []string) bool {
	asks := func(part node) bool { return asksAny(part, names) }
	switch n := n.(type) {
	case anyOf:
		return slices.ContainsFunc(n, asks)
	case allOf:
		return slices.ContainsFunc(n, asks)
	case negation:
		return asks(n.of)
	case *saved:
		return n.of != nil && asks(n.of)
	case *comparison:
		return slices.Contains(names, n.field.name)
	}
	return false
}
