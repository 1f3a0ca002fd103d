package notice

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The bounds of one document. Real ones have a few kB and a depth of ten.
const (
	maxSize       = 256 << 10
	maxElements   = 10_000
	maxDepth      = 32
	maxAttributes = 64
	maxText       = 4 << 10 // octets of text kept of one element
)

// ErrTooLarge reports a document beyond the bounds.
var ErrTooLarge = errors.New("too large")

// An element is one element of a document. Names are local names: documents
// in the wild get their namespaces wrong more often than their elements.
type element struct {
	name       string
	attributes []xml.Attr
	text       string
	children   []*element
}

// parseTree reads a document to its root element. What was understood comes
// with the error; the root is nil when there is not even that. A DTD is
// skipped, and a reference to an entity that it defines is an error.
func parseTree(text string) (*element, error) {
	if len(text) > maxSize {
		return nil, fmt.Errorf("%w: %d octets", ErrTooLarge, len(text))
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = charset
	b := builder{open: make([]*element, 0, 8)}
	for {
		token, err := d.RawToken()
		if err == nil {
			err = b.take(token)
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF) && b.root == nil:
			return nil, errors.New("no element")
		case errors.Is(err, io.EOF) && len(b.open) > 0:
			return b.root, fmt.Errorf("<%s> does not end", b.open[len(b.open)-1].name)
		case errors.Is(err, io.EOF):
			return b.root, nil
		default:
			return b.root, err
		}
	}
}

// A builder puts tokens together.
type builder struct {
	root     *element
	open     []*element
	elements int
}

func (b *builder) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return b.start(t)
	case xml.EndElement:
		if len(b.open) == 0 || b.open[len(b.open)-1].name != t.Name.Local {
			return fmt.Errorf("</%s> where it does not belong", t.Name.Local)
		}
		b.open = b.open[:len(b.open)-1]
	case xml.CharData:
		if len(b.open) > 0 {
			b.open[len(b.open)-1].write(string(t))
		}
	}
	return nil
}

func (b *builder) start(t xml.StartElement) error {
	b.elements++
	switch {
	case b.elements > maxElements:
		return fmt.Errorf("%w: more than %d elements", ErrTooLarge, maxElements)
	case len(b.open) >= maxDepth:
		return fmt.Errorf("%w: more than %d levels", ErrTooLarge, maxDepth)
	case len(t.Attr) > maxAttributes:
		return fmt.Errorf("%w: more than %d attributes", ErrTooLarge, maxAttributes)
	case len(b.open) == 0 && b.root != nil:
		return errors.New("a second document")
	}
	e := &element{name: t.Name.Local, attributes: t.Attr}
	if b.root == nil {
		b.root = e
	} else {
		parent := b.open[len(b.open)-1]
		parent.children = append(parent.children, e)
	}
	b.open = append(b.open, e)
	return nil
}

// write appends text up to the bound.
func (e *element) write(text string) {
	if room := maxText - len(e.text); len(text) > room {
		text = text[:room]
	}
	e.text += text
}

// charset reads the encodings besides UTF-8 that devices declare. What they
// declare is mostly wrong and the text is ASCII.
func charset(name string, input io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "us-ascii", "ascii", "utf8":
		return input, nil
	case "iso-8859-1", "latin1", "windows-1252":
		octets, err := io.ReadAll(io.LimitReader(input, maxSize))
		runes := make([]rune, len(octets))
		for i, b := range octets {
			runes[i] = rune(b)
		}
		return strings.NewReader(string(runes)), err
	}
	return nil, fmt.Errorf("encoding %q", name)
}

// attribute returns an attribute without regard to its namespace, "" when absent.
func (e *element) attribute(name string) string {
	if e == nil {
		return ""
	}
	for i := range e.attributes {
		if e.attributes[i].Name.Local == name {
			return strings.TrimSpace(e.attributes[i].Value)
		}
	}
	return ""
}

// value is the text of an element in one line, "" when there is none.
func (e *element) value() string {
	if e == nil {
		return ""
	}
	return strings.Join(strings.Fields(e.text), " ")
}

// child returns the first child of a name, nil when there is none; it may be
// asked of nil, so that paths can be followed.
func (e *element) child(names ...string) *element {
	for _, name := range names {
		e = e.first(name)
	}
	return e
}

func (e *element) first(name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// each calls yield with the children of a name.
func (e *element) each(name string, yield func(*element)) {
	if e == nil {
		return
	}
	for _, c := range e.children {
		if c.name == name {
			yield(c)
		}
	}
}

// rooted parses a document and insists on the name of its root.
func rooted(text, name string) (*element, error) {
	root, err := parseTree(text)
	if root == nil {
		return nil, err
	}
	if root.name != name {
		return nil, fmt.Errorf("<%s> instead of <%s>", root.name, name)
	}
	return root, err
}
