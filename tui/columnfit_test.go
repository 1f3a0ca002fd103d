package tui

import (
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/internal/sample"
)

// What is always shown of a stream or a registration is cut with a sign on a
// small screen, and does not run into the scroll bar.
func TestListsFitSmallScreens(t *testing.T) {
	for width := leastWidth; width < 60; width++ {
		r := ownCapture(t, "demo", width, 24)
		for _, key := range []string{"2", "3"} {
			r.press(key)
			p := &presser{rig: r}
			p.grid = p.gridOf(r.sim)
			p.checkView()
		}
	}
}

// The arrow of the order takes one cell of the gap in front of a head, however
// long its title is.
func TestSortedHeadStaysInItsColumn(t *testing.T) {
	r := ownCapture(t, "demo", 105, 24)
	r.press("2").text()
	v := r.top().(*registrationsView)
	for range len(registrationKeys) {
		r.press(">")
		p := &presser{rig: r}
		p.grid = p.gridOf(r.sim)
		p.checkList(v.list, p.grid.w)
	}
}

// The title of a box leaves its corners alone.
func TestTitleOfABoxIsCut(t *testing.T) {
	r := newRig(t, rigOptions{w: 40, h: 30, snap: rows(10), status: fileStatus(), charset: "US-ASCII"})
	r.press("/").typeText("m")
	p := &presser{rig: r}
	p.grid = p.gridOf(r.sim)
	p.checkDialog()
}

// Each octet of a dump has its character, on the smallest screen too, and a
// line of a comparison that is cut says so.
func TestNarrowTexts(t *testing.T) {
	r := newRig(t, rigOptions{w: leastWidth, h: 24, snap: rows(10), status: fileStatus()})
	r.press("Enter", "Enter", "x").has("49 4e 56 49  INVI").press("Esc", "Esc", "Space", "Down", "=")
	p := &presser{rig: r}
	p.grid = p.gridOf(r.sim)
	p.checkView()
}

// How many columns are out of view covers no lifeline.
func TestMoreColumnsCoverNoLifeline(t *testing.T) {
	for width := leastWidth; width < 90; width++ {
		r := newRig(t, rigOptions{w: width, h: 24, snap: oneBridged(), status: fileStatus()})
		r.press("Enter")
		for range 3 {
			p := &presser{rig: r}
			p.grid = p.gridOf(r.sim)
			p.checkView()
			r.press("l")
		}
	}
}

// A number of a peer is shown whole or not at all.
func TestPeersShowWholeNumbers(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.press("4").text()
	v := r.top().(*statisticsView)
	numbers := v.peerNumbers(&v.figures.peers[0])
	for width := 30; width < 120; width++ {
		line := peerTight.line(width, "192.0.2.10", "404:1 486:1", "…", func(i int) string { return numbers[i] })
		if cells.Width(line) > width {
			t.Errorf("%q takes more than %d cells", line, width)
		}
		for i, number := range strings.Fields(line)[1:] {
			if i < len(numbers) && number != numbers[i] {
				t.Errorf("at %d cells %q has %s instead of %s", width, line, number, numbers[i])
			}
		}
	}
}

// ^C while the program asks whether to quit does not ask once more below that.
func TestQuitIsAskedOnce(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	r.press("q")
	for range 3 {
		r.clock = r.clock.Add(2 * time.Second)
		r.press("^C")
	}
	if r.press("Esc"); r.dialog != nil || r.ended != nil {
		t.Errorf("Esc leads to another question, or out: %v", r.dialog)
	}
}

// The names of two programs above a ladder do not run into each other, or into
// the border of the preview.
func TestLongHeadsStayApart(t *testing.T) {
	agent := "User-Agent: " + strings.Repeat("agent", 20)
	b := sample.New(1, "long", "sip:a@b", "sip:c@d", 0)
	b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE", agent)
	b.After(5).Response("192.0.2.9:5060", "192.0.2.1:5060", 486, "Busy Here", "INVITE", agent)
	for width := leastWidth; width < 200; width += 3 {
		r := newRig(t, rigOptions{w: width, h: 30, snap: &correlate.Snapshot{Calls: []*correlate.Call{&b.Call}}, status: fileStatus()})
		for _, key := range []string{"Enter", "w", "w", "w"} { // with less and less room at the left
			r.press(key)
			p := &presser{rig: r}
			p.grid = p.gridOf(r.sim)
			p.checkView()
		}
	}
}

// A width that somebody chose gives way where the screen has no room for it, and
// columns that are gone are not scrolled out.
func TestChosenWidthsGiveWay(t *testing.T) {
	columns := []column{{id: "finding", min: 23, ideal: 23, max: 23}, {id: "calls", min: 5, ideal: 5, max: 7}, {id: "last", min: 9, ideal: 9, max: 9}}
	for width := 60; width >= 10; width-- {
		shown, _ := layout(columns, width, 0)
		if end := shown[2].x + shown[2].width; end > width || len(shown) != 3 {
			t.Fatalf("%d columns end at %d of %d", len(shown), end, width)
		}
	}
	r := callScreens(t, "../pcaps/register-digest.pcap", 133, 19)
	r.press("2").has("AoR")
	r.press("Right", "Right", "Right").has("◂")
	r.chosen["registrations.columns"] = "expires note"
	r.has("\n◂ Note").press("Left").has("\n  Expires s Note")
}
