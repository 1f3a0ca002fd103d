package tui

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/allowance"
	"sipsniff/internal/pipeline"
)

// The tests in this file are rows of the table of acceptance in tui.md §4, by
// their numbers: the lists.

func TestAcceptance01ListOfDialogs(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 80, 24)
	r.has("[1 Dialogs 6]", "2 Reg 2", "INV", "REG")
	if n := r.calls.Len(); n != 6 {
		t.Errorf("%d rows", n)
	}
	for row := range r.calls.Len() {
		if got := r.calls.state(r.calls.call(row), 10).text; got == "" {
			t.Errorf("row %d has no state", row+1)
		}
	}
}

func TestAcceptance02Scope(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 120, 40)
	r.press("D").has("[1 Calls 4]")
	if n := r.calls.Len(); n != 4 {
		t.Errorf("%d rows of calls", n)
	}
	r.press("D").has("[1 Dialogs 6]")
	for row, want := range []int{26, 18, 8, 14, 7, 8} {
		if got := r.calls.call(row).MessageCount; got != want {
			t.Errorf("dialog %d has %d messages, want %d", row+1, got, want)
		}
	}
}

func TestAcceptance06RejectedIsNotBusy(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 80, 24)
	row := r.rowWith("35104724")
	if !strings.Contains(row, "REJECTED") || !strings.Contains(row, "480") {
		t.Errorf("the row of 35104724 is %q", row)
	}
	r.hasNot("BUSY ")
}

func TestAcceptance07CompletedWithoutACK(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0075"), 80, 24)
	r.has("COMPLETED").hasNot("CALL SETUP")
	if row := r.rowWith("COMPLETED"); !strings.ContainsAny(row, "⚠·") {
		t.Errorf("the row has no mark: %q", row)
	}
	r.has("⚠ The phone tells", "· ACK missing") // no key was pressed
	r.press("W").has("· ACK missing in the capture")
	r.press("Esc").hasNot("ACK missing in the capture", "Leave sipsniff?").has("COMPLETED")
	r.sim.SetSize(120, 40)
	r.has("· ACK missing")
}

func TestAcceptance08DuplicatesAreNoRetransmissions(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0077"), 200, 60)
	if n := r.calls.Len(); n != 2 {
		t.Fatalf("%d rows", n)
	}
	r.has("46⧉23").hasNot("↻")
	if c := r.calls.call(0); c.MessageCount != 46 || c.Duplicates != 23 || c.Retransmissions != 0 {
		t.Errorf("%d messages, %d duplicates, %d retransmissions", c.MessageCount, c.Duplicates, c.Retransmissions)
	}
}

func TestAcceptance14UniqueHeaders(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0076"), 80, 24)
	r.flowOf(1)
	f := r.top().(*flowView)
	if n := len(f.l.Participants); n != 3 {
		t.Errorf("%d participants", n)
	}
	seen := map[string]bool{}
	for _, head := range f.l.Heads(f.geometry(79).Span-2, r.set) {
		if seen[head] {
			t.Errorf("two headers are %q", head)
		}
		seen[head] = true
	}
}

func TestAcceptance15OnlyRTP(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0110"), 120, 40)
	r.has("[3 Streams", "none is SIP").hasNot("Loading", "loading")
	var dynamic, video bool
	for _, s := range r.snap.Streams {
		row := r.rowWith(fmt.Sprintf("%08x", s.SSRC), fmt.Sprintf(" %d ", s.Packets))
		dynamic = dynamic || s.PayloadType == 111 && s.Packets == 29 && row != ""
		video = video || s.Packets == 15 && strings.Contains(row, "H263")
	}
	if !dynamic || !video {
		t.Errorf("no stream of 29 packets of payload type 111, or none of 15 packets of H.263:\n%s", r.text())
	}
	r.press("Esc").has("[1 Dialogs 0]")
}

