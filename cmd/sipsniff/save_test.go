package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/tui"
)

// patience is how long a test waits for what should happen soon.
const patience = 20 * time.Second

// within asks again and again until it is done or too late.
func within(t *testing.T, patience time.Duration, done func() bool, why func() string) {
	t.Helper()
	late, tick := time.After(patience), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal(why())
		}
	}
}

// framesIn counts the frames of a capture, and tells their times.
func framesIn(t *testing.T, path string) (times []int64) {
	t.Helper()
	source, err := capture.Open([]string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	var f capture.Frame
	for {
		switch err := source.Next(&f); {
		case errors.Is(err, io.EOF):
			return times
		case err != nil:
			t.Fatal(err)
		}
		times = append(times, f.Nanos)
	}
}

// onScreen runs a command line with something else in the place of the
// screens, and returns what the run came to.
func onScreen(t *testing.T, show func(ctx context.Context, c tui.Config) error, args ...string) error {
	t.Helper()
	o := &options{terminal: terminal{in: strings.NewReader(""), out: io.Discard, err: io.Discard, outIsTerminal: true}, show: show}
	root := o.root(func() {})
	root.SetArgs(append([]string{"--config", filepath.Join(t.TempDir(), "none.toml")}, args...))
	return root.ExecuteContext(context.Background())
}

// read waits until the input is read.
func read(t *testing.T, c tui.Config) {
	t.Helper()
	within(t, patience, func() bool { return c.Status().Done }, func() string { return "the input is not read" })
}

// Every format is written, and holds the call that was asked for.
func TestSaveFormats(t *testing.T) {
	folder := t.TempDir()
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		snap := c.Snapshot()
		at := slices.IndexFunc(snap.Calls, func(call *correlate.Call) bool { return len(call.StreamIDs) > 0 })
		call := snap.Calls[at]
		for _, format := range c.Save.Formats() {
			if format.Missing != "" {
				t.Errorf("%s: %s", format.Name, format.Missing)
			}
			name := filepath.Join(folder, "one."+format.Name)
			r := tui.SaveRequest{Snapshot: snap, Calls: snap.Calls[at : at+1], Format: format.Name, File: name}
			result, err := c.Save.Run(ctx, r, func(float64) {})
			if err != nil {
				t.Errorf("%s: %v", format.Name, err)
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil || int64(len(text)) != result.Octets || len(text) == 0 {
				t.Errorf("%s: %d octets, said %d, %v", format.Name, len(text), result.Octets, err)
			}
			if format.Name != "wav" && !strings.Contains(string(text), call.CallID) {
				t.Errorf("%s does not hold %s", format.Name, call.CallID)
			}
			for _, other := range snap.Calls {
				if other != call && strings.Contains(string(text), other.CallID) {
					t.Errorf("%s holds %s, too", format.Name, other.CallID)
				}
			}
		}
		return nil
	}, "../../pcaps/call-audio.pcap", "../../pcaps/busy.pcap")
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".sipsniff-*")); len(left) > 0 {
		t.Errorf("%v is left over", left)
	}
}

// What people wrote is in no text when it is to be hidden, and there otherwise.
func TestSaveHidesWhatPeopleWrote(t *testing.T) {
	name := filepath.Join(t.TempDir(), "saved.txt")
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		snap, secret := c.Snapshot(), ""
		for _, call := range snap.Calls {
			for _, m := range call.Messages() {
				if _, body, _ := strings.Cut(m.Text(), "\r\n\r\n"); m.Method == "MESSAGE" && m.StatusCode == 0 && secret == "" {
					secret = strings.TrimSpace(body)
				}
			}
		}
		if secret == "" {
			t.Fatal("the capture has nothing to hide")
		}
		for _, hide := range []bool{true, false} {
			r := tui.SaveRequest{Snapshot: snap, Calls: snap.Calls, Format: "txt", File: name, Hide: tui.SaveHide{Bodies: hide}}
			if _, err := c.Save.Run(ctx, r, func(float64) {}); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(name)
			if err != nil || strings.Contains(string(text), secret) == hide || !strings.Contains(string(text), "MESSAGE sip:") {
				t.Errorf("hide %v: %v\n%s", hide, err, text)
			}
		}
		return nil
	}, "../../pcaps/message.pcap")
	if err != nil {
		t.Fatal(err)
	}
}

