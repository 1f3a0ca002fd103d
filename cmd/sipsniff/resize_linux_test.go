package main

import (
	"path/filepath"
	"strconv"
	"testing"
)

// Whatever size the terminal had before, the screen is the same as one that
// began at its size: nothing of the screen before is left on it.
func TestResizeLeavesNothing(t *testing.T) {
	capture, err := filepath.Abs("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	program := "exec " + build(t) + " " + capture
	for _, c := range []struct {
		name         string
		w, h, nw, nh int
	}{{"smaller", 160, 45, 80, 24}, {"larger", 80, 24, 160, 45}, {"narrower", 120, 24, 80, 24}} {
		t.Run(c.name, func(t *testing.T) {
			fresh := newTmux(t, c.nw, c.nh, program)
			fresh.wait("Dialogs 8", "CANCELLED")
			fresh.keys("n")
			want := fresh.wait("▶  ✗", "Enter Flow")
			x := newTmux(t, c.w, c.h, program)
			x.wait("Dialogs 8", "CANCELLED")
			x.keys("4")
			x.wait("[4 Stat", "final responses")
			if out, err := x.command("resize-window", "-x", strconv.Itoa(c.nw), "-y", strconv.Itoa(c.nh)).CombinedOutput(); err != nil {
				t.Skipf("this tmux does not resize windows: %s", out)
			}
			x.keys("1", "n")
			x.until("the screen is as if begun so:\n"+want, func(l listing) bool { return l.screen == want })
		})
	}
}
