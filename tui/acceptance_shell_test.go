package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"sipsniff/internal/cells"
	"sipsniff/internal/settings"
)

// The tests in this file are rows of the table of acceptance in tui.md §4, by
// their numbers: what belongs to all screens. Those that need a terminal are
// in cmd/sipsniff.

// liked writes a user's file and reads it.
func liked(t *testing.T, text string) *settings.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := settings.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAcceptance23EscClearsThenAsks(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	r.calls.filterWith("code:486")
	r.has("code:486").press("Esc").hasNot("code:486", "Leave sipsniff")
	r.press("Esc").has("Leave sipsniff?").press("Esc").hasNot("Leave sipsniff?")
	if r.ended != nil {
		t.Fatalf("Esc ended it: %v", r.ended)
	}
	if r.press("q"); !errors.Is(r.ended, errQuit) {
		t.Errorf("q offline: %v", r.ended)
	}
	live := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	if live.press("q").has("Live capture: 10 calls are not saved."); live.ended != nil {
		t.Errorf("q live ended it: %v", live.ended)
	}
}

func TestExitPromptIsASetting(t *testing.T) {
	for _, tt := range []struct {
		prompt string
		live   bool
		asks   bool
	}{{"always", false, true}, {"live", false, false}, {"live", true, true}, {"never", true, false}} {
		r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: tt.live, file: liked(t, "[display]\nexit_prompt = \""+tt.prompt+"\"\n")})
		if r.press("q"); (r.ended == nil) != tt.asks {
			t.Errorf("%+v: ended %v", tt, r.ended)
		}
	}
}

func TestAcceptance32FreezeHoldsTheView(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true})
	r.press("p").has("FROZEN")
	before := strings.Split(r.text(), "\n")[3:20]
	r.clock = r.clock.Add(3 * time.Second)
	r.status.Frames += 20_600
	r.publish(rows(11)).has("FROZEN", "+8 calls", "+20.6k pk")
	for i, line := range strings.Split(r.text(), "\n")[3:20] {
		if line != before[i] {
			t.Errorf("row %d moved while the view was held:\n%s\n%s", i+3, before[i], line)
		}
	}
	r.press("p").has("[1 Dialogs 11]").hasNot("FROZEN")
}

func TestAcceptance33ClearAsksAndIsUndone(t *testing.T) {
	for _, keys := range [][]string{nil, {"Enter"}, {"Enter", "Enter"}, {"2"}, {"5"}} {
		r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
		r.press(keys...).press("F5").has("Clear all: 10 rows")
		r.press("Esc", "1").has("[1 Dialogs 10]")
		r.press("F5", "Enter", "1").has("[1 Dialogs 0]", "10 rows were cleared away")
		r.press("u").has("[1 Dialogs 10]", "back again: 10 rows")
	}
}

// What comes after clearing is shown; what was cleared comes back with it.
func TestClearedCallsStayAwayWhileNewOnesCome(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	r.press("F5", "Enter").publish(rows(12)).has("[1 Dialogs 2]")
	r.press("F5", "Enter").has("[1 Dialogs 0]").press("u").has("[1 Dialogs 2]").press("u").has("[1 Dialogs 12]")
}

// F9 clears what the filter hides.
func TestAcceptance34ClearHidden(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	r.press("F9").has("shows everything").hasNot("Clear hidden")
	r.calls.filterWith("code:486")
	r.has("2 of 10").press("F9").has("Clear 8 rows that the list does not show?").press("Esc").has("2 of 10")
	r.press("F9", "Enter").has("2 of 2").press("u").has("2 of 10")
}

func TestAcceptance35RedrawClearsNothing(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	r.press("^L").has("[1 Dialogs 10]", "redrawn; clearing is F5").press("^L").has("[1 Dialogs 10]").hasNot("redrawn")
}

// A recordingSaver remembers what it was asked to write, and writes it.
type recordingSaver struct{ asked []SaveRequest }

func (s *recordingSaver) saver() Saver {
	out := emptySaver()
	out.Run = func(_ context.Context, r SaveRequest, _ func(float64)) (SaveResult, error) {
		s.asked = append(s.asked, r)
		err := os.WriteFile(r.File, []byte("new"), 0o600)
		return SaveResult{Files: []string{r.File}, Frames: 18, Octets: 3}, err
	}
	return out
}

