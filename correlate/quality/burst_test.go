package quality

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// pattern feeds a string of '1' received, '0' lost and 'X' discarded.
func pattern(s string) Bursts {
	var p Pattern
	for _, c := range s {
		if c == '1' {
			p.Received(1)
		} else {
			p.Lost(1)
		}
	}
	return p.Report()
}

func rep(s string, n int) string { return strings.Repeat(s, n) }

// The vectors of spec §5.7, at 20 ms.
func TestBursts(t *testing.T) {
	const ptime = 20
	for _, v := range []struct {
		name, pattern                                string
		lost, bursts, gaps                           uint64
		burstPackets, burstLost, gapPackets, gapLost uint64
		burstDensity, gapDensity                     int // 1/256, rounded down
		burstMs, gapMs, ratio                        float64
	}{
		{"P1", "11110111111111111111111X111X1011110111111111111111111X111111111", 6, 1, 2, 12, 4, 51, 2, 85, 10, 240, 510, 1},
		{"P2", rep("1", 100), 0, 0, 1, 0, 0, 100, 0, 0, 0, 0, 2000, 1},
		{"P3", rep("1", 50) + "0" + rep("1", 49), 1, 0, 1, 0, 0, 100, 1, 0, 2, 0, 2000, 1},
		{"P4", rep("1", 50) + "00" + rep("1", 48), 2, 1, 2, 2, 2, 98, 0, 255, 0, 40, 980, 1.96},
		{"P5", rep("1", 40) + "0" + rep("1", 15) + "0" + rep("1", 43), 2, 1, 2, 17, 2, 83, 0, 30, 0, 340, 830, 1},
		{"P6", rep("1", 40) + "0" + rep("1", 16) + "0" + rep("1", 42), 2, 0, 1, 0, 0, 100, 2, 0, 5, 0, 2000, 1},
		{"P7", "0" + rep("1", 99), 1, 0, 1, 0, 0, 100, 1, 0, 2, 0, 2000, 1},
		{"P8", "000" + rep("1", 97), 3, 1, 1, 3, 3, 97, 0, 255, 0, 60, 1940, 2.91},
		{"P9", rep("1", 20) + "0000010001" + rep("1", 20) + "0" + rep("1", 30) + "00" + rep("1", 17), 11, 2, 3, 11, 10, 89, 1, 232, 2, 110, 593.3, 2.4475},
		{"P10", rep("1110", 25), 25, 1, 1, 97, 25, 3, 0, 65, 0, 1940, 60, 1},
	} {
		t.Run(v.name, func(t *testing.T) {
			b := pattern(v.pattern)
			if b.Lost != v.lost || b.Bursts != v.bursts || b.Gaps != v.gaps || b.BurstPackets != v.burstPackets ||
				b.BurstLost != v.burstLost || b.GapPackets != v.gapPackets || b.GapLost != v.gapLost {
				t.Errorf("got %+v", b)
			}
			if got := min(int(b.BurstDensity()*256), 255); got != v.burstDensity {
				t.Errorf("burst density %d, want %d", got, v.burstDensity)
			}
			if got := min(int(b.GapDensity()*256), 255); got != v.gapDensity {
				t.Errorf("gap density %d, want %d", got, v.gapDensity)
			}
			if !near(b.BurstLength()*ptime, v.burstMs, 0.05) || !near(b.GapLength()*ptime, v.gapMs, 0.05) || !near(b.Ratio(), v.ratio, 1e-6) {
				t.Errorf("burst %.1f ms, gap %.1f ms, ratio %.4f, want %+v", b.BurstLength()*ptime, b.GapLength()*ptime, b.Ratio(), v)
			}
		})
	}
}

// In one call or one by one, the answer is the same.
func TestPatternInAnyPortions(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var one, many Pattern
		for range 40 {
			n := uint64(rnd.IntN(30))
			if rnd.IntN(2) == 0 {
				many.Received(n)
				for range n {
					one.Received(1)
				}
			} else {
				many.Lost(n % 4)
				for range n % 4 {
					one.Lost(1)
				}
			}
		}
		if one.Report() != many.Report() {
			t.Fatalf("one by one %+v, at once %+v", one.Report(), many.Report())
		}
	}
}

// The definition, applied to the whole string at once.
func TestPatternAgainstDefinition(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		s := make([]byte, 1+rnd.IntN(300))
		for i := range s {
			s[i] = '1'
			if rnd.IntN(12) == 0 {
				s[i] = '0'
			}
		}
		var losses []int
		for i, c := range s {
			if c == '0' {
				losses = append(losses, i)
			}
		}
		var bursts, packets, lost uint64
		for i := 0; i < len(losses); {
			j := i
			for j+1 < len(losses) && losses[j+1]-losses[j]-1 < minGap {
				j++
			}
			if j > i {
				bursts++
				packets += uint64(losses[j] - losses[i] + 1)
				lost += uint64(j - i + 1)
			}
			i = j + 1
		}
		if b := pattern(string(s)); b.Bursts != bursts || b.BurstPackets != packets || b.BurstLost != lost {
			t.Fatalf("%s: %+v, want %d bursts of %d packets, %d lost", s, b, bursts, packets, lost)
		}
	}
}

// The counters of RFC 3611 A.2, which devices use, for comparison: they are
// not the definition, see spec §5.7.
type counters struct{ c11, c13, c14, c22, c23, c33, packets, lost int }

func (c *counters) feed(lost bool) {
	if !lost {
		c.packets++
		return
	}
	if c.packets >= minGap {
		if c.lost == 1 {
			c.c14++
		} else {
			c.c13++
		}
		c.lost = 1
		c.c11 += c.packets
	} else {
		c.lost++
		if c.packets == 0 {
			c.c33++
		} else {
			c.c23++
			c.c22 += c.packets - 1
		}
	}
	c.packets = 0
}

func TestCountersOfRFC3611(t *testing.T) {
	for _, v := range []struct {
		pattern string
		want    counters
	}{
		{"11110111111111111111111X111X1011110111111111111111111X111111111", counters{c11: 36, c13: 1, c14: 1, c22: 8, c23: 4}},
		{rep("1", 50) + "00" + rep("1", 48), counters{c11: 50, c13: 1, c33: 1}},
		{rep("1110", 25), counters{c22: 50, c23: 25}},
	} {
		var c counters
		for _, d := range v.pattern {
			c.feed(d != '1')
		}
		c.packets, c.lost = 0, 0
		if c != v.want {
			t.Errorf("%s: %+v, want %+v", v.pattern, c, v.want)
		}
	}
}