func TestAcceptance16OneRegistration(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0114"), 80, 24)
	r.press("2")
	v := r.top().(*registrationsView)
	if v.Len() != 1 || v.state(v.current(), 12).text == "" {
		t.Errorf("%d rows:\n%s", v.Len(), r.text())
	}
}

func TestAcceptance17FilterDoesNotDependOnTheWidth(t *testing.T) {
	for _, w := range []int{80, 160} {
		r := readCapture(t, capturePath(t, "c0077"), w, 24)
		r.press("/").typeText("COMPLETED").has("2 of 2")
		if r.rows() != "1 2" {
			t.Errorf("%d columns: rows %s", w, r.rows())
		}
	}
}

func TestAcceptance18LiteralFilter(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0077"), 80, 24)
	r.press("/").typeText("+999999").has("0 of 2")
	if r.rows() != "" {
		t.Errorf("+999999: rows %s", r.rows())
	}
	r.press("^U").typeText("061963177").has("2 of 2")
	if r.rows() != "1 2" {
		t.Errorf("061963177: rows %s", r.rows())
	}
	r.press("Esc", "/").typeText("(99").has(`missing ")"`, "list still shows the last good")
	if r.rows() != "1 2" {
		t.Errorf("(99: rows %s", r.rows())
	}
}

func TestAcceptance19FilterError(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0077"), 100, 24)
	r.press("/").typeText("from~/+06[/").has("✗ filter, column 7", "last good", "2 of 2")
	var red bool
	r.scan(func(x, y int, s string, _ int) {
		if s == "✗" {
			_, style, _ := r.sim.Get(x, y)
			red = red || style == r.theme[roleBad]
		}
	})
	if r.rows() != "1 2" || !red {
		t.Errorf("rows %s, red %v", r.rows(), red)
	}
}

func TestAcceptance20Not(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 80, 24)
	r.press("/").typeText("!code:403").has("/ !code:403")
	for row := range r.calls.Len() {
		if c := r.calls.call(row); c.FinalStatus == 403 {
			t.Errorf("row %d is a 403", row+1)
		}
	}
	if n := r.calls.Len(); n != 4 {
		t.Errorf("%d rows, want the four that are no 403", n)
	}
}

func TestAcceptance21Completion(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 80, 24)
	r.press("/").typeText("cod").has("code:").press("Tab").has("/ code:", "code:403")
	if row := r.rowWith("code:403"); !strings.Contains(row, "2 calls") {
		t.Errorf("the values have no counts: %q", row)
	}
}

func TestAcceptance22NoSuchField(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 80, 24)
	r.press("/").typeText("xyz:1").has("xyz: is no field", "0 of 6")
	r = readCapture(t, capturePath(t, "c0076"), 80, 24)
	r.press("/").typeText("fd17:625c").has("1 of 1").hasNot("✗ filter", "is no field")
}

// feed plays a capture into a pipeline as it would come in live, as far as the
// test lets it.
type feed struct {
	capture.Source
	frames atomic.Int64
	read   atomic.Int64
	end    atomic.Bool
}

func (f *feed) Next(frame *capture.Frame) error {
	if f.read.Load() >= f.frames.Load() {
		if f.end.Load() {
			return io.EOF
		}
		time.Sleep(time.Millisecond)
		return capture.ErrIdle
	}
	f.read.Add(1)
	return f.Source.Next(frame)
}

