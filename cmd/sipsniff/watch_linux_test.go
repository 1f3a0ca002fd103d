package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A watching is a sipsniff that watches one end of a wire.
type watching struct {
	*exec.Cmd
	wire    *wire
	dir     string
	lines   chan string
	program string
}

func startWatching(t *testing.T, flags ...string) *watching {
	t.Helper()
	w := &watching{wire: newWire(t), dir: t.TempDir(), lines: make(chan string, 1000), program: build(t)}
	needs(t, "bash")
	w.Cmd = w.wire.command("a", append([]string{w.program, "watch", "-i", "va", "-w", filepath.Join(w.dir, "rec.pcap")}, flags...)...)
	out, err := w.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	w.Stderr = &syncBuffer{}
	start(t, w.Cmd)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			w.lines <- s.Text()
		}
		close(w.lines)
	}()
	w.wire.waitForCapture(t)
	return w
}

// ask sends an OPTIONS over the wire that nobody answers.
func (w *watching) ask(t *testing.T, id string) {
	t.Helper()
	w.send(t, "192.0.2.2/5060", "OPTIONS sip:b SIP/2.0", id)
}

// send sends a message that begins with a line in one datagram to an address.
func (w *watching) send(t *testing.T, to, begin, id string) {
	t.Helper()
	text := strings.ReplaceAll(fmt.Sprintf("%[2]s\nVia: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK%[1]s\nFrom: <sip:a@b>;tag=1\n"+
		"To: <sip:b>\nCall-ID: %[1]s\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n", id, begin), "\n", "\r\n")
	message := filepath.Join(w.dir, "message")
	if err := os.WriteFile(message, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := w.wire.command("a", "bash", "-c", "cat '"+message+"' >/dev/udp/"+to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// recordedIDs are the Call-IDs in a recording.
func (w *watching) recordedIDs(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command(w.program, "report", "-F", "jsonl", filepath.Join(w.dir, name)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(idsOf(t, strings.Split(strings.TrimSpace(string(out)), "\n")), " ")
}

func idsOf(t *testing.T, lines []string) (ids []string) {
	t.Helper()
	for _, line := range lines {
		var l struct {
			Type   string
			CallID string `json:"call_id"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if l.Type == "call" {
			ids = append(ids, l.CallID)
		}
	}
	return ids
}

func (w *watching) stop(t *testing.T) (ids []string) {
	t.Helper()
	if err := w.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range w.lines {
		lines = append(lines, line)
	}
	if err := w.Wait(); err != nil {
		t.Errorf("%v: %s", err, w.Stderr)
	}
	return idsOf(t, lines)
}

func (w *watching) fileHas(name string, octets int64) func() bool {
	return func() bool {
		info, err := os.Stat(filepath.Join(w.dir, name))
		return err == nil && info.Size() > octets
	}
}

// A hangup begins the recording anew when it was moved away; SIGTERM writes
// everything that came.
func TestWatchSignals(t *testing.T) {
	w := startWatching(t)
	w.ask(t, "one")
	w.wire.wait(t, "the recording", w.fileHas("rec.pcap", 24))
	if err := os.Rename(filepath.Join(w.dir, "rec.pcap"), filepath.Join(w.dir, "old.pcap")); err != nil {
		t.Fatal(err)
	}
	if err := w.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	w.wire.wait(t, "the new recording", w.fileHas("rec.pcap", 23))
	w.ask(t, "two")
	if ids := w.stop(t); strings.Join(ids, " ") != "one two" {
		t.Errorf("lines of %q", ids)
	}
	if before, after := w.recordedIDs(t, "old.pcap"), w.recordedIDs(t, "rec.pcap"); before != "one" || after != "two" {
		t.Errorf("%q before the hangup, %q after it", before, after)
	}
}

// An interface that goes down or away is waited for; the recording is one.
func TestWatchInterfaceAway(t *testing.T) {
	for name, away := range map[string][2]string{
		"down": {"link set va down", "link set va up"},
		"gone": {"link del va", "link add va netns Pa address 02:00:00:00:00:0a type veth peer name vb netns Pb address 02:00:00:00:00:0b"},
	} {
		t.Run(name, func(t *testing.T) {
			w := startWatching(t)
			w.ask(t, "before")
			w.wire.wait(t, "the recording", w.fileHas("rec.pcap", 24))
			w.change(t, away[0])
			if name == "gone" { // libpcap waits by itself for one that is down
				w.wire.wait(t, "a warning", func() bool { return strings.Contains(fmt.Sprint(w.Stderr), "va: gone since") })
			}
			w.change(t, away[1])
			if name == "gone" {
				w.change(t, "addr add 192.0.2.1/24 dev va")
			}
			w.change(t, "link set va up")
			w.changeIn(t, "b", "link set vb up")
			if name == "gone" {
				w.wire.wait(t, "the end of the warning", func() bool { return strings.Contains(fmt.Sprint(w.Stderr), "va: was gone for") })
			}
			w.changeIn(t, "a", "neigh replace 192.0.2.2 lladdr 02:00:00:00:00:0b dev va")
			w.ask(t, "after")
			if ids := w.stop(t); strings.Join(ids, " ") != "before after" {
				t.Errorf("lines of %q\n%s", ids, w.Stderr)
			}
			if ids := w.recordedIDs(t, "rec.pcap"); ids != "before after" {
				t.Errorf("recorded %q", ids)
			}
		})
	}
}

func (w *watching) change(t *testing.T, line string) { w.changeIn(t, "a", line) }

// changeIn runs ip(8) in one end of the wire; "Pa" and "Pb" stand for both.
func (w *watching) changeIn(t *testing.T, end, line string) {
	t.Helper()
	words := strings.Fields(strings.NewReplacer("Pa", w.wire.prefix+"a", "Pb", w.wire.prefix+"b").Replace(line))
	if out, err := w.wire.command(end, append([]string{"ip"}, words...)...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", line, err, out)
	}
}

// kill -9 while recording: the file opens, and at most what came last is
// missing.
func TestWatchKilled(t *testing.T) {
	w := startWatching(t)
	w.ask(t, "one")
	w.wire.wait(t, "the recording", w.fileHas("rec.pcap", 24))
	if err := w.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = w.Wait()
	if ids := w.recordedIDs(t, "rec.pcap"); ids != "one" {
		t.Errorf("recorded %q", ids)
	}
}

// A syncBuffer is written to by one goroutine and read by another.
type syncBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// rootsLeft tells of a thread of a process that has something of root's, "" when
// there is none.
func rootsLeft(t *testing.T, pid int) string {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(threads) == 0 {
		t.Fatal(err, "no threads")
	}
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // it ended
		}
		for _, want := range []string{
			"\nUid:\t65534\t65534\t65534\t65534\n", "\nGid:\t65534\t65534\t65534\t65534\n", "\nGroups:\t65534 \n",
			"\nCapEff:\t0000000000000000\n", "\nCapPrm:\t0000000000000000\n",
		} {
			if !strings.Contains(string(text), want) {
				return fmt.Sprintf("%s: no %q in\n%s", thread, want, text)
			}
		}
	}
	return ""
}

// --user gives up everything that root may do, in all threads, and the capture
// and the recording go on.
func TestWatchAsNobody(t *testing.T) {
	w := startWatching(t, "--user", "nobody")
	// The threads become nobody one after the other.
	missing := ""
	within(t, 30*time.Second, func() bool {
		missing = rootsLeft(t, w.Process.Pid)
		return missing == ""
	}, func() string { return missing })
	w.ask(t, "one")
	if ids := w.stop(t); strings.Join(ids, " ") != "one" {
		t.Errorf("lines of %q", ids)
	}
	if ids := w.recordedIDs(t, "rec.pcap"); ids != "one" {
		t.Errorf("recorded %q", ids)
	}
}

// The line of a call comes although nothing follows on the wire.
func TestWatchQuietWire(t *testing.T) {
	w := startWatching(t)
	w.send(t, "192.0.2.2/5060", "OPTIONS sip:b SIP/2.0", "one")
	w.send(t, "192.0.2.2/5061", "SIP/2.0 200 OK", "one") // whoever answers
	var line string
	w.wire.wait(t, "a line", func() bool {
		select {
		case line = <-w.lines:
			return true
		default:
			return false
		}
	})
	if ids := idsOf(t, []string{line}); strings.Join(ids, " ") != "one" {
		t.Errorf("line %s", line)
	}
	w.stop(t)
}

// With several interfaces each of them says what came and what it lost.
func TestWatchInterfacesApart(t *testing.T) {
	w := startWatching(t, "-i", "lo", "--events", "stats")
	w.change(t, "link set lo up")
	w.ask(t, "one")
	if err := w.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var last string
	for line := range w.lines {
		last = line
	}
	if err := w.Wait(); err != nil {
		t.Errorf("%v: %s", err, w.Stderr)
	}
	var got struct {
		Frames  uint64
		Sources []struct {
			Name    string
			Frames  uint64
			Dropped map[string]*uint64
		}
	}
	if err := json.Unmarshal([]byte(last), &got); err != nil || len(got.Sources) != 2 {
		t.Fatalf("%v: %s", err, last)
	}
	for i, name := range []string{"va", "lo"} {
		s := got.Sources[i]
		if s.Name != name || len(s.Dropped) != 3 || s.Dropped["kernel"] == nil || *s.Dropped["kernel"] != 0 {
			t.Errorf("source %d: %s", i+1, last)
		}
	}
	if a, b := got.Sources[0].Frames, got.Sources[1].Frames; a == 0 || a+b != got.Frames {
		t.Errorf("%d and %d frames of %d", a, b, got.Frames)
	}
}
