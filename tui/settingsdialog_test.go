package tui

import (
	"net/netip"
	"os"
	"testing"

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