// saveIn opens the dialog and writes a directory and a name into it.
func (r *rig) saveIn(folder, name string) *rig {
	r.press("F2")
	d, ok := r.dialog.(*saveDialog)
	if !ok {
		r.t.Fatalf("F2 opens no dialog:\n%s", r.text())
	}
	for _, item := range []struct {
		item *textItem
		text string
	}{{d.folder, folder}, {d.name, name}} {
		d.form.focusOn(item.item)
		r.press("End", "^U").typeText(item.text)
	}
	return r
}

func TestAcceptance51SaveErrorKeepsTheDialog(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), save: s.saver()})
	missing := filepath.Join(t.TempDir(), "nonexistent")
	r.press("Down").saveIn(missing, "a.txt")
	r.press("Enter").has("Cannot save", "no such file or directory", "Nothing was written", "Create it")
	if len(s.asked) != 0 {
		t.Fatal("it was written all the same")
	}
	r.press("Esc").has("Save (F2)", "nonexistent", "a.txt")
	r.press("Enter", "Enter").has("saved 1 call, 18 packets")
	if got, err := os.ReadFile(filepath.Join(missing, "a.txt")); err != nil || string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestSaveDialogIsAboutTheRightCalls(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), save: s.saver()})
	folder := t.TempDir()
	r.press("Down", "Down").saveIn(folder, "one.pcapng").has("(•) this call #3", "( ) 10 all").press("Enter")
	r.press("Space", "Down", "Space", "Home", "Enter").press("S").has("(•) 2 marked", "( ) this call #3").press("Esc", "Esc")
	r.saveIn(folder, "two.pcapng").press("Enter")
	r.press("^W").calls.filterWith("code:486")
	r.press("F2", "Right").has("(•) 2 listed").press("Right").has("(•) 10 all").press("Esc")
	want := [][]int{{3}, {3, 4}}
	if len(s.asked) != len(want) {
		t.Fatalf("%d files were asked for", len(s.asked))
	}
	for i, numbers := range want {
		var got []int
		for _, c := range s.asked[i].Calls {
			got = append(got, c.Index)
		}
		if fmt.Sprint(got) != fmt.Sprint(numbers) {
			t.Errorf("file %d holds the calls %v, want %v", i, got, numbers)
		}
	}
}

// The end of the name follows the format; one that the user wrote stays.
func TestSaveName(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), save: emptySaver()})
	r.press("F2").has("2025-10-14_120939_33199000213.pcapng")
	d := r.dialog.(*saveDialog)
	d.form.focusOn(d.form.items[4])
	r.press("Right").has("(•) pcap", "_33199000213.pcap ").press("Right").has("_33199000213.txt")
	d.form.focusOn(d.name)
	r.press("Home").typeText("my").has("[my2025")
	d.form.focusOn(d.form.items[4])
	r.press("Left").has("[my2025-10-14_120939_33199000213.pcap ")
}

func TestAcceptance54SaveAsksBeforeItReplaces(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), save: s.saver()})
	folder := t.TempDir()
	old := filepath.Join(folder, "old.pcap")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.saveIn(folder, "old.pcap").press("Enter").has("old.pcap is there already", "Replace").press("Esc").has("Save (F2)")
	if got, err := os.ReadFile(old); err != nil || string(got) != "old" || len(s.asked) != 0 {
		t.Fatalf("Esc: the file holds %q, %v", got, err)
	}
	r.press("Enter", "o").has("Save (F2)").press("Enter", "Enter").has("saved 1 call")
	if got, _ := os.ReadFile(old); string(got) != "new" {
		t.Errorf("replaced: the file holds %q", got)
	}
}

