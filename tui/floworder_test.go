package tui

import (
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/tui/internal/sample"
)

// Each ladder keeps the order that its hosts were put in, whatever is moved in
// ladders of other hosts, and hosts that were moved apart stay where they were
// first seen.
func TestOrderIsKeptPerHost(t *testing.T) {
	call := func(index int, a, b string) *correlate.Call {
		s := sample.New(index, "id", "sip:a@b", "sip:c@d", float64(index))
		s.Request(a, b, "INVITE")
		s.After(5).Response(b, a, 486, "Busy Here", "INVITE")
		return &s.Call
	}
	snap := &correlate.Snapshot{Calls: []*correlate.Call{
		call(1, "192.0.2.1:5060", "192.0.2.2:5060"), call(2, "192.0.2.3:5060", "192.0.2.4:5060"), call(3, "192.0.2.1:5060", "192.0.2.4:5060"),
	}}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: fileStatus()})
	left := func(host, of string) bool {
		head := strings.Split(r.text(), "\n")[1]
		return strings.Index(head, host) < strings.Index(head, of)
	}
	r.press("Enter", "Alt-Right", "Esc", "Down", "Enter", "Alt-Right")
	if !left("192.0.2.4", "192.0.2.3") {
		t.Error("the column did not move")
	}
	if r.press("Esc", "Up", "Enter"); !left("192.0.2.2", "192.0.2.1") {
		t.Error("the first ladder forgot its order")
	}
	if r.press("Esc", "End", "Enter"); !left("192.0.2.1", "192.0.2.4") {
		t.Error("hosts that were never moved against each other have changed places")
	}
	if r.press("Esc", "Home", "Enter", "Alt-Left"); !left("192.0.2.1", "192.0.2.2") || len(r.flow.orders) != 2 {
		t.Errorf("moved back there are %d orders", len(r.flow.orders))
	}
}
