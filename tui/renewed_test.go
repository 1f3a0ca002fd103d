package tui

import (
	"slices"
	"testing"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// renewed is the snapshot with each message of each call in another place of
// the memory, as when the texts of calls that are over are let go.
func renewed(snap *correlate.Snapshot) *correlate.Snapshot {
	next := *snap
	next.Generation++
	next.Calls = slices.Clone(snap.Calls)
	for i, c := range next.Calls {
		list := slices.Clone(c.Messages())
		for j, m := range list {
			other := *m
			if at := slices.Index(c.Messages()[:j], m.First); m.First != nil && at >= 0 {
				other.First = list[at]
			}
			list[j] = &other
		}
		next.Calls[i] = c.WithMessages(list, c.Descriptions()...)
	}
	return &next
}

// What is marked and unfolded in a ladder stays so while a file is read on.
func TestMarksOutliveRenewedMessages(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 30, snap: rows(8), status: fileStatus()})
	r.press("Home", "Down", "Down", "Down", "Down", "Down", "Enter")
	v := r.top().(*flowView)
	first := slices.IndexFunc(v.l.Rows, func(row ladder.Row) bool { return len(row.Copies) > 0 })
	if first < 0 {
		t.Fatal("no row with copies")
	}
	v.cursor = first
	folded := len(v.l.Rows)
	r.press("e", "Down", "Down", "Space", "Down")
	at, unfolded, marked := v.cursor, len(v.l.Rows), v.markedRow()
	if unfolded <= folded || marked != at-1 {
		t.Fatalf("%d rows, before %d; row %d is marked, the cursor is on %d", unfolded, folded, marked, at)
	}
	r.publish(renewed(r.snap))
	if len(v.l.Rows) != unfolded {
		t.Errorf("%d rows, before %d", len(v.l.Rows), unfolded)
	}
	if v.markedRow() != marked || v.cursor != at {
		t.Errorf("row %d is marked, the cursor is on %d, want %d and %d", v.markedRow(), v.cursor, marked, at)
	}
	v.cursor = first
	r.press("e")
	if len(v.l.Rows) != folded {
		t.Errorf("%d rows when folded again, want %d", len(v.l.Rows), folded)
	}
}

// A message that was marked for a comparison is the same one later.
func TestMarkedMessageOutlivesRenewal(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 30, snap: rows(8), status: fileStatus()})
	r.press("Home", "Enter", "Enter", "Space").has("marked;")
	r.press("Esc").publish(renewed(r.snap))
	r.press("Enter", "Space").has("no longer marked")
}
