package tui

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/decode/sip"
	"sipsniff/internal/allowance"
	"sipsniff/internal/cells"
	"sipsniff/tui/internal/sample"
)

// evilSnapshot holds names that try to colour the screen, to vanish, to move
// the cursor and to name the window.
func evilSnapshot() *correlate.Snapshot {
	names := []string{
		"[red]x", `"[Sales] Ann"`, "\x1b]0;owned\a", "a\u202egnp.exe", "日本語日本語日本語日本語", "👨\u200d👩\u200d👧🎉🎉🎉🎉🎉🎉🎉", strings.Repeat("x", 10<<10),
		"\xff\xfe\x80", "\u0301\u0301", "", "a\x00b\tc\r\nd", "\x9b31m",
		"z\u200be\u200cr\u200do\ufeff\u00ad", "Z" + strings.Repeat("\u0301\u0332", 200), "🇩🇪🇫🇷e\ufe0f한글ｶﾞ", `[""][red:blue:bu]["x"]`, "\u2066ab\u2069\u2028c\u2029", "│┌┐└┘─┼▶",
	}
	snap := &correlate.Snapshot{First: 1, Last: 2}
	for i, name := range names {
		b := sample.New(i+1, name+"@[fe:ab:b]", "sip:"+name+"@[fe:ab:b]", "sip:"+name+"@[fe:ab:b]", float64(i))
		m := b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE", "User-Agent: "+name, "X-"+name+": "+name)
		m.Findings = []sip.Finding{{Code: "bad_" + name}}
		sample.WithSDP(m, "192.0.2.1:4000", name, "PCMA")
		b.After(5).Response("192.0.2.9:5060", "192.0.2.1:5060", 486, name, "INVITE", "Server: "+name)
		b.Call.FinalStatus, b.Call.FinalReason, b.Call.State = 486, name, correlate.StateBusy
		b.Call.UserAgent, b.Call.Cause = name, name
		s := b.Stream(i+1, "192.0.2.1:4000", "192.0.2.9:4000", name, 1, 50, 1)
		snap.Calls, snap.Streams = append(snap.Calls, &b.Call), append(snap.Streams, s)
	}
	return snap
}

// checkCells fails when a cell of the screen holds something a terminal would
// act upon, or when a wide character is halved at the edge.
func (r *rig) checkCells(where string) string {
	r.t.Helper()
	w, _ := r.sim.Size()
	return r.scan(func(x, y int, s string, width int) {
		if c, found := harmful(s); found {
			r.t.Fatalf("%s: cell %d,%d holds %q of %q", where, x, y, c, s)
		}
		if x+width > w {
			r.t.Fatalf("%s: %q in cell %d,%d is halved", where, s, x, y)
		}
	})
}

