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
	"time"
)

// A recording outlives a disk that is full for a while: frames are missing, and
// counted, then it goes on in a file that can be read.
func TestRecorderFullDisk(t *testing.T) {
	if path := os.Getenv("CAPTURE_TEST_RECORDER_DISK"); path != "" {
		overfill(path)
		return
	}
	for name, rotation := range map[string]string{"a.pcap": "", "a.pcapng": "", "b.pcapng": "rotating"} {
		path := filepath.Join(t.TempDir(), name)
		cmd := exec.Command(os.Args[0], "-test.run=^TestRecorderFullDisk$")
		cmd.Env = append(os.Environ(), "CAPTURE_TEST_RECORDER_DISK="+path, "CAPTURE_TEST_ROTATE="+rotation)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		var missing int
		if _, err := fmt.Sscanf(string(out), "missing %d", &missing); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		files, _ := filepath.Glob(strings.TrimSuffix(path, filepath.Ext(path)) + "*")
		got := 0
		var last int64
		for _, f := range files {
			frames, info := readFile(t, f)
			if info.Truncated {
				t.Errorf("%s is cut short", f)
			}
			for _, frame := range frames {
				if frame.Nanos <= last {
					t.Errorf("%s: frame of %d ns after %d ns", f, frame.Nanos, last)
				}
				last = frame.Nanos
			}
			got += len(frames)
		}
		if got+missing != fullDiskFrames || missing < 100 || last != fullDiskFrames*int64(100*time.Millisecond) {
			t.Errorf("%s: %d frames of %d, %d missing, the last at %d\n%s", name, got, fullDiskFrames, missing, last, out)
		}
	}
}

const fullDiskFrames = 3000

// overfill writes to a disk that takes 100 kB of a file, then, later, more.
func overfill(path string) {
	most := syscall.Rlimit{Cur: 100_000, Max: 1 << 30}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &most); err != nil {
		fmt.Println(err)
		return
	}
	o := RecorderOptions{Persist: true}
	if os.Getenv("CAPTURE_TEST_ROTATE") != "" {
		o.Rotation.Size = 1 << 20
	}
	r, err := NewRecorder(path, o)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := 1; i <= fullDiskFrames; i++ {
		if i == fullDiskFrames*2/3 {
			most.Cur = most.Max
			if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &most); err != nil {
				fmt.Println(err)
			}
		}
		if err := r.Write(frameOf(int64(i)*int64(100*time.Millisecond), 100, 1)); err != nil {
			fmt.Println("stopped:", err)
		}
	}
	err = r.Close()
	fmt.Println("missing", r.Status().Missing)
	if err == nil || !strings.Contains(err.Error(), "missing in the recording") || !strings.Contains(err.Error(), "file too large") {
		fmt.Println("close:", err)
		os.Exit(1)
	}
}
