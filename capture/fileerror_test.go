package capture

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the system says of a file stands behind its name, as with all other
// errors, and not behind the name of a function.
func TestFileErrors(t *testing.T) {
	folder := t.TempDir()
	locked := filepath.Join(folder, "locked.pcap")
	if err := os.WriteFile(locked, nil, 0); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(folder, "none", "x.pcap")
	if _, err := Open([]string{none}, Options{}); !errors.Is(err, fs.ErrNotExist) || err.Error() != none+": no such file or directory" {
		t.Errorf("reading: %v", err)
	}
	if _, err := Create(none, WriterOptions{}); !errors.Is(err, fs.ErrNotExist) || err.Error() != none+": no such file or directory" {
		t.Errorf("writing: %v", err)
	}
	refused := newFileError(locked, &fs.PathError{Op: "open", Path: locked, Err: fs.ErrPermission})
	if refused.Error() != locked+": permission denied" || !strings.Contains(refused.Hint(), "ls -ld "+locked) {
		t.Errorf("%v, hint: %s", refused, refused.Hint())
	}
}
