package diagnosis

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/allowance"
	"sipsniff/internal/scene"
)

// Whatever is missing of a capture, or broken in it, the rules end, and what
// they say is fit to be shown.
func TestTorn(t *testing.T) {
	names, err := filepath.Glob("../../pcaps/*.pcap")
	if err != nil || len(names) < 40 {
		t.Fatalf("%d captures, %v", len(names), err)
	}
	found := 0
	for i, name := range names {
		for seed := range uint64(3) {
			r := rand.New(rand.NewPCG(uint64(i), seed))
			snap := scene.Part(t, func(f *capture.Frame) bool {
				if n := len(f.Data); n > 60 && r.IntN(4) == 0 { // an octet of what SIP would be is another one
					data := append([]byte(nil), f.Data...)
					data[42+r.IntN(n-42)] = byte(r.IntN(256))
					f.Data = data
				}
				return r.IntN(4) != 0
			}, name)
			result := New(Options{}).Run(snap)
			for _, list := range result.ByCall {
				found += len(list)
				fit(t, list)
			}
			fit(t, result.Capture)
		}
	}
	if found < 100 {
		t.Errorf("%d findings", found)
	}
}

// fit fails for findings that cannot be shown as they are.
func fit(t *testing.T, list []correlate.Finding) {
	t.Helper()
	for i := range list {
		f := &list[i]
		texts := []string{f.Title, f.Explanation, f.Likely, f.Advice, f.About}
		for _, e := range f.Evidence {
			texts = append(texts, e.Text)
		}
		for _, text := range texts {
			if len(text) > 4*maxText || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }) || strings.Contains(text, "%!") {
				t.Errorf("%s: %q", f.Code, text)
			}
		}
		if len(f.Evidence) > maxEvidence || len(f.Frames) > maxEvidence || f.Explanation == "" {
			t.Errorf("%s: %+v", f.Code, f)
		}
	}
}

// A Call-ID that a stranger fills with requests costs little, and is not told of
// endlessly.
func TestCrowded(t *testing.T) {
	var b strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&b, "%.3f A>B INVITE %d sdp +X:\x1b]0;x\x07\n", float64(i)*0.02, i+1)
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "%.3f B>A 481 INVITE %d\n", float64(i)*0.02+0.01, i+1)
		case 1:
			fmt.Fprintf(&b, "%.3f A>B CANCEL %d\n", float64(i)*0.02+0.01, i+1)
		case 2:
			fmt.Fprintf(&b, "%.3f B>A 407 INVITE %d\n", float64(i)*0.02+0.01, i+1)
		}
	}
	snap := scene.Play(t, b.String()+"200 end")
	var r *Result
	for a := allowance.New(t, "the diagnosis", 10*time.Second); a.Try(1); {
		a.Time(func() { r = New(Options{}).Run(snap) })
	}
	counts := make(map[string]int)
	for _, list := range r.ByCall {
		fit(t, list)
		for i := range list {
			if counts[list[i].Code]++; counts[list[i].Code] > maxFindings {
				t.Fatalf("%s more than %d times", list[i].Code, maxFindings)
			}
		}
	}
	t.Logf("%d messages, %v", len(snap.Calls[0].Messages()), counts)
}

// Many calls between the same two hosts that all fail cost no more each than a
// few do, whatever they fail with.
func TestManyFailures(t *testing.T) {
	for _, status := range []int{404, 408, 484, 488, 503} {
		var b strings.Builder
		calls := allowance.Share(3000, 600)
		for i := range calls {
			at := float64(i) * 0.001
			fmt.Fprintf(&b, "%.4f A>B INVITE 1 sdp id=c%d uri=1%d\n", at, i, i)
			if status != 0 {
				fmt.Fprintf(&b, "%.4f B>A %d INVITE 1 id=c%d\n%.4f A>B ACK 1 nack id=c%d\n", at+0.0004, status, i, at+0.0008, i)
			}
		}
		snap := scene.Play(t, b.String()+"200 end")
		few := *snap
		few.Calls = snap.Calls[:calls/10]
		one, ten := time.Hour, time.Hour
		for range 3 { // by turns, in processor time: others use this machine too
			one = min(one, allowance.Processor(func() { New(Options{}).Run(&few) }))
			ten = min(ten, allowance.Processor(func() { New(Options{}).Run(snap) }))
		}
		t.Logf("%d: %v for %d calls, %v for %d: %.1f times", status, one, len(few.Calls), ten, len(snap.Calls), float64(ten)/float64(one))
		if ten > 40*one {
			t.Errorf("%d: ten times the calls take %.0f times as long", status, float64(ten)/float64(one))
		}
	}
}
