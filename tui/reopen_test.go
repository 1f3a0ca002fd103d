package tui

import (
	"context"
	"errors"
	"testing"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
)

// reopening is a live UI on which any input can be opened but one.
func reopening(t *testing.T, snap *correlate.Snapshot, s Status) *rig {
	t.Helper()
	r := newRig(t, rigOptions{w: 100, h: 24, snap: snap, status: s, live: true})
	r.config.Reopen = func(want *Reopening) error {
		if want.File == "missing.pcap" {
			return errors.New("missing.pcap: no such file")
		}
		return nil
	}
	return r
}

// wanted is what the UI ended for.
func (r *rig) wanted() *Reopening {
	r.t.Helper()
	var other *Reopening
	if r.ended != nil && !errors.As(r.ended, &other) {
		r.t.Fatalf("it ended with %v", r.ended)
	}
	r.ended = nil
	return other
}

// typed writes over what stands in a prompt.
func (r *rig) typed(text string) *rig { return r.press("^U").typeText(text).press("Enter") }

// Where no SIP comes, keys lead to another input; they are the usual ones again
// when there are calls.
func TestKeysOfTheEmptyList(t *testing.T) {
	quiet := Status{Source: "eth0", Filter: "port 5060", Frames: 0, Any: 2914, Elsewhere: []Neighbour{{"bond0", 412}}}
	r := reopening(t, &correlate.Snapshot{}, quiet)
	r.has("No SIP yet", "i  interface", "b  edit filter", ":open  a pcap file", "*  listen on all UDP and TCP ports", "i Interface   b Filter   F1 Help   * All ports")
	if got := r.press("b").has("capture filter: port 5060").typed("udp port 5080").wanted(); got == nil || got.Filter == nil || *got.Filter != "udp port 5080" || got.Interfaces != nil || got.File != "" {
		t.Errorf("b: %+v", got)
	}
	if got := r.press("i").has("capture on: bond0").press("Enter").wanted(); got == nil || len(got.Interfaces) != 1 || got.Interfaces[0] != "bond0" || got.Filter != nil {
		t.Errorf("i: %+v", got)
	}
	if got := r.press("i").typed("lo, eth1").wanted(); got == nil || len(got.Interfaces) != 2 || got.Interfaces[0] != "lo" || got.Interfaces[1] != "eth1" {
		t.Errorf("i with two: %+v", got)
	}
	if got := r.press("*").wanted(); got == nil || got.Filter == nil || *got.Filter != "" {
		t.Errorf("*: %+v", got)
	}
	if got := r.press("b", "Esc").wanted(); got != nil {
		t.Errorf("Esc: %+v", got)
	}
	r.publish(rows(3)).hasNot("i Interface").press("*").has("3 marked")
	if got := r.wanted(); got != nil {
		t.Errorf("with calls there: %+v", got)
	}
	newRig(t, rigOptions{w: 100, h: 24, status: quiet, live: true}).has("No SIP yet").hasNot("edit filter").press("*").has("No SIP yet")
}

// SIP that the capture filter stops is told of, and Enter lets it in.
func TestEmptyListOffersThePortWithSIP(t *testing.T) {
	stopped := Status{Source: "eth0", Filter: "port 5060 or rtp", Any: 2914, Elsewhere: []Neighbour{{"bond0", 412}},
		TLSHidden: 1, TLSPort: 5061,
		Traffic: Traffic{Beside: true, Ports: []Port{{Number: 5080, Packets: 1911, SIP: true}, {Number: 53, Packets: 88}, {Number: 123, Packets: 1}}}}
	r := reopening(t, &correlate.Snapshot{}, stopped)
	r.has("2,914 packets arrived but none passed the filter", "SIP ports seen: 5080.", "Busiest UDP ports: 5080 (1,911 packets, looks like SIP!), 53 (DNS), 123 (NTP).",
		"→ press Enter to listen on port 5080 too", "other interfaces with traffic: bond0 412 pps", "1 TLS connection on 5061", "VLAN or tunnel? none seen",
		"Enter  use port 5080 too", "Enter Use that port")
	if got := r.press("Enter").wanted(); got == nil || got.Filter == nil || *got.Filter != "(port 5060 or rtp) or port 5080" {
		t.Errorf("Enter: %+v", got)
	}
	stopped.Traffic.Ports = []Port{{Number: 53, Packets: 1}, {Number: 5080, Packets: 7, SIP: true}, {Number: 5070, Packets: 2, SIP: true}}
	stopped.Traffic.Tagged, stopped.Traffic.Tunnel = 1, "gre"
	r = reopening(t, &correlate.Snapshot{}, stopped)
	r.has("5080 (7 packets, looks like SIP!), 5070 (2 packets, looks like SIP!)", "listen on ports 5070, 5080 too",
		"VLAN or tunnel? 1 packet with a VLAN tag, packets in a tunnel (gre)")
	stopped.Traffic.Ports = stopped.Traffic.Ports[:1]
	r = reopening(t, &correlate.Snapshot{}, stopped)
	r.has("SIP ports seen: none.", "Busiest UDP ports: 53 (DNS, 1 packet).").hasNot("press Enter")
	if got := r.press("Enter").wanted(); got != nil {
		t.Errorf("Enter without such a port: %+v", got)
	}
}

