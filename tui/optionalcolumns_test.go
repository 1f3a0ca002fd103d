package tui

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/tui/internal/sample"
)

// The verdict stands on each row when it is asked for, and not before.
func TestWhyColumn(t *testing.T) {
	calls := rows(3)
	r := newRig(t, rigOptions{w: 120, h: 30, snap: calls, status: fileStatus(), diagnose: func(*correlate.Snapshot) *diagnosis.Result {
		return &diagnosis.Result{ByCall: map[int][]correlate.Finding{2: {
			{Code: "SIG-05", Title: "Wrong\x1b[31m password", Severity: correlate.Error}, {Code: "SIG-06", Title: "Slow", Severity: correlate.Info},
		}}}
	}})
	row := func(n int) string { return strings.Split(r.text(), "\n")[4+n] }
	if strings.Contains(row(2), "Wrong") {
		t.Errorf("not asked for:\n%s", r.text())
	}
	r.press(":").typeText("columns why").press("Enter")
	if !regexp.MustCompile(`Why\s*$`).MatchString(strings.TrimRight(row(0), " │")) || !strings.Contains(row(2), "Wrong") || strings.Contains(row(2), "Slow") ||
		strings.Contains(row(1), "Wrong") || strings.Contains(r.text(), "\x1b") {
		t.Errorf("the verdict is not on its row:\n%s", r.text())
	}
}

// What is known besides has columns for those who ask, and orders the list.
func TestOptionalColumns(t *testing.T) {
	c, streams := sample.Bridged(1)
	c.Cause, c.FinalReason = `Q.850;cause=16;text="x"`, "OK"
	c.DTMF = []correlate.Digit{{Key: "1"}, {Key: "4"}}
	streams[0].Control = &correlate.Control{Trip: correlate.RoundTrip{Near: -1, Far: -1, Total: 83 * time.Millisecond, Worst: -1}}
	b := sample.New(2, "busy", "sip:anna@example.org", "sip:bert@example.org", 1)
	b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE", "P-Asserted-Identity: <sip:+442079460018@carrier.example>")
	b.Call.FinalReason = "Busy Here"
	snap := &correlate.Snapshot{Calls: []*correlate.Call{c, &b.Call}, Streams: streams, First: c.Started, Last: c.Ended}
	r := newRig(t, rigOptions{w: 120, h: 30, snap: snap, status: fileStatus()})
	r.config.ShowKeys = true
	r.setOptions(map[string]string{"calls.columns": "number from reason pai rtt dtmf transport agent"})
	r.has("Reason ", " PAI ", " RTT ", " DTMF ", "Q.850 16", "Busy Here", " 83 ", " 14 ")
	if row := r.rowWith("Busy Here"); !strings.Contains(row, "+442079460018") || strings.Contains(row, "83") {
		t.Errorf("the row of the second call is %q", row)
	}
	for _, column := range []string{"reason", "rtt", "dtmf", "transport", "agent", "why"} {
		if r.calls.sortBy(column); r.calls.order.key.column != column {
			t.Errorf("the list cannot be ordered by %s", column)
		}
	}
	r.calls.sortBy("reason")
	r.text()
	if first := r.calls.call(0); first.Index != 2 {
		t.Errorf("by reason the first call is %d: busy comes before Q.850", first.Index)
	}
}

// Call 4 of the demo has 401 packets of 200 octets of IP in each direction (tshark
// -q -z io,stat with the ports of its streams: 160 of payload, 40 of headers).
func TestBytesColumn(t *testing.T) {
	r := readCapture(t, "../pcaps/demo.pcap", 120, 40)
	r.setOptions(map[string]string{"calls.columns": "number from bytes"})
	r.has(" Bytes")
	r.calls.sortBy("bytes")
	if row := r.rowWith("160.4 kB"); !strings.Contains(row, " 4 alice") {
		t.Errorf("the row of call 4 is %q:\n%s", row, r.text())
	}
	if first := r.calls.call(0); first.Index != 6 {
		t.Errorf("call %d has most octets", first.Index)
	}
}
