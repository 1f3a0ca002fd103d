package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// measured is what the report says of the streams that came over a road, next
// to what the road did to them.
type measured struct {
	faults
	sent, lost        int // by SIPp, by the road
	expected, missing int // by the report
	discarded         int
	jitter, mos       float64 // mean of all streams
}

// TestQualityOverRoad plays SIPp's recording over roads that lose and delay, and
// compares what is measured behind them with what they did: every loss that a
// receiver can know of is counted, and MOS falls as the road gets worse.
// SIPSNIFF_ROADS=all tries twelve roads.
func TestQualityOverRoad(t *testing.T) {
	losses, jitters := []float64{0, 0.1}, []time.Duration{0, 80 * time.Millisecond}
	if os.Getenv("SIPSNIFF_ROADS") == "all" {
		losses, jitters = []float64{0, 0.01, 0.03, 0.1}, []time.Duration{0, 20 * time.Millisecond, 80 * time.Millisecond}
	}
	needs(t, "sipp")
	if _, err := os.Stat(sippAudio); err != nil {
		t.Skipf("no recording to play: %v", err)
	}
	program := build(t)
	var mutex sync.Mutex
	var table []measured
	t.Run("roads", func(t *testing.T) {
		for _, jitter := range jitters {
			for _, loss := range losses {
				f := faults{loss: loss, jitter: jitter, media: true}
				t.Run(fmt.Sprintf("%g%%_%s", 100*loss, jitter), func(t *testing.T) {
					t.Parallel()
					m := drive(t, program, f)
					mutex.Lock()
					table = append(table, m)
					mutex.Unlock()
				})
			}
		}
	})
	slices.SortFunc(table, func(a, b measured) int {
		return cmp.Or(cmp.Compare(a.faults.jitter, b.faults.jitter), cmp.Compare(a.loss, b.loss))
	})
	t.Log("jitter   loss   sent  lost  measured  jitter ms  discarded   MOS")
	for i, m := range table {
		t.Logf("%6s  %4.0f%%  %5d  %4d  %8d  %9.1f  %9d  %.2f", m.faults.jitter, 100*m.loss, m.sent, m.lost, m.missing, m.jitter, m.discarded, m.mos)
		m.check(t)
		for j := range table[:i] {
			m.compare(t, &table[j])
		}
	}
}

// unplayed is what a receiver with the de-jitter buffer could not play, in percent.
func (m *measured) unplayed() float64 {
	return 100 * float64(m.missing+m.discarded) / float64(m.expected)
}

// compare compares the scores of two roads. A busy machine adds delays of its
// own, so it is what did not arrive in time that decides, not what the road was
// told to do.
func (m *measured) compare(t *testing.T, with *measured) {
	t.Helper()
	const clear = 2 // percent
	better, worse := m, with
	if better.unplayed() > worse.unplayed() {
		better, worse = worse, better
	}
	if worse.unplayed()-better.unplayed() > clear && worse.mos >= better.mos {
		t.Errorf("MOS %.2f with %.1f %% not played (%v), %.2f with %.1f %% (%v)", worse.mos, worse.unplayed(), worse.faults, better.mos, better.unplayed(), better.faults)
	}
}

// check compares the report with the road. What is lost at the ends of a
// stream no receiver can know of.
func (m *measured) check(t *testing.T) {
	t.Helper()
	if unknown := m.sent - m.expected; m.missing+unknown != m.lost || unknown < 0 {
		t.Errorf("%v: %d lost and %d at the ends, the road lost %d", m.faults, m.missing, unknown, m.lost)
	}
	n, p := float64(m.sent), m.loss
	if margin := 2.576 * math.Sqrt(n*p*(1-p)); math.Abs(float64(m.lost)-n*p) > margin+1 {
		t.Errorf("%v: the road lost %d of %d, more than chance", m.faults, m.lost, m.sent)
	}
}

// drive makes calls over one road.
func drive(t *testing.T, program string, f faults) measured {
	t.Helper()
	const calls = 4
	r := newRoad(t, f)
	behind := listen(t, r.wire, r.command("b", program, "report", "-v", "-i", "vb", "-F", "json", "udp"), 1)
	scenarios, err := filepath.Abs("testdata/sipp")
	if err != nil {
		t.Fatal(err)
	}
	uas := r.command("b", "sipp", "-sf", filepath.Join(scenarios, "uas.xml"), "-i", "192.0.2.2", "-mi", "192.0.2.2", "-m", strconv.Itoa(calls), "-nostdin", "-timeout", "60")
	uas.Dir = t.TempDir()
	start(t, uas)
	r.waitForPort(t, "b", 5060)
	uac := r.command("a", "sipp", "-sf", filepath.Join(scenarios, "uac.xml"), "-i", "192.0.2.1", "-mi", "192.0.2.1", "192.0.2.2", "-m", strconv.Itoa(calls), "-r", "4", "-nostdin", "-timeout", "60")
	uac.Dir = t.TempDir()
	if text, err := uac.CombinedOutput(); err != nil {
		t.Fatalf("sipp: %v\n%s", err, text)
	}
	endSIPp(t, uas)
	m := measured{faults: f, sent: calls * sippAudioPackets}
	_, m.lost = r.end(t)
	m.read(t, behind)
	return m
}

// read takes the streams of a report.
func (m *measured) read(t *testing.T, l *listener) {
	t.Helper()
	var got struct {
		Streams []struct {
			Expected, Lost int
			Jitter         struct{ Mean float64 } `json:"jitter_ms"`
			Late           int                    `json:"late_discarded"`
			MOS            float64
		}
	}
	if err := json.Unmarshal(l.finish(t), &got); err != nil {
		t.Fatal(err)
	}
	for _, s := range got.Streams {
		m.expected += s.Expected
		m.missing += s.Lost
		m.discarded += s.Late
		m.jitter += s.Jitter.Mean / float64(len(got.Streams))
		m.mos += s.MOS / float64(len(got.Streams))
	}
}
