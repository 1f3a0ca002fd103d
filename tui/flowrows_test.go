package tui

import (
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/allowance"
	"sipsniff/tui/internal/sample"
	"sipsniff/tui/ladder"
)

// bridged is a UI on the ladder of a call over three hosts, of which two
// streams lost packets.
func bridged(t *testing.T, w, h int) *rig {
	t.Helper()
	c, streams := sample.Bridged(1)
	r := newRig(t, rigOptions{w: w, h: h, snap: &correlate.Snapshot{Calls: []*correlate.Call{c}, Streams: streams, First: c.Started, Last: c.Ended}, status: fileStatus()})
	return r.press("Enter")
}

func (r *rig) kinds() (messages, streams int) {
	for _, row := range r.top().(*flowView).l.Rows {
		switch {
		case row.Message != nil:
			messages++
		case row.Stream != nil:
			streams++
		}
	}
	return messages, streams
}

// Of 14 messages and 4 streams the finding is about the BYE, and two streams
// have losses that stand out without one.
func TestOnlyRowsWithFindings(t *testing.T) {
	r := bridged(t, 80, 24)
	all, streams := r.kinds()
	call := r.snap.Calls[0]
	bye := call.Messages()[10]
	r.found = &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{1: {{Severity: correlate.Info, Title: "x", Evidence: []correlate.Evidence{{Frame: bye.Frame, Text: "BYE"}}}}}}}
	r.top().(*flowView).foundOut()
	if m, s := r.press("!").kinds(); m != 1 || s != 2 {
		t.Errorf("%d messages and %d streams, want the BYE and two streams:\n%s", m, s, r.text())
	}
	if row := r.rowWith("BYE"); !strings.HasPrefix([]string{row}[0], "▶·") && !strings.HasPrefix(row, " ·") {
		t.Errorf("the BYE has no mark: %q", row)
	}
	if row := r.rowWith("═ PCMA -4.8%"); !strings.Contains(row, "⚠") {
		t.Errorf("the stream with losses has no mark: %q", row)
	}
	if m, s := r.press("!").kinds(); m != all || s != streams {
		t.Errorf("%d messages and %d streams, was %d and %d", m, s, all, streams)
	}
	r.press("Home", "n")
	if got := r.top().(*flowView).row(); got.Stream == nil && got.Message != bye {
		t.Errorf("n leads to a row without a finding: %+v", got)
	}
}

func TestOnlyRowsWithText(t *testing.T) {
	r := bridged(t, 80, 24)
	r.press("f").has("only rows with:").typeText("ringing").press("Enter")
	if m, s := r.kinds(); m != 2 || s != 0 {
		t.Errorf("%d messages and %d streams hold ringing, want two messages:\n%s", m, s, r.text())
	}
	if m, _ := r.press("f").kinds(); m != 14 {
		t.Errorf("%d messages, want 14", m)
	}
}

// The column of the caller goes to the right, and stays there in other
// ladders.
func TestColumnsMove(t *testing.T) {
	r := bridged(t, 80, 24)
	heads := func() string { return strings.Split(r.text(), "\n")[1] }
	before := heads()
	if strings.Index(before, "203.0.113.20") > strings.Index(before, "192.0.2.10") {
		t.Fatalf("the caller is not at the left: %q", before)
	}
	r.press("Home", "Alt-Right")
	if after := heads(); strings.Index(after, "203.0.113.20") < strings.Index(after, "192.0.2.10") {
		t.Errorf("the caller did not move: %q", after)
	}
	if row := r.rowWith("INVITE sdp PCMA+2"); !strings.Contains(row, "◀") {
		t.Errorf("the arrow of the INVITE still goes to the right: %q", row)
	}
	r.press("Esc", "Enter")
	if again := heads(); strings.Index(again, "203.0.113.20") < strings.Index(again, "192.0.2.10") {
		t.Errorf("the next ladder has the old order: %q", again)
	}
	r.press("Home", "Alt-Left")
	if back := heads(); back != before {
		t.Errorf("moved back it reads %q, was %q", back, before)
	}
}