// liveRig opens the UI on fixture L, which comes in frame by frame; more lets
// so many frames come.
func liveRig(t *testing.T, w, h int) (r *rig, more func(frames int)) {
	t.Helper()
	source, err := capture.Open([]string{generatedOnce(t, "live")}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := &feed{Source: source}
	p := pipeline.New(pipeline.Config{Source: f, Live: true})
	ended := make(chan error, 1)
	go func() { ended <- p.Run(context.Background()) }()
	t.Cleanup(func() {
		f.end.Store(true)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = source.Close()
	})
	status := func() Status {
		st := p.Status()
		return Status{Source: "eth0", Frames: st.Frames, Octets: st.Octets, First: st.First, Last: st.Last}
	}
	r = newRig(t, rigOptions{w: w, h: h, snap: p.Snapshot(), status: status(), live: true, diagnose: diagnosis.New(diagnosis.Options{}).Run})
	return r, func(frames int) {
		t.Helper()
		want := f.frames.Add(int64(frames))
		for deadline := time.Now().Add(time.Minute); p.Status().Frames < uint64(want); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d of %d frames were read within a minute", p.Status().Frames, want)
			}
		}
		r.status = status()
		r.clock = r.clock.Add(5 * time.Second)
		r.publish(p.Snapshot())
	}
}

// generatedOnce is a capture of a preset, generated once for all tests.
func generatedOnce(t testing.TB, preset string) string {
	t.Helper()
	folder := generatedFolder()
	path := filepath.Join(folder, preset+".pcap")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	writePreset(t, preset, path)
	return path
}

func generatedFolder() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("sipsniff-tui-%d", os.Getpid()))
}

func removeGenerated() { _ = os.RemoveAll(generatedFolder()) }

// cursorAt is the call under the cursor and its row on the screen.
func (r *rig) cursorAt() (call, row int) {
	r.text()
	return r.calls.list.id, r.calls.list.cursor - r.calls.list.top
}

func TestAcceptance28CursorStaysWhileCallsCome(t *testing.T) {
	r, more := liveRig(t, 80, 24)
	more(3000)
	before := r.calls.Len()
	r.press("Home", "Down", "Down", "Down", "Down", "Down")
	call, row := r.cursorAt()
	more(3000)
	if c, s := r.cursorAt(); c != call || s != row {
		t.Errorf("the cursor went from #%d in row %d to #%d in row %d", call, row, c, s)
	}
	if r.calls.Len() <= before {
		t.Error("no call came")
	}
}

func TestAcceptance29CursorStaysInAnOrder(t *testing.T) {
	r, more := liveRig(t, 80, 24)
	more(20_000)
	key, _ := keyOfColumn("from")
	r.calls.setSort(key)
	r.calls.list.set(r.calls.Len() / 2)
	call, row := r.cursorAt()
	above, below := r.calls.list.cursor, r.calls.Len()-r.calls.list.cursor
	more(20_000)
	if c, s := r.cursorAt(); c != call || s != row {
		t.Errorf("the cursor went from #%d in row %d to #%d in row %d", call, row, c, s)
	}
	// The generator numbers its callers upwards: new rows come below, those in
	// the other direction above.
	if r.calls.list.cursor < above || r.calls.Len()-r.calls.list.cursor <= below {
		t.Errorf("%d rows above and %d below, before %d and %d", r.calls.list.cursor, r.calls.Len()-r.calls.list.cursor, above, below)
	}
	r.calls.reverse()
	call, row = r.cursorAt()
	above = r.calls.list.cursor
	more(20_000)
	if c, s := r.cursorAt(); c != call || s != row || r.calls.list.cursor <= above {
		t.Errorf("reversed: the cursor went from #%d in row %d to #%d in row %d, %d rows above, before %d", call, row, c, s, r.calls.list.cursor, above)
	}
}

func TestAcceptance30VolatileOrderIsHeld(t *testing.T) {
	r, more := liveRig(t, 80, 24)
	more(20_000)
	key, _ := keyOfColumn("mos")
	r.calls.setSort(key)
	call, row := r.cursorAt()
	more(10_000)
	r.has("order ", " old")
	if c, s := r.cursorAt(); c != call || s != row {
		t.Errorf("the cursor went from #%d in row %d to #%d in row %d", call, row, c, s)
	}
	r.press(".").hasNot(" old ·")
	if c, _ := r.cursorAt(); c != call {
		t.Errorf("after sorting again the cursor is on #%d, it was on #%d", c, call)
	}
}

