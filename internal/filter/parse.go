package filter

import (
	"errors"
	"slices"
	"strings"
)

const (
	maxLength = 8192 // octets of a filter
	maxDepth  = 100  // parentheses and negations inside of each other
	maxSaved  = 1000 // saved filters in one, those in saved filters too

	valueEnd = ",|" // ends a value without quotes, besides what ends a word
)

// A parser reads an expression into nodes:
//
//	expr  = and { ("or" | "|") and }
//	and   = not { ["and"] not }
//	not   = ("!" | "-" | "not") not | atom
//	atom  = "(" expr ")" | field op value { "," value } | "@" name | word
type parser struct {
	scanner
	lookup func(name string) *field
	saved  func(name string) (string, bool)
	within []string // the saved filters that this one stands in
	opened *int     // saved filters that were read so far, of all that belong to one text
	depth  int
	hints  []string
}

// parse reads the whole text; nil is a filter that matches everything.
func (p *parser) parse() (node, error) {
	if len(p.text) > maxLength {
		return nil, faultAt(maxLength, "a filter ends here: %d octets are the most", maxLength)
	}
	p.skipSpace()
	if p.atEnd() {
		return nil, nil
	}
	n, err := p.alternatives()
	if err == nil && !p.atEnd() {
		return nil, faultAt(p.pos, `")" without "("`)
	}
	return n, err
}

func (p *parser) alternatives() (node, error) {
	var parts []node
	for after := ""; ; {
		n, err := p.conjunction(after)
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
		start := p.pos
		switch {
		case p.next() == '|':
			p.pos++
		case p.keyword("or"):
		default:
			return either(parts), nil
		}
		after = p.text[start:p.pos]
	}
}

// conjunction reads what "or" separates. after is the operator in front of it.
func (p *parser) conjunction(after string) (node, error) {
	var parts []node
	for {
		p.skipSpace()
		start := p.pos
		if p.closes() {
			if len(parts) == 0 || after != "" {
				return nil, p.nothing(after)
			}
			return every(parts), nil
		}
		if p.keyword("and") {
			if len(parts) == 0 || after != "" {
				return nil, faultAt(start, `nothing before "and"`)
			}
			after = p.text[start:p.pos]
			continue
		}
		n, err := p.negated()
		if err != nil {
			return nil, err
		}
		parts, after = append(parts, n), ""
	}
}

// closes reports whether an operand cannot begin here.
func (p *parser) closes() bool {
	peek := p.scanner
	return p.atEnd() || p.next() == ')' || p.next() == '|' || peek.keyword("or")
}

// nothing says that an operand is missing here, behind after.
func (p *parser) nothing(after string) error {
	f := &fault{at: p.pos, incomplete: p.atEnd()}
	switch {
	case after != "":
		f.text = `nothing after "` + after + `"`
	case p.atEnd():
		f.text = `nothing after "("`
	case p.next() == ')' && p.depth > 0:
		f.text = `nothing between "(" and ")"`
	case p.next() == ')':
		f.text = `")" without "("`
	default:
		f.text = `nothing before "or"`
	}
	return f
}

func (p *parser) negated() (node, error) {
	start := p.pos
	switch {
	case p.next() == '!' || p.next() == '-':
		p.pos++
	case p.keyword("not"):
	default:
		return p.atom()
	}
	sign := p.text[start:p.pos]
	p.skipSpace()
	if p.closes() {
		return nil, p.nothing(sign)
	}
	if err := p.descend(start); err != nil {
		return nil, err
	}
	defer p.ascend()
	n, err := p.negated()
	if err != nil {
		return nil, err
	}
	return negation{n}, nil
}

func (p *parser) descend(at int) error {
	if p.depth++; p.depth > maxDepth {
		return faultAt(at, "more than %d parts inside of each other", maxDepth)
	}
	return nil
}

func (p *parser) ascend() { p.depth-- }

func (p *parser) atom() (node, error) {
	switch p.next() {
	case '(':
		return p.group()
	case '"':
		text, err := p.quotedAlone("")
		return word(text), err
	case '@':
		return p.savedFilter()
	}
	return p.fieldOrWord()
}

func (p *parser) group() (node, error) {
	start := p.pos
	if err := p.descend(start); err != nil {
		return nil, err
	}
	defer p.ascend()
	p.pos++
	n, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.atEnd() {
		return nil, unfinished(p.pos, `missing ")" for the "(" in column %d`, faultAt(start, "").in(p.text).Column)
	}
	p.pos++
	return n, nil
}

