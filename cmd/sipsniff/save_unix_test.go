//go:build unix

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"sipsniff/tui"
)

// A file that is saved is as private as any other new file of its user, and one
// that is replaced as it was.
func TestSavedFilesArePrivate(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.pcap")
	write := func(temporary string) error { return os.WriteFile(temporary, []byte("x"), 0o666) }
	old := syscall.Umask(0o077)
	_, err := replacing(name, write)
	syscall.Umask(old)
	info, statErr := os.Stat(name)
	if err != nil || statErr != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v, %v", info.Mode(), err, statErr)
	}
	if _, err := replacing(name, write); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("replaced: %v, %v", info.Mode(), err)
	}
}

// What came through a pipe with a name cannot be read again either: nothing
// waits for somebody to write to it once more.
func TestPipesAreNotReadAgain(t *testing.T) {
	octets, err := os.ReadFile("../../pcaps/call-audio.pcap")
	if err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(pipe, octets, 0) }()
	err = onScreen(t, func(_ context.Context, c tui.Config) error {
		read(t, c)
		for _, f := range c.Save.Formats() {
			if (f.Packets || f.Name == "wav") == (f.Missing == "") {
				t.Errorf("%s: missing %q", f.Name, f.Missing)
			}
		}
		result := make(chan error, 1)
		go func() {
			_, err := c.Packets(c.Snapshot().Streams)
			result <- err
		}()
		within(t, patience, func() bool { return len(result) > 0 }, func() string { return "it waits for the pipe" })
		if err := <-result; !errors.Is(err, tui.ErrNoPackets) {
			t.Error(err)
		}
		return nil
	}, pipe)
	if err := errors.Join(err, <-written); err != nil {
		t.Fatal(err)
	}
}
