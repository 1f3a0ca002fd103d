package tui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/roster"
)

func TestStreamsTiedByHand(t *testing.T) {
	snap := rows(8)
	orphan := *snap.Streams[1]
	orphan.ID, orphan.Call, orphan.CodecFrom = 99, nil, "static"
	snap.Streams = append(snap.Streams, &orphan)
	r := newRig(t, rigOptions{w: 120, h: 40, snap: snap, status: fileStatus()})
	r.press("3", "u").has("untied only", "– orphan", "why is it not in a call?", "Enter media view")
	if v := r.top().(*streamsView); v.Len() != 1 {
		t.Fatalf("%d rows", v.Len())
	}
	r.press("x").has("b binds it to one by hand")
	r.press("b").typeText("77").press("Enter").has("there is no call #77")
	r.press("b").typeText("#5").press("Enter").has("bound to call #5")
	r.press("u").has("1 by hand", "#5 A◀     by hand")
	if n := len(r.streamsOf(r.callAt(5))); n != 5 {
		t.Errorf("call 5 has %d streams, want its four and the one by hand", n)
	}
	r.press("u", "u").press("End")
	for r.top().(*streamsView).current().ID != 99 {
		r.press("Up")
	}
	r.press("x").has("Flow #5").press("Esc", "Enter").has("Media #5")
	r.press("Esc", "b").typeText("-").press("Enter").hasNot("1 by hand")
}

func TestStreamsOrderAndFilter(t *testing.T) {
	r := readCapture(t, filepath.Join(ownCaptures, "demo.pcap"), 120, 40)
	r.press("3")
	v := r.top().(*streamsView)
	worst := v.shown.rows[0]
	for _, s := range v.shown.rows {
		if s.Score.Known && s.Score.MOS < worst.Score.MOS {
			t.Errorf("%08x is worse than the first row", s.SSRC)
		}
	}
	r.press(">").has("worst loss first")
	if r.press("z"); v.shown.rows[0] == worst {
		t.Error("z does not reverse the order")
	}
	r.press("/").typeText("loss>2").press("Enter").has("1 of 4")
	if v.Len() != 1 || v.shown.rows[0] != worst {
		t.Errorf("loss>2 leaves %d streams", v.Len())
	}
	r.press("/", "^U").typeText("mos<1").press("Enter").has("0 of 4 streams match")
	r.press("Esc").has("4 streams").press("Esc").has("[1 Dialogs")
}

// In c0264 ten dialogs register three phones (docs: report -F json, registrations).
// Once they were counted the tab says so.
func TestRegistrationsAreCounted(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0264"), 80, 24)
	r.has("2 Reg 10").press("2").has("[2 Reg 3]").press("/").typeText("nobody").press("Enter").has("[2 Reg 3]", "0 of 3").press("Esc", "1").has("2 Reg 3 ")
}

func TestRegistrationsView(t *testing.T) {
	r := readCapture(t, filepath.Join(ownCaptures, "register-digest.pcap"), 120, 40)
	r.press("2").has("alice@example.com", "UNREGISTERED", "bob@example.com", "CHALLENGED", "wrong password")
	r.press("!")
	v := r.top().(*registrationsView)
	if v.Len() != 1 || !strings.Contains(v.current().AOR, "bob") {
		t.Errorf("%d rows have a problem", v.Len())
	}
	r.has("another challenge: a wrong password").press("Enter").has("Flow #", "401 Unauthorized").press("Esc", "!")
	r.press(">").has("AoR▲").press("z").has("AoR▼")
	r.press("/").typeText("alice").press("Enter")
	if v.Len() != 1 {
		t.Errorf("%d rows for alice", v.Len())
	}
}

