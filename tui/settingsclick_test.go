package tui

import "testing"

// What is typed for an option is not taken for another one that is clicked on meanwhile.
func TestClickWhileAnOptionIsTyped(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true})
	r.press("F8", "Backtab", "Enter").typeText("udp:192.0.2.1:9060").clickOn("Agent number")
	d := r.dialog.(*settingsDialog)
	if d.editing != nil || d.current().Key != "hep.id" {
		t.Errorf("%v is typed, the cursor is on %s", d.editing, d.current().Key)
	}
	if r.press("Enter", "Enter"); len(d.changes) > 1 || d.changes["hep.id"] != "2001" {
		t.Errorf("changes %v", d.changes)
	}
	r.press("Up", "Up", "Up", "Enter").typeText("x").clickOn("2001") // a value is opened at once
	if d.current().Key != "hep.id" || d.editing == nil || d.editing.String() != "2001" {
		t.Errorf("the cursor is on %s, %v is typed", d.current().Key, d.editing)
	}
}

// The keys that are shown are those of the preset that was just chosen.
func TestKeysOfTheChosenPreset(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 40, snap: rows(3), status: fileStatus()})
	r.press("F8", "Backtab", "Backtab", "Right").has("Preset              vim")
	d := r.dialog.(*settingsDialog)
	after, err := r.keyTable(map[string]string{presetKey: "vim"})
	if err != nil {
		t.Fatal(err)
	}
	others := 0
	for _, o := range d.options() {
		if !isKeyOption(o.Key) {
			continue
		}
		if want := keysOf(after, d.place, &o); d.value(r.UI, &o) != want {
			t.Errorf("%s: %s, want %s", o.Title, d.value(r.UI, &o), want)
		} else if want != r.keyValue(d.place, &o) {
			others++
		}
	}
	if others == 0 {
		t.Error("the presets have the same keys")
	}
}