func TestAcceptance31Follow(t *testing.T) {
	r, more := liveRig(t, 80, 24)
	more(3000)
	r.press("A")
	for range 3 {
		more(2000)
		if r.calls.list.cursor != r.calls.Len()-1 {
			t.Errorf("the cursor is in row %d of %d", r.calls.list.cursor+1, r.calls.Len())
		}
	}
	r.press("Up")
	call, _ := r.cursorAt()
	fresh := regexp.MustCompile(`\+(\d+) new`)
	last := 0
	for range 2 {
		more(4000)
		found := fresh.FindStringSubmatch(r.text())
		if found == nil {
			t.Fatalf("nothing tells of new rows:\n%s", r.text())
		}
		var n int
		_, _ = fmt.Sscan(found[1], &n)
		if n <= last {
			t.Errorf("+%d new after +%d", n, last)
		}
		last = n
	}
	if c, _ := r.cursorAt(); c != call {
		t.Errorf("the cursor is on #%d, it was on #%d", c, call)
	}
}

func TestAcceptance44OneWay(t *testing.T) {
	r := callScreens(t, generated(t, "oneway"), 120, 40)
	row := r.rowWith("▶", "COMPLETED")
	if !strings.Contains(row, "✗") {
		t.Errorf("the row of the call is %q", row)
	}
	r.press("5")
	v := r.top().(*problemsView)
	if first := v.kinds[0]; !strings.Contains(first.Name, "one-way") && !strings.Contains(first.Name, "no-audio") && !strings.Contains(strings.ToLower(first.Title), "hear") {
		t.Errorf("the first problem is %s: %s", first.Name, first.Title)
	}
	r.press("Esc", "W")
	why := r.text()
	frame := 0
	for _, m := range r.snap.Calls[0].Messages() {
		if m.StatusCode == 200 && m.CSeq.Method == "INVITE" && frame == 0 {
			frame = m.Frame
		}
	}
	if !strings.Contains(why, "10.99.1.5") || !strings.Contains(why, fmt.Sprintf("f%d", frame)) {
		t.Errorf("why names no private address, or not frame %d of the 200 OK:\n%s", frame, why)
	}
}

func TestAcceptance45ProblemFiltersTheList(t *testing.T) {
	r := callScreens(t, generatedOnce(t, "faults"), 80, 24)
	r.press("5", "Down")
	v := r.top().(*problemsView)
	for v.current() != nil && len(v.current().Calls) == 0 {
		r.press("Down")
	}
	kind := v.current()
	r.press("Enter").has("/ problem:"+kind.Name, "[1 Dialogs")
	if n := r.calls.Len(); n != len(kind.Calls) {
		t.Errorf("%d rows, want the %d calls with %s", n, len(kind.Calls), kind.Name)
	}
	at := v.list.id
	r.press("Esc").has("[5 Prob")
	if v.list.id != at || r.top() != view(v) {
		t.Error("Esc did not lead back to the row")
	}
	if r.press("1"); r.calls.filter.expr() != nil {
		t.Error("the filter is still there")
	}
}

func TestAcceptance46PeerFiltersTheList(t *testing.T) {
	r := callScreens(t, generatedOnce(t, "calls"), 80, 24)
	r.press("4", "Tab", "Tab", "Enter")
	host := r.tabView(tabStatistics).(*statisticsView).figures.peers[0].host.String()
	r.has("/ peer:"+host, "[1 Dialogs")
	for row := range r.calls.Len() {
		if c := r.calls.call(row); c.Source.Addr().String() != host && c.Destination.Addr().String() != host {
			t.Errorf("row %d is between %s and %s", row+1, c.Source, c.Destination)
		}
	}
	if r.calls.Len() == 0 {
		t.Error("no rows")
	}
}

