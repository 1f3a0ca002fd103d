package tui

import (
	"strings"
	"testing"

	"sipsniff/correlate"
	custom "sipsniff/internal/column"
	"sipsniff/tui/internal/sample"
)

func columnsOf(t *testing.T, specs ...string) (s custom.Set) {
	t.Helper()
	for _, spec := range specs {
		if err := s.Set(spec); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestCustomColumns(t *testing.T) {
	snap := &correlate.Snapshot{First: 1, Last: 2}
	for i, account := range []string{"4711", "\x1b[31m" + strings.Repeat("long", 50)} {
		b := sample.New(i+1, "id", "sip:alice@a", "sip:bob@b", float64(i))
		b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE", "X-Account: "+account)
		snap.Calls = append(snap.Calls, &b.Call)
	}
	r := newRig(t, rigOptions{w: 220, h: 20, snap: snap, columns: columnsOf(t, "Account=header:x-account", "Goal=request-uri")})
	r.has("Account").has("Goal").has("4711").has("sip:bob@b").has("␛[31ml")
	r.checkCells("list")

	// The call goes on: what is known of it is read anew.
	b := sample.New(1, "id", "sip:alice@a", "sip:bob@b", 0)
	b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE", "X-Account: 4712")
	r.snap = &correlate.Snapshot{Generation: 2, First: 1, Last: 3, Calls: []*correlate.Call{&b.Call, snap.Calls[1]}}
	r.take(r.snap)
	r.has("4712").hasNot("4711")
}

// A narrow list has room for what makes it one, and no more.
func TestCustomColumnsNarrow(t *testing.T) {
	r := newRig(t, rigOptions{w: 50, h: 10, snap: rows(3), status: fileStatus(), columns: columnsOf(t, "Account=header:x")})
	r.has("State").hasNot("Account")
}

// Values of calls that scrolled by are not kept for ever.
func TestCustomColumnsBound(t *testing.T) {
	k := customColumns{set: columnsOf(t, "a=request-uri")}
	for i := range 3 * mostCustom {
		k.value(&correlate.Call{Index: i}, 0)
		if len(k.known) > mostCustom {
			t.Fatalf("%d calls are remembered", len(k.known))
		}
	}
}