func TestColoursOfTheLadder(t *testing.T) {
	r := bridged(t, 80, 24)
	v := r.top().(*flowView)
	request, reply := &v.l.Rows[0], &v.l.Rows[1]
	if v.rowRole(request) != roleRequest || v.rowRole(reply) != roleResponse {
		t.Error("request and reply are not told apart")
	}
	r.press("c").has("colours by leg")
	if v.rowRole(request) != v.rowRole(reply) {
		t.Error("one leg has two colours")
	}
	r.press("c").has("colours by CSeq")
	bye := &v.l.Rows[len(v.l.Rows)-1]
	request.Message.CSeq.Number, bye.Message.CSeq.Number = 1, 2
	if v.rowRole(request) == v.rowRole(bye) {
		t.Error("two CSeqs have one colour")
	}
}

// The same request in front of a NAT and behind it.
func TestOtherTap(t *testing.T) {
	b := sample.New(1, "x", "sip:a@x", "sip:b@x", 0)
	m := b.Request("10.0.0.1:5060", "192.0.2.9:5060", "INVITE")
	m.Branch = "z9hG4bK1"
	n := b.After(3).Request("198.51.100.1:1024", "192.0.2.9:5060", "INVITE")
	n.Branch = "z9hG4bK1"
	o := b.After(80).Request("203.0.113.1:1024", "192.0.2.9:5060", "INVITE")
	o.Branch = "z9hG4bK1"
	l := ladder.Build([]ladder.Leg{{Call: &b.Call}}, ladder.Choice{})
	for i, want := range []bool{false, true, false} {
		if got := l.Rows[i].Tapped; got != want {
			t.Errorf("row %d tapped %v, want %v", i, got, want)
		}
	}
	if !strings.HasSuffix(l.Rows[1].Labels[0].Text, " ≡") {
		t.Errorf("label %q", l.Rows[1].Labels[0].Text)
	}
}

// A new snapshot with the same calls and findings leaves the ladder alone.
func TestUnchangedLadderIsKept(t *testing.T) {
	r := bridged(t, 80, 24)
	list := []correlate.Finding{{Title: "x"}}
	r.found = &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{1: list}}}
	v := r.top().(*flowView)
	v.foundOut()
	built := v.l
	r.found = &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{1: list}}}
	v.foundOut()
	r.publish(&correlate.Snapshot{Calls: r.snap.Calls, Streams: r.snap.Streams})
	if v.l != built {
		t.Error("the ladder was built anew")
	}
}