func TestAcceptance47Registrations(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 120, 40)
	r.press("2")
	if row := r.rowWith("voi18063"); !strings.Contains(row, "CHALLENGED") {
		t.Errorf("voi18063: %q", row)
	}
	if row := r.rowWith("35104723"); !strings.Contains(row, "REGISTERED") {
		t.Errorf("35104723: %q", row)
	}
	notes := ""
	v := r.top().(*registrationsView)
	for _, reg := range v.shown.rows {
		notes += r.registrationNote(reg) + "\n"
	}
	if !strings.Contains(notes, "nonce") {
		t.Errorf("no note tells of a nonce:\n%s", notes)
	}
}

// Drops are in the title, in a banner, and behind every figure of quality that
// they make doubtful. The source is that of --test-source drops: one packet in
// twenty is said to have been lost.
func TestAcceptance55Drops(t *testing.T) {
	snap := rows(8)
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: liveStatus(), live: true})
	r.status.Last = snap.First + 1e9
	r.show(snap, r.status)
	r.clock = r.clock.Add(2 * time.Second)
	r.status.Frames += 9_412 * 19
	r.status.Dropped, r.status.Drops.Kernel = 9_412, 9_412
	r.status.Last = snap.Last
	r.show(snap, r.status)
	r.has("DROP 5.0% now", "kernel dropped 9,412 of 188k packets in the last 10 s: loss% is not reliable", "4.8?", "3.1?")
	r.press("Esc").hasNot("loss% is not reliable").has("4.8?")
}

// loadK reads fixture K as the command does, and returns the screens while it
// loads and at the end.
func loadK(t testing.TB) (*correlate.Snapshot, Status, []Status) {
	t.Helper()
	path := generatedOnce(t, "dialogs")
	source, err := capture.Open([]string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	p := pipeline.New(pipeline.Config{Source: source, Live: true, Tracker: correlate.Config{MaxCalls: 200_000, MaxMemory: 8 << 30}})
	ended := make(chan error, 1)
	go func() { ended <- p.Run(context.Background()) }()
	status := func() Status {
		st := p.Status()
		s := Status{Source: path, Frames: st.Frames, Octets: st.Octets, First: st.First, Last: st.Last, Done: st.Done, Pace: Pace(st.Pace)}
		for _, in := range st.Sources {
			s.Size, s.Position = s.Size+in.Size, s.Position+in.Position
		}
		return s
	}
	var along []Status
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			return p.Snapshot(), status(), along
		case <-time.After(100 * time.Millisecond):
			along = append(along, status())
		}
	}
}

