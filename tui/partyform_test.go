package tui

import (
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/tui/internal/sample"
)

// From and To show what the user wants, and order the list by that.
func TestPartyForms(t *testing.T) {
	call := func(index int, from, display, to string) *correlate.Call {
		b := sample.New(index, "id", from, to, float64(index))
		b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE")
		b.Call.FromDisplay = display
		return &b.Call
	}
	snap := &correlate.Snapshot{Calls: []*correlate.Call{
		call(1, "sip:anna@zoo.ex", "Reception", "sip:bert@b.example"), call(2, "sip:carl@ark.ex", "", "tel:+442079460018"),
	}}
	r := newRig(t, rigOptions{w: 120, h: 30, snap: snap, status: fileStatus()})
	r.has(" anna ", " carl ")
	for form, want := range map[string][2]string{
		"uri": {"sip:anna@zoo.ex", "sip:carl@ark.ex"}, "name": {"Reception", "carl"}, "host": {"zoo.ex", "ark.ex"}, "user": {"anna", "carl"},
	} {
		r.setOptions(map[string]string{"calls.parties": form})
		for row, name := range want {
			if line := strings.Split(r.text(), "\n")[5+row]; !strings.Contains(line, " "+name+" ") {
				t.Errorf("%s: row %d is %q", form, row, line)
			}
		}
	}
	r.setOptions(map[string]string{"calls.parties": "host"})
	r.calls.sortBy("from")
	if r.text(); r.calls.call(0).Index != 2 {
		t.Error("ark.ex does not stand before zoo.ex")
	}
	r.has(" +442079460018 ") // a telephone number has no host
	if r.setOptions(map[string]string{"calls.parties": "user"}); r.calls.call(0).Index != 1 {
		t.Error("anna does not stand before carl")
	}
}
