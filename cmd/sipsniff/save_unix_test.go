//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
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
