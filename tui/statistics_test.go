package tui

import "testing"

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
	for _, m := range r.UI.snap.Calls[0].Messages {
		if m.Method == "" {
			responses++
		}
	}
	if len(r.UI.snap.Calls) != 1 || sum(v.figures) != responses || sum(all) <= responses {
		t.Errorf("%d responses of %d are counted, the call has %d", sum(v.figures), sum(all), responses)
	}
	r.press("1", "F5", "Enter", "4").has("rows were cleared away").hasNot("no SIP and no RTP")
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
