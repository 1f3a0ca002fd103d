package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/tls"
	"sipsniff/internal/golden"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/report"
	"sipsniff/tui/ladder"
)

const corpus = "../../pcaps"

// analyse runs the whole pipeline over a source.
func analyse(t testing.TB, src capture.Source, live bool) report.Result {
	t.Helper()
	return run(t, pipeline.Config{Source: src, Live: live})
}

// analyseOf is analyse of what a capture of the project contains, with the keys
// that lie beside that.
func analyseOf(t testing.TB, name string, src capture.Source, live bool) report.Result {
	t.Helper()
	return run(t, pipeline.Config{Source: src, Live: live, Decoder: decode.Config{Secrets: keysOf(t, name)}})
}

func run(t testing.TB, c pipeline.Config) report.Result {
	t.Helper()
	p, src := pipeline.New(c), c.Source
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := src.Close(); err != nil {
		t.Fatal(err)
	}
	return resultOf(p)
}

func resultOf(p *pipeline.Pipeline) report.Result {
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

func captures(t testing.TB) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"*.pcap", "*.pcapng"} {
		names, err := filepath.Glob(filepath.Join(corpus, pattern))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, names...)
	}
	if len(found) == 0 {
		t.Fatal("no captures in pcaps")
	}
	return found
}

// keysOf reads the keys of a capture: key logs beside it and inside, and the
// private key beside it.
func keysOf(t testing.TB, name string) *tls.Secrets {
	t.Helper()
	secrets, base := tls.NewSecrets(), strings.TrimSuffix(name, filepath.Ext(name))
	for _, text := range append(secretsIn(t, name), optional(t, base+".keys")) {
		log := tls.NewKeyLog(secrets)
		if _, err := log.Write(text); err != nil {
			t.Fatal(err)
		}
		log.Close()
	}
	if text := optional(t, base+".pem"); text != nil {
		keys, err := tls.ParsePrivateKeys(base+".pem", text)
		if err != nil {
			t.Fatal(err)
		}
		secrets.AddPrivateKeys(keys...)
	}
	return secrets
}

// secretsIn returns the key logs inside a file.
func secretsIn(t testing.TB, name string) [][]byte {
	t.Helper()
	src := open(t, name)
	defer src.Close()
	var f capture.Frame
	for {
		err := src.Next(&f)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var logs [][]byte
	if s, ok := src.(capture.SecretSource); ok {
		for _, secret := range s.Secrets() {
			if secret.Type == capture.SecretTLSKeyLog {
				logs = append(logs, secret.Data)
			}
		}
	}
	return logs
}

// optional reads a file; it returns nil when there is none.
func optional(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return text
}

// TestCorpus compares what is found in each capture of the project with the
// golden file beside it: the report, then every ladder.
func TestCorpus(t *testing.T) {
	for _, name := range captures(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			r := analyseOf(t, name, open(t, name), false)
			var b bytes.Buffer
			if err := report.Text(&b, r); err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Snapshot.Calls {
				b.WriteByte('\n')
				if err := ladder.TextOfLegs(&b, []ladder.Leg{{Call: c, Streams: streamsOf(r.Snapshot, c)}}, ladder.Options{}); err != nil {
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
			quiet := jsonOf(t, analyseOf(t, name, open(t, name), false))
			watched := jsonOf(t, analyseOf(t, name, open(t, name), true))
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