// While a file is written keys go on, and Esc gives it up.
func TestSaveGoesOnInTheBackground(t *testing.T) {
	save := emptySaver()
	began := make(chan struct{})
	save.Run = func(ctx context.Context, _ SaveRequest, progress func(float64)) (SaveResult, error) {
		progress(0.5)
		close(began)
		<-ctx.Done()
		return SaveResult{}, ctx.Err()
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), save: save})
	r.workshop.open(make(chan struct{}))
	r.saveIn(t.TempDir(), "a.pcap").press("Enter")
	<-began
	r.has("Saving", "50 %").press("Enter").hasNot("Saving").press("Down")
	if r.calls.list.id != 2 {
		t.Error("the list does not move while a file is written")
	}
	r.dialog = &savingDialog{s: r.saving}
	r.press("Esc")
	(<-r.workshop.results)()
	r.has("given up; no file was changed")
}

// Each screen and dialog has its own help; there it can be searched.
func TestAcceptance60HelpOfEveryScreen(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		for _, screen := range []struct {
			keys  []string
			about string
			saves bool // there is something to save
		}{
			{nil, "Calls", true}, {[]string{"Enter"}, "Ladder", true}, {[]string{"Enter", "Enter"}, "Message", true}, {[]string{"v"}, "Media", true},
			{[]string{"Enter", "Space", "Down", "Space"}, "Diff", true}, {[]string{"W", "W"}, "Why", false},
			{[]string{"2"}, "Registrations", true}, {[]string{"3"}, "Streams", true}, {[]string{"4"}, "Statistics", true}, {[]string{"5"}, "Problems", true},
			{[]string{"6"}, "Capture", false}, {[]string{"F2"}, "Save", true}, {[]string{"F8"}, "Settings", false}, {[]string{"F10"}, "Columns", false}, {[]string{":"}, "Palette", false},
		} {
			t.Run(fmt.Sprintf("%s %dx%d", screen.about, size[0], size[1]), func(t *testing.T) {
				r := callScreens(t, capturePath(t, "c0077"), size[0], size[1])
				r.config.Save = emptySaver()
				r.press(screen.keys...).press("F1").has("Help · "+screen.about, "1/")
				first := r.text()
				r.press("PgDn")
				if r.lines() > r.dialog.(*helpDialog).height && r.text() == first {
					t.Error("it does not scroll")
				}
				r.press("PgUp").typeText("zzz").hasNot("F12").press("Esc")
				all := helpRows(r.text())
				r.typeText("sav")
				found := helpRows(r.text())
				if len(found) >= len(all) && len(all) > 2 {
					t.Errorf("typing does not filter:\n%s", r.text())
				}
				if screen.saves == strings.Contains(r.text(), `No key here has "sav". Right leads to: Calls`) {
					t.Errorf("%d keys are found:\n%s", len(found), r.text())
				}
				if !screen.saves {
					found = nil
				}
				for _, row := range found {
					if !strings.Contains(strings.ToLower(row), "sav") {
						t.Errorf("%q has no \"sav\"", row)
					}
				}
				r.press("Esc", "Esc").hasNot("Help · ")
			})
		}
	}
}

// helpRows are the lines between the head of the help and its foot that tell of
// a key.
func helpRows(screen string) []string {
	var rows []string
	for _, line := range strings.Split(screen, "\n")[1:] {
		text := strings.TrimSpace(line)
		if strings.HasPrefix(text, "Built from") || strings.HasPrefix(text, "Preset ") || strings.HasPrefix(text, "Esc Close") || strings.HasPrefix(text, "Esc ") && strings.Contains(text, "Print key map") {
			break
		}
		if text != "" && !strings.HasPrefix(text, "This screen") && !strings.HasPrefix(text, "Everywhere") {
			rows = append(rows, text)
		}
	}
	return rows
}

func (r *rig) lines() int { return r.dialog.(*helpDialog).lines }

func TestAcceptance61ChangedKeys(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 40, snap: rows(10), status: fileStatus(), save: emptySaver(), file: liked(t, "[keys.calls]\nsave = [\"F11\"]\n")})
	r.has("F11 Save").hasNot("F2 Save")
	r.press("F2").hasNot("Save (F2)").press("F11").has("Save (F2)").press("Esc")
	r.press("F1").has("F11 ", "save calls to a file").hasNot("F2 s S")
	bold := false
	r.scan(func(x, y int, s string, _ int) {
		if _, style, _ := r.sim.Get(x, y); s == "F" {
			next, _, _ := r.sim.Get(x+1, y)
			last, _, _ := r.sim.Get(x+2, y)
			_, _, attributes := style.Decompose()
			bold = bold || next == "1" && last == "1" && attributes&tcell.AttrBold != 0
		}
	})
	if !bold {
		t.Error("the changed key is not bold")
	}
	r.press("Esc", "Enter", "S").has("Save (F2)") // the ladder has its own
}

