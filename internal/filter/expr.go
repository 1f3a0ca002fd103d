package filter

import (
	"errors"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"sipsniff/correlate"
)

// Options say what a filter cannot know by itself.
type Options struct {
	// Location is the zone of times of day and of "today"; nil is UTC.
	Location *time.Location
	// Saved returns the text of a saved filter; nil when there are none.
	Saved func(name string) (text string, ok bool)
	// Aliases are the names of hosts; the filter keeps the map, which must not
	// change.
	Aliases map[netip.Addr]string
}

// An Expr is a filter that is ready to be used. It does not change, and may
// be used by several goroutines.
type Expr struct {
	root     node // nil matches everything
	match    predicate
	hints    []string
	location *time.Location
	aliases  map[netip.Addr]string
}

// maxHints is how many hints are worth reading.
const maxHints = 3

// Parse reads a filter. An error is an *Error. Text without anything in it
// is a filter that matches every call.
func Parse(text string, o Options) (*Expr, error) {
	e, err := read(text, o, lookup)
	var f *fault
	if errors.As(err, &f) {
		return nil, f.in(text)
	}
	return e, err
}

// read is Parse with the fields that lookup finds.
func read(text string, o Options, lookup func(string) *field) (*Expr, error) {
	if o.Location == nil {
		o.Location = time.UTC
	}
	p := parser{scanner: scanner{text: text}, lookup: lookup, saved: o.Saved}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	c := compiler{location: o.Location, aliases: o.Aliases}
	part, err := c.compile(root)
	if err != nil {
		return nil, err
	}
	hints := slices.Concat(p.hints, c.hints)
	return &Expr{root: root, match: part.match, hints: hints[:min(len(hints), maxHints)], location: o.Location, aliases: o.Aliases}, nil
}

// String writes the filter in its canonical form, which parses to the same
// filter.
func (e *Expr) String() string {
	var b strings.Builder
	if e.root != nil {
		write(&b, e.root)
	}
	return b.String()
}

// Same reports whether the filters say the same of every call.
func (e *Expr) Same(other *Expr) bool {
	return e == other || e.String() == other.String() && maps.Equal(e.aliases, other.aliases)
}

// Hints are remarks on a filter that is right but perhaps not what was
// meant.
func (e *Expr) Hints() []string { return e.hints }

// All reports whether the filter has nothing in it.
func (e *Expr) All() bool { return e.root == nil }

// Match reports whether a call of the scope's snapshot is wanted.
func (e *Expr) Match(in *Scope, c *correlate.Call) bool { return e.match(subject{c, in}) }
