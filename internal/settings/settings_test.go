package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sipsniff", "config.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRead(t *testing.T) {
	f, err := Read(written(t, "preset = \"vim\"\n# mine\n[display]\ntheme = \"light\"\nrefresh = 2\nmouse = false\n\n[keys.calls]\nsave = [\"F11\", \"s\"]\n[keys.ladder]\n\"sort-left\" = []\n"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Preset != "vim" || len(f.Keys) != 2 {
		t.Fatalf("%+v", f)
	}
	if b := f.Keys[0]; b.Place != "calls" || b.Action != "save" || strings.Join(b.Keys, " ") != "F11 s" || b.Line != 9 {
		t.Errorf("%+v", b)
	}
	if b := f.Keys[1]; b.Place != "ladder" || b.Action != "sort-left" || len(b.Keys) != 0 || b.Line != 11 {
		t.Errorf("%+v", b)
	}
	for key, want := range map[string]string{"display.theme": "light", "display.refresh": "2", "display.mouse": "off"} {
		if text, set := f.Get(key); text != want || !set {
			t.Errorf("%s is %q, %v", key, text, set)
		}
	}
	if text, set := f.Get("ladder.sdp"); text != "codecs" || set {
		t.Errorf("ladder.sdp is %q, %v", text, set)
	}
	if f.Line("display.refresh") != 5 {
		t.Errorf("display.refresh is in line %d", f.Line("display.refresh"))
	}
}

func TestNoFileIsEmpty(t *testing.T) {
	f, err := Read(filepath.Join(t.TempDir(), "none.toml"))
	if err != nil || f.Preset != "sngrep" || len(f.Keys) != 0 {
		t.Fatalf("%+v, %v", f, err)
	}
}

func TestMistakesNameTheirLine(t *testing.T) {
	for _, tt := range []struct {
		text string
		line int
		says string
	}{
		{"[display]\n\ntheme = \"pink\"\n", 3, "none of auto, dark"},
		{"[display]\nrefresh = 11\n", 2, "no number from 1 to 10"},
		{"[display]\nrefresh = \"fast\"\n", 2, "no number"},
		{"[display]\nrefresh = 1.5\n", 2, "wrong type"},
		{"[display]\ncolour = \"x\"\n", 2, "display.colour is no option"},
		{"\na = [\n", 2, ""},
		{"[keys.calls]\nsave = \"F2\"\n", 2, "keys are a list"},
		{"[keys.calls]\nsave = [1]\n", 2, "no name of a key"},
		{"[keys]\nsave = [\"x\"]\n", 2, "table of their place"},
		{"\npreset = \"emacs\"\n", 2, "there are sngrep and vim"},
		{"[[keys]]\n", 1, "lists of tables"},
		{"[calls]\ncolumns = [\"a b\"]\n", 2, "wrong type"},
		{"[display]\ntheme = \"light\"\n[display]\n", 3, ""},
	} {
		_, err := Read(written(t, tt.text))
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Line != tt.line || !strings.Contains(wrong.Text, tt.says) {
			t.Errorf("%q: %v, want line %d and %q", tt.text, err, tt.line, tt.says)
		}
	}
}

func TestSaveKeepsTheRest(t *testing.T) {
	path := written(t, "# my file\npreset = \"vim\"\n\n[display]\ntheme = \"light\" # for the day\n\n[calls]\ncolumns = [\n  \"number\", # first\n  \"time\",\n]\n\n[keys.calls]\nsave = [\"F11\"] # thumb\n")
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(map[string]string{"display.theme": "dark", "display.refresh": "2", "calls.columns": "number from:20", "ladder.sdp": "full"}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "# my file\npreset = \"vim\"\n\n[display]\nrefresh = 2\ntheme = \"dark\" # for the day\n\n[calls]\ncolumns = [\"number\", \"from:20\"]\n\n[keys.calls]\nsave = [\"F11\"] # thumb\n\n[ladder]\nsdp = \"full\"\n"
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if again, err := Read(path); err != nil || again.Keys[0].Keys[0] != "F11" {
		t.Errorf("%+v, %v", again, err)
	}
	if text, _ := f.Get("display.theme"); text != "dark" {
		t.Errorf("the file in memory still says %s", text)
	}
}

func TestSaveMakesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "config.toml")
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(map[string]string{"display.mouse": "off"}); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "[display]\nmouse = \"off\"\n" {
		t.Errorf("%q, %v", got, err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".config-*"))
	if len(left) > 0 {
		t.Errorf("%v is left over", left)
	}
}

func TestSaveRefusesNonsense(t *testing.T) {
	path := written(t, "[display]\ntheme = \"light\"\n")
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(map[string]string{"display.theme": "pink"}); err == nil {
		t.Error("pink was taken")
	}
	if got, _ := os.ReadFile(path); string(got) != "[display]\ntheme = \"light\"\n" {
		t.Errorf("the file became %q", got)
	}
}

func TestTables(t *testing.T) {
	path := written(t, "[filters]\nbad = \"mos<3.5\"\n[alias]\n\"192.0.2.1\" = \"pbx\" # ours\n")
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Table(Filters); len(got) != 1 || got["bad"] != "mos<3.5" {
		t.Errorf("%v", got)
	}
	for name, text := range map[string]string{"bad": "mos<3", "a b": `from:"x"`} {
		if err := f.SaveEntry(Filters, name, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveEntry(Aliases, "2001:db8::1", "sbc"); err != nil {
		t.Fatal(err)
	}
	again, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []*File{f, again} {
		if got := file.Table(Filters); len(got) != 2 || got["bad"] != "mos<3" || got["a b"] != `from:"x"` {
			t.Errorf("filters %v", got)
		}
		if got := file.Table(Aliases); len(got) != 2 || got["192.0.2.1"] != "pbx" || got["2001:db8::1"] != "sbc" {
			t.Errorf("aliases %v", got)
		}
	}
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), "\"pbx\" # ours\n") {
		t.Errorf("the file became\n%s", text)
	}
	if _, err := Read(written(t, "[alias]\npbx = \"192.0.2.1\"\n")); err == nil {
		t.Error("a name took the place of an address")
	}
}

// The page about settings lists every option with its choices.
func TestOptionsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/SETTINGS.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(page)) {
		if f := strings.Split(line, "|"); len(f) > 3 {
			rows[strings.Trim(f[1], " `")] = f[2]
		}
	}
	for _, o := range Options() {
		row, there := rows[o.Key]
		if !there {
			t.Errorf("%s is not in docs/SETTINGS.md", o.Key)
		}
		for _, choice := range o.Choices {
			if !strings.Contains(row, "`"+choice+"`") {
				t.Errorf("%s: %s is not in docs/SETTINGS.md", o.Key, choice)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("preset = \"vim\"\n[keys.calls]\nsave = [\"F11\"]\n[display]\ntheme = \"mono\"\n")
	f.Add("display.theme = \"mono\" # x\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := &File{Path: "f", values: map[string]Value{}}
		if file.parse([]byte(text)) != nil {
			return
		}
		file.set(strings.Split(text, "\n"), "display", "theme", `"dark"`)
	})
}