func TestAcceptance62TwoActionsOnOneKey(t *testing.T) {
	err := CheckKeys(liked(t, "\n[keys.calls]\nsave = [\"F11\"]\nraw = [\"F11\"]\n"))
	var conflict *KeyConflict
	if !errors.As(err, &conflict) || conflict.Key != "F11" || conflict.Line != 4 && conflict.Line != 3 {
		t.Fatalf("%v", err)
	}
	for _, id := range []string{conflict.First, conflict.Second} {
		if id != "save" && id != "calls.raw" {
			t.Errorf("it names %s", id)
		}
	}
	for _, preset := range []string{"sngrep", "vim"} {
		if err := CheckKeys(liked(t, "preset = \""+preset+"\"\n")); err != nil {
			t.Errorf("preset %s: %v", preset, err)
		}
	}
}

func TestVimPreset(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), file: liked(t, "preset = \"vim\"\n")})
	r.press("^E", "^E", "^N", "^Y")
	if r.calls.list.id != 3 {
		t.Errorf("the cursor is on #%d", r.calls.list.id)
	}
	r.press("G", "g")
	if r.calls.list.id != 1 {
		t.Errorf("g leads to #%d", r.calls.list.id)
	}
}

func TestAcceptance63Palette(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), save: emptySaver()})
	r.press(":").typeText("sav").has("Command", "save", "F2").press("Tab", "Enter").has("Save (F2)").press("Esc")
	r.press(":").has("save", "as before").press("Esc")
	r.press("^P").typeText("theme mono").press("Enter").has("display.theme = mono")
	r.press(":").typeText("theme pink").press("Enter").has("none of auto, dark")
	r.press(":").typeText("nonsense").press("Enter").has("no command nonsense")
	r.press(":").typeText("sort to").press("Enter")
	if r.calls.order.key.column != "to" {
		t.Errorf("sorted by %s", r.calls.order.key.column)
	}
	r.press(":").typeText("show calls").press("Enter").has("[1 Calls 10]")
	r.press("Enter", ":").typeText("raw").press("Enter").has("All ")
}

func TestAcceptance64GoTo(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(30), status: fileStatus()})
	r.press(":").typeText("4").press("Enter")
	if r.calls.list.id != 4 {
		t.Errorf(":4 leads to #%d", r.calls.list.id)
	}
	r.press(":").typeText("12:09:49").press("Enter")
	c := r.calls.current()
	if at := r.at(c.Started).Format("15:04:05"); at != "12:09:49" || c.Index != 16 {
		t.Errorf(":12:09:49 leads to #%d of %s", c.Index, at)
	}
	r.press(":").typeText("99").press("Enter").has("no #99")
	r.press(":").typeText("23:59:59").press("Enter").has("no call of the list began")
	r.press("Enter", ":").typeText("goto 7").press("Enter").has("[1 Dialogs 30]")
	if r.calls.list.id != 7 {
		t.Errorf("goto 7 leads to #%d", r.calls.list.id)
	}
}

// everyScreen opens each screen and dialog in turn and calls look.
func everyScreen(r *rig, look func(name string)) {
	for _, screen := range []struct {
		name string
		keys []string
		back int // Esc
	}{
		{"calls", nil, 0}, {"marked", []string{"Space"}, 0}, {"ladder", []string{"Enter"}, 1}, {"why", []string{"Enter", "W"}, 2}, {"message", []string{"Enter", "Enter"}, 2},
		{"diff", []string{"Enter", "Space", "Down", "Down", "Space"}, 3}, {"media", []string{"v"}, 1}, {"registrations", []string{"2"}, 1}, {"streams", []string{"3"}, 1},
		{"statistics", []string{"4"}, 1}, {"problems", []string{"5"}, 1}, {"capture", []string{"6"}, 1}, {"help", []string{"F1"}, 1}, {"save", []string{"F2"}, 1},
		{"settings", []string{"F8"}, 1}, {"columns", []string{"F10"}, 1}, {"palette", []string{":"}, 1}, {"sort", []string{"<"}, 1}, {"clear", []string{"F5"}, 1},
		{"filter", []string{"/"}, 1}, {"form", []string{"F7"}, 1},
	} {
		r.press(screen.keys...)
		look(screen.name)
		for range screen.back {
			r.press("Esc")
		}
		for len(r.stack) > 1 {
			r.back()
		}
		r.dialog, r.prompt = nil, nil
	}
}

