package tui

import (
	"regexp"
	"strconv"
	"testing"
)

// The dialog says how wide the screen has to be for a column, and there it is.
func TestColumnsSayWhatTheyNeed(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 30, snap: rows(3), status: fileStatus()})
	r.press("F10")
	needs := regexp.MustCompile(`\[x\] (\S+) +\d+\+? +needs ≥ (\d+) columns`).FindAllStringSubmatch(r.text(), -1)
	if len(needs) < 4 {
		t.Fatalf("%d columns need a wider screen:\n%s", len(needs), r.text())
	}
	r.press("Esc")
	has := func(w int, title string) bool {
		r.sim.SetSize(w, 30)
		r.text()
		for _, p := range r.calls.list.heads {
			if p.title == title {
				return true
			}
		}
		return false
	}
	for _, need := range needs {
		w, _ := strconv.Atoi(need[2])
		if !has(w, need[1]) || has(w-1, need[1]) {
			t.Errorf("%s: at %d columns %v, at %d %v", need[1], w, has(w, need[1]), w-1, has(w-1, need[1]))
		}
	}
	r.sim.SetSize(80, 30)
	r.press("F10", "p", "p", "p").hasNot("preset:  ") // carrier
	if at := regexp.MustCompile(`\[x\] Source +17\+ +needs`); at.MatchString(r.text()) {
		r.press("Enter").hasNot("Source")
	}
}

// A column is found by its name while that is typed.
func TestFindColumn(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: oneBridged(), status: fileStatus()})
	d := func() *columnDialog { return r.dialog.(*columnDialog) }
	r.press("F10", "/").has("find column:").typeText("lo")
	if at := d().rows[d().cursor].id; at != "loss" {
		t.Errorf("lo finds %s", at)
	}
	r.press("Backspace", "Backspace").typeText("TIM")
	if at := d().rows[d().cursor].id; at != "time" {
		t.Errorf("tim finds %s", at)
	}
	r.press("Enter", "/").typeText("nonesuch").press("Enter").has("no column is called nonesuch")
	r.press("/").typeText("os/t") // in the middle of a title
	if at := d().rows[d().cursor].id; at != "spark" {
		t.Errorf("os/t finds %s", at)
	}
	r.press("Enter").hasNot("find column:").press("Space", "Enter")
	if r.option("calls.columns") == "" {
		t.Error("what was found cannot be switched off")
	}
}
