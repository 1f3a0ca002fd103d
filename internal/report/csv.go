package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"sipsniff/internal/clean"
)

// csvHead names the columns as the JSON does.
var csvHead = []string{
	"number", "call_id", "method", "from", "to", "from_display", "to_display", "request_uri", "source", "destination", "transport", "user_agent",
	"state", "flags", "started", "answered", "ended", "ended_by", "ring_ms", "session_request_delay_ms", "setup_ms", "duration_ms",
	"messages", "retransmissions", "duplicates", "final_status", "final_reason", "cause",
	"streams", "codec", "packets", "lost", "loss_percent", "jitter_ms", "encrypted_media", "msrp_messages", "mos_min", "legs", "findings",
}

// CSV writes a row for each call (RFC 4180), with the columns of --column
// behind the others. packets and lost are of all streams of a call, codec,
// loss_percent and jitter_ms of the one that lost most. What is not known is
// empty. Text from the wire is on one line, and never a formula.
func CSV(w io.Writer, r Result) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	head := append([]string(nil), csvHead...)
	for _, c := range r.Columns {
		head = append(head, csvText(c.Name))
	}
	if err := out.Write(head); err != nil {
		return err
	}
	r = r.diagnosed()
	streams := streamsByID(r.Snapshot.Streams)
	for _, c := range r.Snapshot.Calls {
		row := append(newCSVRow(c, streams), csvFindings(r.Diagnosis.Of(c.Index)))
		for _, value := range r.Columns.Values(c) {
			row = append(row, csvText(value))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// formulaStarts are the characters that make a spreadsheet take a cell for a
// formula, their full-width forms included.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// csvText makes text from the wire safe for spreadsheets and terminals.
func csvText(s string) string {
	formula := s != "" && strings.ContainsAny(firstRune(s), formulaStarts)
	s = clean.Line(s)
	if formula {
		return "'" + s
	}
	return s
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

// csvCount prints a number; none when it is 0 because it is not known.
func csvCount(n uint64, known bool) string {
	if !known {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

// csvMillis prints milliseconds, none when they are not known.
func csvMillis(ms *float64) string {
	if ms == nil {
		return ""
	}
	return csvFloat(*ms, true)
}

func csvFloat(v float64, known bool) string {
	if !known {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
