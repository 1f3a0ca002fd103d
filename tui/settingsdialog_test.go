package tui

import (
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