// SIP only and RTP only are what they say, and add up to everything.
func TestSavePackets(t *testing.T) {
	folder := t.TempDir()
	counts := map[tui.SavePackets]int{}
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		snap := c.Snapshot()
		for _, packets := range []tui.SavePackets{tui.SaveEverything, tui.SaveSignalling, tui.SaveMedia} {
			name := filepath.Join(folder, "a.pcap")
			r := tui.SaveRequest{Snapshot: snap, Calls: snap.Calls, Packets: packets, Format: "pcap", File: name}
			if _, err := c.Save.Run(ctx, r, func(float64) {}); err != nil {
				t.Fatal(err)
			}
			counts[packets] = len(framesIn(t, name))
		}
		return nil
	}, "../../pcaps/call-audio.pcap")
	if err != nil {
		t.Fatal(err)
	}
	// pcaps/README.md: 6 messages, 310 RTP packets each way, and RTCP.
	if sip, rtp, all := counts[tui.SaveSignalling], counts[tui.SaveMedia], counts[tui.SaveEverything]; sip != 6 || rtp < 620 || all != sip+rtp {
		t.Errorf("%d SIP, %d RTP, %d in all", sip, rtp, all)
	}
}

// The secrets of a capture go along with its calls, or nobody could read them.
func TestSaveKeepsSecrets(t *testing.T) {
	name := filepath.Join(t.TempDir(), "saved.pcapng")
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		snap := c.Snapshot()
		_, err := c.Save.Run(ctx, tui.SaveRequest{Snapshot: snap, Calls: snap.Calls, Format: "pcapng", File: name}, func(float64) {})
		return err
	}, "../../pcaps/tls13-secrets.pcapng")
	if err != nil {
		t.Fatal(err)
	}
	err = onScreen(t, func(_ context.Context, c tui.Config) error {
		read(t, c)
		if n := len(c.Snapshot().Calls); n == 0 {
			t.Error("the saved capture cannot be read")
		}
		return nil
	}, name)
	if err != nil {
		t.Fatal(err)
	}
}

// Frames are told by their numbers: of a file that is another one by now, or was
// cut, nothing is saved. One that grew is as good as before.
func TestSaveOfAFileThatChanged(t *testing.T) {
	folder := t.TempDir()
	input, other, out := filepath.Join(folder, "in.pcap"), filepath.Join(folder, "other.pcap"), filepath.Join(folder, "out.pcap")
	copyFile(t, "../../pcaps/call-audio.pcap", input)
	copyFile(t, "../../pcaps/demo.pcap", other)
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		save := func() error {
			_, err := c.Save.Run(ctx, tui.SaveRequest{Snapshot: c.Snapshot(), Calls: c.Snapshot().Calls, Format: "pcap", File: out}, func(float64) {})
			return err
		}
		f, err := os.OpenFile(input, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		if _, err := f.WriteString("the head of a record"); err != nil || f.Close() != nil {
			t.Fatal(err)
		}
		if err := save(); err != nil {
			t.Errorf("one that grew: %v", err)
		}
		if err := os.Remove(out); err != nil {
			t.Fatal(err)
		}
		for what, change := range map[string]func() error{
			"cut":     func() error { return os.Truncate(input, 2000) },
			"another": func() error { return os.Rename(other, input) },
		} {
			if err := change(); err != nil {
				t.Fatal(err)
			}
			if err := save(); err == nil || !strings.Contains(err.Error(), "is not the file any more that was read") {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := os.Remove(input); err != nil {
			t.Fatal(err)
		}
		if err := save(); err == nil || !strings.Contains(err.Error(), "is not there any more") {
			t.Errorf("gone: %v", err)
		}
		return nil
	}, input)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("something was saved")
	}
}

