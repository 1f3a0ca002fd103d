package tui

import (
	"os"
	"strings"
	"testing"
)

// Columns are chosen in the media screen as in the lists, and kept for each.
func TestColumnsOfEveryTable(t *testing.T) {
	for _, tt := range []struct {
		keys           []string
		find, title    string // a column that is not shown by itself
		option, absent string // one that is
	}{
		{[]string{"End", "Up", "Up", "v"}, "ske", "Skew", "media.columns", "Burst"},
		{[]string{"3"}, "reve", "Reverse", "streams.columns", "Dest"},
		{[]string{"2"}, "user", "User-Ag", "registrations.columns", "Conta"},
	} {
		file := liked(t, "")
		r := callScreens(t, "../pcaps/demo.pcap", 80, 24)
		r.config.Settings = file
		head := func() string { return strings.Join(strings.Split(r.press(tt.keys...).text(), "\n")[:5], "\n") }
		if text := head(); strings.Contains(text, tt.title) || !strings.Contains(text, tt.absent) {
			t.Fatalf("%s: the head is %q", tt.option, text)
		}
		r.press("F10", "/").typeText(tt.find).press("Enter", "Space")
		for range 30 {
			r.press("-") // to the left of all
		}
		r.press("/").typeText(tt.absent).press("Enter", "Space", "s").has("saved in")
		tt.keys = nil
		if text := head(); !strings.Contains(text, tt.title) || strings.Contains(text, tt.absent) {
			t.Errorf("%s: the head is %q", tt.option, text)
		}
		table, name, _ := strings.Cut(tt.option, ".")
		if got, _ := os.ReadFile(file.Path); !strings.HasPrefix(string(got), "["+table+"]\n"+name+" = [\"") {
			t.Errorf("the file became %q", got)
		}
		r.press(":").typeText("columns default").press("Enter")
		if text := head(); strings.Contains(text, tt.title) || !strings.Contains(text, tt.absent) {
			t.Errorf("%s: the head of the default is %q", tt.option, text)
		}
	}
}

// A single column is a choice as well.
func TestOneColumn(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 80, 24)
	r.press("3", ":").typeText("set streams.columns mos").press("Enter").has("MOS", "4.41").hasNot("Source", "Codec")
}

// What is chosen in the media screen may be more than there is room for: that
// something is missing is shown.
func TestMediaColumnsWithoutRoom(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 80, 24)
	r.press("End", "Up", "Up", "v", ":").typeText("columns rtp").press("Enter").has("SSRC", "DSCP", "PT")
	r.press(":").typeText("set media.columns dir source destination codec packets lost lost% burst jitter mos min ssrc type ptime dscp flags").press("Enter").has("▸", "Burst").hasNot("DSCP", "gaps")
	for _, w := range []int{40, 60, 80, 120, 200} {
		r.sim.SetSize(w, 24)
		if r.checkCells("media"); !strings.Contains(r.text(), "Dir") {
			t.Errorf("%d columns:\n%s", w, r.text())
		}
	}
}

// No section of the settings is empty: columns have a dialog of their own.
func TestNoEmptySection(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus()})
	r.press("F8")
	d := r.dialog.(*settingsDialog)
	for range d.sections {
		if len(d.options()) == 0 {
			t.Errorf("%s has no options", d.sections[d.section])
		}
		r.press("Tab")
	}
}
