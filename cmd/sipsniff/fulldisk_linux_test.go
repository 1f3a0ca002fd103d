package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"sipsniff/capture"
)

// smallDisk is a folder with room for 16 MiB, of which a file leaves 32 KiB.
func smallDisk(t *testing.T) (folder, filler string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("mounting needs root")
	}
	folder = t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16m"); err != nil {
		t.Skip("no small disk here: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, 0) })
	filler = filepath.Join(folder, "filler")
	if err := os.WriteFile(filler, make([]byte, 16<<20-32<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder, filler
}

// A disk that is full for a while is told, every frame that is missing is
// counted, and the recording goes on in a file that opens.
func TestWatchFullDisk(t *testing.T) {
	needs(t, "ip")
	folder, filler := smallDisk(t)
	recording := filepath.Join(folder, "small.pcap")
	w := startWatching(t, "-w", recording, "--events", "stats")
	asked := 0
	says := func(text string) func() bool {
		return func() bool {
			asked++
			w.ask(t, fmt.Sprintf("%s-%d", strings.Repeat("x", 1000), asked))
			return strings.Contains(fmt.Sprint(w.Stderr), text)
		}
	}
	w.wire.wait(t, "a warning", says("recording stands still"))
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	w.wire.wait(t, "the recording to go on", says("recording goes on in "+recording))
	w.ask(t, "last")
	frames := stopWithLoss(t, w)
	missing := regexp.MustCompile(`(\d+) frames are missing in the recording: .*no space left on device`).FindStringSubmatch(fmt.Sprint(w.Stderr))
	if missing == nil {
		t.Fatalf("what is missing is not told: %s", w.Stderr)
	}
	n, _ := strconv.Atoi(missing[1])
	recorded, last := recordedFrames(t, recording)
	if n == 0 || recorded+n != frames || !strings.Contains(last, "Call-ID: last") {
		t.Errorf("%d frames recorded, %d missing, of %d; the last is %q", recorded, n, frames, last)
	}
}

// stopWithLoss ends a watch whose recording is incomplete, which is told by its
// exit status, and gives the number of frames that it saw.
func stopWithLoss(t *testing.T, w *watching) (frames int) {
	t.Helper()
	if err := w.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var last string
	for line := range w.lines {
		last = line
	}
	var exit *exec.ExitError
	if err := w.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("ended with %v: %s", err, w.Stderr)
	}
	var stats struct{ Frames int }
	if err := json.Unmarshal([]byte(last), &stats); err != nil {
		t.Fatalf("%v: %q", err, last)
	}
	return stats.Frames
}

// recordedFrames counts what a file holds, and gives the text of the last UDP
// packet in it.
func recordedFrames(t *testing.T, name string) (n int, last string) {
	t.Helper()
	source, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	var f capture.Frame
	for {
		err := source.Next(&f)
		if err == io.EOF {
			return n, last
		}
		if err != nil {
			t.Fatalf("frame %d: %v", n+1, err)
		}
		n++
		if text := string(f.Data); strings.Contains(text, "OPTIONS sip:b SIP/2.0\r\nVia") && f.Data[23] == 17 {
			last = text[42:]
		}
	}
}
