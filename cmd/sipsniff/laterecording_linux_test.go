package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A recording begins and ends on the screen while the capture goes on. What is in
// the file is whole, and a file that is there is left alone.
func TestRecordingOfTheScreen(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("capturing needs root")
	}
	chatter(t)
	program, folder := build(t), t.TempDir()
	file, taken := filepath.Join(folder, "late.pcapng"), filepath.Join(folder, "taken.pcap")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := newTmux(t, 100, 30, "exec "+program+" -i lo")
	x.until("requests come", func(l listing) bool { return l.dialogs > 2 })
	to := func(name string) {
		x.keys("S")
		x.wait("write every packet to: ")
		x.keys("C-u")
		x.keys("-l", name)
		x.keys("Enter")
	}
	x.keys("6")
	x.wait("Sources")
	to(taken)
	x.wait("is there already")
	if b, err := os.ReadFile(taken); err != nil || string(b) != "mine" {
		t.Errorf("%q %v", b, err)
	}
	to(file)
	x.wait("every packet from now on is written to", "Record")
	x.keys("b") // another capture would end it
	x.wait("capture filter:")
	x.keys("-l", "udp")
	x.keys("Enter")
	x.wait("the recording would end")
	before := x.grown()
	x.keys("6")
	x.wait("Sources")
	x.keys("S")
	x.wait("Stop writing to ")
	x.keys("Enter")
	x.wait("late.pcapng is whole")
	out, err := exec.Command(program, "report", "-F", "json", file).Output()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	var doc struct {
		Calls []struct {
			CallID string `json:"call_id"`
		} `json:"calls"`
	}
	if err := json.Unmarshal(out, &doc); err != nil || len(doc.Calls) < 5 {
		t.Errorf("%v, %d calls in the recording, the screen went from %d", err, len(doc.Calls), before)
	}
}

// grown waits for some calls more in the list.
func (x *tmux) grown() (before int) {
	x.t.Helper()
	x.keys("1")
	before = x.until("the list is there", func(l listing) bool { return l.dialogs > 0 && l.cursor > 0 }).dialogs
	x.grow(10)
	return before
}
