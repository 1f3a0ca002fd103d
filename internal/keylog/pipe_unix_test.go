//go:build unix

package keylog

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"sipsniff/decode/tls"
)

func TestPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	go func() { // opening waits for the reader
		appendTo(t, name, line(1)+line(2))
	}()
	s := tls.NewSecrets()
	w, err := Open(t.Context(), []string{name}, false, s)
	if err != nil {
		t.Fatal(err)
	}
	w.Finish()
	w.Close()
	if !knows(s, 1) || !knows(s, 2) {
		t.Error("not all was read")
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(canceled, []string{name}, false, s); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody writes: %v", err)
	}
}

func TestPipeLive(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	s := tls.NewSecrets()
	w, err := Open(t.Context(), []string{name}, true, s)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for i := range 3 { // the writer comes and goes
		appendTo(t, name, line(i))
		for !knows(s, i) {
			w.Poll()
		}
	}
}
