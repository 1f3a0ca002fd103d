package settings

import (
	"net/netip"
	"strings"
	"testing"
)

func TestAliases(t *testing.T) {
	f, err := Read(written(t, "[alias]\n\"192.0.2.1\" = \"pbx\"\n\"2001:db8::1\" = \"carrier\"\n"))
	if err != nil || len(f.Aliases) != 2 || f.Aliases[netip.MustParseAddr("192.0.2.1")] != "pbx" || f.Aliases[netip.MustParseAddr("2001:db8::1")] != "carrier" {
		t.Errorf("%v, %v", f, err)
	}
	for _, text := range []string{"[alias]\npbx = \"192.0.2.1\"\n", "[alias]\n\"192.0.2.1\" = 3\n", "[alias.x]\n\"192.0.2.1\" = \"y\"\n"} {
		if _, err := Read(written(t, text)); err == nil || !strings.Contains(err.Error(), ":2: ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
