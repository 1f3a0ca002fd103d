package report

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/column"
)

// rowsOf writes a result as CSV and reads it again: a map for each call.
func rowsOf(t *testing.T, r Result) []map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := CSV(&b, r); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != strings.Count(b.String(), "\r\n") || n != 1+len(r.Snapshot.Calls) {
		t.Errorf("%d line ends for %d calls", n, len(r.Snapshot.Calls))
	}
	all, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestCSV(t *testing.T) {
	r := withMSRP()
	rows := rowsOf(t, r)
	for name, want := range map[string]string{
		"number": "1", "call_id": "a@example.com", "method": "INVITE", "from": "sip:alice@example.com", "source": "192.0.2.1:5060",
		"destination": "[2001:db8::2]:5060", "state": "completed", "started": "2026-01-02T03:04:05.000000006Z", "ended_by": "callee",
		"ring_ms": "", "session_request_delay_ms": "250", "setup_ms": "1000", "duration_ms": "82000", "messages": "7", "duplicates": "3",
		"final_status": "200", "streams": "1", "codec": "PCMA", "packets": "97", "lost": "5", "loss_percent": "5", "jitter_ms": "1.2346",
		"encrypted_media": "false", "msrp_messages": "2", "legs": "1",
	} {
		if got, ok := rows[0][name]; !ok || got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"call_id", "answered", "duration_ms", "final_status", "codec", "packets", "loss_percent", "msrp_messages"} {
		if got, ok := rows[1][name]; !ok || got != "" {
			t.Errorf("%s of a call of which it is not known: %q", name, got)
		}
	}
}

// Names that are formulas, break lines or quotes, or colour a terminal.
func TestCSVIsHarmless(t *testing.T) {
	r := example()
	if err := r.Columns.Set("=evil=header:X-A"); err == nil {
		t.Fatal("a name cannot start with =")
	}
	r.Columns = append(r.Columns, column.Column{Name: "@SUM(1)"})
	for text, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`, "+49 30 1": "'+49 30 1", "-1": "'-1", "@x": "'@x", "\t=1": "'␉=1", "\r\n=1": "'␍␊=1",
		"＝1": "'＝1", "a=b": "a=b", `say "hi", Bob`: `say "hi", Bob`, "a\r\nb": "a␍␊b", "\x1b[31m": "␛[31m", "'": "'", " =1": " =1", "": "", "\xff": `\xff`,
	} {
		r.Snapshot.Calls = []*correlate.Call{{Index: 1, CallID: text, HasCallID: true, FromDisplay: text, FinalReason: text, UserAgent: text, Cause: text,
			Ring: -1, SessionRequestDelay: -1, Setup: -1, Duration: -1}}
		row := rowsOf(t, r)[0]
		for _, name := range []string{"call_id", "from_display", "final_reason", "user_agent", "cause"} {
			if row[name] != want {
				t.Errorf("%s of %q: %q, want %q", name, text, row[name], want)
			}
		}
		if _, ok := row["'@SUM(1)"]; !ok {
			t.Error("the head is a formula")
		}
	}
}
