package tui

import (
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/cells"
)

// The gravest flag stands whole, and what has no room is counted.
func TestFlagsFit(t *testing.T) {
	flags := []string{"outage 34.3 s", "late start 6.7 s", "DSCP 0"}
	for width, want := range map[int]string{
		60: "outage 34.3 s, late start 6.7 s, DSCP 0", 34: "outage 34.3 s, late 6.7 s, DSCP 0", 32: "outage 34.3 s, late 6.7 s +1", 20: "outage 34.3 s +2", 11: "outage 34.…",
	} {
		if got := flagsIn(width, flags, "…"); got != want {
			t.Errorf("%d cells: %q, want %q", width, got, want)
		}
	}
	if got := flagsIn(13, []string{"NAT: SDP 10.0.0.1 ≠ 192.0.2.1", "CN"}, "…"); got != "NAT, CN" {
		t.Errorf("behind a translator: %q", got)
	}
	if got := flagsIn(13, nil, "…"); got != "" {
		t.Errorf("no flags: %q", got)
	}
}

// At 80 columns nothing of the title and of the notes is cut, and the numbers
// that matter are there.
func TestMediaFitsEightyColumns(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0077"), 80, 24)
	r.press("v").has("2 streams · answered 09:22:45, 1:16", " outage 34.3 s", " late 2.1 s +2\n", "· PT 8 · 20 ms ──", "DTMF    RFC 4733: ANS @09:22:47.439 (no end)")
	r.sim.SetSize(120, 40)
	r.has("media from ", "outage 34.3 s +1")
	r = ownCapture(t, "demo", 80, 24)
	r.flowOf(6).press("v").has("media from +0.063 s, 0:10", "lost 7 of 49  ┬ dave hung up (f1,823)", "(0.0%), MOS 3.62, delay unknown\n")
	r.has("RTCP    ▶ lost 7.7% jit 9.4 (agrees)  ·  ◀ lost 6.0% jit 10.6 (differs by +15)")
	for _, line := range strings.Split(r.text(), "\n") {
		if strings.HasSuffix(line, "…") {
			t.Errorf("%q is cut", line)
		}
	}
}

// The line of the legs has the cause in few words, and a Call-ID keeps its end.
func TestDetailFits(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0077"), 120, 40)
	r.has("ended 09:24:02.3 by caller\n", "Reason Q.850 ;cause=16", "Call-ID 00e9d4a500e9d48…0000@10.35.40.25")
	r.sim.SetSize(130, 40)
	r.has("ended 09:24:02.3 by caller  Q.850 16\n")
}

// However long the names are, the duration of the call stays in the title.
func TestMediaTitleKeepsTheDuration(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	v := r.flowOf(6).press("v").top().(*mediaView)
	for width := 30; width < 100; width++ {
		title := v.title(width)
		if cells.Width(title) > width || !strings.HasSuffix(title, ", 0:10") || !strings.HasPrefix(title, "Media #6 d") {
			t.Errorf("%d cells: %q", width, title)
		}
	}
	v.legs[0].Call.From = "sip:" + strings.Repeat("long", 30) + "@example.com"
	for width := 40; width < 100; width++ {
		if title := v.title(width); cells.Width(title) > width || !strings.HasSuffix(title, ", 0:10") || !strings.Contains(title, "bob") {
			t.Errorf("%d cells: %q", width, title)
		}
	}
}

// At 80 columns no figure of the notes below the chart is cut in two: words go
// first, and how many things more there are is said.
func TestNotesCutNoFigure(t *testing.T) {
	for id, wants := range map[string][]string{
		"c0016": {" (f113)"}, "c0278": {"lost 0.0% jit 0.2 (agrees)  +"}, "c0273": {"RFC 4733: * @17:44:27.905  * @17:44:28.404"},
	} {
		r := readCapture(t, capturePath(t, id), 80, 24)
		for _, c := range r.snap.Calls {
			v := newMediaView(r.UI, c)
			v.refresh()
			for i := range v.streams {
				v.choose(i)
				for v.at = v.streams[i].First; v.at < v.streams[i].Last; v.at += 1e9 {
					for _, line := range v.notes(v.stream(), 80, 5) {
						text := line.String()
						if cells.Width(text) > 78 {
							t.Errorf("%s: %d cells in %q", id, cells.Width(text), text)
						}
						wants = slices.DeleteFunc(wants, func(want string) bool { return strings.Contains(text, want) })
					}
				}
			}
		}
		if len(wants) > 0 {
			t.Errorf("%s: %q is not told", id, wants)
		}
	}
}

// What the rules found out about the format of a stream is a flag of it, and of no
// other.
func TestFlagsOfTheFormat(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	c := r.snap.Calls[5]
	r.found = &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{c.Index: {
		{Code: "MED-08", Evidence: []correlate.Evidence{{Stream: c.StreamIDs[0]}}}, {Code: "MED-10", Evidence: []correlate.Evidence{{Frame: 1}, {Stream: c.StreamIDs[1]}}},
	}}}}
	v := newMediaView(r.UI, c)
	v.refresh()
	for i := range v.streams {
		s := &v.streams[i]
		flags := strings.Join(s.flags, ", ")
		if strings.Contains(flags, "PT≠SDP") != (s.ID == c.StreamIDs[0]) || strings.Contains(flags, "ptime≠SDP") != (s.ID == c.StreamIDs[1]) {
			t.Errorf("stream %d: %s", s.ID, flags)
		}
	}
}

// tshark -z rtp,streams: 10.35.60.100:15580 to 10.23.1.52:16756 lost 1712, in one row.
func TestMediaBurstIsGrouped(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0077"), 160, 45)
	r.press("Home", "v").has("91.5 1,712 ").hasNot(" 1712 ")
}

// The verdict has a row of the media view at every height.
func TestMediaKeepsItsVerdict(t *testing.T) {
	for h := 24; h <= 60; h++ {
		r := readCapture(t, "../pcaps/demo.pcap", 120, h)
		r.press("Home", "Down", "Down", "Down", "Down", "Down", "v").has("The callee lost 7.8 %")
	}
}
