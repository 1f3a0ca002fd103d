package cells

import "testing"

func TestCut(t *testing.T) {
	tests := []struct {
		name string
		got  string
		want string
	}{
		{"fits", Cut("abc", 3, "…"), "abc"},
		{"cut", Cut("abcdef", 4, "…"), "abc…"},
		{"nothing", Cut("abc", 0, "…"), ""},
		{"one", Cut("abc", 1, "…"), "…"},
		{"wide is not split", Cut("日本語", 4, "…"), "日…"},
		{"middle", CutMiddle("+442079460018", 9, "…"), "+442…0018"},
		{"middle wide", CutMiddle("日本語日本語", 7, "…"), "日…語"},
		{"pad right", PadRight("日", 4, "…"), "日  "},
		{"pad right cut", PadRight("日本語", 4, "…"), "日… "},
		{"pad left", PadLeft("7", 3, "…"), "  7"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		in         string
		width      int
		line, rest string
	}{
		{"abcdef", 4, "abcd", "ef"},
		{"abc", 4, "abc", ""},
		{"日本", 3, "日", "本"},
		{"日本", 1, "日", "本"},
		{"e\u0301f", 1, "e\u0301", "f"},
	}
	for _, tt := range tests {
		line, rest := Split(tt.in, tt.width)
		if line != tt.line || rest != tt.rest {
			t.Errorf("Split(%q, %d) = %q, %q, want %q, %q", tt.in, tt.width, line, rest, tt.line, tt.rest)
		}
	}
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "日本": 4, "e\u0301": 1, "→▶│═": 4, "⚠✗·↻⧉": 5} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}
