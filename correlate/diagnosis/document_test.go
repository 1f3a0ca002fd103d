package diagnosis

import (
	"strings"
	"testing"

	"sipsniff/internal/golden"
)

// The documentation is made of the rules: UPDATE_GOLDEN=1 writes it anew.
func TestDocument(t *testing.T) {
	golden.Compare(t, "../../docs/FINDINGS.md", Document())
}

func TestDescribe(t *testing.T) {
	text := RuleOf("sig-13").Describe()
	for _, want := range []string{"SIG-13 authentication-failed\n", "diag.SIG-13.off", "diag.SIG-13.rounds = 3: ", "diag.SIG-13.wait = 32 s: ", "RFC 7616"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestOptions(t *testing.T) {
	var o Options
	for key, value := range map[string]string{"diag.SIG-13.rounds": "5", "sig-24.off": "true", "authentication-failed.wait": "10.5"} {
		if err := o.Set(key, value); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	if r := RuleOf("SIG-13"); o.number(r, "rounds") != 5 || o.number(r, "wait") != 10.5 || !o.off["SIG-24"] || o.off["SIG-13"] {
		t.Errorf("%+v", o)
	}
	for key, want := range map[string]string{
		"diag.SIG-13": "no setting of a rule", "diag.SIG-99.off": "no rule SIG-99", "diag.SIG-13.rings": "SIG-13 has off, rounds, wait",
		"diag.SIG-13.rounds": "no number", "diag.SIG-13.off": "neither true nor false",
	} {
		if err := o.Set(key, "x"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", key, err, want)
		}
	}
}
