package filter

import (
	"math"
	"strconv"
	"strings"
)

// An interval is numbers from one to another, both included.
type interval struct{ from, to float64 }

func (i interval) has(v float64) bool { return v >= i.from && v <= i.to }

// A reading is a number as it was written: 3.5 is worth 3.5 and precise to
// 0.1. When several is set it stands for all numbers of the interval, as 4xx
// does.
type reading struct {
	interval
	step    float64
	several bool
}

// compileNumber compiles the fields with numbers and durations.
func (n *comparison) compileNumber() (part, error) {
	if n.op.ordered() {
		return n.compileOrder()
	}
	var wanted []interval
	for _, v := range n.values {
		intervals, err := n.intervals(v)
		if err != nil {
			return part{}, err
		}
		wanted = append(wanted, intervals...)
	}
	test := inAny(wanted)
	switch f := n.field; {
	case f.number != nil && n.op == different:
		return part{func(s subject) bool { v := f.number(s); return !math.IsNaN(v) && !test(v) }, costNumber}, nil
	case f.number != nil && len(wanted) == 1:
		get, only := f.number, wanted[0]
		return part{func(s subject) bool { return only.has(get(s)) }, costNumber}, nil
	case f.number != nil:
		return part{func(s subject) bool { return test(f.number(s)) }, costNumber}, nil
	}
	return n.ofNumbers(test), nil
}

func inAny(wanted []interval) func(float64) bool {
	return func(v float64) bool {
		for _, i := range wanted {
			if i.has(v) {
				return true
			}
		}
		return false
	}
}

// ofNumbers compiles a field with several numbers. It differs from a number
// when none of them is it.
func (n *comparison) ofNumbers(test func(float64) bool) part {
	each := n.field.numbers
	switch {
	case each == nil:
		return part{never, 0}
	case n.op == different:
		return part{func(s subject) bool { return each(s, func(float64) bool { return true }) && !each(s, test) }, costText}
	}
	return part{func(s subject) bool { return each(s, test) }, costText}
}

// compileOrder compiles < <= > and >=. A comparison with NaN is false.
func (n *comparison) compileOrder() (part, error) {
	v := n.values[0]
	r, ok := n.read(v.text)
	if !ok || r.several {
		return part{}, n.unreadable(v)
	}
	limit := r.from
	if get := n.field.number; get != nil {
		return part{[...]predicate{
			less:         func(s subject) bool { return get(s) < limit },
			lessEqual:    func(s subject) bool { return get(s) <= limit },
			greater:      func(s subject) bool { return get(s) > limit },
			greaterEqual: func(s subject) bool { return get(s) >= limit },
		}[n.op], costNumber}, nil
	}
	return n.ofNumbers([...]func(float64) bool{
		less:         func(v float64) bool { return v < limit },
		lessEqual:    func(v float64) bool { return v <= limit },
		greater:      func(v float64) bool { return v > limit },
		greaterEqual: func(v float64) bool { return v >= limit },
	}[n.op]), nil
}

// intervals is what a value stands for.
func (n *comparison) intervals(v value) ([]interval, error) {
	if first, last, found := strings.Cut(v.text, ".."); found {
		from, fromOK := n.bound(first, math.Inf(-1))
		to, toOK := n.bound(last, math.Inf(1))
		if !fromOK || !toOK || first+last == "" {
			return nil, n.unreadable(v)
		}
		return []interval{{from.from, to.to}}, nil
	}
	if n.field.kind == kindSSRC {
		if list := readSSRC(v.text); list != nil {
			return list, nil
		}
		return nil, n.unreadable(v)
	}
	r, ok := n.read(v.text)
	if !ok {
		return nil, n.unreadable(v)
	}
	return []interval{n.around(r)}, nil
}

// bound reads one end of a range; none is open.
func (n *comparison) bound(text string, open float64) (reading, bool) {
	if text == "" {
		return reading{interval: interval{open, open}}, true
	}
	return n.read(text)
}

// around is what ":" takes for equal: what is the same at the precision in
// which the value is written. Durations are cut to it, as the list does; of an
// age everything younger counts.
func (n *comparison) around(r reading) interval {
	below := func(v float64) float64 { return math.Nextafter(v, math.Inf(-1)) }
	switch {
	case n.field.kind == kindAge:
		return interval{0, r.to}
	case n.op != has || r.several:
		return r.interval
	case n.field.kind == kindNumber:
		return interval{r.from - r.step/2, below(r.from + r.step/2)}
	case n.field.kind == kindSeconds || n.field.kind == kindMilliseconds:
		return interval{r.from, below(r.from + r.step)}
	}
	return r.interval
}

// read reads one number of the field's kind.
func (n *comparison) read(text string) (reading, bool) {
	switch n.field.kind {
	case kindWhole:
		return readWhole(text)
	case kindSeconds, kindAge:
		return readDuration(text, second)
	case kindMilliseconds:
		return readDuration(text, millisecond)
	case kindSSRC:
		list := readSSRC(text)
		return reading{interval: interval{first(list), first(list)}}, list != nil
	}
	return readDecimal(strings.TrimSuffix(text, "%"))
}

func first(list []interval) float64 {
	if list == nil {
		return math.NaN()
	}
	return list[0].from
}

func (n *comparison) unreadable(v value) error {
	what := map[kind]string{
		kindWhole: "a whole number", kindNumber: "a number", kindSeconds: "a time span such as 30s or 250ms",
		kindMilliseconds: "a time span such as 20 or 20ms", kindAge: "a time span such as 5m", kindSSRC: "an SSRC such as 0x1A2B3C4D",
	}[n.field.kind]
	if n.op.ordered() {
		return unfinished(v.at, "%s%s takes %s, not %q", n.field.name, n.op, what, v.text)
	}
	return unfinished(v.at, "%s is %s, not %q", n.field.name, what, v.text)
}

// readWhole reads 486, or 4xx for 400 to 499.
func readWhole(text string) (reading, bool) {
	digits := strings.TrimRight(text, "xX")
	unknown := len(text) - len(digits)
	n, err := strconv.ParseUint(digits, 10, 48)
	if err != nil || unknown > 9 {
		return reading{}, false
	}
	width := math.Pow10(unknown)
	low := float64(n) * width
	return reading{interval: interval{low, low + width - 1}, several: unknown > 0}, true
}

// readDecimal reads 3.5, without exponents and signs.
func readDecimal(text string) (reading, bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	if whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" || len(text) > 30 {
		return reading{}, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return reading{interval: interval{v, v}, step: math.Pow10(-len(fraction))}, err == nil
}

// readSSRC reads 0x1A2B3C4D, eight hexadecimal digits or a decimal number.
// Eight decimal digits may be either.
func readSSRC(text string) []interval {
	var list []interval
	add := func(digits string, base int) {
		if n, err := strconv.ParseUint(digits, base, 32); err == nil {
			list = append(list, interval{float64(n), float64(n)})
		}
	}
	if len(text) > 2 && strings.EqualFold(text[:2], "0x") {
		add(text[2:], 16)
		return list
	}
	add(text, 10)
	if len(text) == 8 {
		add(text, 16)
	}
	return list
}
