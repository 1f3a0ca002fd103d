package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestHistory(t *testing.T) {
	folder := t.TempDir()
	f := None()
	f.Path = filepath.Join(folder, "new", "config.toml")
	h := f.History()
	if got := h.Read(PastFilter); len(got) != 0 {
		t.Errorf("before anything: %q", got)
	}
	for _, line := range [][2]string{{PastFilter, "code:486"}, {PastCommand, "open a.pcap"}, {PastFilter, "from:+34 é"}, {PastFilter, "code:486"}, {PastFilter, ""}, {PastFilter, "two\nlines"}, {PastFilter, "esc\x1b[31m"}} {
		if err := h.Add(line[0], line[1]); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.History().Read(PastFilter); !slices.Equal(got, []string{"from:+34 é", "code:486"}) {
		t.Errorf("filters %q", got)
	}
	if got := h.Read(PastCommand); !slices.Equal(got, []string{"open a.pcap"}) {
		t.Errorf("commands %q", got)
	}
	path := filepath.Join(folder, "new", "history")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("filter\tgood\nfilter\tbad\x1b]0;x\x07\nnonsense\n\xff\xfe\nfilter"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := h.Read(PastFilter); !slices.Equal(got, []string{"good"}) {
		t.Errorf("of a damaged file: %q", got)
	}
}

// The file does not grow for ever, and keeps the latest.
func TestHistoryIsBounded(t *testing.T) {
	h := &History{filepath.Join(t.TempDir(), "history")}
	long := strings.Repeat("x", 2000)
	for i := range 200 {
		if err := h.Add(PastFilter, fmt.Sprintf("%s%d", long, i)); err != nil {
			t.Fatal(err)
		}
	}
	got := h.Read(PastFilter)
	if last := fmt.Sprintf("%s%d", long, 199); len(got) == 0 || len(got) > historyLines || got[len(got)-1] != last {
		t.Errorf("%d lines", len(got))
	}
	if info, err := os.Stat(h.path); err != nil || info.Size() > 2*historyOctets {
		t.Errorf("%d octets, %v", info.Size(), err)
	}
}

func TestNoHistory(t *testing.T) {
	device := None()
	device.Path = os.DevNull
	for _, f := range []*File{None(), device} {
		if h := f.History(); h.path != "" || h.Add(PastFilter, "x") != nil || len(h.Read(PastFilter)) != 0 {
			t.Errorf("%q has a history: %q", f.Path, h.path)
		}
	}
}