// Any keys in any order on every screen of a call: nothing panics, nothing
// stands outside of its cell, the hints stand last.
func TestRandomKeysOnCallScreens(t *testing.T) {
	keys := []string{"Up", "Down", "PgUp", "PgDn", "Home", "End", "Left", "Right", "Enter", "Esc", "Space", "Tab", "v", "W", "=", "x", "F4", "d", "D", "m", "M", "t", "9", "0", "T",
		"e", "E", "w", "s", "!", "n", "N", "[", "]", "+", "-", "b", "B", "A", ">", "<", "z", "c", `\`, "r", "y", "Y", "Alt-Left", "Alt-Right", "Shift-Right", "f", "/", "a", "g", "G"}
	for seed, name := range []string{"call-lossy", "b2bua-xcid", "transfers", "holds"} {
		r := callScreens(t, filepath.Join("..", "pcaps", name+".pcap"), 80, 24)
		rnd := rand.New(rand.NewPCG(uint64(seed), 7))
		for i := range allowance.Share(1500, 300) {
			if len(r.stack) == 1 {
				r.press([]string{"Enter", "v", "W", "F4"}[rnd.IntN(4)])
			}
			key := keys[rnd.IntN(len(keys))]
			r.press(key)
			if i%40 == 0 {
				size := [][2]int{{80, 24}, {120, 40}, {60, 16}, {40, 10}, {200, 60}}[rnd.IntN(5)]
				r.sim.SetSize(size[0], size[1])
			}
			if i%3 == 0 {
				r.checkCells(name + " after " + key)
			}
		}
	}
}

// Names, findings, codecs and reasons of any content leave the screens of a
// call intact.
func TestEvilNamesOnCallScreens(t *testing.T) {
	snap := evilSnapshot()
	result := &diagnosis.Result{ByCall: map[int][]correlate.Finding{}}
	for _, c := range snap.Calls {
		name := c.Cause
		result.ByCall[c.Index] = []correlate.Finding{{Code: name, Title: name, Explanation: name + " " + name, Likely: name, Advice: name,
			Evidence: []correlate.Evidence{{Frame: c.Messages()[0].Frame, Nanos: c.Started, Text: name}, {Stream: c.Index, Text: name}}}}
		c.Answered = c.Started
	}
	for _, charset := range []string{"UTF-8", "US-ASCII"} {
		for _, size := range allowance.Some([][2]int{{80, 24}, {120, 40}, {40, 10}}, 3) {
			r := newRig(t, rigOptions{w: size[0], h: size[1], snap: snap, status: fileStatus(), charset: charset})
			r.found = &findings{result}
			for range snap.Calls {
				r.press("W").checkCells("list, why")
				r.press("W", "W", "v").checkCells("media")
				for _, key := range []string{"W", "Tab", "Down", "Enter", "Esc", "Esc", "d", "d", "b", "Enter", "y"} {
					r.press(key).checkCells("media " + key)
				}
				for len(r.stack) > 1 {
					r.press("Esc")
				}
				r.press("Enter", "W", "Tab", "Down", "Enter").checkCells("ladder, why")
				r.press("Home", "Space", "Down", "Space").checkCells("diff")
				r.press("D", "l", "l", "y").checkCells("diff, all")
				for len(r.stack) > 1 {
					r.press("Esc")
				}
				r.press("Space", "Down", "=").checkCells("diff of calls")
				r.press("D", "End").checkCells("diff of calls, all")
				for len(r.stack) > 1 {
					r.press("Esc")
				}
				r.press("^W")
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

// Two addresses with one name share a column, under the name; a shows the
// addresses apart.
func TestAliases(t *testing.T) {
	r := bridged(t, 120, 40)
	r.config.Aliases = map[netip.Addr]string{
		netip.MustParseAddr("203.0.113.20"): "carrier-lon", netip.MustParseAddr("192.0.2.10"): "sbc", netip.MustParseAddr("10.20.0.31"): "sbc",
	}
	r.press("Esc", "Enter").has("carrier-lon", "sbc")
	if n := len(r.top().(*flowView).l.Participants); n != 2 {
		t.Errorf("%d columns, want two", n)
	}
	r.press("a").hasNot("carrier-lon")
	if n := len(r.top().(*flowView).l.Participants); n != 3 {
		t.Errorf("%d columns, want three", n)
	}
	r.press("a").has("carrier-lon")
}

// Without Unicode every screen of a call is ASCII, charts too.
func TestCallScreensInASCII(t *testing.T) {
	p := callScreens(t, filepath.Join("..", "pcaps", "call-lossy.pcap"), 100, 30)
	r := newRig(t, rigOptions{w: 100, h: 30, snap: p.snap, status: fileStatus(), charset: "US-ASCII"})
	r.config.Packets, r.found = p.config.Packets, p.found
	drawn := false
	for _, key := range []string{"Enter", "t", "W", "d", "d", "d", "v", "d", "d", "d", "W", "b", "Enter", "Esc", "Esc", "Esc", "Space", "=", "Esc", "r"} {
		for _, c := range r.press(key).text() {
			if c != '\n' && (c < ' ' || c > '~') {
				t.Fatalf("%q after %s:\n%s", c, key, r.text())
			}
		}
		drawn = drawn || strings.Contains(r.text(), "|*****")
	}
	if !drawn {
		t.Error("no curve was drawn with *")
	}
}

// While a call goes on, what was read of its packets holds until then, and is
// read anew with the next key.
func TestWhatIfOfALiveCall(t *testing.T) {
	r := callScreens(t, filepath.Join("..", "pcaps", "call-lossy.pcap"), 120, 40)
	read := 0
	packets := r.config.Packets
	r.config.Packets = func(streams []*correlate.Stream) (map[int]Rereading, error) {
		read++
		return packets(streams)
	}
	r.press("Home", "v", "b").has("f20 (counted again from the packets):")
	r.press("d", "d", "d", "n", "Left").has("f20 (counted again")
	if read != 1 {
		t.Errorf("read %d times, want once", read)
	}
	later := *r.snap
	later.Streams = nil
	for _, s := range r.snap.Streams {
		next := *s
		next.Last += 5e9
		later.Streams = append(later.Streams, &next)
	}
	r.publish(&later).has("f20 (counted again from the packets until 22:19:36)")
	if r.press("b"); read != 2 {
		t.Errorf("read %d times, want twice", read)
	}
}
