package filter

import (
	"math"
	"strconv"

	"sipsniff/correlate"
)

// maxNear bounds the values that are compared to find the nearest.
const maxNear = 2_000

// Nearest is a filter like e that matches something, and how many calls: for
// users whose own matches nothing. "" when there is none near.
func (e *Expr) Nearest(in *Scope, calls []*correlate.Call) (text string, matches int) {
	if e.root == nil {
		return "", 0
	}
	parts := conditions(e.root)
	if len(parts) == 1 {
		return nearestValue(parts[0], in, calls)
	}
	for i := range parts { // which one of them asks too much?
		rest := make(allOf, 0, len(parts)-1)
		rest = append(append(rest, parts[:i]...), parts[i+1:]...)
		c := compiler{location: e.location, aliases: e.aliases}
		compiled, err := c.compile(every(rest))
		if err != nil {
			continue
		}
		n := 0
		for _, call := range calls {
			if compiled.match(subject{call, in}) {
				n++
			}
		}
		if n > matches {
			text, matches = spelled(every(rest)), n
		}
	}
	return text, matches
}

// nearestValue is a comparison with the value that is most like the wanted one.
func nearestValue(n node, in *Scope, calls []*correlate.Call) (text string, matches int) {
	c, ok := n.(*comparison)
	if !ok || len(c.values) != 1 || c.op != has && c.op != equal {
		return "", 0
	}
	wanted := c.values[0].text
	best := math.Inf(1)
	for _, v := range Values(c.field.name, in, calls, maxNear) {
		if d := apart(wanted, v.Text); d < best {
			best, matches = d, v.Calls
			text = spelled(&comparison{field: c.field, op: c.op, values: []value{{text: v.Text}}})
		}
	}
	return text, matches
}

// apart says how unlike two values are: numbers by their difference, texts by
// the letters that have to change.
func apart(a, b string) float64 {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		return math.Abs(x - y)
	}
	return float64(distance(a, b))
}
