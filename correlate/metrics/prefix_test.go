package metrics

import (
	"fmt"
	"testing"

	"sipsniff/correlate"
)

func TestLeadingDigits(t *testing.T) {
	for uri, want := range map[string]string{
		"sip:+4930901820@example.org": "4930", "tel:+49-30-901820": "4930", "tel:(49)30.90": "4930", "sip:49@example.org": "49",
		"sip:alice@example.org": "", "sip:+a@b": "", "sip:4930bob@example.org": "4930", "sip:49x@example.org": "", "": "", "sip:@": "", "49301": "4930",
	} {
		if got := leadingDigits(uri, 4); got != want {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
}

func TestByPrefix(t *testing.T) {
	s := &correlate.Snapshot{First: epoch, Last: epoch + 10*second}
	call := func(to string, status int) {
		state := correlate.StateBusy
		if status == 200 {
			state = correlate.StateInCall
		}
		s.Calls = append(s.Calls, &correlate.Call{To: to, Started: epoch, Attempt: correlate.Attempt{State: state, FinalStatus: status,
			Answered: status == 200, Counted: epoch, Invited: epoch, Connected: epoch + second}})
	}
	call("sip:+49301@x", 486)
	call("tel:+49-302", 200)
	call("sip:bob@x", 200)
	s.Calls = append(s.Calls, &correlate.Call{To: "sip:+49301@x", Method: "OPTIONS"})
	rows := ByPrefix(s, 2)
	if len(rows) != 2 || rows[0].Prefix != "49" || rows[1].Prefix != "" {
		t.Fatalf("%d rows", len(rows))
	}
	c := check{t, &rows[0].Summary}
	c.ratio("SER", c.s.EstablishmentRatio(), 1, 2)
	c.count("up", c.s.Rate.ConcurrentEnd, 1)
	if rows[1].Attempts != 1 || rows[1].Answered != 1 {
		t.Errorf("%+v", rows[1])
	}
	for n := range maxRows + 10 {
		call(fmt.Sprintf("sip:%09d@x", n), 486)
	}
	if rows := ByPrefix(s, 9); len(rows) > maxRows || rows[0].Prefix != "" || rows[0].Attempts < 10 {
		t.Errorf("%d rows, the first %q with %d", len(rows), rows[0].Prefix, rows[0].Attempts)
	}
}
