package tui

import (
	"strings"
	"testing"
)

// From a message the media of its call and the pane that says why are one key
// away, as from the ladder.
func TestMediaAndWhyFromAMessage(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.flowOf(6).press("Enter").has("Message ").press("v").has("Media #6").press("Esc").has("Message ").press("W").has("Flow #6", "── Why")
	if r.top().(*flowView).pane() != InWhy {
		t.Error("the pane has no keys")
	}
	r.press("Esc", "Esc").press("r").has("All ").press("W").has("── ", "Why")
	if v := r.calls; v.reasons.focused() != InWhy {
		t.Error("the pane of the list has no keys")
	}
}

// i shows the statistics from every list.
func TestStatisticsFromEveryList(t *testing.T) {
	for _, list := range []string{"1", "2", "3", "5"} {
		r := ownCapture(t, "demo", 80, 24)
		r.press(list, "i").has("[4 Stats]").press("i").hasNot("[4 Stats]")
	}
}

// 9 and 0 share out the rows of the media view.
func TestChartTaller(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.flowOf(6).press("v").text()
	rows := func() (n int) {
		for _, line := range strings.Split(r.text(), "\n") {
			if strings.Contains(line, "┤") || strings.HasPrefix(line, "        │") {
				n++
			}
		}
		return n
	}
	before := rows()
	r.press("9", "9").has("┆ 22:20:39").hasNot("RTCP ")
	if after := rows(); after != before+2 {
		t.Errorf("%d rows of the chart, then %d", before, after)
	}
	r.press("9", "9", "9", "9", "9").has("┆ 22:20:39")
	for range 20 {
		r.press("0")
	}
	r.has("RTCP ", "┤")
	if after := rows(); after > before {
		t.Errorf("the chart has %d rows, had %d", after, before)
	}
}

// n and N go through the streams with a problem, ! leaves no others.
func TestFaultsInStreams(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.press("3").has("4 streams").press("g")
	v := r.top().(*streamsView)
	faults := 0
	for _, s := range r.UI.snap.Streams {
		if r.UI.fault(s) {
			faults++
		}
	}
	if faults != 1 { // of call 6, which lost 39 of 499 packets
		t.Fatalf("%d streams have a problem", faults)
	}
	r.press("G", "N").text()
	if s := v.current(); lossOf(s) < 0.07 || lossOf(s) > 0.08 {
		t.Errorf("the cursor is on %v", s.Src)
	}
	r.press("!").has("problems only (!: all)")
	if v.Len() != 1 {
		t.Errorf("%d streams are left", v.Len())
	}
	r.press("n").has("no problem below").press("!").hasNot("problems only")
	if v.Len() != 4 {
		t.Errorf("%d streams", v.Len())
	}
}

// c in a message is what F8 is.
func TestColoursOfAMessage(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.flowOf(6).press("Enter").has("Message ").press("c")
	if !r.UI.flow.noSyntax {
		t.Error("the colours are still on")
	}
	r.press("c")
	if r.UI.flow.noSyntax {
		t.Error("the colours are still off")
	}
}

// A screen with few rows shows its peers not at all rather than over the ratios,
// and says so.
func TestStatisticsOfFewRows(t *testing.T) {
	for h := leastHeight; h <= 16; h++ {
		r := callScreens(t, "../pcaps/demo.pcap", 80, h).press("4")
		peers, ratios := strings.Contains(r.text(), "by peer"), strings.Contains(r.text(), "ASR 40.0%  NER")
		if !ratios || peers == strings.Contains(r.text(), "peers, methods") {
			t.Errorf("%d rows: ratios %v, peers %v:\n%s", h, ratios, peers, r.text())
		}
	}
}

// On a screen of any size the cursor of the statistics is on a row that is drawn,
// wherever keys take it.
func TestStatisticsCursorIsSeen(t *testing.T) {
	for _, size := range [][2]int{{80, 10}, {40, 10}, {80, 11}, {80, 12}, {60, 13}, {69, 24}, {80, 14}, {80, 24}, {120, 40}} {
		r := callScreens(t, "../pcaps/demo.pcap", size[0], size[1]).press("4")
		for range 4 {
			for _, key := range []string{"Down", "Down", "End", "PgUp", "Home", "Tab"} {
				if n := strings.Count(r.press(key).text(), "▶"); n != 1 {
					t.Fatalf("%v: %d cursors after %s:\n%s", size, n, key, r.text())
				}
			}
		}
	}
}

// A key that can do nothing says so; Y copies the Call-ID of what a row of any list
// is about.
func TestKeysThatCanDoNothing(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 80, 24)
	r.press("p").has("nothing to hold").press("P").has("nothing to stop")
	r.press("2", "Y").has("copied the Call-ID: ")
	r = readCapture(t, capturePath(t, "c0110"), 80, 24)
	r.press("3", "Y").has("there is no Call-ID here")
	r = readCapture(t, capturePath(t, "c0077"), 80, 24)
	r.press("3", "Y").has("copied the Call-ID: ")
	r.press("5", "Y").has("copied the Call-ID: ")
}