// quotedAlone reads text in quotes that nothing is stuck to but one of more.
func (p *parser) quotedAlone(more string) (string, error) {
	text, err := p.quoted()
	if err == nil && !p.ended() && strings.IndexByte(more, p.next()) < 0 {
		return "", faultAt(p.pos, `a space is missing behind the closing "`)
	}
	return text, err
}

// savedFilter reads "@name" and the filter that has this name.
func (p *parser) savedFilter() (node, error) {
	start := p.pos
	p.pos++
	name := p.bare("|")
	if name == "" {
		return nil, unfinished(p.pos, "the name of a saved filter is missing")
	}
	if p.opened == nil {
		p.opened = new(int)
	}
	*p.opened++
	switch {
	case slices.Contains(p.within, name):
		return nil, faultAt(start, "@%s: this saved filter contains itself", name)
	case *p.opened > maxSaved || len(p.within) >= maxDepth:
		return nil, faultAt(start, "@%s: these are too many saved filters", name)
	}
	text, found := "", false
	if p.saved != nil {
		text, found = p.saved(name)
	}
	if !found {
		return nil, faultAt(start, `@%s: no filter is saved under this name; "@%s" in quotes is searched for`, name, name)
	}
	inner := parser{scanner: scanner{text: text}, lookup: p.lookup, saved: p.saved, within: append(slices.Clone(p.within), name), opened: p.opened, depth: p.depth}
	n, err := inner.parse()
	if err != nil {
		return nil, p.inside(start, name, err, text)
	}
	return &saved{name, n}, nil
}

// inside says that a fault is in a saved filter.
func (p *parser) inside(at int, name string, err error, text string) error {
	var f *fault
	if errors.As(err, &f) {
		return faultAt(at, "@%s, %s", name, f.in(text))
	}
	return err
}

// fieldOrWord reads a comparison when a known field and an operator begin
// here, else a word.
func (p *parser) fieldOrWord() (node, error) {
	start := p.pos
	if name := p.identifier(); name != "" {
		f, err := p.field(name, start)
		if err != nil {
			return nil, err
		}
		if f != nil {
			return p.comparison(f, start)
		}
	}
	p.pos = start
	text := p.bare("|")
	if _, n := operatorAt(text); n > 0 && n == len(text) && text != ":" {
		return nil, faultAt(start, "%q without a field in front of it", text)
	}
	return word(text), nil
}

// field is the field called name when an operator follows, which is where it
// leaves the scanner. White space may stand in front of an operator that no
// word begins with.
func (p *parser) field(name string, start int) (*field, error) {
	tight := p.pos
	p.skipSpace()
	op, n := operatorAt(p.rest())
	if n == 0 || op == has && p.pos > tight {
		return nil, nil
	}
	if header, found := cutHeader(name); found {
		if header == "" {
			return nil, faultAt(tight, "which header? Write header.NAME, such as header.Subject")
		}
		return headerField(header), nil
	}
	if p.lookup == nil {
		p.lookup = lookup
	}
	f := p.lookup(name)
	if f == nil && p.pos == tight {
		p.hint(name, op)
	}
	return f, nil
}

func (p *parser) comparison(f *field, start int) (node, error) {
	op, n := operatorAt(p.rest())
	p.pos += n
	p.skipSpace()
	if next, n := operatorAt(p.rest()); op == has && f.ranked() && next != has && next != matches && n > 0 {
		op, p.pos = next, p.pos+n // the colon of "code: >=400" says no more
		p.skipSpace()
	}
	c := &comparison{field: f, op: op, at: start}
	if op != matches {
		var err error
		c.values, err = p.list(f.name + op.String())
		return c, err
	}
	at := p.pos
	slashed := p.next() == '/'
	text, err := p.pattern()
	switch {
	case err != nil:
		return nil, err
	case p.pos == at:
		return nil, unfinished(at, "%s~ wants a pattern, such as /^abc/", f.name)
	case !p.ended():
		return nil, faultAt(p.pos, `a space is missing behind /%s/; a / inside a pattern is written \/`, text)
	}
	if slashed {
		at++
	}
	c.values = []value{{text, at}}
	return c, nil
}

// list reads values with commas between them.
func (p *parser) list(what string) ([]value, error) {
	for values := []value(nil); ; p.pos++ {
		at := p.pos
		var text string
		if p.next() == '"' {
			var err error
			if text, err = p.quotedAlone(","); err != nil {
				return nil, err
			}
		} else if text = p.bare(valueEnd); text == "" {
			if values != nil {
				what = `a "," in a list`
			}
			return nil, unfinished(at, "%s wants a value", what)
		}
		values = append(values, value{text, at})
		if p.next() != ',' {
			return values, nil
		}
	}
}
