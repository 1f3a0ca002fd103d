package tui

import (
	"slices"
	"testing"
)

// A secret that is set by a command is not shown for everybody to read.
func TestSecretOptionByCommand(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true})
	var kept []string
	r.config.Remember = func(_ bool, text string) error { kept = append(kept, text); return nil }
	r.press(":").typeText("set hep.id 7").press("Enter", ":").typeText("set hep.key hush").press("Enter").hasNot("hush").has("hep.key = *** for this session")
	r.press(":", "Up").hasNot("hush")
	if !slices.Equal(kept, []string{"set hep.id 7"}) {
		t.Errorf("kept in the file: %q", kept)
	}
	if r.option("hep.key") != "hush" {
		t.Errorf("the key is %q", r.option("hep.key"))
	}
}
