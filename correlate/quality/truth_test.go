package quality

import (
	"fmt"
	"math"
	"testing"
)

// truthStreams is how many streams the truth set has.
const truthStreams = 200

// A tally is what the truth set showed of a codec.
type tally struct {
	streams                                    int
	packets, lost, duplicates                  uint64
	reordered, pauses, quiets, restarts, wraps uint64
	shifts                                     uint64
	buffers                                    [bufferCount]discards
	jitter, drift                              float64 // worst: of 1, ppm
	drifts                                     int
}

// Two hundred streams over every codec with everything that happens to
// streams: what was lost, doubled, reordered and thrown away by the buffers is
// counted to the packet, jitter is within 1 % of another computation, drift
// within 5 ppm.
func TestTruthSet(t *testing.T) {
	tallies := map[string]*tally{}
	all := tally{}
	for seed := range truthStreams {
		truth := generated(seed)
		name := fmt.Sprintf("%s/%d", truth.name, truth.clock)
		if tallies[name] == nil {
			tallies[name] = new(tally)
		}
		t.Run(fmt.Sprintf("%d %s %.4g ms", seed, name, truth.ptime()), func(t *testing.T) {
			truth.check(t, tallies[name], &all)
		})
	}
	t.Log("codec/clock          streams  packets    lost  doubled  reordered  pauses  silent  restarts  wraps  shifts  f60 late/over  f200 late/over   a1 late/over  jitter off  drift off (n)")
	seen := map[string]bool{}
	for _, c := range codecShapes {
		name := fmt.Sprintf("%s/%d", c.name, c.clock)
		if got := tallies[name]; !seen[name] {
			seen[name] = true
			t.Log(got.line(name))
			if c.pause != speaks && got.pauses == 0 {
				t.Errorf("%s never kept silent", name)
			}
		}
	}
	t.Log(all.line("all"))
	if all.drifts < 30 || all.restarts < 20 || all.wraps < 50 || all.reordered == 0 || all.shifts < 20 {
		t.Errorf("too little happened to tell: %+v", all)
	}
	for i, b := range all.buffers {
		if b.late == 0 || b.overflow == 0 {
			t.Errorf("buffer %d: %+v, which shows nothing", i, b)
		}
	}
}

func (y *tally) line(name string) string {
	b := y.buffers
	return fmt.Sprintf("%-20s %7d %8d %7d %8d %10d %7d %7d %9d %6d %7d %9d/%-6d %9d/%-6d %9d/%-5d %9.1e %9.2f (%d)", name, y.streams, y.packets, y.lost, y.duplicates,
		y.reordered, y.pauses, y.quiets, y.restarts, y.wraps, y.shifts, b[0].late, b[0].overflow, b[1].late, b[1].overflow, b[2].late, b[2].overflow, y.jitter, y.drift, y.drifts)
}

// check accounts a stream and holds it against the truth.
func (truth *truth) check(t *testing.T, tallies ...*tally) {
	r := truth.account(nil)
	reordered := truth.reordered()
	if r.Expected != truth.sent || r.Lost != truth.lost || r.Duplicates != truth.duplicates || r.Restarts != truth.restarts || r.Reordered != reordered || r.ComfortNoise > truth.quiets {
		t.Errorf("expected %d lost %d duplicates %d restarts %d reordered %d, want %d, %d, %d, %d and %d", r.Expected, r.Lost, r.Duplicates, r.Restarts, r.Reordered,
			truth.sent, truth.lost, truth.duplicates, truth.restarts, reordered)
	}
	mean, highest := truth.jitter()
	if !near(r.JitterMean, mean, 0.01*mean) || !near(r.JitterMax, highest, 0.01*highest) {
		t.Errorf("jitter %.4f at most %.4f, want %.4f and %.4f", r.JitterMean, r.JitterMax, mean, highest)
	}
	if want := truth.ptime(); !near(r.PTime, want, 0.001) {
		t.Errorf("packet time %.2f ms, want %.2f", r.PTime, want)
	}
	if r.HasSkew && truth.drift != 0 && !near(r.SkewPPM, truth.drift, 5) {
		t.Errorf("drift %.1f ppm ± %.1f, want %.1f", r.SkewPPM, r.SkewDoubt, truth.drift)
	}
	want := truth.thrownAway(t, &r)
	for _, y := range tallies {
		y.streams++
		y.packets += truth.sent
		y.lost += truth.lost
		y.duplicates += truth.duplicates
		y.reordered += reordered
		y.pauses += truth.pauses
		y.quiets += truth.quiets
		y.restarts += truth.restarts
		y.wraps += truth.wraps
		y.shifts += truth.shifts
		for i := range want {
			y.buffers[i].late += want[i].late
			y.buffers[i].overflow += want[i].overflow
		}
		y.jitter = max(y.jitter, math.Abs(r.JitterMean/mean-1), math.Abs(r.JitterMax/highest-1))
		if r.HasSkew && truth.drift != 0 {
			y.drifts++
			y.drift = max(y.drift, math.Abs(r.SkewPPM-truth.drift))
		}
	}
}

// account is what the code under test makes of the stream.
func (truth *truth) account(buffer *BufferModel) Report {
	a := Account{Buffer: buffer}
	for i := range truth.packets {
		a.Add(&truth.packets[i].Packet)
	}
	return a.Report()
}

// thrownAway compares what the buffers did with what the words of the spec
// say: those that always run, and some that may be asked for.
func (truth *truth) thrownAway(t *testing.T, r *Report) (want [bufferCount]discards) {
	want = [bufferCount]discards{truth.fixedByTheWords(60, 200), truth.fixedByTheWords(200, 400), truth.adaptiveByTheWords()}
	for i := range want {
		b := &r.Buffers[i]
		if got := (discards{b.Late, b.Overflowed}); got != want[i] {
			t.Errorf("%s: %+v, want %+v", b.Model, got, want[i])
		}
		if b.Bursts.Packets != truth.sent || b.Bursts.Lost != truth.lost+want[i].late+want[i].overflow {
			t.Errorf("%s: %d not played of %d, want %d lost and %+v", b.Model, b.Bursts.Lost, b.Bursts.Packets, truth.lost, want[i])
		}
	}
	for _, d := range []int64{20, 40, 120} {
		model, err := ParseBuffer(fmt.Sprintf("f%d", d))
		if err != nil {
			t.Fatal(err)
		}
		r := truth.account(&model)
		if got, want := (discards{r.Buffers[0].Late, r.Buffers[0].Overflowed}), truth.fixedByTheWords(d, max(200, 2*d)); got != want {
			t.Errorf("%s: %+v, want %+v", model, got, want)
		}
	}
	return want
}
