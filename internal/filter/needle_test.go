package filter

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A needle finds what strings.Contains finds when both are in small letters.
func TestNeedle(t *testing.T) {
	alphabet := rapid.StringOf(rapid.SampledFrom([]rune("aAbB1-_ xé\x00")))
	rapid.Check(t, func(t *rapid.T) {
		text, wanted := alphabet.Draw(t, "text"), alphabet.Draw(t, "wanted")
		if rapid.Bool().Draw(t, "inside") { // else it would rarely be found
			from := rapid.IntRange(0, len(text)).Draw(t, "from")
			wanted = text[from:rapid.IntRange(from, len(text)).Draw(t, "to")]
		}
		low := strings.ToLower
		phrase := strings.NewReplacer("_", "-", " ", "-")
		for _, c := range []struct {
			fold *folding
			same func(string) string
		}{{&lowerCase, low}, {&phrases, func(s string) string { return phrase.Replace(low(s)) }}} {
			n := newNeedle(wanted, c.fold)
			if got, want := n.in(text), strings.Contains(c.same(text), c.same(wanted)); got != want {
				t.Fatalf("%q in %q: %v", wanted, text, got)
			}
			if got, want := n.is(text), c.same(text) == c.same(wanted); got != want {
				t.Fatalf("%q is %q: %v", wanted, text, got)
			}
		}
	})
}