func TestAcceptance65NoColour(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0077"), 80, 24)
	r.config.Save = emptySaver()
	r.theme = newTheme("dark", 0) // NO_COLOR makes tcell say so
	everyScreen(r, func(name string) {
		r.scan(func(x, y int, s string, _ int) {
			_, style, _ := r.sim.Get(x, y)
			if fg, bg, _ := style.Decompose(); fg != tcell.ColorDefault || bg != tcell.ColorDefault {
				t.Fatalf("%s: %q at %d,%d has a colour", name, s, x, y)
			}
		})
	})
	reversed := false
	r.scan(func(x, y int, s string, _ int) {
		_, style, _ := r.sim.Get(x, y)
		_, _, attributes := style.Decompose()
		reversed = reversed || s == "▶" && attributes&tcell.AttrReverse != 0
	})
	if !reversed {
		t.Error("the row under the cursor is not reversed")
	}
	r.has("✗")
}

func TestAcceptance67OnlyASCII(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true, charset: "US-ASCII", save: emptySaver()})
	everyScreen(r, func(name string) {
		for i, c := range r.text() {
			if c != '\n' && (c < ' ' || c > '~') {
				t.Fatalf("%s: %q at %d", name, c, i)
			}
		}
	})
	forced := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true, file: liked(t, "[display]\nlines = \"ascii\"\n")})
	forced.hasNot("▶", "│").has(">")
}

// Where characters of ambiguous width are wide names keep to their columns, and
// nothing is drawn with such characters.
func TestAmbiguousWidth(t *testing.T) {
	t.Cleanup(func() { cells.Ambiguous(false) })
	snap := rows(3)
	snap.Calls[0].From = "\"①②③④⑤⑥⑦⑧⑨\" <sip:a@b>"
	for _, setting := range []string{"1", "2"} {
		r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: fileStatus(), file: liked(t, "[display]\nambiguous = "+setting+"\n")})
		wide := setting == "2"
		if got := cells.Width("①"); got == 2 != wide {
			t.Errorf("ambiguous = %s: %d cells", setting, got)
		}
		if got := strings.Contains(r.text(), "▶"); got == wide {
			t.Errorf("ambiguous = %s: Unicode %v", setting, got)
		}
	}
}

func TestAcceptance70Mouse(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(40), status: fileStatus(), save: emptySaver()})
	r.text()
	r.mouseAction(tview.MouseLeftClick, 20, 4+4)
	if r.calls.list.id != 5 {
		t.Errorf("a click on row 5 leads to #%d", r.calls.list.id)
	}
	r.mouseAction(tview.MouseLeftDoubleClick, 20, 4+4)
	r.has("Flow #5").press("Esc")
	at := strings.Index(string([]rune(strings.Split(r.text(), "\n")[3])), "MOS")
	r.mouseAction(tview.MouseLeftClick, len([]rune(strings.Split(r.text(), "\n")[3][:at])), 3)
	if r.calls.order.key.column != "mos" {
		t.Errorf("a click on MOS sorts by %s", r.calls.order.key.column)
	}
	top := r.calls.list.cursor
	r.mouseAction(tview.MouseScrollDown, 20, 10)
	if r.calls.list.cursor != top+wheelRows {
		t.Errorf("the wheel moves from row %d to %d", top, r.calls.list.cursor)
	}
	r.clickOn("F5 Clear").has("Clear all (F5)").clickOn("[ Keep ]").hasNot("Clear all (F5)")
	r.mouseAction(tview.MouseRightClick, 20, 4+2)
	r.has("Command").hasNot("settings").clickOn("raw").has("All ")
}