func TestEvilNames(t *testing.T) {
	snap := evilSnapshot()
	for _, charset := range []string{"UTF-8", "US-ASCII"} {
		for _, size := range allowance.Some([][2]int{{80, 24}, {120, 40}, {40, 10}, {400, 100}}, 4) {
			if charset == "US-ASCII" && size[0] != 80 {
				continue
			}
			r := newRig(t, rigOptions{w: size[0], h: size[1], snap: snap, status: Status{Source: "\x1b[2J[x]", Done: true, Frames: 9}, charset: charset})
			r.checkCells("list")
			for i := range snap.Calls {
				if size[0] > 200 && i%4 > 0 { // so large a screen takes its time
					continue
				}
				r.press("Enter").checkCells("ladder")
				for _, key := range []string{"d", "d", "d", "d", "t", "w", "E", "End"} {
					r.press(key).checkCells("ladder " + key)
				}
				r.press("Home", "Enter").checkCells("message")
				r.press(`\`).checkCells("wire")
				r.press("x").checkCells("hex")
				r.press("x", "/").typeText("ann").press("Enter").checkCells("search")
				r.press("Esc", "r").checkCells("raw")
				r.press("Esc", "Esc", "Down")
			}
			if title := r.sim.GetTitle(); title != "" {
				t.Errorf("the window is called %q", title)
			}
			if charset == "US-ASCII" {
				for i, c := range r.text() {
					if c != '\n' && (c < ' ' || c > '~') {
						t.Fatalf("%q at %d on an ASCII screen", c, i)
					}
				}
			}
		}
	}
}

func TestNamesAreShownLiterally(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: evilSnapshot(), status: fileStatus()})
	r.has("[red]x", "␛]0 ", `a\u202…np.exe`, "日本語", `\xff\xfe\x80`)
	plain := r.theme[rolePlain]
	for y, line := range strings.Split(r.text(), "\n") {
		at := strings.Index(line, "[red]x")
		if at < 0 || y < 5 {
			continue
		}
		if _, style, _ := r.sim.Get(cells.Width(line[:at])+5, y); style != plain {
			t.Errorf("[red]x changed the style of the text behind it to %v", style)
		}
	}
	r.press("Down", "Enter", "Enter").has("[Sales] Ann", "[fe:ab:b]")
}

func TestEveryScreenAtEverySize(t *testing.T) {
	sizes := [][2]int{{40, 10}, {41, 11}, {59, 14}, {60, 16}, {79, 23}, {80, 24}, {99, 30}, {117, 37}, {118, 38}, {150, 50}, {400, 100}, {39, 9}, {1, 1}, {0, 0}}
	keys := []string{"", "Right", "Right", "Enter", "t", "9", "9", "9", "0", "Tab", "Down", "Tab", "Right", "Right", "Left", "m", "M", "M", "D", "D",
		"e", "E", "s", "w", "w", "w", "w", "d", "d", "d", "F1", "Right", "Down", "Esc", "/", "Esc", "Enter", "x", "[", "]", `\`, "Esc", "r", "]", "[", "End", "Esc", "Esc", "q", "Esc", "<", "Esc"}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(40), status: liveStatus(), live: true})
	r.press("Down", "Down", "Down", "Down")
	for i, key := range keys {
		if key != "" {
			r.press(key)
		}
		for _, size := range allowance.Some(sizes, 4) {
			if size[0] > 200 && i%6 > 0 { // so large a screen takes its time
				continue
			}
			r.sim.SetSize(size[0], size[1])
			screen := r.checkCells(fmt.Sprintf("%dx%d after %q", size[0], size[1], key))
			if size[0] < leastWidth || size[1] < leastHeight {
				continue
			}
			lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
			if len(lines) != size[1] || r.prompt == nil && strings.TrimSpace(lines[len(lines)-1]) == "" {
				t.Errorf("%v after %q: the last row is no hint line:\n%s", size, key, screen)
			}
		}
	}
}

func TestTooSmall(t *testing.T) {
	r := newRig(t, rigOptions{w: 39, h: 9, snap: rows(10), status: liveStatus(), live: true})
	r.has("I need 40×10", "capture continues", "up").hasNot("From")
	r.sim.SetSize(80, 24)
	r.has("From").hasNot("I need")
	r.sim.SetSize(20, 4) // no word is cut
	r.has("terminal 20×4", "need 40×10", "q Quit").hasNot("draw", "drop")
	r.sim.SetSize(39, 3)
	r.has("terminal 39×3", "need 40×10", "q Quit")
	for w := 1; w < 40; w++ {
		for h := 1; h < 10; h++ {
			r.sim.SetSize(w, h)
			r.checkCells("too small")
		}
	}
}

func TestOneCallIsNoCalls(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(1), status: liveStatus(), live: true})
	r.press("q").has("Live capture: 1 call is not saved.")
	r.sim.SetSize(39, 9)
	r.has("1 call ").hasNot("1 calls")
}

func TestCursorKeepsItsCallAndItsRow(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(40), status: liveStatus(), live: true})
	r.text()
	r.press("PgDn", "PgDn", "Up").text()
	screenRow, id := r.calls.list.cursor-r.calls.list.top, r.calls.list.id
	check := func(what string) {
		t.Helper()
		r.text()
		if r.calls.list.id != id || r.calls.list.cursor-r.calls.list.top != screenRow {
			t.Errorf("%s: cursor on #%d in row %d, was on #%d in row %d", what, r.calls.list.id,
				r.calls.list.cursor-r.calls.list.top, id, screenRow)
		}
	}
	r.publish(rows(60))
	check("20 new calls")
	later := rows(80)
	later.Calls, later.EvictedCalls, later.LimitReached = later.Calls[4:], 4, "calls"
	r.publish(later)
	check("4 calls left")
	r.has("oldest leave (calls) · 4 left so far")
	r.sim.SetSize(200, 60)
	r.text()
	if r.calls.list.id != id {
		t.Errorf("after a resize the cursor is on #%d", r.calls.list.id)
	}
}

func TestCursorWhenItsCallLeaves(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	later := rows(10)
	later.Calls, later.EvictedCalls = later.Calls[3:], 3
	r.publish(later)
	if r.calls.list.id != 4 {
		t.Errorf("cursor on #%d, want the first call left, #4", r.calls.list.id)
	}
	r.publish(&correlate.Snapshot{EvictedCalls: 10})
	r.press("Enter", "Space", "y", "Y", "r", "<", ".", "z", "A", "End", "Home").has("No SIP yet")
}

func TestSortedLiveListDoesNotJump(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 24, snap: rows(30), status: liveStatus(), live: true})
	r.text()
	r.press(">", ">", "Enter", "z").text()
	if r.calls.order.key.column != "method" {
		t.Fatalf("sorted by %s", r.calls.order.key.column)
	}
	r.calls.sortBy("from")
	r.press("Down", "Down", "Down", "Down", "Down", "Down").text()
	id, row := r.calls.list.id, r.calls.list.cursor-r.calls.list.top
	r.publish(rows(50)).text()
	if r.calls.list.id != id || r.calls.list.cursor-r.calls.list.top != row {
		t.Errorf("cursor moved from #%d to #%d", id, r.calls.list.id)
	}
	for i := 1; i < r.calls.Len(); i++ {
		if compare(r.calls.order.entries[i-1], r.calls.order.entries[i], r.calls.order.descending) > 0 {
			t.Fatalf("row %d is out of order", i)
		}
	}
}

func TestVolatileOrderIsHeldUntilAsked(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 24, snap: rows(30), status: liveStatus(), live: true})
	r.text()
	r.calls.sortBy("duration")
	first := r.calls.ID(0)
	r.publish(rows(60))
	if r.calls.ID(0) != first || r.calls.ID(r.calls.Len()-1) != 60 {
		t.Errorf("order began with #%d and ends with #%d", r.calls.ID(0), r.calls.ID(r.calls.Len()-1))
	}
	r.clock = r.clock.Add(8 * time.Second)
	r.has("order 8 s old · . re-sorts")
	r.press(".").hasNot("re-sorts")
	if row := r.calls.Find(57); row > 30 { // it is up for 9 minutes
		t.Errorf("after sorting anew #57 is still in row %d", row)
	}
}

func TestSortPicker(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 24, snap: rows(30), status: fileStatus()})
	r.has("#▲").press(">").has("Sort by", "Time▲").hasNot("#▲")
	r.press("Down", "Down").has("From▲")
	r.press("Esc").has("#▲").hasNot("Sort by")
	r.press("<").press("<")
	if key := r.calls.order.key.column; key != "callid" { // over the first column to the last
		t.Errorf("sorted by %s, want the last column", key)
	}
	r.press("q") // any other key closes the picker and is executed
	if !errors.Is(r.ended, errQuit) {
		t.Error("q did not reach the list")
	}
}

// Enter on the column that the list was in the order of reverses that, as in
// sngrep.
func TestSortPickerReverses(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(30), status: fileStatus()})
	r.has("#▲").press("<", ">", "Enter")
	if o := r.calls.order; o.key.column != "number" || !o.descending {
		t.Errorf("the order is by %s, falling %v", o.key.column, o.descending)
	}
	r.press("<", "Enter")
	if o := r.calls.order; o.key.column == "number" || o.descending {
		t.Errorf("on another column the order is by %s, falling %v", o.key.column, o.descending)
	}
}

func TestSortOrders(t *testing.T) {
	r := newRig(t, rigOptions{w: 200, h: 60, snap: rows(200), status: fileStatus()})
	for _, key := range sortKeys() {
		for range 2 {
			r.calls.sortBy(key.column)
			e := r.calls.order.entries
			for i := 1; i < len(e); i++ {
				if compare(e[i-1], e[i], r.calls.order.descending) > 0 {
					t.Errorf("%s: #%d before #%d", key.column, e[i-1].index, e[i].index)
				}
			}
		}
	}
	r.calls.sortBy("loss")
	if r.calls.ID(0) != 5 {
		t.Errorf("the call with the largest loss is #5, the list begins with #%d", r.calls.ID(0))
	}
	r.calls.sortBy("loss")
	if r.calls.ID(0) != 5 {
		t.Errorf("calls without RTP have to stay at the end when reversed, the list begins with #%d", r.calls.ID(0))
	}
}

func TestNaturalOrder(t *testing.T) {
	in := []string{"", "+1", "+49", "+490", "9", "10", "a2", "a10", "A11", "b"}
	for i := 1; i < len(in); i++ {
		if a, b := naturalKey(in[i-1]), naturalKey(in[i]); a >= b {
			t.Errorf("%q does not come before %q", in[i-1], in[i])
		}
	}
}

func TestFollowAndNewRows(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(30), status: liveStatus(), live: true})
	r.publish(rows(44)).has("+14 new ↓ (G)")
	r.press("A").has("following")
	r.publish(rows(60))
	if r.calls.list.id != 60 {
		t.Errorf("following, cursor on #%d", r.calls.list.id)
	}
	r.press("Up")
	r.publish(rows(70))
	if r.calls.list.id != 59 || r.calls.follow {
		t.Errorf("after Up the cursor is on #%d", r.calls.list.id)
	}
	r.press("G").hasNot("new ↓")
}

func TestFreeze(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 24, snap: rows(3), status: liveStatus(), live: true})
	r.press("p").has("FROZEN at 12:12:20", "+0 calls")
	r.status.Frames += 20_600
	r.publish(rows(11)).has("+8 calls", "+20.6k pk", "[1 Dialogs 3]")
	r.press("p").has("[1 Dialogs 11]", "LIVE eth0")
}

func TestScope(t *testing.T) {
	snap := rows(3)
	for i, method := range []string{"REGISTER", "OPTIONS", "OPTIONS", "SUBSCRIBE"} {
		b := sample.New(4+i, "x", "sip:a@b", "sip:c@d", 10)
		b.Request("192.0.2.1:5060", "192.0.2.9:5060", method)
		b.Call.State = correlate.StateRegistered
		snap.Calls = append(snap.Calls, &b.Call)
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: fileStatus()})
	r.has("[1 Dialogs 5]", "hidden 2 OPTIONS", "reg 1", "other 1", "REG ")
	r.press("D").has("[1 Calls 3]")
	r.press("D").has("[1 Dialogs 7]", "OPT ")
	r.press("D").has("[1 Dialogs 5]")
}

// Other methods than pings can be hidden, at once, and none.
func TestHiddenMethods(t *testing.T) {
	snap := rows(3)
	for i, method := range []string{"REGISTER", "OPTIONS", "NOTIFY", "NOTIFY"} {
		b := sample.New(4+i, "x", "sip:a@b", "sip:c@d", 10)
		b.Request("192.0.2.1:5060", "192.0.2.9:5060", method)
		snap.Calls = append(snap.Calls, &b.Call)
	}
	file := liked(t, "[calls]\nhide = [\"NOTIFY\"] # noise\n")
	r := newRig(t, rigOptions{w: 120, h: 40, snap: snap, status: fileStatus(), file: file})
	r.has("[1 Dialogs 5]", "hidden 2 NOTIFY", "other 1", "OPTIONS")
	r.press("F8", "Tab", "Down").has("Hide methods        NOTIFY").press("Enter").typeText(" options").press("Enter", "s")
	r.has("[1 Dialogs 4]", "hidden 3 NOTIFY+OPTIONS").hasNot("other ")
	if got, _ := os.ReadFile(file.Path); string(got) != "[calls]\nhide = [\"NOTIFY\", \"options\"] # noise\n" {
		t.Errorf("the file became %q", got)
	}
	r.press(":").typeText("set calls.hide").press("Enter").has("[1 Dialogs 7]", "other 3").hasNot("hidden")
	r.press("D", "D").has("all dialogs")
	r.press("Enter").has("Flow")
}

func TestOnlyPingsAreNotHidden(t *testing.T) {
	b := sample.New(1, "x", "sip:a@b", "sip:c@d", 0)
	b.Request("192.0.2.1:5060", "192.0.2.9:5060", "OPTIONS")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &correlate.Snapshot{Calls: []*correlate.Call{&b.Call}}, status: fileStatus()})
	r.has("[1 Dialogs 1]")
	r.press("D", "D").has("0 of 1 dialogs are calls")
}

func TestMergedLadder(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 40, snap: rows(10), status: fileStatus()})
	r.press("Down", "Down", "Down", "Down", "Space", "Down", "Space").has("2 marked")
	r.press("Enter").has("A #5 7a11c0de-91f2@203.0.113.20", "B #6 20014-5a7c@192.0.2.2", "▶ A 12:09:38", "  B ")
	r.press("Esc").press("Esc").hasNot("marked", "Leave")
	if r.ended != nil {
		t.Error("Esc ended the program")
	}
}

func TestLadderKeys(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 40, snap: rows(10), status: fileStatus()})
	r.press("Down", "Down", "Down", "Down", "Enter").has("INVITE sdp PCMA+2", "PCMA -4.8% 3.12", "[5/10]", "BYE  Q.850;cause=16")
	r.press("d").has("203.0.113.20:16412  ")
	r.press("d").has("audio 203.0.113.20:16412")
	r.press("d").press("d").hasNot("203.0.113.20:16412 ")
	r.press("m").hasNot("PCMA -")
	r.press("m").has("PCMA -")
	r.press("m").hasNot("PCMA -") // nothing was heard within 5 s of the end
	r.press("m").has("PCMA -")
	r.press("M").has("PCMA -").hasNot("100 Trying")
	r.press("M", "D").hasNot("100 Trying", "ACK").has("INVITE")
	r.press("D", "w").has("12:09:44.597")
	r.press("w").has("12:09:44.597  +4.318")
	r.press("w").hasNot("+4.318").press("w")
	r.press("Home", "Space", "Down", "Down").has("▶     +0.004")
	r.press("^W").has("▶     +0.003")
	r.press("]").has("Flow #6", "[6/10]", "31.9 s without SIP", "CANCEL ↻2", "CANCEL ↻8 same transaction")
	r.press("E").has("↻ CANCEL").press("E").hasNot("↻ CANCEL")
	r.press("e").has("↻ INVITE").hasNot("↻ CANCEL").press("e")
	r.press("[", "[").has("Flow #4").press("Esc")
	if r.calls.list.id != 4 {
		t.Errorf("the list's cursor did not follow: #%d", r.calls.list.id)
	}
}

func TestLadderSearch(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 40, snap: rows(10), status: fileStatus()})
	r.press("Down", "Down", "Down", "Down", "Enter", "/").typeText("q.850").has("search: q.850").press("Enter")
	f := r.top().(*flowView)
	if m := f.message(); m == nil || m.Method != "BYE" {
		t.Errorf("the search stopped at %v", f.row())
	}
	r.press("/", "^U").typeText("asterisk").press("Enter", "n")
	if m := f.message(); m == nil || !strings.Contains(m.Text(), "Asterisk") {
		t.Errorf("the search stopped at %v", f.row())
	}
	r.press("/", "^U").typeText("nowhere").press("Enter").has("nowhere is in no message")
}

func TestColumnsOutOfViewAreReached(t *testing.T) {
	b := sample.New(1, "hops", "sip:a@b", "sip:c@d", 0)
	host := func(i int) string { return fmt.Sprintf("192.0.2.%d:5060", i+1) }
	for i := range 7 {
		b.After(1).Request(host(i), host(i+1), "INVITE")
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &correlate.Snapshot{Calls: []*correlate.Call{&b.Call}}, status: fileStatus()})
	r.press("Enter").has(" 5 ▸", "192.0.2.1:5060").hasNot("192.0.2.8:5060")
	r.press("l", "l", "l", "l", "l", "l").has("◂ 5 more", "192.0.2.8:5060").hasNot("▸")
	r.press("h", "h", "h", "h", "h").has(" 5 ▸").hasNot("192.0.2.8:5060")
}

func TestLiveLadderGrows(t *testing.T) {
	snap := rows(4)
	call, streams := sample.Bridged(5)
	part := call.WithMessages(call.Messages()[:4])
	part.StreamIDs = nil
	snap.Calls = append(snap.Calls, part)
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: liveStatus(), live: true})
	r.press("End", "Enter", "Down").text()
	f := r.top().(*flowView)
	at := f.message()
	grown := rows(4)
	grown.Calls, grown.Streams = append(grown.Calls, call), streams
	r.publish(grown).has("200 OK sdp PCMA")
	if f.message() != at {
		t.Error("the cursor left its message")
	}
	r.press("End").text()
	last := len(f.l.Rows)
	more := call.WithMessages(slices.Concat(call.Messages(), call.Messages()[:1]))
	again := rows(4)
	again.Calls, again.Streams = append(again.Calls, more), streams
	r.publish(again)
	if f.cursor != len(f.l.Rows)-1 || len(f.l.Rows) <= last {
		t.Errorf("from the last row the view follows: row %d of %d", f.cursor, len(f.l.Rows))
	}
	r.publish(&correlate.Snapshot{EvictedCalls: 5}).has("Flow #5") // what was opened stays readable
	r.press("Enter", "Esc", "]", "Y", "r", "Esc", "d", "m")
}

func TestMessageKeys(t *testing.T) {
	t.Setenv("TERM", "xterm-256color") // screen passes no clipboard on
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	r.press("Down", "Down", "Down", "Down", "Enter", "Enter").has("Message 1/14 · INVITE", "key headers", "media (SDP summary)")
	r.press(`\`).has("as on the wire").hasNot("key headers ─")
	screen := r.text()
	if strings.Index(screen, "Via:") > strings.Index(screen, "From:") {
		t.Error("on the wire Via comes first")
	}
	r.press("x").has("49 4e 56 49 54 45", "INVITE").press("x", `\`)
	r.press("]").has("Message 2/14 · 100 Trying").press("[", "[").has("Message 1/14", "no more messages")
	r.press("/").typeText("m=audio").press("Enter").has("m=audio 16412")
	r.press("/", "^U").typeText("zzz").press("Enter").has("zzz is not in this text")
	r.press("y").has("copied the message")
	if got := string(r.sim.GetClipboardData()); !strings.HasPrefix(got, "INVITE sip:") || !strings.HasSuffix(got, "a=sendrecv\r\n") {
		t.Errorf("the clipboard has %q", got)
	}
	r.press("Y").has("copied the Call-ID: 26 bytes")
	if got := string(r.sim.GetClipboardData()); got != "7a11c0de-91f2@203.0.113.20" {
		t.Errorf("the clipboard has %q", got)
	}
	r.press("1").has("[1 Dialogs 10]")
}

func TestRaw(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	r.press("Down", "Down", "Down", "Down", "F6").has("All 14 messages", "1/14 INVITE", "key headers").hasNot("2/14")
	r.press("]").has("2/14 100 Trying").press("[").has("1/14")
	r.press("Esc").has("[1 Dialogs 10]")
}

func TestQuitting(t *testing.T) {
	for _, tt := range []struct {
		name string
		live bool
		keys []string
		ends bool
	}{
		{"q offline", false, []string{"q"}, true},
		{"q live asks", true, []string{"q"}, false},
		{"q live, Enter", true, []string{"q", "Enter"}, true},
		{"q live, Esc", true, []string{"q", "Esc"}, false},
		{"Esc asks", false, []string{"Esc"}, false},
		{"Esc Esc Esc never ends it", true, []string{"Esc", "Esc", "Esc", "Esc", "Esc"}, false},
		{"Esc Enter", false, []string{"Esc", "Enter"}, true},
		{"^C offline", false, []string{"^C"}, true},
		{"^C live asks", true, []string{"^C"}, false},
		{"^C twice", true, []string{"^C", "^C"}, true},
		{"^C twice in the ladder", true, []string{"Enter", "^C", "^C"}, true},
		{"^C twice in a dialog", true, []string{"q", "^C", "^C"}, true},
		{"q in the ladder goes back", false, []string{"Enter", "q"}, false},
		{"q in the help searches", false, []string{"F1", "q"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: tt.live})
			r.press(tt.keys...)
			if ended := errors.Is(r.ended, errQuit); ended != tt.ends {
				t.Errorf("ended: %v, want %v", ended, tt.ends)
			}
		})
	}
}

func TestQuitSaysWhatIsLost(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	r.press("q").has("Live capture: 10 calls are not saved.").press("Esc")
	r.status.Output = "rec.pcap"
	r.show(r.snap, r.status)
	r.press("q").has("recorded in rec.pcap")
}

func TestEmptyStates(t *testing.T) {
	tests := []struct {
		name   string
		live   bool
		status Status
		snap   correlate.Snapshot
		want   []string
	}{
		{"listening", true, Status{Source: "eth0", Filter: "port 5060", Frames: 2914}, correlate.Snapshot{},
			[]string{"No SIP yet", "listening to", "eth0", "port 5060", "2,914 packets"}},
		{"nothing passes", true, Status{Source: "eth0", Filter: "port 5060"}, correlate.Snapshot{}, []string{"Nothing passes the filter"}},
		{"loading", false, Status{Source: "big.pcap", Size: 1000, Position: 610, Frames: 70_000}, correlate.Snapshot{},
			[]string{"Reading big.pcap: 61%", "70,000 packets so far", "FILE big.pcap 61%"}},
		{"only RTP", false, Status{Source: "rtp.pcap", Frames: 45, Done: true, Undecoded: map[string]uint64{"arp_packet": 3}},
			correlate.Snapshot{Totals: correlate.Totals{RTPPackets: 44, Streams: 2}, Orphans: 10, Streams: orphans(10)},
			[]string{"[3 Streams 10]", "rtp.pcap has 45 packets, none is SIP", "192.0.2.1:4000", "– orphan"}},
		{"other protocols", false, Status{Source: "dns.pcap", Frames: 160, Done: true, Traffic: Traffic{TCP: 31, Ports: []Port{{Number: 53, Packets: 120}, {Number: 7777, Packets: 9}, {Number: 68, Packets: 3}, {Number: 67, Packets: 1}}}},
			correlate.Snapshot{Totals: correlate.Totals{RTPPackets: 3990, Streams: 5}},
			[]string{"dns.pcap has 160 packets, none is SIP", "Protocols: RTP? 3,990 (5 streams → 3), DNS 120, TCP 31, port 7777: 9, DHCP 4"}},
		{"only TLS", false, Status{Source: "tls.pcap", Frames: 160, Done: true, TLSHidden: 3, TLSPort: 5061}, correlate.Snapshot{},
			[]string{"tls.pcap has 160 packets, none is SIP", "3 TLS connections on 5061: give --keylog FILE (SSLKEYLOGFILE) or HEP"}},
		{"nothing but other things", true, Status{Source: "eth0", Frames: 40, Traffic: Traffic{Ports: []Port{{Number: 53, Packets: 40}}}}, correlate.Snapshot{},
			[]string{"40 packets came through, none of them is SIP", "Busiest UDP ports: 53 (DNS, 40 packets)", "VLAN or tunnel? none seen"}},
		{"no packet", false, Status{Source: "x.pcap", Done: true}, correlate.Snapshot{}, []string{"x.pcap holds no packet"}},
		{"unreadable", false, Status{Source: "x.pcap", Done: true, Err: errors.New("not a capture\x1b[2J")}, correlate.Snapshot{},
			[]string{"cannot be read", "not a capture␛[2J"}},
		{"ended early", false, Status{Source: "x.pcap", Done: true, Frames: 7, Err: errors.New("record cut")}, correlate.Snapshot{},
			[]string{"none is SIP", "It ended early: record cut"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, rigOptions{w: 80, h: 24, snap: &tt.snap, status: tt.status, live: tt.live})
			r.has(tt.want...).hasNot("loading", "Loading")
			r.press("Space", "Down", "F6", "y", "<").has(tt.want[0])
		})
	}
}

// orphans are streams without a call.
func orphans(n int) []*correlate.Stream {
	list := make([]*correlate.Stream, n)
	for i := range list {
		list[i] = &correlate.Stream{ID: i + 1, Src: netip.MustParseAddrPort("192.0.2.1:4000"), Dst: netip.MustParseAddrPort("198.51.100.1:5000"),
			Codec: "opus", CodecFrom: "guess", Packets: 22, Quality: quality.Report{Lost: 1}}
	}
	return list
}

// Streams without a call have no row; the counts say that there are some.
func TestStreamsWithoutACallAreCounted(t *testing.T) {
	snap := rows(3)
	snap.Streams, snap.Orphans = append(snap.Streams, orphans(2)...), 2
	r := newRig(t, rigOptions{w: 120, h: 24, snap: snap, status: fileStatus()})
	r.has("2 streams without a call")
	r.press("Enter").hasNot("198.51.100.1:5000")
	newRig(t, rigOptions{w: 120, h: 24, snap: rows(3), status: fileStatus()}).hasNot("without a call")
}

func TestTitleBar(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 24, snap: rows(3), status: liveStatus(), live: true})
	r.clock = r.clock.Add(858 * time.Second)
	s := liveStatus()
	s.Frames, s.Octets = 1284+858*1284, s.Octets+858*9_100_000/8
	r.status = s
	r.show(r.snap, s)
	r.has("● LIVE eth0 14m18s", "1,284 pps", "9.1 Mb/s", "drop 0", "12:26:38")
	r.status.Dropped = 20_600
	r.show(r.snap, r.status)
	r.has("DROP 1.8% now").hasNot("drop 0")
	r.status.Done, r.status.Err = true, errors.New("interface went down")
	r.show(r.snap, r.status)
	r.has("STOPPED", "interface went down")
}

func TestHelpComesFromTheKeyTable(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	for _, keys := range [][]string{{}, {"Enter"}, {"Enter"}} {
		r.press(keys...).press("F1")
		var shown strings.Builder
		for range 20 {
			shown.WriteString(r.text())
			r.press("PgDn")
		}
		place := r.top().context()
		for i := range r.keys.actions {
			a := &r.keys.actions[i]
			if a.Contexts&place == 0 {
				continue
			}
			keys, help := r.keys.list(a, place), a.Help[:min(len(a.Help), 12)]
			if members, text := r.keys.pairIn(a, place); members != nil {
				keys, help = r.keys.pairKeys(members, place, r.set.Ellipsis), text[:min(len(text), 12)]
			}
			if !strings.Contains(shown.String(), keys) || !strings.Contains(shown.String(), help) {
				t.Errorf("%s: %q, %q (%s) is not in the help", place.Name(), keys, help, a.ID)
			}
		}
		r.press("Esc")
	}
	r.press("F1").typeText("copy").has("copy the message").hasNot("next message")
	r.press("Esc").has("next message").press("Esc").hasNot("type to search")
	r.sim.SetSize(60, 16)
	r.press("F1").has("Help · Message", "Esc Close").press("PgDn", "PgDn", "PgDn", "PgDn", "PgDn", "PgDn").has("quit; twice: at once")
}

func TestNoKeyHasTwoActions(t *testing.T) {
	if _, err := customKeyTable(actions(), "", nil); err != nil {
		t.Fatal(err)
	}
	two := []Action{{ID: "a", Contexts: InCalls | InLadder, Keys: []string{"x"}}, {ID: "b", Contexts: InLadder, Keys: []string{"y", "x"}}}
	var conflict *KeyConflict
	if _, err := customKeyTable(two, "", nil); !errors.As(err, &conflict) || conflict.Key != "x" || conflict.Context != InLadder || conflict.First != "a" || conflict.Second != "b" {
		t.Errorf("two actions on x in the ladder: %v", err)
	}
}

func TestKeyTableIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range actions() {
		if seen[a.ID] || a.Run == nil || a.Help == "" || a.Title == "" || a.Contexts == 0 || len(a.Keys) == 0 {
			t.Errorf("%+v", a)
		}
		seen[a.ID] = true
		for _, key := range a.Keys {
			if name := keyName(event(key)); name != key {
				t.Errorf("%s: key %q is called %q when it is pressed", a.ID, key, name)
			}
		}
	}
}

func TestColours(t *testing.T) {
	for _, name := range []string{"auto", "dark", "light", "high-contrast", "mono"} {
		for _, colors := range []int{0, 2, 8, 16, 256, 1 << 24} {
			for i, style := range newTheme(name, colors) {
				fg, bg, _ := style.Decompose()
				if bg != tcell.ColorDefault {
					t.Errorf("%s, %d colours: role %d sets the background", name, colors, i)
				}
				limit := tcell.PaletteColor(min(16, colors))
				if fg != tcell.ColorDefault && (colors < 8 || name == "mono" || fg >= limit) {
					t.Errorf("%s, %d colours: role %d uses colour %v", name, colors, i, fg)
				}
			}
		}
	}
}

func TestMouse(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(40), status: fileStatus()})
	r.text()
	r.mouseAction(tview.MouseLeftClick, 20, 4+7)
	if r.calls.list.id != 8 {
		t.Errorf("a click on the eighth row leads to #%d", r.calls.list.id)
	}
	r.mouseAction(tview.MouseScrollDown, 20, 10)
	if r.calls.list.id != 11 {
		t.Errorf("the wheel leads to #%d", r.calls.list.id)
	}
	r.mouseAction(tview.MouseLeftClick, 25, 3)
	if r.calls.order.key.column != "from" {
		t.Errorf("a click on From sorts by %s", r.calls.order.key.column)
	}
	r.mouseAction(tview.MouseLeftClick, 25, 3)
	if !r.calls.order.descending {
		t.Error("a second click does not reverse")
	}
	r.mouseAction(tview.MouseLeftDoubleClick, 20, 6)
	r.has("Flow #")
	r.mouseAction(tview.MouseLeftClick, 20, 5)
	r.mouseAction(tview.MouseLeftDoubleClick, 20, 3)
	r.has("Message 1/")
}

func TestLayout(t *testing.T) {
	columns := []column{
		{id: "a", min: 4, ideal: 4, max: 4},
		{id: "b", min: 8, ideal: 12, max: 12, prio: 1, elastic: true},
		{id: "c", min: 10, ideal: 12, max: 20, elastic: true},
		{id: "d", min: 5, ideal: 5, max: 5, prio: 2},
		{id: "e", min: 6, ideal: 6, max: 6, prio: 8},
	}
	tests := []struct {
		width, skip, hidden int
		want                string
	}{
		{10, 0, 3, "a4@0 c5@5"},               // what is always shown stays, narrower than its minimum
		{23, 0, 2, "a4@0 c12@5 d5@18"},        // b needs 24, d has room
		{24, 0, 2, "a4@0 b8@5 c10@14"},        // its minimum
		{30, 0, 1, "a4@0 b8@5 c10@14 d5@25"},  // d before the ideal widths
		{36, 0, 1, "a4@0 b12@5 c12@18 d5@31"}, // ideal before e
		{43, 0, 0, "a4@0 b12@5 c12@18 d5@31 e6@37"},
		{99, 0, 0, "a4@0 b12@5 c20@18 d5@39 e6@45"},
		{30, 1, 0, "a4@0 c12@5 d5@18 e6@24"},
	}
	for _, tt := range tests {
		shown, hidden := layout(columns, tt.width, tt.skip)
		var got []string
		for _, p := range shown {
			got = append(got, fmt.Sprintf("%s%d@%d", p.id, p.width, p.x))
		}
		if strings.Join(got, " ") != tt.want || hidden != tt.hidden {
			t.Errorf("width %d, skip %d: %v, %d hidden, want %s, %d", tt.width, tt.skip, got, hidden, tt.want, tt.hidden)
		}
	}
}
