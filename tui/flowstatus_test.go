package tui

import (
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/tui/ladder"
)

// statusRow is the row below the ladder.
func (r *rig) statusRow(h int) string { return strings.Split(r.text(), "\n")[h-2] }

// What an arrow is too short for stands in full in the row below the ladder.
func TestStatusTellsTheArrowInFull(t *testing.T) {
	r := bridged(t, 80, 24)
	r.press("Home").has("│── INVITE sdp PCMA+2 ──▶│")
	if row := r.statusRow(24); !strings.Contains(row, "INVITE sdp PCMA,PCMU,dtmf · 12:09:38.402 · frame ") {
		t.Errorf("the status of the INVITE is %q", row)
	}
	v := r.top().(*flowView)
	for i := range v.l.Rows {
		if v.l.Rows[i].Kind == ladder.StreamRow {
			v.cursor = i
			break
		}
	}
	if row := r.statusRow(24); !strings.HasPrefix(row, " RTP ") || !strings.Contains(row, " ssrc ") || len([]rune(row)) > 79 {
		t.Errorf("the status of a stream is %q", row)
	}
	r = bridged(t, 200, 60)
	w := r.top().(*flowView)
	w.cursor = v.cursor
	if row := r.statusRow(60); !strings.Contains(row, w.l.Rows[w.cursor].Said) || !strings.Contains(row, " MOS ") {
		t.Errorf("on a wide screen the status of a stream is %q", row)
	}
}

// How many findings rest upon a stream stands at the end of its status.
func TestStatusOfAStreamCountsFindings(t *testing.T) {
	r := bridged(t, 80, 24)
	v := r.top().(*flowView)
	stream := r.snap.Streams[0]
	finding := correlate.Finding{Severity: correlate.Warning, Title: "x", Evidence: []correlate.Evidence{{Stream: stream.ID}, {Stream: stream.ID}}}
	r.found = &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{1: {finding}}}}
	v.foundOut()
	if !v.selectFrame(0, stream.ID) {
		t.Fatal("the stream has no row")
	}
	if row := r.statusRow(24); !strings.HasSuffix(row, "  ⚠ 1") {
		t.Errorf("the status is %q", row)
	}
}