// K is tests 24 to 27, on one and the same 100,000 dialogs.
func TestAcceptance24to27HundredThousandDialogs(t *testing.T) {
	if allowance.RaceDetector || os.Getenv("SIPSNIFF_LARGE") == "" {
		t.Skip("100,000 dialogs take half a minute: make test sets SIPSNIFF_LARGE=1, and leaves the race detector out")
	}
	began := time.Now()
	generatedOnce(t, "dialogs")
	t.Logf("generated in %v", time.Since(began))
	var snap *correlate.Snapshot
	var status Status
	var along []Status
	load := allowance.New(t, "loading", loadBudget).On(2) // one reads, one correlates
	for load.Try(3) {
		load.Time(func() { snap, status, along = loadK(t) })
	}
	invites, registers := 0, 0
	for _, c := range snap.Calls {
		switch c.Method {
		case "INVITE":
			invites++
		case "REGISTER":
			registers++
		}
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: status})
	results := make(chan func(), 16)
	r.workshop.results, r.workshop.ended = results, make(chan struct{})
	pump := func() {
		t.Helper()
		for r.workshop.busy() {
			(<-results)()
		}
	}
	r.refreshTop()
	pump()

	t.Run("TestAcceptance24Load", func(t *testing.T) {
		percent := false
		for _, s := range along {
			r.UI.status = s
			percent = percent || regexp.MustCompile(`FILE dialogs.pcap \d+%`).MatchString(r.text())
		}
		if r.UI.status = status; !percent {
			t.Error("no title had a percentage")
		}
		r.has(fmt.Sprintf("[1 Dialogs %s]", count(100_000)), "2 Reg "+count(registers))
		r.press("D")
		pump()
		r.has(fmt.Sprintf("[1 Calls %s]", count(invites)))
		if invites+registers != 100_000 {
			t.Errorf("%d calls and %d registrations", invites, registers)
		}
		r.press("D")
		pump()
		r.press("End")
		if r.has("100000"); r.calls.list.id != 100_000 {
			t.Errorf("the last row is #%d", r.calls.list.id)
		}
	})
	t.Run("TestAcceptance25Sort", func(t *testing.T) {
		r.press("Home")
		sorting := allowance.New(t, "sorting", sortBudget)
		sortedBy := func(column string) {
			r.press("<")
			pump()
			for range len(sortKeys()) {
				if r.calls.order.key.column == column {
					break
				}
				sorting.Time(func() {
					r.press("Down")
					pump()
					r.draw(r.sim)
				})
			}
			r.press("Enter")
			r.has("sorted by " + columnTitle(column))
		}
		for sorting.Try(5) {
			sortedBy("number")
			sortedBy("method")
		}
		sortedBy("number")
		r.press("Home", "<")
		pump()
		for r.calls.order.key.column != "method" {
			r.press("Down")
			pump()
		}
		first := fmt.Sprint(indexes(r.calls.order.entries[:20]))
		r.press("Down", "Enter")        // by the callers
		r.press("Down", "Down", "Down") // the new order is not there yet
		if got := fmt.Sprint(indexes(r.calls.order.entries[:20])); got != first || r.calls.list.cursor != 3 {
			t.Errorf("before the new order was there the keys moved to row %d of %s", r.calls.list.cursor, got)
		}
		call := r.calls.list.id
		r.clock = r.clock.Add(time.Second)
		r.has("sorting…")
		pump()
		if r.calls.list.id != call || r.calls.Find(call) != r.calls.list.cursor {
			t.Errorf("in the new order the cursor is on #%d, it was on #%d", r.calls.list.id, call)
		}
		r.hasNot("sorting…")
		r.press("Down")
		if r.calls.list.id == call {
			t.Error("a key did not act on the new order")
		}
		sortedBy("number")
	})
	t.Run("TestAcceptance26Page", func(t *testing.T) {
		keys := allowance.New(t, "a key", keyBudget)
		key := func(name string) {
			keys.Time(func() {
				r.press(name)
				r.draw(r.sim)
			})
			if cursor := r.calls.list.cursor - r.calls.list.top; cursor < 0 || cursor >= r.calls.list.height {
				t.Fatalf("after %s the cursor is in row %d of the screen", name, cursor)
			}
		}
		for keys.Try(3) {
			key("End")
			key("Home")
			for range 50 {
				key("PgDn")
			}
		}
	})
	t.Run("TestAcceptance27Filter", func(t *testing.T) {
		number := regexp.MustCompile(`\d{9,}`).FindString(snap.Calls[77_614].From)
		most, last := number[:len(number)-1], number[len(number)-1:]
		r.press("/").typeText(most)
		pump()
		filtering := allowance.New(t, "filtering", filterBudget)
		for filtering.Try(5) {
			filtering.Time(func() {
				r.typeText(last)
				pump()
				r.draw(r.sim)
			})
			r.has("1 of 100,000").press("Backspace")
			pump()
		}
	})
}

// What the table of acceptance gives, for the nominal machine of package allowance.
const (
	loadBudget   = 10 * time.Second
	sortBudget   = 300 * time.Millisecond
	keyBudget    = 50 * time.Millisecond
	filterBudget = 100 * time.Millisecond
)

// refreshTop takes the snapshot in again, after the workshop was opened.
func (u *UI) refreshTop() { u.calls.anew() }
