package diagnosis

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Options switch rules off and set their thresholds. The zero value is the
// catalogue as it is.
type Options struct {
	off     map[string]bool    // by code
	numbers map[string]float64 // by "CODE.name"
	lists   map[string][]string
}

// Set takes one key of the configuration: diag.CODE.off with yes or no, or
// diag.CODE.NAME with a number or, of a List, words. The key may come without "diag.".
func (o *Options) Set(key, value string) error {
	code, name, ok := strings.Cut(strings.TrimPrefix(key, "diag."), ".")
	rule := RuleOf(code)
	switch {
	case !ok:
		return fmt.Errorf("%s is no setting of a rule, such as diag.SIG-05.off", key)
	case rule == nil:
		return fmt.Errorf("%s: there is no rule %s", key, code)
	case name == "off":
		return o.setOff(rule.Code, key, value)
	}
	if at := slices.IndexFunc(rule.Lists, func(l List) bool { return l.Name == name }); at >= 0 {
		o.setList(rule, &rule.Lists[at], value)
		return nil
	}
	at := slices.IndexFunc(rule.Thresholds, func(t Threshold) bool { return t.Name == name })
	if at < 0 {
		return fmt.Errorf("%s: %s has %s", key, rule.Code, rule.settings())
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return fmt.Errorf("%s: %q is no number", key, value)
	}
	if o.numbers == nil {
		o.numbers = make(map[string]float64)
	}
	o.numbers[rule.Code+"."+name] = number
	return nil
}

func (o *Options) setList(r *Rule, l *List, value string) {
	var words []string
	more, added := strings.CutPrefix(strings.TrimSpace(value), "+")
	if added {
		words = slices.Clone(o.words(r, l.Name))
	}
	for _, w := range strings.Split(more, ",") {
		if w = strings.TrimSpace(w); w != "" {
			words = append(words, w)
		}
	}
	if o.lists == nil {
		o.lists = make(map[string][]string)
	}
	o.lists[r.Code+"."+l.Name] = words
}

// words is a list of a rule, which has to declare it.
func (o *Options) words(r *Rule, name string) []string {
	if words, ok := o.lists[r.Code+"."+name]; ok {
		return words
	}
	for i := range r.Lists {
		if r.Lists[i].Name == name {
			return r.Lists[i].Default
		}
	}
	panic("diagnosis: " + r.Code + " declares no list " + name)
}

func (o *Options) setOff(code, key, value string) error {
	off, err := strconv.ParseBool(strings.TrimSpace(value))
	if err != nil {
		return fmt.Errorf("%s: %q is neither true nor false", key, value)
	}
	if o.off == nil {
		o.off = make(map[string]bool)
	}
	o.off[code] = off
	return nil
}

// settings names what of a rule can be set.
func (r *Rule) settings() string {
	names := []string{"off"}
	for _, t := range r.Thresholds {
		names = append(names, t.Name)
	}
	for _, l := range r.Lists {
		names = append(names, l.Name)
	}
	return strings.Join(names, ", ")
}

// number is a threshold of a rule. Asking for one that the rule does not
// declare is a mistake of its author.
func (o *Options) number(r *Rule, name string) float64 {
	if len(o.numbers) > 0 {
		if n, ok := o.numbers[r.Code+"."+name]; ok {
			return n
		}
	}
	for i := range r.Thresholds {
		if r.Thresholds[i].Name == name {
			return r.Thresholds[i].Default
		}
	}
	panic("diagnosis: " + r.Code + " declares no threshold " + name)
}
