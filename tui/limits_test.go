package tui

import (
	"os"
	"strings"
	"testing"
)

// What the user calls bad and poor is shown so, judged so and kept in the file.
func TestLimitsOfQuality(t *testing.T) {
	file := liked(t, "[quality]\n# ours\nloss = [5, 3] # wireless\n")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus(), file: file})
	var judged []string
	r.config.Judge = func(mos string) { judged = append(judged, mos) }
	if r.lossRole(0.04) != roleWarn || r.lossRole(0.02) != rolePlain || r.lossRole(0.06) != roleBad || r.mosRole(3.2) != roleWarn || r.mosRole(4.1) != roleGood {
		t.Error("the limits of the file, and the usual ones, do not hold")
	}
	r.press("F8")
	for !strings.Contains(r.text(), "[Quality]") {
		r.press("Tab")
	}
	r.has("MOS bad / poor      3.1 / 3.6", "Loss bad / poor     5 / 3").press("Down", "Enter", "^U").typeText("4 / 3.5").press("Enter").has("the smaller one").
		press("^U").typeText("3 / 3.1").press("Enter", "s")
	if r.mosRole(3.2) != rolePlain || r.mosRole(2.9) != roleBad || strings.Join(judged, ",") != "3 / 3.1" {
		t.Errorf("the new limits do not hold; the rules heard of %q", judged)
	}
	if got, _ := os.ReadFile(file.Path); string(got) != "[quality]\nmos = [3, 3.1]\n# ours\nloss = [5, 3] # wireless\n" {
		t.Errorf("the file became %q", got)
	}
}

// A header for legs that is none is refused before it is in the file, where it
// would keep the program from starting.
func TestLegHeadersAreChecked(t *testing.T) {
	file := liked(t, "")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus(), file: file})
	r.press(":").typeText("set ladder.leg_headers X-Leg=(").press("Enter").has("ladder.leg_headers: error parsing regexp")
	r.press("F8")
	for !strings.Contains(r.text(), "[Ladder]") {
		r.press("Tab")
	}
	r.press("Down", "Down", "Down", "Down", "Enter").typeText("X-Leg=nothing").press("Enter").has(`"nothing" has no group`).
		press("^U").typeText("X-Leg X-Other=id=([^;]+)").press("Enter", "s")
	if got, _ := os.ReadFile(file.Path); !strings.Contains(string(got), `leg_headers = ["X-Leg", "X-Other=id=([^;]+)"]`) {
		t.Errorf("the file became %q", got)
	}
}
