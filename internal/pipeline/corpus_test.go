package pipeline_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/golden"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/report"
	"sipsniff/tui/ladder"
)

const corpus = "../../pcaps"

// analyse runs the whole pipeline over a source.
func analyse(t testing.TB, src capture.Source, live bool) report.Result {
	t.Helper()
	p := pipeline.New(pipeline.Config{Source: src, Live: live})
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := src.Close(); err != nil {
		t.Fatal(err)
	}
	return report.Result{Version: "test", Status: p.Status(), Snapshot: p.Snapshot()}
}

func open(t testing.TB, names ...string) capture.Source {
	t.Helper()
	src, err := capture.Open(names, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// captures lists the captures of the project that need no keys.
func captures(t testing.TB) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"*.pcap", "*.pcapng"} {
		names, err := filepath.Glob(filepath.Join(corpus, pattern))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, slices.DeleteFunc(names, func(name string) bool { return encrypted(t, name) })...)
	}
	if len(found) == 0 {
		t.Fatal("no captures in pcaps")
	}
	return found
}

// encrypted reports whether a capture has keys, beside it or inside.
func encrypted(t testing.TB, name string) bool {
	t.Helper()
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	return slices.ContainsFunc(readTable(t, filepath.Join(corpus, "facts.tsv")), func(row map[string]string) bool {
		return row["capture"] == base && (row["key"] == "keylog" || row["key"] == "pem")
	})
}

// TestCorpus compares what is found in each capture of the project with the
// golden file beside it: the report, then every ladder.
func TestCorpus(t *testing.T) {
	for _, name := range captures(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			r := analyse(t, open(t, name), false)
			var b bytes.Buffer
			if err := report.Text(&b, r); err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Snapshot.Calls {
				b.WriteByte('\n')
				if err := ladder.Text(&b, c, streamsOf(r.Snapshot, c), ladder.Options{}); err != nil {
					t.Fatal(err)
				}
			}
			golden.Compare(t, strings.TrimSuffix(name, filepath.Ext(name))+".golden", b.String())
		})
	}
}

func streamsOf(s *correlate.Snapshot, c *correlate.Call) []*correlate.Stream {
	var found []*correlate.Stream
	for _, st := range s.Streams {
		if st.Call != nil && st.Call.Index == c.Index {
			found = append(found, st)
		}
	}
	return found
}

// TestPublishingChangesNothing reads each capture with and without snapshots
// on the way: the answer must not depend on when somebody looked.
func TestPublishingChangesNothing(t *testing.T) {
	for _, name := range captures(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			quiet := jsonOf(t, analyse(t, open(t, name), false))
			watched := jsonOf(t, analyse(t, open(t, name), true))
			if !bytes.Equal(quiet, watched) {
				t.Errorf("differs at %s", firstDifference(quiet, watched))
			}
		})
	}
}

func jsonOf(t testing.TB, r report.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// firstDifference shows the first line in which two texts differ.
func firstDifference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "line " + x[i] + " against " + y[i]
		}
	}
	return "the end of the shorter"
}

// shared returns a folder of ../shared, or skips the test where it is not.
func shared(t testing.TB, folder string) string {
	t.Helper()
	path := filepath.Join("../../../shared", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here", path)
	}
	return path
}
