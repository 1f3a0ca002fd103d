package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/tui"
)

// The screens ask for other inputs one after the other, and each is read: a
// call, then another file, then that one behind a capture filter.
func TestScreensOpenAnotherInput(t *testing.T) {
	busy, timeout := filepath.Join("..", "..", "pcaps", "busy.pcap"), filepath.Join("..", "..", "pcaps", "timeout.pcap")
	other := "port 5061"
	turns := []struct {
		source string
		calls  int
		theme  string
		next   *tui.Reopening
	}{
		{busy, 1, "", &tui.Reopening{File: timeout, Chosen: map[string]string{"display.theme": "mono"}}},
		{timeout, 2, "mono", &tui.Reopening{Filter: &other}},
		{timeout, 0, "", nil},
	}
	turn := 0
	err := onScreen(t, func(_ context.Context, c tui.Config) error {
		read(t, c)
		want := turns[turn]
		turn++
		if s := c.Status(); s.Source != want.source || len(c.Snapshot().Calls) != want.calls || c.Chosen["display.theme"] != want.theme {
			t.Errorf("turn %d: %s with %d calls, theme %q", turn, s.Source, len(c.Snapshot().Calls), c.Chosen["display.theme"])
		}
		if want.next == nil {
			return nil
		}
		if err := c.Reopen(want.next); err != nil {
			t.Error(err)
		}
		return want.next
	}, busy)
	if err != nil || turn != len(turns) {
		t.Errorf("%d turns, %v", turn, err)
	}
}

// What cannot be opened is refused while the screens are still there.
func TestReopeningIsRefused(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text.pcap")
	if err := os.WriteFile(text, []byte("this is no capture file, it is a letter"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := "port nonsense and and"
	err := onScreen(t, func(_ context.Context, c tui.Config) error {
		read(t, c)
		for name, r := range map[string]*tui.Reopening{
			"no such file": {File: filepath.Join(folder, "none.pcap")}, "directory": {File: folder}, "text.pcap": {File: text},
			"no such interface": {Interfaces: []string{"nonesuch0"}}, "port": {Filter: &wrong},
		} {
			if err := c.Reopen(r); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	}, filepath.Join("..", "..", "pcaps", "busy.pcap"))
	if err != nil {
		t.Error(err)
	}
}

// A recording that goes on is not begun anew, and a file is opened without it.
func TestReopeningSparesTheRecording(t *testing.T) {
	o := &options{record: "calls.pcap", ifaces: []string{"lo"}, bufferKiB: 32768}
	filter := "port 5060"
	if _, _, err := o.reopened(nil, &tui.Reopening{Filter: &filter}); err == nil || !strings.Contains(err.Error(), "would begin anew") {
		t.Errorf("another filter: %v", err)
	}
	next, args, err := o.reopened(nil, &tui.Reopening{File: filepath.Join("..", "..", "pcaps", "busy.pcap")})
	if err != nil || len(args) != 0 || next.record != "" || len(next.ifaces) != 0 || o.record != "calls.pcap" || len(o.ifaces) != 1 {
		t.Errorf("a file: %v, %+v", err, next)
	}
	o.record = ""
	next, args, err = o.reopened([]string{"udp"}, &tui.Reopening{Buffer: 1024})
	if err != nil || next.bufferKiB != 1024 || len(args) != 1 || args[0] != "udp" || len(next.ifaces) != 1 {
		t.Errorf("a buffer: %v %q %+v", err, args, next)
	}
}
