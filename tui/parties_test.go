package tui

import (
	"strings"
	"testing"

	"sipsniff/internal/allowance"
	"sipsniff/internal/cells"
)

// A title, or a line about a call, has whole figures: names are cut in their
// middles, and what comes last is left out.
func TestAboutCallCutsNoFigure(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0220"), 80, 24)
	call := r.snap.Calls[1]
	from, to := r.parties(call)
	for width, want := range map[int]string{
		200: "#2 " + from + " → " + to + " · COMPLETED 0:03, why", 80: " · COMPLETED 0:03, why", 47: "742 · COMPLETED 0:03", 30: to[len(to)-4:],
	} {
		got := r.aboutCall("#2 ", call, width, " · COMPLETED 0:03, why", " · COMPLETED 0:03")
		if cells.Width(got) > width || !strings.HasSuffix(got, want) {
			t.Errorf("%d: %q", width, got)
		}
	}
	r.press("Enter").has("→ "+to, "COMPLETED 0:03")
}

// The list says how its call went without a figure that is cut in two.
func TestStatusCutsNoFigure(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(30), status: fileStatus()})
	for w := 60; w <= 130; w += allowance.Share(1, 7) {
		r.sim.SetSize(w, 24)
		for i := range 30 {
			r.calls.list.set(i)
			line := strings.Split(r.text(), "\n")[22]
			if strings.HasSuffix(strings.TrimSpace(line), "…") {
				t.Fatalf("%d columns: %q", w, line)
			}
		}
	}
}

// Addresses of streams are whole where the flags leave room.
func TestMediaAddressesAreWhole(t *testing.T) {
	readCapture(t, capturePath(t, "c0115"), 80, 24).press("v").has("192.168.195.58:32150 PCMU")
}
