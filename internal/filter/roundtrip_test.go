package filter

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sameTree compares expressions but for the places of their parts.
var sameTree = cmp.Options{
	cmp.AllowUnexported(negation{}, saved{}, comparison{}),
	cmp.Comparer(func(a, b *field) bool { return a.name == b.name }),
	cmp.Comparer(func(a, b value) bool { return a.text == b.text }),
	cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".at" }, cmp.Ignore()),
}

// awkward are texts that mean something in the language when they stand
// without quotes.
var awkward = []string{
	"", " ", "or", "AND", "Not", "not(", "!", "-", "-x", "!=5", "=5", "<5", ">", "~", "~x", ":", "::1", "@x", "a@b", "(", ")", "a(b", "a(b)", "a)b", "|", "a|b", `"`, `a"b`, `\`, `\"`, "/", "//",
	"from:a", "from", "code<5", "header.X:1", "header", "xyz:1", "sip:bob", "a,b", ",", "x y", "\t", "é", "\xff", "+34", "a..b", "\n", "to ", "(a b)",
}

func texts() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[a-z0-9()"|,!@:=<>~/\\ .+-]{1,8}`), rapid.String(), rapid.StringMatching(`[a-z0-9]{1,6}`))
}

// valuesOf are right values of a kind.
var valuesOf = map[kind][]string{
	kindWhole: {"0", "486", "4xx", "48X", "400..499", "..5", "5.."}, kindNumber: {"3.5", "2%", "1..2", ".5"}, kindSeconds: {"30s", "250ms", "1:22", "1m30s", "5", "1s..2s"},
	kindMilliseconds: {"20", "20ms", "1s", "10..20"}, kindAge: {"5m", "1h"}, kindTime: {"12:05", "12:05..12:10", "today", "2026-03-10", "2026-03-10T12:05:30", "..12:05", "yesterday..today"},
	kindAddress: {"192.0.2.1", "10.0.0.0/8", "2001:db8::1", "[2001:db8::1]:5060", "10.0.0.1..10.0.0.9"}, kindSSRC: {"0x1A2B3C4D", "12345678"},
	kindYesNo: {"yes", "No", "1"}, kindSeverity: {"info", "Warning", "error", "critical"},
}

// once are the values that < and its like take.
func once(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.Contains(v, "..") || strings.ContainsAny(v, "xX") && v[0] != '0' })
}

var patterns = []string{"", "a", "^a/b", `a\\`, `a\.b`, "+34[0-9]", "(a|b) c", "[/]", `\d{2}`}

func comparisons() *rapid.Generator[node] {
	return rapid.Custom(func(t *rapid.T) node {
		i := rapid.IntRange(0, len(fieldTable)).Draw(t, "field")
		f := headerField(rapid.StringMatching(`[A-Za-z][A-Za-z0-9._-]{0,5}`).Draw(t, "header"))
		if i < len(fieldTable) {
			f = &fieldTable[i]
		}
		c := &comparison{field: f, op: rapid.SampledFrom([]operator{has, equal, different, less, lessEqual, greater, greaterEqual, matches}).Draw(t, "op")}
		c.values = []value{{text: "x"}}
		if c.allowed() != nil {
			c.op = has
		}
		one := texts()
		if values := valuesOf[f.kind]; values != nil {
			one = rapid.SampledFrom(values)
		}
		switch {
		case c.op == matches:
			p := rapid.SampledFrom(patterns).Draw(t, "pattern")
			c.values = []value{{text: p}}
			return c
		case c.op.ordered():
			c.values = []value{{text: rapid.SampledFrom(once(valuesOf[f.kind])).Draw(t, "limit")}}
			return c
		}
		c.values = nil
		for _, text := range rapid.SliceOfN(one, 1, 3).Draw(t, "values") {
			c.values = append(c.values, value{text: text})
		}
		return c
	})
}

func trees(depth int) *rapid.Generator[node] {
	leaf := rapid.OneOf(comparisons(), rapid.Map(texts(), func(s string) node { return word(s) }), rapid.Just(node(&saved{"mine", word("alice")})))
	if depth == 0 {
		return leaf
	}
	inner := trees(depth - 1)
	return rapid.OneOf(leaf,
		rapid.Map(inner, func(n node) node { return negation{n} }),
		rapid.Map(rapid.SliceOfN(inner, 1, 4), either),
		rapid.Map(rapid.SliceOfN(inner, 1, 4), every))
}

var mine = Options{Saved: func(name string) (string, bool) { return "alice", name == "mine" }}

// What is printed is read as the same expression again, whatever stands in
// its words and values.
func TestPrintedIsParsed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := trees(3).Draw(t, "tree")
		text := (&Expr{root: tree}).String()
		e, err := Parse(text, mine)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if diff := cmp.Diff(tree, e.root, sameTree); diff != "" {
			t.Fatalf("%q: %s", text, diff)
		}
		if again := e.String(); again != text {
			t.Fatalf("%q is printed as %q", text, again)
		}
	})
}

// soup is pieces of the language in any order: much of it is wrong.
func soup() *rapid.Generator[string] {
	pieces := append([]string{"alice ", "code:", "5xx ", "from~", "/^a/", " or ", " and ", "not ", "(", ")", `"in call" `, "mos<3.5 ", "peer:", "10.0.0.0/8", ",", "time:", "today "}, awkward...)
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), texts()), 0, 8), func(s []string) string { return strings.Join(s, "") })
}

// Whatever is typed either is wrong at a place within it, or prints as a
// filter that is the same and lets the same calls through.
func TestParsedIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkText(t, soup().Draw(t, "text")) })
}

type failer interface {
	Fatalf(format string, args ...any)
}

func checkText(t failer, text string) {
	e, err := Parse(text, mine)
	if err != nil {
		if bad, ok := err.(*Error); !ok || bad.Column < 1 || bad.Column > utf8.RuneCountInString(text)+1 || bad.Text == "" {
			t.Fatalf("%q: %v", text, err)
		}
		return
	}
	again, err := Parse(e.String(), mine)
	if err != nil {
		t.Fatalf("%q is printed as %q: %v", text, e, err)
	}
	if diff := cmp.Diff(e.root, again.root, sameTree); diff != "" || again.String() != e.String() {
		t.Fatalf("%q is printed as %q, then %q: %s", text, e, again, diff)
	}
	snap := sample()
	in := NewScope(snap, nil)
	for _, c := range snap.Calls {
		if e.Match(in, c) != again.Match(in, c) {
			t.Fatalf("%q and %q do not agree on call %d", text, e, c.Index)
		}
	}
}
