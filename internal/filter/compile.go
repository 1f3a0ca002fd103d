package filter

import (
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// A predicate decides about one call.
type predicate func(subject) bool

// A part is a compiled node. What costs less is tried first.
type part struct {
	match predicate
	cost  int
}

// The costs of looking at one value, in no particular unit.
const (
	costNumber  = 1
	costText    = 4
	costWord    = 16
	costPattern = 32
	costDeep    = 1000 // per message
)

// A compiler makes a predicate of nodes.
type compiler struct {
	location *time.Location
	aliases  map[netip.Addr]string
	hints    []string
}

func (c *compiler) compile(n node) (part, error) {
	switch n := n.(type) {
	case nil:
		return part{func(subject) bool { return true }, 0}, nil
	case anyOf:
		return c.several(n, oneOf)
	case allOf:
		return c.several(n, allIn)
	case negation:
		inner, err := c.compile(n.of)
		return part{func(s subject) bool { return !inner.match(s) }, inner.cost}, err
	case *saved:
		return c.compile(n.of)
	case word:
		return part{c.wordIn(string(n)), costWord}, nil
	}
	return c.comparison(n.(*comparison))
}

func (c *compiler) several(nodes []node, join func([]predicate) predicate) (part, error) {
	parts, cost := make([]part, len(nodes)), 0
	for i, n := range nodes {
		var err error
		if parts[i], err = c.compile(n); err != nil {
			return part{}, err
		}
		cost += parts[i].cost
	}
	slices.SortStableFunc(parts, func(a, b part) int { return a.cost - b.cost })
	matches := make([]predicate, len(parts))
	for i := range parts {
		matches[i] = parts[i].match
	}
	return part{join(matches), cost}, nil
}

func oneOf(of []predicate) predicate {
	if len(of) == 2 {
		a, b := of[0], of[1]
		return func(s subject) bool { return a(s) || b(s) }
	}
	return func(s subject) bool {
		for _, match := range of {
			if match(s) {
				return true
			}
		}
		return false
	}
}

func allIn(of []predicate) predicate {
	if len(of) == 2 {
		a, b := of[0], of[1]
		return func(s subject) bool { return a(s) && b(s) }
	}
	return func(s subject) bool {
		for _, match := range of {
			if !match(s) {
				return false
			}
		}
		return true
	}
}

// comparison compiles a field with what it is compared with. The values are
// checked also of a field that nothing measures.
func (c *compiler) comparison(n *comparison) (part, error) {
	if err := n.allowed(); err != nil {
		return part{}, err
	}
	if !n.field.measured() {
		c.hint("%s: nothing measures it yet, so no call has one", n.field.name)
	}
	switch n.field.kind {
	case kindText:
		if n.field.aliases {
			return c.compileAlias(n)
		}
		return n.compileText()
	case kindAddress:
		return c.compileAddress(n)
	case kindState:
		return c.compileState(n)
	case kindSeverity:
		return n.compileSeverity()
	case kindTime:
		return c.compileTime(n)
	case kindYesNo:
		return n.compileAnswer()
	}
	return n.compileNumber()
}

func (c *compiler) hint(format string, args ...any) {
	c.hints = append(c.hints, fmt.Sprintf(format, args...))
}

// allowed refuses operators that make no sense for the kind of the field.
func (n *comparison) allowed() error {
	switch n.field.kind {
	case kindText, kindAddress, kindState:
		if n.op.ordered() {
			return faultAt(n.at, "%s has no order: it takes : = != and ~", n.field.name)
		}
	case kindSeverity:
		if n.op == matches {
			return faultAt(n.at, "%s is no text: it takes : = != < <= > and >=", n.field.name)
		}
	case kindYesNo:
		if n.op.ordered() || n.op == matches {
			return faultAt(n.at, "%s is yes or no: it takes : = and !=", n.field.name)
		}
	default:
		if n.op == matches {
			return faultAt(n.at, "%s is no text: it takes : = != < <= > and >=", n.field.name)
		}
	}
	if n.op.ordered() && len(n.values) > 1 {
		return faultAt(n.values[1].at, "%s%s takes one value", n.field.name, n.op)
	}
	return nil
}

// never is the predicate of a value that is always absent.
func never(subject) bool { return false }

// compileAnswer compiles a field that is yes or no.
func (n *comparison) compileAnswer() (part, error) {
	var wanted [3]bool
	for _, v := range n.values {
		a, err := v.answer(n.field.name)
		if err != nil {
			return part{}, err
		}
		wanted[a] = true
	}
	if n.op == different {
		wanted[yes], wanted[no] = !wanted[yes], !wanted[no]
	}
	get := n.field.answer
	if get == nil {
		return part{never, 0}, nil
	}
	return part{func(s subject) bool { return wanted[get(s)] }, costText}, nil
}

func (v value) answer(name string) (answer, error) {
	switch lowerCase.fold(v.text) {
	case "yes", "y", "true", "on", "1":
		return yes, nil
	case "no", "n", "false", "off", "0":
		return no, nil
	}
	return unknown, unfinished(v.at, "%s is yes or no, not %q", name, v.text)
}
