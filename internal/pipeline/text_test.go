package pipeline

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/pcaps/gen"
)

// The texts of calls that are over are not held but read again, and are the
// same then. When the file has changed meanwhile that is said.
func TestTextsAreReadAgain(t *testing.T) {
	name := filepath.Join(t.TempDir(), "dialogs.pcap")
	disk, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gen.Write(disk, gen.Options{Calls: 12, Rate: 1, Length: 3 * time.Second, Mix: gen.EverydayMix()}); err != nil {
		t.Fatal(err)
	}
	if err := disk.Close(); err != nil {
		t.Fatal(err)
	}
	octets, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	run := func(name string) *correlate.Snapshot {
		t.Helper()
		src, err := capture.Open([]string{name}, capture.Options{Stdin: bytes.NewReader(octets)})
		if err != nil {
			t.Fatal(err)
		}
		p := New(Config{Source: src})
		if err := errors.Join(p.Run(context.Background()), src.Close()); err != nil {
			t.Fatal(err)
		}
		return p.Snapshot()
	}
	held, read := run("-"), run(name)
	if len(read.Calls) != len(held.Calls) {
		t.Fatalf("%d calls, want %d", len(read.Calls), len(held.Calls))
	}
	away := 0
	each := func(look func(m, want *correlate.Message)) {
		for i, c := range read.Calls {
			for k, m := range c.Messages() {
				look(m, held.Calls[i].Messages()[k])
			}
		}
	}
	each(func(m, want *correlate.Message) {
		if m.Raw == "" {
			away++
		}
		if text, err := m.Read(); err != nil || text != want.Raw || m.Size() != len(want.Raw) || m.SIP().CallID != want.SIP().CallID {
			t.Fatalf("frame %d: %q, %v, want %q", m.Frame, text, err, want.Raw)
		}
		if want.Raw == "" || m.First == nil != (want.First == nil) || m.First != nil && m.First.Frame != want.First.Frame {
			t.Fatalf("frame %d: %+v, want %+v", m.Frame, m, want)
		}
	})
	if away < 20 {
		t.Errorf("%d texts are not held", away)
	}
	if err := os.WriteFile(name, bytes.ToLower(octets), 0o600); err != nil {
		t.Fatal(err)
	}
	each(func(m, want *correlate.Message) {
		if m.Raw != "" {
			return
		}
		if text, err := m.Read(); text != "" || !errors.Is(err, correlate.ErrTextGone) || m.Text() != "" {
			t.Fatalf("frame %d: %q, %v", m.Frame, text, err)
		}
		if s := m.SIP(); s.Method != want.SIP().Method || s.StatusCode != want.StatusCode || s.From.Tag != want.FromTag {
			t.Fatalf("frame %d: %+v", m.Frame, s)
		}
	})
}
