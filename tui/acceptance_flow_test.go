package tui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/correlate/quality"
	"sipsniff/internal/cells"
	"sipsniff/internal/pipeline"
	"sipsniff/pcaps/gen"
	"sipsniff/tui/ladder"
)

// The tests in this file are rows of the table of acceptance in tui.md §4, by
// their numbers: the screens of one call.

// callScreens opens the UI on a capture as the command does: with the rules,
// and with its packets to be read again.
func callScreens(t *testing.T, path string, w, h int) *rig {
	t.Helper()
	p := readAll(t, path, correlate.Config{})
	status := Status{Source: filepath.Base(path), Frames: p.Status().Frames, Done: true}
	r := newRig(t, rigOptions{w: w, h: h, snap: p.Snapshot(), status: status, save: emptySaver()})
	r.config.Diagnose = diagnosis.New(diagnosis.Options{}).Run
	r.config.ShowKeys = true
	r.config.Packets = func(streams []*correlate.Stream) (map[int]Rereading, error) {
		list := map[int]Rereading{}
		readAll(t, path, correlate.Config{Media: func(m *correlate.MediaPacket) {
			for _, s := range streams {
				if s.Src == m.Src && s.Dst == m.Dst && s.SSRC == m.SSRC {
					role := quality.Media
					if m.Codec == "telephone-event" {
						role = quality.Event
					}
					again := list[s.ID]
					again.Packets = append(again.Packets, quality.Packet{Arrival: m.Nanos, Frame: m.Frame, Timestamp: m.Timestamp, ClockRate: m.ClockRate,
						SequenceNumber: m.SequenceNumber, PayloadType: m.PayloadType, Marker: m.Marker, Octets: uint16(len(m.Payload)), Role: role})
					list[s.ID] = again
				}
			}
		}})
		return list, nil
	}
	r.diagnose()
	return r
}

func readAll(t *testing.T, path string, c correlate.Config) *pipeline.Pipeline {
	t.Helper()
	source, err := capture.Open([]string{path}, capture.Options{})
	if err != nil {
		t.Skipf("%s: %v", filepath.Base(path), err)
	}
	defer func() { _ = source.Close() }()
	p := pipeline.New(pipeline.Config{Source: source, Tracker: c})
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p
}

// generated writes a capture of a preset of pcaps/gen.
func generated(t *testing.T, preset string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), preset+".pcap")
	writePreset(t, preset, path)
	return path
}

func writePreset(t testing.TB, preset, path string) {
	t.Helper()
	o, err := gen.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := gen.Write(f, o); err != nil {
		t.Fatal(err)
	}
}

// row returns the screen row that holds all words, "" when none does.
func (r *rig) rowWith(words ...string) string {
	r.t.Helper()
next:
	for line := range strings.SplitSeq(r.text(), "\n") {
		for _, w := range words {
			if !strings.Contains(line, w) {
				continue next
			}
		}
		return line
	}
	return ""
}

// cursorRow is the row of the ladder's cursor.
func (r *rig) cursorRow() string {
	r.t.Helper()
	for line := range strings.SplitSeq(r.text(), "\n") {
		if strings.HasPrefix(line, "▶") {
			return line
		}
	}
	return ""
}

// A is the call of c0032 that nobody answered: two CANCELs that fold, two 408s.
func TestAcceptance03UnansweredLadder(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0032"), 80, 24)
	r.flowOf(2).has("INVITE sdp", "↻2", "31.9 s without SIP", "CANCEL ↻2", "CANCEL ↻8")
	if n := strings.Count(r.text(), "408 Request Timeout"); n != 2 {
		t.Errorf("408 Request Timeout stands %d times:\n%s", n, r.text())
	}
}

