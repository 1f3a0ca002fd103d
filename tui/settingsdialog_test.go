package tui

import (
	"errors"
	"net/netip"
	"os"
	"strings"
	"testing"

	"sipsniff/internal/settings"

	"github.com/gdamore/tcell/v2"
)

// So many colours are used as the option says, and no more than there are.
func TestColoursOption(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus(), file: liked(t, "[display]\ncolours = 8\n")})
	r.press("F8", "Down").has("Colours             8").press("Left", "Left").has("auto (256)", "auto, 16, 8, none").press("Esc")
	if r.theme != newTheme("auto", 8) {
		t.Error("the colours of the file are not used")
	}
	r.press("F8", "Down").has("Colours", "NO_COLOR forces none").press("Right", "u") // of auto, 16, 8, none
	if r.theme != newTheme("auto", 0) {
		t.Error("none of the colours does not hold at once")
	}
	if c, _, _ := r.theme[roleBad].Decompose(); c != tcell.ColorDefault {
		t.Errorf("a colour without colours: %v", c)
	}
}

// Lines cannot be Unicode where the locale is something else, which is said
// wherever it is asked for.
func TestUnicodeWithoutUTF8(t *testing.T) {
	const said = "lines stay ASCII: the locale is US-ASCII, not UTF-8"
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus(), charset: "US-ASCII", file: liked(t, "[display]\nlines = \"unicode\"\n")})
	r.has(said).press("Down").hasNot(said)
	r.press(":").typeText("lines unicode").press("Enter").has("set, but " + said)
	r.press(":").typeText("lines auto").press("Enter").hasNot(said)
	r.press("F8", "Down", "Down", "Right", "u").has("set, but " + said)
	r.press("F8", "Down", "Down", "Left", "Right", "s").has("saved, but " + said)
	for _, c := range r.text() {
		if c > '~' {
			t.Fatalf("%q stands on an ASCII screen", c)
		}
	}
	if r = newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus()}); r.onlyASCII() != "" {
		t.Errorf("UTF-8 is refused: %s", r.onlyASCII())
	}
	r.press(":").typeText("lines unicode").press("Enter").has("for this session; F8 saves")
}

// Names of addresses can be off from the start, and the dialog tells what a
// has made of them.
func TestNamesOption(t *testing.T) {
	file := liked(t, "[display]\nnames = \"off\" # as they are\n")
	r := newRig(t, rigOptions{w: 120, h: 40, snap: oneBridged(), status: fileStatus(), file: file})
	r.config.Aliases = map[netip.Addr]string{netip.MustParseAddr("203.0.113.20"): "carrier-lon"}
	r.press("Enter").hasNot("carrier-lon").press("o", "Down", "Down", "Down", "Down", "Down").has("Names of addresses  off").press("Right", "s").has("carrier-lon")
	if got, _ := os.ReadFile(file.Path); string(got) != "[display]\nnames = \"aliases\" # as they are\n" {
		t.Errorf("the file became %q", got)
	}
	r.press("a").hasNot("carrier-lon").press("o").has("Names of addresses  off")
}

// Keys are chosen in the dialog: at once, and in the file beside what it says.
func TestKeysOption(t *testing.T) {
	file := liked(t, "# mine\n[keys.calls]\nraw = [\"r\"] # as ever\n")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus(), file: file, save: emptySaver()})
	r.press("F8", "Backtab", "Backtab").has("[Keys]", "Preset              sngrep", "Keys of             calls")
	toRow := func(title string) {
		t.Helper()
		d := r.dialog.(*settingsDialog)
		for range d.options() {
			if o := d.current(); o != nil && o.Title == title {
				return
			}
			r.press("Down")
		}
		t.Fatalf("there is no row %s", title)
	}
	toRow("save")
	r.has("save                F2 s S").press("Enter", "^U").typeText("F3 s").press("Enter").has("key F3 in Calls: both")
	r.press("^U").typeText("Fx").press("Enter").has(`"Fx" is no key`)
	r.press("^U").typeText("F11 s").press("Enter").hasNot("is no key").press("s").has("saved 1 setting", "F11 Save").hasNot("F2 Save")
	if got, _ := os.ReadFile(file.Path); string(got) != "# mine\n[keys.calls]\nsave = [\"F11\", \"s\"]\nraw = [\"r\"] # as ever\n" {
		t.Errorf("the file became %q", got)
	}
	r.press("F11").has("Save (F2)").press("Esc")
	r.press("F8", "Backtab", "Backtab", "Right")
	if got := r.option(presetKey); got != "" {
		t.Errorf("the preset is %q before it is used", got)
	}
	r.press("s").has("saved 1 setting")
	if again, err := settings.Read(file.Path); err != nil || again.Preset != "vim" || len(again.Keys) != 2 || CheckKeys(again) != nil {
		t.Errorf("read again: %+v, %v", again, err)
	}
	if a := r.keys.find(InCalls, "^N"); a == nil || a.name() != "move-down" {
		t.Error("the keys of vim do not work at once")
	}
	r.press("Enter", "o", "Backtab", "Backtab").has("Keys of             ladder", "the message, the media")
	r.press("Down", "Right").has("Keys of             message").press("PgDn").hasNot("Preset").press("PgUp", "PgUp").has("Preset")
}

// HEP is checked before it is taken, and the capture begins anew with it.
func TestHEPOptions(t *testing.T) {
	file := liked(t, "[hep] # collectors\n")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true, file: file})
	r.config.Reopen = func(re *Reopening) error {
		if strings.Contains(re.Chosen["hep.send"], "nonsense") {
			return errors.New("nonsense is no address")
		}
		return nil
	}
	r.press("F8", "Backtab").has("[HEP]", "Send HEP to").press("Down", "Enter").typeText("nonsense").press("Enter", "s").has("nonsense is no address", "[HEP]")
	r.press("Enter", "^U").typeText("udp:192.0.2.1:9060").press("Enter", "Down", "Enter").typeText("hush").press("Enter").hasNot("hush").has("***")
	r.press("s").has("Another input").press("Enter")
	var again *Reopening
	if !errors.As(r.ended, &again) || again.Chosen["hep.send"] != "udp:192.0.2.1:9060" || again.Chosen["hep.key"] != "hush" {
		t.Errorf("ended with %+v", r.ended)
	}
	if got, _ := os.ReadFile(file.Path); string(got) != "[hep] # collectors\nkey = \"hush\"\nsend = [\"udp:192.0.2.1:9060\"]\n" {
		t.Errorf("the file became %q", got)
	}
	r = newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus()})
	r.press(":").typeText("set hep.id 7").press("Enter").has("HEP waits for a capture")
}
