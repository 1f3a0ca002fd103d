package filter

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// compileText compiles a field with texts. It differs from a text when it has
// some, and none of them is it.
func (n *comparison) compileText() (part, error) {
	test, cost, err := n.textTest()
	if err != nil {
		return part{}, err
	}
	each := n.field.texts
	if each == nil {
		return part{never, 0}, nil
	}
	if n.field.deep {
		cost += costDeep
	}
	if n.op == different {
		return part{func(s subject) bool { return each(s, func(string) bool { return true }) && !each(s, test) }, 2 * cost}, nil
	}
	return part{func(s subject) bool { return each(s, test) }, cost}, nil
}

// textTest decides about one text.
func (n *comparison) textTest() (test func(string) bool, cost int, err error) {
	if n.op == matches {
		re, err := n.values[0].regexp()
		if err != nil {
			return nil, 0, err
		}
		return re.MatchString, costPattern, nil
	}
	fold := &lowerCase
	if n.field.phrase {
		fold = &phrases
	}
	wanted := make([]needle, len(n.values))
	for i, v := range n.values {
		text := v.text
		if n.field.spell != nil {
			text = n.field.spell(text)
		}
		wanted[i] = newNeedle(text, fold)
	}
	if n.op == has {
		return func(text string) bool { return anyIn(wanted, text) }, costText, nil
	}
	return func(text string) bool {
		for i := range wanted {
			if wanted[i].is(text) {
				return true
			}
		}
		return false
	}, costText, nil
}

// regexp compiles a pattern. It ignores case, and ^ and $ are at the ends of
// lines.
func (v value) regexp() (*regexp.Regexp, error) {
	re, err := regexp.Compile("(?im)" + literalPlus(v.text))
	if err == nil {
		return re, nil
	}
	what := err.Error()
	if bad, ok := err.(*syntax.Error); ok {
		switch bad.Code {
		case syntax.ErrMissingBracket:
			what = `missing "]"`
		case syntax.ErrMissingParen:
			what = `missing ")"`
		case syntax.ErrUnexpectedParen:
			what = `")" without "("`
		default:
			what = bad.Code.String() + " " + strings.TrimPrefix(bad.Expr, "(?im)")
		}
	}
	return nil, unfinished(v.at, "%s in /%s/", strings.TrimSpace(what), v.text)
}

// literalPlus escapes every "+" that has nothing to repeat: numbers begin with
// it.
func literalPlus(pattern string) string {
	if !strings.Contains(pattern, "+") {
		return pattern
	}
	var b strings.Builder
	begins, class := true, false // something begins here; inside of []
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		if c == '+' && begins && !class {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
		if c == '\\' && i+1 < len(pattern) {
			i++
			b.WriteByte(pattern[i])
		}
		begins = !class && (c == '^' || c == '(' || c == '|')
		class = c == '[' || class && c != ']'
	}
	return b.String()
}