// Commands open other inputs; a capture that is nowhere on disk is not given up
// without a question, and a file that cannot be opened changes nothing.
func TestOpenCommand(t *testing.T) {
	r := reopening(t, rows(3), Status{Source: "eth0", Filter: "port 5060", Frames: 9})
	r.press(":").typeText("open missing.pcap").press("Enter").has("missing.pcap: no such file")
	r.press(":").typeText("open other.pcap").press("Enter").has("Another input", "3 calls are not saved").press("Esc").hasNot("Another input")
	if got := r.wanted(); got != nil {
		t.Fatalf("Esc: %+v", got)
	}
	r.saving = &saving{}
	if got := r.press(":").typeText("open other.pcap").press("Enter").has("a file is being written").wanted(); got != nil {
		t.Errorf("while a file is written: %+v", got)
	}
	r.saving = nil
	r.press(":").typeText("theme mono").press("Enter")
	r.press(":").typeText("open other.pcap").press("Enter", "Enter")
	if got := r.wanted(); got == nil || got.File != "other.pcap" || got.Chosen["display.theme"] != "mono" {
		t.Errorf("open: %+v", got)
	}
	r.press(":").typeText("bpf").press("Enter", "Enter")
	if got := r.wanted(); got == nil || got.Filter == nil || *got.Filter != "" {
		t.Errorf("bpf: %+v", got)
	}
	r.press(":").typeText("ring 65536").press("Enter", "Enter")
	if got := r.wanted(); got == nil || got.Buffer != 65536 {
		t.Errorf("ring: %+v", got)
	}
	for _, wrong := range []string{"ring much", "ring -1", "listen"} {
		r.press(":").typeText(wrong).press("Enter").has(" takes ")
	}
	r.press("6").has("b Filter", "B Ring size", "i Interface").press("B").typed("1024").press("Enter")
	if got := r.wanted(); got == nil || got.Buffer != 1024 {
		t.Errorf("B: %+v", got)
	}
}

func TestChosenOptionsGoOn(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 24})
	u, err := newUI(Config{Snapshot: func() *correlate.Snapshot { return r.snap }, Status: func() Status { return r.status },
		Chosen: map[string]string{"ladder.time": "clock", "display.hints": "letters"}}, r.sim, nil)
	if err != nil {
		t.Fatal(err)
	}
	if u.flow.time != timeAbsolute || !u.letters || u.option("display.hints") != "letters" {
		t.Errorf("time %d, letters %v", u.flow.time, u.letters)
	}
}

func TestRunEndsForAnotherInput(t *testing.T) {
	w := newWatched(t)
	ended := make(chan error, 1)
	go func() {
		ended <- Run(context.Background(), Config{Screen: w, Snapshot: func() *correlate.Snapshot { return rows(3) }, Status: fileStatus,
			Reopen: func(*Reopening) error { return nil }})
	}()
	w.wait(t, "Dialogs 3")
	for _, c := range ":open b.pcap\r" {
		if c == '\r' {
			w.InjectKey(tcell.KeyEnter, 0, 0)
			break
		}
		w.InjectKey(tcell.KeyRune, c, 0)
	}
	var other *Reopening
	if err := <-ended; !errors.As(err, &other) || other.File != "b.pcap" {
		t.Errorf("it ended with %v", err)
	}
	if w.finis.Load() == 0 {
		t.Error("the terminal is not restored")
	}
}
