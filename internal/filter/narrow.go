package filter

import (
	"maps"
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
func (e *Expr) Steady() bool { return e.root == nil || steady(e.root) }

func steady(n node) bool {
	switch n := n.(type) {
	case anyOf:
		return allSteady(n)
	case allOf:
		return allSteady(n)
	case negation:
		return steady(n.of)
	case *saved:
		return n.of == nil || steady(n.of)
	case *comparison:
		switch n.field.name {
		case "since", "dur", "time", "marked", "problem", "severity", "finding", "oneway", "silent":
			return false
		}
	}
	return true
}

func allSteady(parts []node) bool {
	for _, part := range parts {
		if !steady(part) {
			return false
		}
	}
	return true
}
