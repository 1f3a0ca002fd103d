package filter

import (
	"fmt"
	"math/rand"
	"net/netip"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/internal/allowance"
)

const crowd = 100_000

// crowdSnapshot is 100,000 calls as a busy trunk has them, with two streams
// for each that was answered. Every text is in memory of its own.
func crowdSnapshot() *correlate.Snapshot {
	random := rand.New(rand.NewSource(1))
	snap := &correlate.Snapshot{Calls: make([]*correlate.Call, crowd), Last: noon.UnixNano()}
	codes := []int{200, 200, 200, 200, 200, 486, 487, 404, 503, 0}
	for i := range snap.Calls {
		c := &correlate.Call{
			Index: i + 1, CallID: fmt.Sprintf("%016x-%08x@192.0.2.%d", random.Uint64(), random.Uint32(), i%250), HasCallID: true, Method: "INVITE",
			From: fmt.Sprintf("sip:+44%09d@carrier.example.net", random.Intn(1e9)), To: fmt.Sprintf("sip:+49%09d@pbx.example.com;user=phone", random.Intn(1e9)),
			Source:      netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 20, byte(i >> 8), byte(i)}), 5060),
			Destination: netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(i % 7)}), 5060),
			UserAgent:   fmt.Sprintf("Carrier SBC %d.%d build %d", i%7, i%11, i), State: correlate.State(i % 26), FinalStatus: codes[random.Intn(len(codes))],
			Started: noon.UnixNano() - int64(crowd-i)*int64(20*time.Millisecond), Duration: -1,
		}
		c.RequestURI = fmt.Sprintf("sip:+49%09d@10.0.0.1:5060", random.Intn(1e9))
		if c.FinalStatus == 200 || c.FinalStatus == 503 {
			for range 2 {
				s := &correlate.Stream{ID: len(snap.Streams) + 1, Call: &correlate.CallRef{Index: c.Index}, Codec: "PCMA",
					Quality: quality.Report{Expected: 1000, Lost: uint64(random.Intn(60)), HasJitter: true, JitterMean: 1 + 3.5*random.Float64()}}
				snap.Streams = append(snap.Streams, s)
				c.StreamIDs = append(c.StreamIDs, s.ID)
				c.Score = &correlate.CallScore{MOS: s.Quality.JitterMean}
			}
		}
		snap.Calls[i] = c
	}
	return snap
}

var crowdFilters = []string{
	"code:503 mos<3.5", "+49123456", "yealink", "10.20.7.9", "503", "loss>5", "from:+44777 code:4xx,5xx", "peer:203.0.113.0/29 state:busy", "number:4477", "!alice or since:5m",
}

// BenchmarkMatch is one call; the budget of "code:503 mos<3.5" is 50 ns. The
// calls are taken one after another, so that most of each is not in the
// cache. "both" is a call for which both comparisons are made.
func BenchmarkMatch(b *testing.B) {
	snap := crowdSnapshot()
	in := NewScope(snap, nil)
	for _, text := range crowdFilters {
		e, err := read(text, Options{}, lookup)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				e.Match(in, snap.Calls[i%crowd])
			}
		})
	}
	e, _ := read("code:503 mos<3.5", Options{}, lookup)
	b.Run("both", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for snap.Calls[i].FinalStatus != 503 {
			i++
		}
		for b.Loop() {
			e.Match(in, snap.Calls[i])
		}
	})
}

// BenchmarkCrowd is 100,000 calls, which is what a key in the filter line
// costs; the budget is 50 ms.
func BenchmarkCrowd(b *testing.B) {
	snap := crowdSnapshot()
	in := NewScope(snap, nil)
	for _, text := range crowdFilters {
		e, err := read(text, Options{}, lookup)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				for _, c := range snap.Calls {
					e.Match(in, c)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/100k")
		})
	}
}

// matchAll is work to be held to a budget.
func matchAll(e *Expr, in *Scope, calls []*correlate.Call) func() {
	return func() {
		for _, c := range calls {
			e.Match(in, c)
		}
	}
}

func TestBudgets(t *testing.T) {
	if allowance.RaceDetector {
		t.Skip("the race detector takes its time")
	}
	snap := crowdSnapshot()
	in := NewScope(snap, nil)
	const most = 50 * time.Millisecond
	for _, text := range crowdFilters[:5] { // those that are typed most
		e, err := read(text, Options{}, lookup)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { e.Match(in, snap.Calls[7]) }); n != 0 {
			t.Errorf("%s: %v allocations", text, n)
		}
		for b := allowance.New(t, text+" of 100,000 calls", most); b.Try(5); {
			b.Time(matchAll(e, in, snap.Calls))
		}
	}
	const each = 50 * time.Nanosecond
	e, err := read("code:503 mos<3.5", Options{}, lookup)
	if err != nil {
		t.Fatal(err)
	}
	// Some calls, which stay in the caches, many times.
	few := matchAll(e, in, snap.Calls[:1000])
	for b := allowance.New(t, "a thousand times a thousand calls", 1000*1000*each); b.Try(5); {
		b.Time(func() {
			for range 1000 {
				few()
			}
		})
	}
}
