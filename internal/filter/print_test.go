package filter

import "testing"

// The canonical forms follow from docs/FILTER.md.
func TestString(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "  a   b ": "a b", "a AND b": "a b", "a|b or c": "a or b or c", "(a b) c": "a b c", "a (b or c)": "a (b or c)", "(a or b) or c": "a or b or c",
		"not a": "!a", "-(a)": "!a", "!(a b)": "!(a b)", "!(a or b) | c": "!(a or b) or c", "!!a": "!!a", "((a))": "a",
		`"a"`: "a", `"a b"`: `"a b"`, `"or"`: `"or"`, `!"or"`: `!"or"`, `"-a"`: `"-a"`, `"from:a"`: `"from:a"`, `"xyz:a"`: "xyz:a", `"a\"b"`: `a"b`, `"\\"`: `\`, `"(a"`: `"(a"`, `"f(a)"`: "f(a)", `"f(a"`: `"f(a"`, `"=5"`: `"=5"`, `""`: `""`,
		"FROM: a": "from:a", `from:"a","b c"`: `from:a,"b c"`, `from:"a,b"`: `from:"a,b"`, "code > 4": "code>4", "Header.X-A=b": "header.X-A=b", "from~a/b": `from~/a\/b/`, `from~/a\/b/`: `from~/a\/b/`, "from ~ ^a|b": "from~/^a|b/",
	} {
		e, err := Parse(text, Options{})
		if err != nil || e.String() != want {
			t.Errorf("%s: got %v (%v), want %s", text, e, err, want)
		}
	}
}

func TestLiteralPlus(t *testing.T) {
	for pattern, want := range map[string]string{
		"+34": `\+34`, "^+34": `^\+34`, "a+": "a+", "(+34|+44)": `(\+34|\+44)`, `\(+`: `\(+`, "[+(+]+": "[+(+]+", `\++`: `\++`, "x|+": `x|\+`, "": "",
	} {
		if got := literalPlus(pattern); got != want {
			t.Errorf("%s: got %s, want %s", pattern, got, want)
		}
	}
}
