package tui

import (
	"fmt"
	"strings"
	"testing"

	"sipsniff/correlate"
)

func TestFilterLineAppliesEveryKey(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: fiveCalls()})
	r.press("/").typeText("caller")
	if r.rows() != "1 2 3 4 5" {
		t.Errorf("caller: rows %s", r.rows())
	}
	r.typeText("3")
	if r.rows() != "3" {
		t.Errorf("caller3: rows %s", r.rows())
	}
	r.has("/ caller3▏", "1 of 5  Esc clears")
	r.press("Backspace")
	if r.rows() != "1 2 3 4 5" {
		t.Errorf("after Backspace: rows %s", r.rows())
	}
	r.typeText("4").press("Enter").has("/ caller4").hasNot("▏")
	r.press("Esc")
	if r.rows() != "1 2 3 4 5" || r.dialog != nil {
		t.Errorf("after Esc: rows %s", r.rows())
	}
}

func TestFilterLineIsLiteral(t *testing.T) {
	snap := fiveCalls()
	snap.Calls[2].From = "sip:+999999@a"
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap})
	for text, want := range map[string]string{"+999999": "3", "999999": "3", "+88": "", "!caller1": "2 3 4 5", "[99": ""} {
		r.press("/", "^U").typeText(text)
		if r.rows() != want {
			t.Errorf("%s: rows %q, want %q", text, r.rows(), want)
		}
		r.has("/ " + text).press("Esc")
	}
}

// While the text is wrong, or not finished, the list shows the last good one
// and says so.
func TestFilterLineErrors(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 24, snap: fiveCalls()})
	r.press("/").typeText("code:486 ").typeText("from~/+3[4")
	r.has("✗ filter, column 15: missing", "list still shows the last good one: code:486")
	if r.rows() != "2 4" {
		t.Errorf("rows %s", r.rows())
	}
	r.press("Enter") // the line stays: there is nothing to go back to the list with
	if r.dialog == nil {
		t.Error("Enter left the line with an error in it")
	}
	r.press("^U").typeText("(code:4").has(`missing ")"`, "last good one: all")
	if r.rows() != "1 2 3 4 5" {
		t.Errorf("rows %s", r.rows())
	}
	r.typeText("86)").hasNot("✗")
	if r.rows() != "2 4" {
		t.Errorf("rows %s", r.rows())
	}
}

func TestFilterLineCompletes(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: fiveCalls()})
	r.press("/").typeText("cod").has("complete (Tab / ↑↓, Enter runs)", "code:", "codec:")
	r.press("Tab").has("/ code:▏", "code:486", "2 calls")
	r.press("Down", "Enter").has("/ code:486")
	if r.rows() != "2 4" || r.dialog != nil {
		t.Errorf("rows %s", r.rows())
	}
	r.press("/").typeText(" sta").press("Tab").has("state:busy", "state:in_call", "3 calls")
	r.typeText("in").press("Tab")
	if got := string(r.calls.filter.text); got != "code:486 state:in_call" {
		t.Errorf("completed to %q", got)
	}
}

func TestFilterLineHistory(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: fiveCalls()})
	for _, text := range []string{"caller1", "caller2"} {
		r.press("/").typeText(text).press("Enter", "Esc")
	}
	r.press("/", "Up").has("/ caller2").press("Up").has("/ caller1")
	if r.rows() != "1" {
		t.Errorf("rows %s", r.rows())
	}
	r.press("^N").has("/ caller2").press("^N").has("5 of 5")
}

// What is said of a name keeps to the characters of the screen.
func TestFilterSavedInASCII(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: fiveCalls(), file: liked(t, "[display]\nlines = \"ascii\"\n")})
	r.press("/").typeText("code:486").press("^S").typeText("日8").press("Enter").has(`saved as @\u65e58`).hasNot("日")
	if _, saved := r.filters.saved["日8"]; !saved {
		t.Errorf("saved are %v", r.filters.saved)
	}
}

