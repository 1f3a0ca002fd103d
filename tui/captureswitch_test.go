package tui

import (
	"strings"
	"testing"

	"sipsniff/correlate"
)

// Interfaces are switched on and off in the view of the capture; the last one
// stays, and what receives HEP is none.
func TestSwitchInterfaces(t *testing.T) {
	status := Status{Source: "eth0,eth1", Frames: 9, Inputs: []Input{{Name: "eth0", State: "on", Frames: 5}, {Name: "HEP udp:9060", State: "on"}, {Name: "eth1", State: "on"}},
		Elsewhere: []Neighbour{{"bond0", 412}, {"lo", 88}}}
	r := reopening(t, &correlate.Snapshot{}, status)
	row := func() string {
		for _, line := range strings.Split(r.text(), "\n") {
			if strings.HasPrefix(line, "▶") {
				return strings.Join(strings.Fields(line), " ")
			}
		}
		return ""
	}
	names := func(keys ...string) string {
		if got := r.press(append(keys, "Enter")...).wanted(); got != nil {
			return strings.Join(got.Interfaces, ",")
		}
		return "nothing"
	}
	if r.press("6").has("Enter On/off", "bond0", "off", "412"); row() != "▶ eth0 on 5 – – –" {
		t.Errorf("the cursor stands on %q", row())
	}
	if got := names(); got != "eth1" {
		t.Errorf("eth0 off: %s", got)
	}
	if got := names("Down"); got != "eth0" || !strings.HasPrefix(row(), "▶ eth1") {
		t.Errorf("eth1 off: %s, at %q", got, row())
	}
	if got := names("Down", "Down", "Down", "Down"); got != "eth0,eth1,lo" || row() != "▶ lo off 88" {
		t.Errorf("lo on: %s, at %q", got, row())
	}
	r.status.Inputs = r.status.Inputs[:2]
	r.show(r.snap, r.status)
	if got := names("Down", "Down"); got != "eth0,lo" {
		t.Errorf("after eth1 went away: %s", got)
	}
	r.status.Elsewhere = []Neighbour{{"lo", 500}, {"bond0", 412}}
	r.show(r.snap, r.status)
	if got := names(); got != "eth0,lo" || row() != "▶ lo off 500" {
		t.Errorf("when lo has more traffic: %s, at %q", got, row())
	}
	if got := names("Up", "Up"); got != "nothing" || !strings.HasPrefix(row(), "▶ eth0") {
		t.Errorf("the last one: %s, at %q", got, row())
	}
	r.has("the only interface")

	f := newRig(t, rigOptions{w: 100, h: 24, snap: rows(3), status: Status{Source: "a.pcap", Done: true, Inputs: []Input{{Name: "a.pcap", State: "done"}}}})
	f.press("6").hasNot("On/off", "▶ ").press("Enter").has("a.pcap")
}