// A save that is given up, and one over a file that is read, change nothing.
func TestSaveChangesNothingWhenItFails(t *testing.T) {
	folder := t.TempDir()
	old := filepath.Join(folder, "old.pcap")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	input := filepath.Join(folder, "in.pcap")
	copyFile(t, "../../pcaps/call-audio.pcap", input)
	before, err := os.ReadFile(input)
	if err != nil {
		t.Fatal(err)
	}
	err = onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		r := tui.SaveRequest{Snapshot: c.Snapshot(), Calls: c.Snapshot().Calls, Format: "pcap", File: old}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := c.Save.Run(ended, r, func(float64) {}); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
		r.File = input
		if _, err := c.Save.Run(ctx, r, func(float64) {}); err == nil || !strings.Contains(err.Error(), "would be overwritten") {
			t.Errorf("over the input: %v", err)
		}
		r.File = filepath.Join(folder, "none", "a.pcap")
		if _, err := c.Save.Run(ctx, r, func(float64) {}); err == nil {
			t.Error("a folder that is not there took a file")
		}
		return nil
	}, input)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(old); string(got) != "old" {
		t.Errorf("the old file holds %q", got)
	}
	if after, _ := os.ReadFile(input); string(after) != string(before) {
		t.Error("the input was changed")
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".sipsniff-*")); len(left) > 0 {
		t.Errorf("%v is left over", left)
	}
}

// A live capture keeps its packets in the spool; without one it says so.
func TestSaveLive(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	err := onScreen(t, func(_ context.Context, c tui.Config) error {
		if f := c.Save.Formats(); f[0].Missing == "" || f[2].Missing != "" {
			t.Errorf("without a spool: %+v", f)
		}
		return nil
	}, "--test-source", "calls")
	if err != nil {
		t.Fatal(err)
	}
	err = onScreen(t, func(ctx context.Context, c tui.Config) error {
		within(t, patience, func() bool { return len(c.Snapshot().Calls) >= 2 && c.Snapshot().Calls[0].MessageCount >= 3 }, func() string { return "no calls came" })
		snap := c.Snapshot()
		name := filepath.Join(folder, "one.pcapng")
		r := tui.SaveRequest{Snapshot: snap, Calls: snap.Calls[:1], Packets: tui.SaveSignalling, Format: "pcapng", File: name}
		var result tui.SaveResult
		var err error
		within(t, patience, func() bool { // the spool writes when its buffers are full, or the wire is quiet
			result, err = c.Save.Run(ctx, r, func(float64) {})
			return err == nil && result.Frames >= 3
		}, func() string { return "the call is not in the spool" })
		text, _ := os.ReadFile(name)
		if !strings.Contains(string(text), snap.Calls[0].CallID) || strings.Contains(string(text), snap.Calls[1].CallID) {
			t.Error("the file holds other calls")
		}
		return nil
	}, "--test-source", "calls", "--spool", "16M", "--spool-dir", filepath.Join(folder, "spool"))
	if err != nil {
		t.Fatal(err)
	}
}

// A panic in a view reaches whoever started the program, with the recording
// whole.
func TestPanicLeavesAWholeRecording(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	recording := filepath.Join(t.TempDir(), "out.pcap")
	var frames uint64
	func() {
		defer func() {
			if recover() != "a view is broken" {
				t.Error("the panic was swallowed")
			}
		}()
		_ = onScreen(t, func(_ context.Context, c tui.Config) error {
			within(t, patience, func() bool { frames = c.Status().Frames; return frames >= 20 }, func() string { return "nothing came" })
			panic("a view is broken")
		}, "--test-source", "calls", "-w", recording)
	}()
	if n := uint64(len(framesIn(t, recording))); n < frames {
		t.Errorf("the recording holds %d frames of %d", n, frames)
	}
}

// A selection that no packet is of is said, and no empty file is left of it.
func TestSaveOfNothingWritesNothing(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sound.pcap")
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		r := tui.SaveRequest{Snapshot: c.Snapshot(), Calls: c.Snapshot().Calls, Packets: tui.SaveMedia, Format: "pcap", File: name}
		_, err := c.Save.Run(ctx, r, func(float64) {})
		return err
	}, "../../pcaps/busy.pcap")
	if err == nil || !strings.Contains(err.Error(), "no such packet was found") {
		t.Errorf("said %v", err)
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file is there: %v", err)
	}
}