func TestFilterSaved(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 24, snap: fiveCalls()})
	r.press("/").typeText("code:486").press("^S").typeText("busy").press("Enter").has("saved as @busy")
	r.press("^U").typeText("@b").has("@busy").press("Tab", "Enter").has("/ @busy")
	if r.rows() != "2 4" {
		t.Errorf("rows %s", r.rows())
	}
	r.press("/", "^U").typeText("@nobody").has("no filter is saved under this name")
	r.press("^U").typeText("code:486").press("^S").typeText("no good").press("Enter").has("nothing was saved")
}

func TestFilterHintsAndNearest(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 24, snap: fiveCalls()})
	r.press("/").typeText("xyz:1").has("xyz: is no field", "0 of 5")
	r.press("^U").typeText("code:487").press("Enter").has(`0 of 5 dialogs match "code:487". Esc clears, nearest: code:486 (2)`)
	r.press("/", "^U").typeText("from:caller1 code:486").press("Enter").has("nearest: code:486 (2)")
}

// A hostile filter text, and hostile values among the offers, leave the screen
// as it is.
func TestFilterLineHostile(t *testing.T) {
	snap := fiveCalls()
	snap.Calls[0].From = "sip:\x1b[31m[red]x\u202e@a"
	snap.Calls[0].FromDisplay = strings.Repeat("界", 300)
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap})
	r.press("/").typeText("from:")
	r.hasNot("\x1b", "\u202e").has("from:")
	r.press("Down", "Down", "Down", "Tab")
	r.text()
	r.press("^U").typeText(strings.Repeat("x", 1000))
	if n := len(r.calls.filter.text); n > maxPrompt {
		t.Errorf("%d characters were taken", n)
	}
	r.has("Esc clears")
}

func TestFilterForm(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: fiveCalls()})
	r.press("F7").has("Filter (F7)", "[x] INVITE", "[x] rest", "a: all", "[ Filter ]", "State    any ▾")
	r.typeText("caller2").has("= from:caller2").press("Enter").has("/ from:caller2")
	if r.rows() != "2" || r.dialog != nil {
		t.Errorf("rows %s", r.rows())
	}
	// the form shows what it wrote, and methods: OPTIONS off
	r.press("F7").has("[caller2▏").press("Down", "Down", "Down", "Down", "Down", "Right", "Right", "Space").has("= from:caller2 !method:OPTIONS", "[ ] OPTIONS")
	r.press("Esc").has("/ from:caller2")
	if r.rows() != "2" {
		t.Errorf("after Esc: rows %s", r.rows())
	}
	g := &filterForm{choice: map[formItem]int{}}
	g.read(`from:"a b" !method:OPTIONS,INFO state:BUSY mos<3 since:5m`)
	if g.texts[formFrom] != "a b" || g.choice[formState] == 0 || g.mos != "3" || g.choice[formSince] == 0 {
		t.Errorf("read %+v", g)
	}
}

func TestFormMethods(t *testing.T) {
	all := func(on bool) (m [len(formMethods)]bool) {
		for i := range m {
			m[i] = on
		}
		return m
	}
	g := &filterForm{methods: all(true), choice: map[formItem]int{}}
	if got := g.write(); got != "" {
		t.Errorf("everything: %q", got)
	}
	g.allMethods()
	g.methods[0] = true
	if got := g.write(); got != "method:INVITE" {
		t.Errorf("INVITE alone: %q", got)
	}
}

// What is found out in the background is what a look at every call finds.
func TestListingReusesWhatItKnows(t *testing.T) {
	snap := rows(300)
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, live: true})
	check := func(what string) {
		t.Helper()
		w := r.calls.shown.wish
		fresh := w.make(nil, func() bool { return false })
		got, want := fmt.Sprint(indexes(r.calls.shown.entries)), fmt.Sprint(indexes(fresh.entries))
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", what, got, want)
		}
	}
	r.press("/").typeText("code:4xx sal")
	check("typed")
	r.typeText("es")
	check("narrowed")
	r.press("Enter")
	for n := 301; n < 320; n++ {
		next := rows(n)
		copy(next.Calls, r.snap.Calls) // the same calls, as a tracker publishes them
		changed := *next.Calls[n%50]
		changed.FinalStatus, changed.From = 486, "sip:sales@x"
		next.Calls[n%50] = &changed
		if n%4 == 0 {
			next.Calls = next.Calls[2:]
			next.EvictedCalls = r.snap.EvictedCalls + 2
		}
		r.publish(next)
		check(fmt.Sprint("snapshot ", n))
	}
	key, _ := keyOfColumn("from")
	r.calls.setSort(key)
	check("sorted")
	r.publish(rows(330))
	check("sorted, with more")
}

