//go:build unix

package capture

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A disk that is full takes part of a write; the file must still end with a
// whole record. RLIMIT_FSIZE makes such a disk, in a process of its own.
func TestWriterFullDisk(t *testing.T) {
	if path := os.Getenv("CAPTURE_TEST_FULL_DISK"); path != "" {
		fillDisk(path)
		return
	}
	for _, name := range []string{"a.pcap", "a.pcapng"} {
		path := filepath.Join(t.TempDir(), name)
		cmd := exec.Command(os.Args[0], "-test.run=^TestWriterFullDisk$")
		cmd.Env = append(os.Environ(), "CAPTURE_TEST_FULL_DISK="+path)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "stopped: writing "+path+": file too large\n") {
			t.Fatalf("%v: %s", err, out)
		}
		frames, info := readFile(t, path)
		if info.Truncated || len(frames) < 600 || len(frames) > 1000 {
			t.Errorf("%s: %d frames, truncated %v", name, len(frames), info.Truncated)
		}
	}
}

// fillDisk writes more than the 100 kB a file may have. The signal that says
// so is ignored by Go programs.
func fillDisk(path string) {
	limit := syscall.Rlimit{Cur: 100_000, Max: 100_000}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println(err)
		return
	}
	w, err := Create(path, WriterOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range 10000 {
		if err := w.Write(frameOf(int64(i), 100, 1)); err != nil {
			fmt.Println("stopped:", err)
		}
	}
	if err := w.Close(); err != nil {
		fmt.Println("close:", err)
	}
}