// clickOn clicks on a text of the screen.
func (r *rig) clickOn(text string) *rig {
	r.t.Helper()
	for y, line := range strings.Split(r.text(), "\n") {
		if at := strings.Index(line, text); at >= 0 {
			r.mouseAction(tview.MouseLeftClick, len([]rune(line[:at])), y)
			return r
		}
	}
	r.t.Fatalf("%q is not on the screen:\n%s", text, r.text())
	return r
}

// A dialog covers what can be clicked below it, and its own parts work.
func TestMouseInDialogs(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(40), status: fileStatus(), save: emptySaver()})
	r.press("F8").text()
	r.mouseAction(tview.MouseLeftClick, 20, 4+7)
	if r.calls.list.id != 1 {
		t.Error("a click goes through the dialog")
	}
	r.clickOn("Ladder").has("[Ladder]", "SDP").clickOn("[ Cancel ]").hasNot("Settings (F8)")
	r.press("F2").clickOn("( ) pcap ").has("(•) pcap").clickOn("[x] related legs").has("[ ] related legs").clickOn("[ Cancel ]")
	r.press("F10").mouseAction(tview.MouseScrollDown, 40, 10)
	if d := r.dialog.(*columnDialog); d.cursor != 1 {
		t.Errorf("the wheel leads to column %d", d.cursor)
	}
	r.press("Esc", "F12").has("mouse off").press("F12").has("mouse on")
}

func TestAcceptance71ResizeKeepsThePlace(t *testing.T) {
	r := newRig(t, rigOptions{w: 200, h: 60, snap: rows(30), status: liveStatus(), live: true})
	r.press("Down", "Down", "Down", "Down", "Enter", "t", "t", "W", "Down", "Down", "Down")
	before := r.text()
	v := r.top().(*flowView)
	row := v.cursor
	for _, size := range [][2]int{{60, 16}, {39, 9}, {200, 60}} {
		r.sim.SetSize(size[0], size[1])
		r.text()
	}
	if got := r.text(); got != before || v.cursor != row {
		t.Errorf("row %d became %d; the screen was\n%s\nand is\n%s", row, v.cursor, before, got)
	}
}

func TestAcceptance72TooSmall(t *testing.T) {
	r := newRig(t, rigOptions{w: 39, h: 9, snap: rows(10), status: liveStatus(), live: true})
	r.has("I need 40×10", "capture continues")
	r.publish(rows(12)).sim.SetSize(80, 24)
	r.has("[1 Dialogs 12]")
}

func TestAcceptance73TheLimitIsTold(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 40, snap: rows(30), status: liveStatus(), live: true})
	full := rows(30)
	full.EvictedCalls, full.LimitReached = 12, "calls"
	r.publish(full).has("30 calls kept · oldest leave (calls) · 12 left so far")
}

// ^C asks as q does; the stop key asks, too, and stops.
func TestStopAsks(t *testing.T) {
	stopped := false
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true, stop: func() { stopped = true }})
	r.press("P").has("Stop capturing on eth0?").press("Esc")
	if stopped {
		t.Fatal("Esc stopped it")
	}
	if r.press("P", "Enter"); !stopped {
		t.Fatal("Enter did not stop it")
	}
	r.status.Done = true
	r.show(r.snap, r.status)
	r.has("STOPPED").press("P").hasNot("Stop capturing")
}

func TestHIsLeft(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus()})
	for i := range 4 {
		if told := strings.Contains(r.press("h").text(), "help is F1 or ?"); told != (i < 3) {
			t.Errorf("h, time %d: told %v", i+1, told)
		}
	}
}