// The caller gave up with eleven CANCELs of which none was matched.
func TestAcceptance04WhyUnanswered(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0032"), 80, 24)
	r.flowOf(2).press("W").has("── Why", "W closes")
	text := whyWords(r)
	for _, want := range []string{"11 CANCEL", "sent-by", "f223 ", "f247 "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// From the pane to the row of a CANCEL, and back to the line.
func TestAcceptance05FromWhyToTheRow(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0032"), 80, 24)
	r.flowOf(2).press("W").text()
	r.press("Tab")
	w := &r.top().(*flowView).reasons
	for range 20 {
		if e, _ := w.evidence(); e != nil && e.Frame == 247 {
			break
		}
		r.press("Down")
	}
	line := w.cursor
	if e, _ := w.evidence(); e == nil || e.Frame != 247 {
		t.Fatalf("no evidence of frame 247 is reached:\n%s", r.text())
	}
	r.press("Enter")
	if row := r.cursorRow(); !strings.Contains(row, "CANCEL ↻2") {
		t.Errorf("the cursor is on %q", row)
	}
	r.press("Esc")
	if w.focused() != InWhy || w.cursor != line {
		t.Errorf("Esc leads to line %d, focus %v; it was %d", w.cursor, w.focused(), line)
	}
}

func TestAcceptance09LegsByNumberAndTime(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0077"), 120, 40)
	r.press("Home", "F4").has("legs A+B", "joined by number+time")
}

// F: 131 packets of voice, one event and 27 that others take for T.38; 1,712
// are missing in one piece.
func TestAcceptance10FaxMedia(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0077"), 160, 45)
	r.press("Home", "v").has("2 streams", "outage 34.3 s").hasNot("T.38")
	if row := r.rowWith("10.23.1.52:16756", "10.35.60.100:15580", "1,171"); row == "" || !regexp.MustCompile(`1,171 +0 +0\.0`).MatchString(row) {
		t.Errorf("1,171 packets, 0 lost: %q", row)
	}
	if row := r.rowWith("159", "1,712"); row == "" || strings.Contains(row, "gaps") {
		t.Errorf("159 packets, 1,712 lost in an outage and none elsewhere: %q", row)
	}
	v := r.top().(*mediaView)
	for i := range v.streams {
		if q := &v.streams[i].Quality; scattered(q) != 0 {
			t.Errorf("%d lost outside of outages", scattered(q))
		}
	}
}

// F: the offer of T.38 was refused with 488, and the call went on with G.711.
func TestAcceptance11WhyFax(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0077"), 120, 40)
	r.press("Home", "F4", "W").has("── Why")
	text := whyWords(r)
	text = strings.Join(strings.Fields(text), " ")
	for _, want := range []string{
		// tshark -Y 'frame.number==1402': 488 Not Acceptable Here, to the INVITE with image udptl of frame 1398
		"T.38 was refused with 488 Not Acceptable Here by 192.168.100.219 (frame 1402); the call stayed with G.711 (PCMA)",
		"[1] f1,402 09:23:22.178 T.38 is refused [2] f1,398",
		// tshark -z rtp,streams: 10.35.60.100:15580 to 10.23.1.52:16756 lost 1712, and no packet of it between these times
		"Audio towards 10.23.1.52 was not seen for 34.3 s from 09:22:47.9: 1,712 packets of the callee (10.35.60.100:15580 to 10.23.1.52:16756) lost in a row",
		"[1] f1,419 09:23:22.215 the first packet after 34.3 s without any",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// whyWords are all lines of the pane.
func whyWords(r *rig) string {
	text := ""
	for _, l := range r.top().(*flowView).reasons.lines {
		text += l.text.String() + "\n"
	}
	return text
}

func TestAcceptance12ManyParticipants(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0077"), 80, 24)
	r.press("Home", "Enter").has("Flow #1 ", "[1/2]")
	screen := r.text()
	if !strings.Contains(screen, "more ▸") && strings.Count(screen, "┬") < 3 {
		t.Errorf("neither three columns nor a note of more:\n%s", screen)
	}
	lines := strings.Split(screen, "\n")
	feet := 0
	for _, x := range lines[3] {
		if x == '┬' {
			feet++
		}
	}
	if feet < 2 {
		t.Errorf("no feet under the header:\n%s", screen)
	}
}

// Every size, with everything open: no row is too wide, the hints stand last.
func TestAcceptance13AllSizes(t *testing.T) {
	path := capturePath(t, "c0077")
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}, {400, 100}} {
		r := callScreens(t, path, size[0], size[1])
		r.press("Home")
		for _, key := range []string{"Enter", "t", "W", "v"} {
			screen := strings.Split(strings.TrimRight(r.press(key).checkCells(fmt.Sprint(size, key)), "\n"), "\n")
			if len(screen) != size[1] || !strings.Contains(screen[size[1]-1], "Esc") {
				t.Errorf("%v after %s: the last of %d rows is %q", size, key, len(screen), screen[len(screen)-1])
			}
			for _, line := range screen {
				if cells.Width(line) > size[0] {
					t.Errorf("%v after %s: %q", size, key, line)
				}
			}
		}
	}
}

func TestAcceptance36MergedLadder(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0032"), 120, 40)
	calls := r.snap.Calls
	r.press("Home", "Space", "Down", "Space", "Enter").has(calls[0].CallID[:10], calls[1].CallID[:10], "A #1", "B #2")
	letters := map[string]bool{}
	for range 60 {
		row := r.cursorRow()
		letters[string([]rune(row + "   ")[2])] = true
		r.press("Down")
	}
	if !letters["A"] || !letters["B"] {
		t.Errorf("letters %v on the rows:\n%s", letters, r.text())
	}
}

// The INVITE against the CANCEL three rows below.
func TestAcceptance37DiffOfTwoRows(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0032"), 80, 24)
	r.flowOf(2).press("Space", "Down", "Down", "Down", "Space").has("Compare  A INVITE", "B CANCEL", "~ CSeq", "~ Via")
	if row := r.press("End").rowWith("- Content-Type"); row == "" {
		t.Errorf("no - Content-Type:\n%s", r.text())
	}
}

func TestAcceptance38DiffOnlyDifferences(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0032"), 120, 60)
	r.flowOf(2).press("Space", "Down", "Down", "Down", "Space")
	counted := regexp.MustCompile(`(\d+) changed · (\d+) only in A · (\d+) only in B · (\d+) same \((hidden|shown)`)
	count := func(want string) {
		t.Helper()
		screen := r.text()
		m := counted.FindStringSubmatch(screen)
		if m == nil || m[5] != want {
			t.Fatalf("the count line says %q, want %s:\n%s", m, want, screen)
		}
		for i, sign := range []string{"~", "-", "+", "="} {
			n := 0
			for line := range strings.SplitSeq(screen, "\n") {
				if strings.HasPrefix(line, sign) && !strings.HasPrefix(line, "~Header order") {
					n++
				}
			}
			listed := m[1+i]
			if sign == "=" && want == "hidden" {
				listed = "0"
			}
			if fmt.Sprint(n) != listed {
				t.Errorf("%d lines with %s, the count line says %s:\n%s", n, sign, m[1+i], screen)
			}
		}
	}
	count("hidden")
	r.press("D")
	count("shown")
	r.press("D")
	count("hidden")
}

func TestAcceptance39SDPModes(t *testing.T) {
	r := callScreens(t, generated(t, "upstream"), 120, 40)
	r.press("Home", "Enter", "t")
	codecs := r.text()
	address := r.press("d").text()
	if !regexp.MustCompile(`\d+\.\d+\.\d+\.\d+:\d+ sendrecv`).MatchString(address) {
		t.Errorf("no address and direction:\n%s", address)
	}
	r.press("d").has("ptime 20")
	classic := r.press("d").text()
	if !regexp.MustCompile(`(?m)^[^─]*INVITE sdp[^─]*$`).MatchString(classic) || !regexp.MustCompile(`(?m)│─{8,}▶│`).MatchString(classic) {
		t.Errorf("no label above a bare arrow:\n%s", classic)
	}
	if r.press("d").text() != codecs {
		t.Error("after four steps it is another picture")
	}
}

func TestAcceptance40MediaRows(t *testing.T) {
	r := callScreens(t, generated(t, "upstream"), 120, 40)
	r.press("Home", "Enter").has("═ PCMA").has("INVITE sdp")
	r.press("m").hasNot("═ PCMA")
	r.press("m").has("═ PCMA")
	r.press("m").has("INVITE sdp") // what was active at the end of the file
	r.press("M").hasNot("INVITE sdp").has("═ PCMA")
	r.press("M").has("INVITE sdp")
}

// M: the losses are in front of the host between both legs, so both carry them,
// and the way back carries none.
func TestAcceptance41LossOnBothLegs(t *testing.T) {
	r := callScreens(t, generated(t, "upstream"), 120, 40)
	r.press("Home", "F4").has("legs A+B")
	bad, good := 0, 0
	for line := range strings.SplitSeq(r.text(), "\n") {
		cut, _, _ := strings.Cut(line, "│")
		switch {
		case strings.Contains(line, "═ PCMA") && strings.Contains(line, "═▶"):
			if !strings.Contains(cut, "⚠") && !strings.Contains(cut, "✗") {
				t.Errorf("no mark on %q", line)
			}
			bad++
		case strings.Contains(line, "◀══ PCMA") || strings.Contains(line, "◀═ PCMA"):
			if strings.Contains(cut, "⚠") || strings.Contains(cut, "✗") {
				t.Errorf("a mark on %q", line)
			}
			good++
		}
	}
	if bad != 2 || good != 2 {
		t.Errorf("%d streams with losses and %d without, want two each:\n%s", bad, good, r.text())
	}
}

func TestAcceptance42MediaOfUpstreamLoss(t *testing.T) {
	r := callScreens(t, generated(t, "upstream"), 120, 40)
	r.press("Home", "v").has("4 streams", "1 @", "4 @", "# @", "agrees")
	v := r.top().(*mediaView)
	for i := range v.streams {
		s := &v.streams[i]
		lost := lossPercent(s.Stream)
		if s.FromCaller && (lost < 4 || lost > 6) || !s.FromCaller && lost != 0 {
			t.Errorf("%s lost %.2f %%", s.name, lost)
		}
		if !s.FromCaller {
			continue
		}
		// 5 % of what comes after the fiftieth second, nothing before.
		q := &s.Quality
		var before, after, expected int
		score, in, place := v.scoring(s)
		worst := 5.0
		for k := range q.SecondCount() {
			sec := q.Second(k)
			m, ok := r.scorer().Second(score, in, sec, place)
			if k < 50 {
				before += int(sec.Lost)
				if ok && m < 4.3 {
					t.Errorf("%s: second %d has a MOS of %.2f before anything was lost", s.name, k, m)
				}
				continue
			}
			after, expected = after+int(sec.Lost), expected+int(sec.Expected)
			if ok {
				worst = min(worst, m)
			}
		}
		if share := float64(after) / float64(expected); before != 0 || share < 0.03 || share > 0.07 || worst > 3.6 {
			t.Errorf("%s: %d lost before, %.1f %% after, worst second %.2f", s.name, before, 100*share, worst)
		}
	}
}

func TestAcceptance43CursorAndPackets(t *testing.T) {
	r := callScreens(t, generated(t, "upstream"), 120, 40)
	r.press("Home", "v")
	readout := func() string { return r.rowWith("┆ ", "jitter") }
	first := readout()
	r.press("Right")
	if second := readout(); second == first || second == "" {
		t.Errorf("the readout stays %q", second)
	}
	r.press("Left")
	if back := readout(); back != first {
		t.Errorf("after one step there and back it reads %q, was %q", back, first)
	}
	v := r.top().(*mediaView)
	s := v.stream()
	q := &s.Quality
	sec := secondAt(q, v.cursorTime(s))
	begin := r.at(q.SecondStart + int64(sec)*int64(q.SecondWidth)).Format("15:04:05.000")
	r.press("Enter").has("Packets "+s.name, begin, "Seq")
	list := r.top().(*packetView)
	from, to := list.bounds()
	if got, want := to-from, int(q.Second(sec).Expected-q.Second(sec).Lost); got != want {
		t.Errorf("%d packets are listed, %d came in that second", got, want)
	}
	r.press("Esc").has("Media #")
}

// A buffer of another size is worked out from the packets, exactly as the one
// that ran beside the capture.
func TestAcceptanceWhatIfBuffer(t *testing.T) {
	r := callScreens(t, generated(t, "upstream"), 120, 40)
	r.press("Home", "v").has("Buffer  a1 (measured)")
	v := r.top().(*mediaView)
	r.press("b").has("Buffer  f20 (counted again from the packets)")
	replay := v.replayed(v.stream(), v.buffer)
	if q := &v.stream().Quality; replay.Expected != q.Expected || replay.Lost != q.Lost || replay.Buffers[quality.BufferFixed200].Late != q.Buffers[quality.BufferFixed200].Late ||
		replay.Buffers[quality.BufferAdaptive].Waiting != q.Buffers[quality.BufferAdaptive].Waiting {
		t.Errorf("the replay counts otherwise: %+v, measured %+v", replay.Buffers[quality.BufferAdaptive], q.Buffers[quality.BufferAdaptive])
	}
	r.press("B").has("Buffer  a1 (measured)")
	r.config.Packets = nil
	r.press("Esc", "v", "b").has("packets are not kept", "needs the packets")
	r.press("b").has("Buffer  f60 (measured)").press("b").has("Buffer  f200 (measured)").press("b").has("Buffer  a1 (measured)")
}

func TestAcceptance48Preview(t *testing.T) {
	path := generated(t, "upstream")
	r := callScreens(t, path, 80, 24)
	r.press("Home", "Enter")
	rule := func() int {
		for y, line := range strings.Split(r.text(), "\n") {
			if strings.HasPrefix(line, "── ") {
				return y
			}
		}
		return -1
	}
	if rule() != -1 {
		t.Fatalf("the preview is open:\n%s", r.text())
	}
	r.press("t")
	usual := rule()
	r.press("9", "9")
	grown := rule()
	r.press("0")
	shrunk := rule()
	r.press("T")
	if usual < 4 || grown >= usual || shrunk <= grown || rule() != usual {
		t.Errorf("the rule stands in row %d, %d after 9 9, %d after 0, %d after T", usual, grown, shrunk, rule())
	}
	if r.press("t"); rule() != -1 {
		t.Error("t does not close it")
	}
	r = callScreens(t, path, 120, 40)
	r.press("Home", "Enter").has("│ INVITE").has("key headers")
	r.press("t").hasNot("key headers")
	r.press("t").has("key headers")
}

func TestAcceptance49Message(t *testing.T) {
	r := callScreens(t, generated(t, "upstream"), 80, 24)
	r.press("Home", "Enter", "Enter").has("key headers", "key order")
	r.press(`\`).hasNot("── key headers").has("as on the wire")
	r.press("/").typeText("Via").press("Enter")
	hits := 0
	r.draw(r.sim)
	r.scan(func(x, y int, s string, _ int) {
		if _, style, _ := r.sim.Get(x, y); s == "V" && style == r.theme[roleHit] {
			hits++
		}
	})
	if hits == 0 {
		t.Errorf("no hit is highlighted:\n%s", r.text())
	}
	r.press("n", "y")
	m := r.top().(*messageView).message()
	r.has(fmt.Sprintf("copied the message: %d bytes", m.Size()))
	if got := string(r.sim.GetClipboardData()); got != m.Text() {
		t.Errorf("on the clipboard are %d octets, want %d", len(got), m.Size())
	}
}

func TestAcceptance50OtherCalls(t *testing.T) {
	r := callScreens(t, generated(t, "calls"), 80, 24)
	r.press("Home", "Enter").has("Flow #1 ", "[1/")
	r.press("]").has("[2/").press("]").has("[3/").press("[").has("[2/")
}

// E: every name is shown literally, on the list, the ladder, as text and in a
// comparison.
func TestAcceptance69EvilNames(t *testing.T) {
	r := callScreens(t, generated(t, "evil"), 80, 24)
	r.checkCells("list")
	for range 12 {
		r.press("Enter").checkCells("ladder")
		r.press("Enter").checkCells("message")
		r.press("Esc", "Space", "Down", "Down", "Space").checkCells("diff")
		for _, key := range []string{"D", `\`, "Right", "End"} {
			r.press(key).checkCells("diff " + key)
		}
		r.press("Esc", "r").checkCells("raw")
		r.press("Esc", "Esc", "Down")
		for len(r.stack) > 1 {
			r.press("Esc")
		}
	}
	r.press("Home", "Down", "Enter", "Enter").has("[Sales] Ann")
	if title := r.sim.GetTitle(); title != "" {
		t.Errorf("the window is called %q", title)
	}
}

func TestAcceptance74NoOtherLeg(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0032"), 120, 40)
	r.flowOf(2).press("F4").has("no other leg: tried ")
}

// W: the pane renders findings, Tab gives it the keys, Enter leads to the row
// of a packet, and Esc back to the same line.
func TestAcceptanceWhyPane(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0077"), 80, 24)
	r.press("Home", "Enter", "W").has("── Why").press("Tab")
	read := whyWords(r)
	for _, want := range []string{"T.38 was refused", "488"} {
		if !strings.Contains(read, want) {
			t.Errorf("the pane does not say %q", want)
		}
	}
	r.press("Home")
	v := r.top().(*flowView)
	e, _ := v.reasons.evidence()
	for range 30 { // the first that is a message: packets of media have no row of their own
		if e != nil && slices.ContainsFunc(v.l.Rows, func(r ladder.Row) bool { return holdsFrame(&r, e.Frame) }) {
			break
		}
		r.press("Down")
		e, _ = v.reasons.evidence()
	}
	if e == nil {
		t.Fatalf("the cursor is on no evidence:\n%s", r.text())
	}
	before := v.reasons.cursor
	r.press("Enter")
	if row := v.row(); row == nil || !holdsFrame(row, e.Frame) {
		t.Errorf("frame %d is not in the row under the cursor", e.Frame)
	}
	r.press("Esc")
	if r.top() != view(v) || v.reasons.focused() != InWhy || v.reasons.cursor != before {
		t.Errorf("Esc does not lead back to the line: focus %v, line %d, was %d", v.reasons.focused(), v.reasons.cursor, before)
	}
	r.press("Esc", "W").hasNot("── Why")
}
