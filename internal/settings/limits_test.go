package settings

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestLimits(t *testing.T) {
	path := written(t, "[quality]\nmos = [3, 3.75] # ours\n")
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	text, set := f.Get("quality.mos")
	if bad, poor, ok := Limits(text); !set || !ok || bad != 3 || poor != 3.75 {
		t.Errorf("%q: %g, %g, %v", text, bad, poor, ok)
	}
	if text, set := f.Get("quality.loss"); set || text != "2 / 0.5" {
		t.Errorf("%q, %v", text, set)
	}
	if err := f.Save(map[string]string{"quality.mos": "2.9/3.5", "quality.loss": "3 / 1"}); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "[quality]\nloss = [3, 1]\nmos = [2.9, 3.5] # ours\n" {
		t.Errorf("the file became %q", got)
	}
}

func TestLimitsThatAreNone(t *testing.T) {
	for value, says := range map[string]string{
		"3.1": "wrong type", "[3.1]": "wrong type", `["3.1", "3.6"]`: "wrong type", "[3.6, 3.1]": "the smaller one", "[0, 3]": "from 1 to 5", "[nan, 3]": "from 1 to 5", "[3, 9]": "from 1 to 5",
	} {
		_, err := Read(written(t, "[quality]\nmos = "+value+"\n"))
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Line != 2 || !strings.Contains(wrong.Text, says) {
			t.Errorf("%s: %v", value, err)
		}
	}
	o := find("quality.loss")
	for _, text := range []string{"", "1", "1 /", "/ 1", "0.5 / 2", "2 / 0.5 / 0.1", "-1 / -2", "101 / 1"} {
		if o.Check(text) == "" {
			t.Errorf("%q is let pass", text)
		}
	}
}
