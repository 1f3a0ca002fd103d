package settings

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSaveAnyText: what a user types, or pastes with rubbish in it, is read
// again as it was.
func TestSaveAnyText(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`from contains "a\b"`, `from contains "a\b"`},
		{"bell \a tab \t line\n escape \x1b del \x7f", "bell \a tab \t line\n escape \x1b del \x7f"},
		{"Zoë \u200b 東京 \U0001F600", "Zoë \u200b 東京 \U0001F600"},
		{"no utf-8 \xff", "no utf-8 \uFFFD"},
	} {
		path := written(t, "# mine\n")
		f, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SaveEntry(Filters, "a \x01 b", tt.text); err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		again, err := Read(path)
		if err != nil {
			t.Fatalf("%q: %v", tt.text, err)
		}
		if got := again.Table(Filters)["a \x01 b"]; got != tt.want {
			t.Errorf("%q was read again as %q", tt.text, got)
		}
	}
}

// TestSaveKeepsLinkAndMode: a file that lives elsewhere, as of those who keep
// their settings under version control, is written there.
func TestSaveKeepsLinkAndMode(t *testing.T) {
	target, link := written(t, "[display]\ntheme = \"light\"\n"), filepath.Join(t.TempDir(), "config.toml")
	if err := os.Chmod(target, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	f, err := Read(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(map[string]string{"display.theme": "dark"}); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); err != nil || to != target {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	if text, err := os.ReadFile(target); err != nil || string(text) != "[display]\ntheme = \"dark\"\n" {
		t.Errorf("%q, %v", text, err)
	}
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
