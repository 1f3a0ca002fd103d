package filter

import "strings"

// write prints a node so that it is read as the same node again.
func write(b *strings.Builder, n node) {
	switch n := n.(type) {
	case anyOf:
		for i, part := range n {
			if i > 0 {
				b.WriteString(" or ")
			}
			write(b, part)
		}
	case allOf:
		for i, part := range n {
			if i > 0 {
				b.WriteByte(' ')
			}
			_, alternatives := part.(anyOf)
			writeGroup(b, part, alternatives)
		}
	case negation:
		b.WriteByte('!')
		_, alternatives := n.of.(anyOf)
		_, parts := n.of.(allOf)
		writeGroup(b, n.of, alternatives || parts)
	case *comparison:
		n.write(b)
	case *saved:
		b.WriteString("@" + n.name)
	case word:
		writeQuoted(b, string(n), isBareWord(string(n)))
	}
}

func writeGroup(b *strings.Builder, n node, parentheses bool) {
	if parentheses {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	write(b, n)
}

func (c *comparison) write(b *strings.Builder) {
	b.WriteString(c.field.name + c.op.String())
	if c.op == matches {
		writePattern(b, c.values[0].text)
		return
	}
	for i, v := range c.values {
		if i > 0 {
			b.WriteByte(',')
		}
		writeQuoted(b, v.text, isBareValue(v.text))
	}
}

// writePattern puts a regular expression between slashes.
func writePattern(b *strings.Builder, pattern string) {
	b.WriteByte('/')
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '/':
			b.WriteByte('\\')
		case pattern[i] == '\\' && i+1 < len(pattern):
			b.WriteByte('\\')
			i++
		}
		b.WriteByte(pattern[i])
	}
	b.WriteByte('/')
}

func writeQuoted(b *strings.Builder, text string, bare bool) {
	if bare {
		b.WriteString(text)
		return
	}
	b.WriteByte('"')
	for i := range len(text) {
		if text[i] == '"' || text[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	b.WriteByte('"')
}

// isBareWord reports whether text is read as one word without quotes,
// whatever stands around it: behind the name of a field, "=5" would be its
// comparison, and an open parenthesis would take in the one that follows.
func isBareWord(text string) bool {
	if text == "" || strings.IndexByte("=<>~", text[0]) >= 0 {
		return false
	}
	p := parser{scanner: scanner{text: text + ")"}}
	n, err := p.alternatives()
	w, isWord := n.(word)
	return err == nil && isWord && string(w) == text && p.rest() == ")"
}

// isBareValue is the same of a value.
func isBareValue(text string) bool {
	s := scanner{text: text + ")"}
	return text != "" && text[0] != '"' && s.bare(valueEnd) == text
}
