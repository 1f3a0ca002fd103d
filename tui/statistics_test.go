package tui

import (
	"strings"
	"testing"
)

// The last snapshot of a file is counted, however soon after another it came.
func TestStatisticsOfTheLastSnapshot(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(5), status: Status{Source: "a.pcap", Frames: 5}})
	r.press("4").text()
	r.publish(rows(40))
	r.status.Done = true
	r.publish(r.snap).text()
	if v := r.top().(*statisticsView); v.figures.snap != r.UI.snap {
		t.Error("the statistics are of an earlier snapshot")
	}
}

func TestHealthOfTheCapture(t *testing.T) {
	snap := manyCalls(25_000)
	for _, c := range snap.Calls {
		c.Retransmissions = 1
	}
	r := newRig(t, rigOptions{w: 200, h: 60, snap: snap, status: fileStatus()})
	r.press("4").has("retransmissions 25,000").hasNot("dropped by") // nobody counted those
	r.status.Inputs = []Input{{Name: "eth0", HasDrops: true}}
	r.publish(snap).has("dropped by kernel 0")
	r.sim.SetSize(39, 9)
	r.hasNot("drop 0")
}

// States that are called the same count together.
func TestFailuresByWord(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 40, snap: manyCalls(26), status: fileStatus()})
	r.has("(rejected:4 lost:1 timeout:1)") // two states are called REJECTED
}

// Messages of calls that were cleared away do not count.
func TestStatisticsWithoutWhatWasCleared(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.press("4")
	all := r.top().(*statisticsView).figures
	r.press("1", "/").typeText("code:486").press("Enter", "F9", "Enter", "Esc", "4")
	v := r.top().(*statisticsView)
	sum := func(f *statFigures) (n int) {
		for _, row := range f.responses[:7] {
			n += row.n
		}
		return n
	}
	responses := 0
	for _, m := range r.UI.snap.Calls[0].Messages() {
		if m.Method == "" {
			responses++
		}
	}
	if len(r.UI.snap.Calls) != 1 || sum(v.figures) != responses || sum(all) <= responses {
		t.Errorf("%d responses of %d are counted, the call has %d", sum(v.figures), sum(all), responses)
	}
	r.press("1", "F5", "Enter", "4").has("rows were cleared away").hasNot("no SIP and no RTP")
}

// All panels are there from 36 rows on; what has no room is named.
func TestStatisticsPanelsBySize(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {160, 45}, {200, 60}, {100, 36}} {
		r := ownCapture(t, "demo", size[0], size[1])
		r.press("4").has("methods / s", "INVITE             9", "capture health", "received 1,844", "<2.6 ", "none ", "PDD ").hasNot("on a screen")
	}
	ownCapture(t, "demo", 120, 32).press("4").has("methods and capture health: on a screen with 36 rows and more", "peers").hasNot("methods / s")
	ownCapture(t, "demo", 80, 24).press("4").has("methods and capture health: on a screen of 100×36 and more")
	ownCapture(t, "demo", 80, 20).press("4").has("7 of 8 final responses").hasNot("none ")
	r := ownCapture(t, "demo", 120, 40)
	r.status.Decode = strings.Split(strings.Repeat("a line about decoding\n", 9), "\n")
	r.publish(r.snap).press("4").has("capture health · 8 of 13 lines")
}

// Codes are whole or not there, and what is left out is said.
func TestCodesAreNotCut(t *testing.T) {
	for room, want := range map[int]string{17: "404:1 486:1 487:1", 16: "404:1 486:1 …", 13: "404:1 486:1 …", 12: "404:1 486:1…", 7: "404:1 …", 6: "404:1…", 5: "404:…"} {
		if got := cutWords("404:1 486:1 487:1", room, "…"); got != want {
			t.Errorf("%d cells: %q", room, got)
		}
	}
	ownCapture(t, "demo", 120, 40).press("4").has(" 404:1…", "RRD    p95 0.0 s")
	ownCapture(t, "demo", 200, 60).press("4").has("404:1 486:1 487:1", "     RRD p95 0.0 s")
}

// In half a minute with five calls there are never eight a second.
func TestCallsPerSecond(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.press("4")
	f := r.top().(*statisticsView).figures
	if now, peak := f.callsNow(); peak > 2 || peak < 0.9 || now > 1 {
		t.Errorf("now %.2f a second, at most %.2f", now, peak)
	}
	short := rows(1)
	short.First, short.Last = short.Calls[0].Started, short.Calls[0].Started+1e8
	if _, peak := newStatFigures(short, 0, false).callsNow(); peak != 1 {
		t.Errorf("one call in a tenth of a second is %.2f a second", peak)
	}
}

// A rate that has no room for all of its digits is written shorter, not cut:
// 63,890 packets in one second, 12 in the next.
func TestLargeRatesAreNotCut(t *testing.T) {
	for size, want := range map[[2]int][]string{
		{80, 24}:  {"pkts/s  now 12 pk 63,890"},
		{120, 40}: {"packets/s now 12 ", "│ 63.9k"},
	} {
		snap := rows(30)
		status := fileStatus()
		status.Pace = Pace{From: snap.First, Width: 1e9, Frames: []uint32{63_890, 12}}
		snap.Last = snap.First + 2e9
		newRig(t, rigOptions{w: size[0], h: size[1], snap: snap, status: status}).press("4").has(want...)
	}
	if got := rateText(63_889.6); got != "63.9k" {
		t.Errorf("a rate is %s", got)
	}
	snap := rows(30)
	status := fileStatus()
	snap.Last = snap.First + 2e9
	status.Pace = Pace{From: snap.First, Width: 1e9, Frames: []uint32{63_890, 29_706}}
	newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: status}).press("4").has("pkts/s  now 29.7k pk 63.9k")
}