// What the settings dialog says holds at once, or is in the file.
func TestSettingsDialog(t *testing.T) {
	file := liked(t, "# mine\n[display]\nrefresh = 2\n")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus(), file: file})
	r.press("F8", "Down", "Down").has("Line drawing").press("Left", "u").has("in force for this session: 1 setting").hasNot("│")
	if got, _ := os.ReadFile(file.Path); string(got) != "# mine\n[display]\nrefresh = 2\n" {
		t.Errorf("the file became %q", got)
	}
	r.press("F8", "Down", "Down", "Down", "Down", "Down", "Down", "Enter", "Backspace").typeText("99").press("Enter").has("no number from 1 to 10")
	r.press("Backspace", "Backspace").typeText("5").press("Enter", "s").has("saved 1 setting")
	if got, _ := os.ReadFile(file.Path); string(got) != "# mine\n[display]\nrefresh = 5\n" {
		t.Errorf("the file became %q", got)
	}
}

func TestColumnDialog(t *testing.T) {
	file := liked(t, "")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus(), file: file})
	head := func() string { return strings.Join(strings.Fields(strings.Split(r.text(), "\n")[3]), " ") }
	r.press("F10", "Down", "Space", "Enter")
	if strings.Contains(head(), "Time") {
		t.Errorf("Time is still there: %s", head())
	}
	r.press("F10", "p", "p", "p", "p", "p", "s").has("columns are saved")
	if got, _ := os.ReadFile(file.Path); string(got) != "[calls]\ncolumns = [\"number\", \"method\", \"from\", \"to\", \"messages\", \"source\", \"destination\", \"state\"]\n" {
		t.Errorf("the file holds %s", got)
	}
	if want := regexp.MustCompile(`^! #▲ Meth From To Msgs .*State`); !want.MatchString(head()) {
		t.Errorf("the columns of sngrep: %s", head())
	}
	r.press("F10", "Down", "+", ">", ">", "Enter")
	if got := r.option("calls.columns"); got != "number from method:6 to messages source destination state" {
		t.Errorf("moved and widened: %s", got)
	}
	r.press("F10", "p", "Enter")
	if r.option("calls.columns") != "" || !strings.Contains(head(), "Time") {
		t.Errorf("the default: %q, %s", r.option("calls.columns"), head())
	}
}

// Themes differ, and the one of the file is used.
func TestThemes(t *testing.T) {
	if newTheme("auto", 256) == newTheme("dark", 256) || newTheme("light", 256) == newTheme("dark", 256) || newTheme("mono", 256) != newTheme("auto", 0) {
		t.Error("two themes are one")
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus(), file: liked(t, "[display]\ntheme = \"mono\"\n")})
	if r.theme != newTheme("mono", 256) {
		t.Error("the theme of the file is not used")
	}
}

// The screens of the shell, at the sizes of the mock-ups.
func TestShellGolden(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		r := newRig(t, rigOptions{w: size[0], h: size[1], snap: rows(30), status: liveStatus(), live: true, save: emptySaver(), stop: func() {}})
		name := func(what string) string { return fmt.Sprintf("%s-%dx%d", what, size[0], size[1]) }
		open := func(what string, keys ...string) {
			r.press("Home", "Down", "Down", "Down", "Down").press(keys...)
			if d, ok := r.dialog.(*saveDialog); ok {
				d.folder.set("/srv/captures") // not where the test happens to run
			}
			r.golden(name(what))
			for r.dialog != nil {
				r.press("Esc")
			}
		}
		open("settings", "F8", "Down", "Down", "Down")
		open("columns", "F10", "Down", "Down")
		open("save", "F2")
		open("clear", "F5")
		open("stop", "P")
		r.press(":").typeText("sav")
		r.golden(name("palette")).press("Esc")
		open("sort", "<")
		help, err := customKeyTable([]Action{
			{ID: "calls.open", Help: "message flow of the call(s)", Contexts: InCalls, Keys: []string{"Enter"}},
			{ID: "calls.mark", Help: "mark for flow, save, compare", Contexts: InCalls, Keys: []string{"Space"}},
			{ID: "save", Help: "save", Contexts: InCalls | InLadder, Keys: []string{"F2", "s", "S"}},
			{ID: "move.up", Help: "move", Contexts: everywhere, Keys: []string{"Up", "k"}},
			{ID: "help", Help: "this help", Contexts: everywhere, Keys: []string{"F1", "?", "H"}, Run: (*UI).openHelp},
		}, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.keys = help
		r.press("F1").golden(name("help"))
	}
}