// A list of streams without any says why, and what there is instead.
func TestNoStreamsSaysWhy(t *testing.T) {
	snap := rows(3)
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: Status{Source: "x.pcap", Frames: 81, Done: true, TLSHidden: 2, TLSPort: 5061}})
	r.press("3").has("No RTP among 81 packets: it was not captured here, or nobody spoke.", "2 TLS connections on 5061: give --keylog")
	r = newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: Status{Source: "eth0", Frames: 1}, live: true})
	r.press("3").has("No RTP among 1 packet so far.")
}

// The strip has a cell for each attempt of the registration under the cursor: in
// a narrow list beside its name, in a wide one in each row.
func TestRegistrationHistoryStrip(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		r := readCapture(t, capturePath(t, "c0032"), size[0], size[1])
		r.press("2")
		v := r.top().(*registrationsView)
		for v.list.cursor = range v.shown.rows {
			recent := v.current().Recent
			strip := v.history(v.current(), 20).text
			if got := len([]rune(strip)); got != min(20, len(recent)) {
				t.Errorf("%d attempts, %d cells: %q", len(recent), got, strip)
			}
			if failed := slices.ContainsFunc(recent, func(a roster.Attempt) bool { return a.State == roster.Rejected || a.State == roster.NoReply }); failed != strings.Contains(strip, "✗") {
				t.Errorf("failed %v: %q", failed, strip)
			}
			if size[0] < wideTabs {
				r.has("last "+plural(len(recent), "attempt")+" ─", "─ "+strip+" ──")
			} else {
				r.hasNot("─ " + strip + " ──").has(" " + v.history(v.current(), 8).text)
			}
		}
	}
}

func TestStatisticsWindowAndFilter(t *testing.T) {
	r := readCapture(t, filepath.Join(ownCaptures, "demo.pcap"), 80, 24)
	r.press("4").has("ASR 40.0%", "NER 80.0%", "401/407     3", "4.3+    1", "192.0.2.10", "window all")
	r.press("w").has("window last 1m").press("w").has("window last 5m").press("w").has("window all")
	r.press("Down", "Down", "Down", "Down", "Enter").has("/ code:4xx")
	if r.rows() != "5 7 8" {
		t.Errorf("rows %s: those with a final 4xx are 5, 7 and 8", r.rows())
	}
	r.press("Esc").has("[4 Stats]").press("Up", "Up", "Up", "Up", "Enter").has("provisional responses decide nothing")
	r.press("Tab", "Enter").has("/ mos>=4.3")
	if r.rows() != "4" {
		t.Errorf("rows %s", r.rows())
	}
}

func TestProblemsView(t *testing.T) {
	r := readCapture(t, filepath.Join(ownCaptures, "demo.pcap"), 80, 24)
	r.press("5")
	v := r.top().(*problemsView)
	if len(v.kinds) < 2 || v.kinds[0].Severity < v.kinds[len(v.kinds)-1].Severity {
		t.Fatalf("the kinds are not in order of severity: %+v", v.kinds)
	}
	first := v.kinds[0].Code
	r.press("W").has("What happened", "Evidence", "Check next").press("W").hasNot("Check next")
	r.press("m").has("muted")
	for _, k := range v.kinds {
		if k.Code == first {
			t.Error("a muted kind is still there")
		}
	}
	if r.press("M"); v.kinds[0].Code != first {
		t.Error("the muted kind did not come back")
	}
	r.press("w").has("window last 1m")
	r.press("Tab", "Enter").has("Flow #").press("Esc").has("[5 Prob")
	if v.evidence < 0 {
		t.Error("Esc did not lead back to the evidence")
	}
}

func TestCaptureView(t *testing.T) {
	status := liveStatus()
	status.Inputs = []Input{{Name: "eth0", Detail: "192.0.2.10  promiscuous", State: "on", Frames: 1284, HasDrops: true, Drops: Drops{Kernel: 7}, Warnings: []string{"a\x1bwarning"}}}
	status.Kernel, status.Limits, status.Ring = "(udp or tcp) and port 5060", "calls 3 of 100", "64 MB"
	status.Log = []Event{{At: time.Date(2025, 10, 14, 12, 8, 40, 0, time.UTC).UnixNano(), Text: "ring grew"}}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: status, live: true})
	r.press("6").has("eth0  192.0.2.10", "kernel: (udp or tcp)", "calls 3 of 100", "64 MB", "12:08:40 ring grew", "a␛warning", " 7 ")
	r.press("Esc").has("[1 Dialogs")
}

