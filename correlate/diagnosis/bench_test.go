package diagnosis

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/pipeline"
	"sipsniff/pcaps/gen"
)

// generated writes the SIP-heavy capture of so many dialogs and returns its
// name.
func generated(t testing.TB, calls int) string {
	t.Helper()
	o, err := gen.Preset("dialogs")
	if err != nil {
		t.Fatal(err)
	}
	o.Calls = calls
	name := filepath.Join(t.TempDir(), "dialogs.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := gen.Write(f, o); err != nil {
		t.Fatal(err)
	}
	return name
}

func analyse(t testing.TB, name string) *correlate.Snapshot {
	t.Helper()
	src, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := pipeline.New(pipeline.Config{Source: src})
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p.Snapshot()
}

// BenchmarkRules runs all rules over a SIP-heavy capture of 20 000 dialogs. It
// reports what part of the analysis of that capture they take: 15 % at most.
func BenchmarkRules(b *testing.B) {
	name := generated(b, 20_000)
	began := time.Now()
	snap := analyse(b, name)
	reading := time.Since(began)
	b.ResetTimer()
	for range b.N {
		New(Options{}).Run(snap)
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(100*float64(each)/float64(reading), "%ofanalysis")
	b.ReportMetric(float64(each)/float64(len(snap.Calls)), "ns/call")
}

// BenchmarkUnchanged runs them again over a snapshot in which nothing changed.
func BenchmarkUnchanged(b *testing.B) {
	snap := analyse(b, generated(b, 20_000))
	e := New(Options{})
	e.Run(snap)
	b.ResetTimer()
	for range b.N {
		again := *snap
		e.Run(&again)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(len(snap.Calls)), "ns/call")
}
