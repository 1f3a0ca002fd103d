package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"sipsniff/capture"
)

// What goes wrong with a file that is saved is told of its name, not of that of
// the one that is written in its place, and once.
func TestErrorsOfSavingNameTheFile(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "a.pcap")
	full := func(temporary string) error { return &fs.PathError{Op: "write", Path: temporary, Err: syscall.ENOSPC} }
	for want, write := range map[string]func(temporary string) error{
		name + ": no space left on device":   func(x string) error { return errors.Join(full(x), full(x)) },
		name + ": input/output error":        func(x string) error { return &capture.WriteError{Name: x, Err: syscall.EIO} },
		name + ": no such file or directory": os.Remove,
		"in.pcap: damaged at offset 7: odd":  func(string) error { return &capture.FormatError{Name: "in.pcap", Offset: 7, Err: errors.New("odd")} },
	} {
		if _, err := replacing(name, write); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := replacing(name, func(string) error { return nil }); err == nil || err.Error() != name+": file exists" {
		t.Errorf("over a folder: %v", err)
	}
	none := filepath.Join(folder, "none", "a.pcap")
	if _, err := replacing(none, full); !errors.Is(err, fs.ErrNotExist) || err.Error() != none+": no such file or directory" {
		t.Errorf("no folder: %v", err)
	}
}
