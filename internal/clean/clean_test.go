package clean

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func TestLine(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "sip:anna@example.org", "sip:anna@example.org"},
		{"empty", "", ""},
		{"tview tags stay", "[red]x [Sales] Ann [fe:ab:b]", "[red]x [Sales] Ann [fe:ab:b]"},
		{"escape sequence", "\x1b]0;x\x07", "␛]0;x␇"},
		{"line ends", "a\r\nb\tc\x00\x7f", "a␍␊b␉c␀␡"},
		{"c1", "a\u009bb", `a\u009bb`},
		{"invalid", "a\xff\xfeb\xc3", `a\xff\xfeb\xc3`},
		{"bidi", "a\u202etxt", `a\u202etxt`},
		{"isolate", "\u2066x\u2069", `\u2066x\u2069`},
		{"zero width", "a\u200bb\ufeffc", `a\u200bb\ufeffc`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"wide", "日本", "日本"},
		{"combining", "e\u0301", "e\u0301"},
		{"mark without base", "\u0301x", `\u0301x`},
		{"replacement character", "a\ufffdb", "a\ufffdb"},
		{"three-em dash", "a\u2e3bb", `a\u2e3bb`},
		{"variation selector", "\u2764\ufe0f", "\u2764"},
		{"too many marks", "a" + strings.Repeat("\u0301", 100) + "b", "a" + strings.Repeat("\u0301", 5) + "…b"},
		{"tag characters", "x\U000e0041", `x\U000e0041`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Line(tt.in); got != tt.want {
				t.Errorf("Line(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestASCII(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain [x]", "plain [x]"},
		{"é\x1b\xff\ufffd\U0001f600", `\u00e9\x1b\xff\ufffd\U0001f600`},
	}
	for _, tt := range tests {
		if got := ASCII(tt.in); got != tt.want {
			t.Errorf("ASCII(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPrintableASCIIIsNotCopied(t *testing.T) {
	s := "INVITE sip:+12025550110@192.0.2.10:5060 SIP/2.0"
	if n := testing.AllocsPerRun(100, func() { Line(s) }); n != 0 {
		t.Errorf("Line of printable ASCII allocates %v times", n)
	}
}

// FuzzLine checks the promise of the package: whatever comes in, the result
// cannot move the cursor, turn the writing direction or join its neighbours,
// and cleaning it again changes nothing.
func FuzzLine(f *testing.F) {
	for _, s := range []string{
		"", "plain", "[red]x", "\x1b]0;x\a", "a\u202eb", "日本\u0301", "\xff\xfe", "\u0301", "👨\u200d👩\u200d👧", "🇩🇪🇩",
		"e" + strings.Repeat("\u0300", 50), "\u1100\u1161\u11a8", "\u1161", "\u2e3a", "\u0600\u0661", "क\u094dष", "\r\n", "a\u0300\r\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q is not UTF-8", got)
		}
		for _, r := range got {
			if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
				t.Fatalf("Line(%q) = %q holds %U", s, got, r)
			}
		}
		rest, state, first := got, -1, true
		for rest != "" {
			var c string
			var w int
			c, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
			if w < 1 || w > 2 {
				t.Fatalf("Line(%q) = %q: cluster %q is %d wide", s, got, c, w)
			}
			if r, _ := utf8.DecodeRuneInString(c); first && unicode.Is(unicode.M, r) {
				t.Fatalf("Line(%q) = %q begins with a mark", s, got)
			}
			first = false
		}
		if again := Line(got); again != got {
			t.Fatalf("Line(Line(%q)) = %q, not %q", s, again, got)
		}
		for _, b := range []byte(ASCII(s)) {
			if b < ' ' || b > '~' {
				t.Fatalf("ASCII(%q) holds %#x", s, b)
			}
		}
	})
}