// What is looked for in the background and found out too late is not shown.
func TestTurnsOfTheWorkshop(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: manyCalls(inlineCalls + 10), status: fileStatus()})
	results := make(chan func(), 8)
	r.workshop.results, r.workshop.ended = results, make(chan struct{})
	from, _ := keyOfColumn("from")
	to, _ := keyOfColumn("to")
	r.calls.setSort(from)
	r.calls.setSort(to)
	for r.workshop.busy() {
		(<-results)()
	}
	if got := r.calls.shown.wish.key.column; got != "to" {
		t.Errorf("the list is in order of %s", got)
	}
	r.workshop.do(func() func() { panic("broken") })
	defer func() {
		if p := recover(); p == nil {
			t.Error("a panic of the work was lost")
		}
	}()
	(<-results)()
}

func TestSparkline(t *testing.T) {
	r := readCapture(t, filepath.Join(ownCaptures, "demo.pcap"), 200, 60)
	var good, bad *correlate.Stream
	for _, s := range r.snap.Streams {
		if s.Score.Known && s.Score.MOS > 4.3 {
			good = s
		}
		if s.Score.Known && s.Score.MOS < 3.7 {
			bad = s
		}
	}
	if got := r.sparkline(good, 8); got != "████████" {
		t.Errorf("a good stream: %q", got)
	}
	if got := r.sparkline(bad, 8); strings.Contains(got, "█") || len([]rune(got)) != 8 {
		t.Errorf("a stream with losses: %q", got)
	}
	if got := r.sparkline(nil, 8); got != "" {
		t.Errorf("no stream: %q", got)
	}
}

func TestAreaChart(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		ascii  bool
		want   string
	}{
		{[]float64{0, 0, 8, 8}, false, " ⣿/ ⣿"},
		{[]float64{4, 4, 8, 8}, false, " ⣿/⣿⣿"},
		{[]float64{1, 2, 3, 4}, true, "  /##"},
		{nil, false, "  /  "},
	} {
		if got := strings.Join(areaChart(tt.values, 2, 2, 8, tt.ascii), "/"); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.values, got, tt.want)
		}
	}
}

// In c0032 the last REGISTER of voi18063, frame 121, was refused in frame 122,
// 151.974 ms later (tshark). W tells why the attempts went as they did.
func TestRegistrationRefusedHasItsRoundTrip(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 80, 24)
	r.press("2")
	v := r.top().(*registrationsView)
	v.list.cursor = slices.IndexFunc(v.shown.rows, func(x *roster.Registration) bool { return strings.Contains(x.AOR, "voi18063") })
	if got := v.rtt(v.current(), 9).text; got != "151" {
		t.Errorf("the round trip is %s ms", got)
	}
	r.press("W").has("Flow #", "── Why").press("Esc", "Esc").has("[2 Reg ")
}

// W says why the call of a stream sounded as it did; a stream of no call is
// explained where it stands.
func TestWhyOfAStream(t *testing.T) {
	r := readCapture(t, filepath.Join(ownCaptures, "call-lossy.pcap"), 120, 40)
	r.press("3", "W").has("Media #", "── Why")
	r = readCapture(t, capturePath(t, "c0110"), 120, 40)
	r.press("3")
	if v := r.top().(*streamsView); v.current() == nil || v.current().Call != nil {
		t.Fatalf("the first stream of c0110 is of a call")
	}
	r.press("W").has("it is in no call").hasNot("── Why ")
}