func indexes(entries []sortEntry) (out []int) {
	for _, e := range entries {
		out = append(out, e.index)
	}
	return out
}

// A stream that changes may change what the filter says of its call.
func TestListingSeesStreams(t *testing.T) {
	snap := rows(10)
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, live: true})
	r.press("/").typeText("loss>50").press("Enter")
	if r.rows() != "" {
		t.Fatalf("rows %s", r.rows())
	}
	next := *snap
	next.Streams = append([]*correlate.Stream{}, snap.Streams...)
	worse := *next.Streams[0]
	worse.Quality.Lost = worse.Quality.Expected
	next.Streams[0] = &worse
	r.publish(&next)
	if r.rows() != "5" {
		t.Errorf("rows %s, want the call of the stream", r.rows())
	}
}

// The tally of many calls may be a second old while they change, and no longer.
func TestTallyIsBroughtUpToDate(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 24, snap: manyCalls(inlineCalls + 100), status: liveStatus(), live: true})
	before := r.calls.counts().calls
	r.clock = r.clock.Add(countEvery / 4)
	r.publish(manyCalls(inlineCalls + 200))
	if n := r.calls.counts().calls; n != before || r.calls.Len() != inlineCalls+200 {
		t.Errorf("%d calls are tallied and %d listed, before %d", n, r.calls.Len(), before)
	}
	r.clock = r.clock.Add(countEvery)
	r.show(r.snap, r.status) // nothing new but the time
	if n := r.calls.counts().calls; n != inlineCalls+200 {
		t.Errorf("%d calls are tallied, want %d", n, inlineCalls+200)
	}
	r.clock = r.clock.Add(countEvery / 4)
	r.publish(manyCalls(inlineCalls + 300))
	r.status.Done = true
	r.show(r.snap, r.status)
	if n := r.calls.counts().calls; n != inlineCalls+300 {
		t.Errorf("at the end %d calls are tallied, want %d", n, inlineCalls+300)
	}
}

// Offers that were asked for at the beginning of the line go there, whatever
// was offered nothing at its end.
func TestOffersGoWhereTheCaretIs(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 30, snap: rows(10), status: fileStatus()})
	r.press("/").typeText("2").press("^A", "Tab", "Down")
	first := r.calls.filter.offers.list[0].text
	if r.press("Enter"); string(r.calls.filter.text) != first+"2" {
		t.Errorf("the filter is %q, want %q in front of the 2", string(r.calls.filter.text), first)
	}
	r.press("/", "^U", "^K").typeText("mos<3 sta").press("Home").hasNot("complete (")
	r.press("End").has("complete (")
}

// At 80 columns what is wrong stands there whole, and the hint with what was
// meant (tui.md 2.2).
func TestFilterSaysItWhole(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(30), status: fileStatus()})
	r.press("/").typeText("from~/+34[0-9/").has("\n ✗ filter, column 7: missing \"]\" in /+34[0-9/ · list still shows the last good …\n")
	r.press("Esc", "/").typeText("xyz:1").has("xyz: is no field, searching the text (xcid:?)  0 of 30  Esc clears\n")
	r.press("Esc", "/").typeText("code:>=400 !code:404").hasNot("✗ filter")
}

// The form has its place of tui.md 2.2 at 80x24, and all its rows at 60x16.
func TestFormFits(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(30), status: fileStatus()})
	lines := strings.Split(r.press("F7").text(), "\n")
	for y, want := range map[int]string{3: "┌─ Filter (F7) – writes the / line ", 9: "│ ", 10: "│ Methods  [x] INVITE ", 17: "│ = ", 19: "[ Filter ]   [ Clear ]   [ Cancel ]", 20: "└──────"} {
		if !strings.Contains(lines[y], want) {
			t.Errorf("row %d is %q, want %q there", y, lines[y], want)
		}
	}
	r.sim.SetSize(60, 16)
	r.has("│ = ", "[ Filter ]   [ Clear ]   [ Cancel ]", "└──────")
}
