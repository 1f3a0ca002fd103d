package quality

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A kind of stream, by what it does to clock and packets.
type codecShape struct {
	name  string
	clock uint32
	ptime float64 // ms
}

var shapes = []codecShape{
	{"PCMU", 8000, 20}, {"PCMA", 8000, 10}, {"G722", 8000, 20}, {"G729", 8000, 40}, {"G723", 8000, 30}, {"GSM", 8000, 20},
	{"AMR-WB", 16000, 20}, {"speex", 32000, 20}, {"opus", 48000, 20}, {"opus", 48000, 60}, {"L16", 44100, 20}, {"L16", 16000, 5},
}

// truth is what a generated stream is known to hold.
type truth struct {
	sent, lost, duplicates uint64
	drift                  float64 // ppm
	pauses                 int
	restarts               uint64
}

// generated makes a stream of a shape with random faults, its packets in order of arrival.
func generated(seed uint64) (codecShape, []Packet, truth) {
	rnd := rand.New(rand.NewPCG(seed, 99))
	shape := shapes[seed%uint64(len(shapes))]
	n := 4000 + rnd.IntN(4000)
	loss, bursty := rnd.Float64()*0.2, rnd.IntN(2) == 0
	jitter, drift := rnd.Float64()*40e6, 0.0
	if seed%3 == 0 {
		drift, jitter = float64(rnd.IntN(1600)-800), rnd.Float64()*2e6
	}
	duplicate, dtx := rnd.Float64()*0.02, seed%5 == 0
	number, timestamp := uint16(rnd.Uint32()), rnd.Uint32()
	step := uint32(math.Round(shape.ptime * float64(shape.clock) / 1000))
	at, bad, settled := 0.0, false, 0
	var truth truth
	var packets []Packet
	for i := range n {
		if seed%7 == 3 && i == n/2-1 {
			settled = 5 // what is lost right in front of it nobody can know
		}
		if seed%7 == 3 && i == n/2 { // the sender begins its numbers anew, as after a transfer
			number += 20000
			truth.restarts++
		}
		p := Packet{SequenceNumber: number, Timestamp: timestamp, ClockRate: shape.clock, PayloadType: 96, Frame: i, Marker: i == 0}
		if dtx && i%500 == 499 { // the speaker pauses: time goes on, numbers do not
			pause := uint32(50 + rnd.IntN(100))
			timestamp += pause * step
			at += float64(pause) * float64(step) / float64(shape.clock) * 1e9
			p.Timestamp, p.Marker = timestamp, true
			truth.pauses++
		}
		p.Arrival = int64(at/(1+drift*1e-6) + rnd.Float64()*jitter)
		number++
		timestamp += step
		at += float64(step) / float64(shape.clock) * 1e9
		truth.sent++
		if bursty && rnd.IntN(60) == 0 {
			bad = !bad
		}
		gone := rnd.Float64() < loss
		if bursty {
			gone = bad && rnd.Float64() < 2*loss
		}
		if settled > 0 { // the packets around a restart arrive, in order
			settled--
			p.Arrival = int64(at / (1 + drift*1e-6))
			gone = false
		}
		if gone && i > 0 && i < n-1 {
			truth.lost++
			continue
		}
		packets = append(packets, p)
		if rnd.Float64() < duplicate {
			p.Arrival += int64(rnd.Float64() * 5e6)
			packets = append(packets, p)
			truth.duplicates++
		}
	}
	slices.SortStableFunc(packets, func(a, b Packet) int { return int(a.Arrival - b.Arrival) })
	truth.drift = drift
	return shape, packets, truth
}

// jitterOf is RFC 3550 §6.4.1 in seconds, with the transit of each packet by
// the time it was sent at.
func jitterOf(shape codecShape, packets []Packet) (mean, highest float64) {
	seen := map[uint16]int64{}
	var j, before, sum float64
	count := 0
	var media int64
	fresh := 0 // packets since the numbers began anew: the first proves nothing, the second only begins
	for i, p := range packets {
		if last, again := seen[p.SequenceNumber]; again && p.Arrival-last < 1e9 {
			continue
		}
		seen[p.SequenceNumber] = p.Arrival
		if count > 0 {
			media += int64(int32(p.Timestamp - packets[0].Timestamp - uint32(media)))
		}
		transit := float64(p.Arrival)/1e9 - float64(media)/float64(shape.clock)
		if i > 0 {
			if d := p.SequenceNumber - packets[i-1].SequenceNumber; d > 3000 && d < 65000 {
				fresh = 2
			}
		}
		if fresh > 0 {
			if fresh--; fresh == 0 {
				before = transit
			}
			continue
		}
		if count++; i > 0 {
			j += (math.Abs(transit-before) - j) / 16
			sum += j
			highest = max(highest, j)
		}
		before = transit
	}
	return sum / float64(count-1) * 1000, highest * 1000
}

// Two hundred streams with everything that happens to streams: what was lost
// and doubled is counted to the packet, jitter is within 1 % of another
// computation, drift within 5 ppm.
func TestTruthSet(t *testing.T) {
	drifts, worst := 0, 0.0
	for seed := range uint64(200) {
		shape, packets, truth := generated(seed)
		t.Run(fmt.Sprintf("%d %s", seed, shape.name), func(t *testing.T) {
			var a Account
			for i := range packets {
				a.Add(&packets[i])
			}
			r := a.Report()
			if r.Expected != truth.sent || r.Lost != truth.lost || r.Duplicates != truth.duplicates || r.Restarts != truth.restarts {
				t.Errorf("expected %d lost %d duplicates %d restarts %d, want %+v", r.Expected, r.Lost, r.Duplicates, r.Restarts, truth)
			}
			mean, highest := jitterOf(shape, packets)
			if !near(r.JitterMean, mean, 0.01*mean) || !near(r.JitterMax, highest, 0.01*highest) {
				t.Errorf("jitter %.4f at most %.4f, want %.4f and %.4f", r.JitterMean, r.JitterMax, mean, highest)
			}
			if b := r.Buffers[BufferAdaptive]; b.Bursts.Packets != truth.sent || b.Bursts.Lost != truth.lost+b.Late+b.Overflowed {
				t.Errorf("%d not played of %d, want %d lost, %d late and %d overflowed", b.Bursts.Lost, b.Bursts.Packets, truth.lost, b.Late, b.Overflowed)
			}
			if want := shape.ptime; !near(r.PTime, want, 0.05) {
				t.Errorf("packet time %.2f ms, want %.2f", r.PTime, want)
			}
			if r.HasSkew && seed%3 == 0 {
				drifts++
				worst = max(worst, math.Abs(r.SkewPPM-truth.drift))
				if !near(r.SkewPPM, truth.drift, 5) {
					t.Errorf("drift %.1f ppm ± %.1f, want %.1f", r.SkewPPM, r.SkewDoubt, truth.drift)
				}
			}
		})
	}
	if drifts < 30 {
		t.Errorf("%d drifts were found, too few to tell", drifts)
	}
	t.Logf("%d drifts, at most %.2f ppm off", drifts, worst)
}
