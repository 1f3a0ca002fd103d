package tui

import (
	"os"
	"path/filepath"
	"testing"

	"sipsniff/correlate"
)

// withPhones are a call of alice to bob, their registrations and that of carol.
func withPhones() *correlate.Snapshot {
	call := func(index int, method, from, to string) *correlate.Call {
		return &correlate.Call{Index: index, Method: method, From: "sip:" + from + "@example.com", To: "sip:" + to + "@example.com", Started: int64(index) * 1e9}
	}
	return &correlate.Snapshot{Calls: []*correlate.Call{call(1, "REGISTER", "alice", "alice"), call(2, "REGISTER", "carol", "carol"),
		call(3, "INVITE", "alice", "bob"), call(4, "REGISTER", "admin", "bob"), call(5, "OPTIONS", "alice", "bob")}}
}

func TestSaveWithRegistrations(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: s.saver()})
	r.press("Down", "Down").saveIn(t.TempDir(), "a.txt").has("(•) this call #3", "[ ] registrations of same users (+2)")
	d := r.dialog.(*saveDialog)
	d.form.focusOn(d.form.items[1])
	r.press("Right", "Space").has("[x] registrations of same users (+2)").press("Enter").has("saved 3 calls")
	var got []int
	for _, c := range s.asked[0].Calls {
		got = append(got, c.Index)
	}
	if len(got) != 3 || got[0] != 3 || got[1] != 1 || got[2] != 4 {
		t.Errorf("calls %v", got)
	}
}

// at puts the focus on a check of the dialog and presses Space there.
func (r *rig) toggle(item, at int) *rig {
	d := r.dialog.(*saveDialog)
	d.form.focusOn(d.form.items[item])
	d.form.items[item].(*checksItem).at = 0
	for range at {
		r.press("Right")
	}
	return r.press("Space")
}

// The rows of the dialog.
const (
	rowLegs     = 1
	rowAround   = 3
	rowFormat   = 4
	rowComments = 5
	rowHide     = 6
)

// What is hidden of everything, and what of texts alone.
func TestSaveHides(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: s.saver()})
	folder := t.TempDir()
	r.saveIn(folder, "a.pcapng").has("Hide       [ ] numbers  [ ] IP addresses  [ ] auth headers  [ ] audio ", "[ ] what people wrote  [ ] keys pressed (both: in texts)")
	r.toggle(rowHide, 0).toggle(rowHide, 3).toggle(rowHide, 4).has("[x] numbers  [ ] IP addresses  [ ] auth headers  [x] audio ", "[ ] what people wrote").press("Enter").has("saved 1 call")
	if want := (SaveHide{Numbers: true, Audio: true, Bodies: true, Keys: true}); s.asked[0].Hide != want {
		t.Errorf("%+v", s.asked[0].Hide)
	}
	r.press(":").typeText("save txt").press("Enter").has("[ ] numbers", "[x] what people wrote  [x] keys pressed")
	r.dialog.(*saveDialog).folder.set(folder)
	r.toggle(rowHide, 2).toggle(rowHide, 4).toggle(rowHide, 5).has("[x] auth headers", "[ ] what people wrote  [ ] keys pressed").press("Enter").has("saved 1 call")
	if want := (SaveHide{Auth: true}); s.asked[1].Hide != want {
		t.Errorf("%+v", s.asked[1].Hide)
	}
	// Sound has nothing of it, and where packets are not kept none can be masked.
	r.press(":").typeText("save wav").press("Enter").toggle(rowHide, 0).has("[ ] numbers").press("Esc")
	saver := s.saver()
	formats := saver.Formats()
	for i := range formats {
		if formats[i].Packets {
			formats[i].Missing = "the packets are kept nowhere"
		}
	}
	r.config.Save.Formats = func() []SaveFormat { return formats }
	r.press(":").typeText("save txt").press("Enter").toggle(rowHide, 0).has("[ ] numbers", "packets are kept nowhere")
}

// A file without anybody's number in it has none in its name.
func TestSaveHidesTheName(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: emptySaver()})
	r.press("Down", "Down", "F2").has("_alice.pcapng").toggle(rowHide, 0).hasNot("alice.pcapng").has(".pcapng ").toggle(rowHide, 0).has("_alice.pcapng")
	r.toggle(rowHide, 1).has("_alice.pcapng")
}

// Findings are comments of packets where the format has them.
func TestSaveComments(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: s.saver()})
	folder := t.TempDir()
	r.saveIn(folder, "a.pcapng").has("[x] findings as comments of packets").press("Enter")
	r.saveIn(folder, "b.pcapng").toggle(rowComments, 0).has("[ ] findings as comments").press("Enter")
	r.press(":").typeText("save pcap").press("Enter").has("[ ] findings as comments")
	r.dialog.(*saveDialog).folder.set(folder)
	r.press("Enter").has("saved 1 call")
	if len(s.asked) != 3 || !s.asked[0].Comments || s.asked[1].Comments || s.asked[2].Comments {
		t.Errorf("%+v", s.asked)
	}
}

// What has left the spool is told before it is missed.
func TestSaveTellsWhatIsGone(t *testing.T) {
	snap := rows(10)
	var since int64
	saver := emptySaver()
	saver.MediaSince = func() int64 { return since }
	r := newRig(t, rigOptions{w: 80, h: 24, snap: snap, status: liveStatus(), save: saver})
	var with *correlate.Call
	for _, c := range snap.Calls {
		if len(streamsIn(snap, c)) > 0 {
			with = c
		}
	}
	r.press("F2").hasNot("is gone")
	since = streamsIn(snap, with)[0].First + 61e9
	d := r.dialog.(*saveDialog)
	d.scope = saveAll
	d.count()
	r.press("Tab").has("⚠ RTP of #", " is gone (spool limit): its").has("media from then on.")
	r.press("Esc").press(":").typeText("save sip").press("Enter")
	r.dialog.(*saveDialog).scope = saveAll
	r.press("Tab").hasNot("is gone")
}

// The directory is found in a list, too.
func TestSaveFolders(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: s.saver()})
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two/inner", ".hidden"} {
		if err := os.MkdirAll(filepath.Join(root, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r.saveIn(filepath.Join(root, "nowhere"), "a.pcapng").has("] ▾").press("^O").has("Directory", "./  save here", "../  up", "one/", "two/").hasNot(".hidden", "file", "nowhere/")
	r.press("t", "Enter").has("inner/").press("Left").has("one/", "two/").press("Right", "Down", "Down", "Right").has("./  save here").hasNot("one/")
	r.press("Enter")
	d, ok := r.dialog.(*saveDialog)
	if !ok || d.folder.String() != filepath.Join(root, "two", "inner") {
		t.Fatalf("%T %q", r.dialog, d.folder.String())
	}
	r.press("^O", "Left", "Esc")
	if d = r.dialog.(*saveDialog); d.folder.String() != filepath.Join(root, "two", "inner") {
		t.Errorf("Esc takes %q", d.folder.String())
	}
	r.clickOn("▾").has("./  save here").clickOn("../  up").has("inner/").clickOn("./  save here")
	if d = r.dialog.(*saveDialog); d.folder.String() != filepath.Join(root, "two") {
		t.Errorf("a click takes %q", d.folder.String())
	}
}

// What a capture holds besides the calls is chosen there, and not for texts.
func TestSaveAround(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: s.saver()})
	r.saveIn(t.TempDir(), "a.pcapng").has("[ ] everything from/to these hosts ± 5 s  [x] RTCP, ICMP ", "≈ ")
	r.toggle(rowAround, 0).toggle(rowAround, 1).has("[x] everything from/to these hosts ± 5 s  [ ] RTCP, ICMP ", "at least ").press("Enter").has("saved 1 call")
	if got := s.asked[0]; !got.Around || !got.NoReports {
		t.Errorf("%+v", got)
	}
	r.saveIn(t.TempDir(), "b.pcapng").press("Enter")
	if got := s.asked[1]; got.Around || got.NoReports {
		t.Errorf("by itself: %+v", got)
	}
	r.press(":").typeText("save txt").press("Enter").toggle(rowAround, 1).has("[ ] RTCP, ICMP")
}

func TestSaveAndOpen(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: s.saver()})
	r.press("F2").hasNot("Save and open").press("Esc")
	r.config.Reopen = func(*Reopening) error { return nil }
	folder := t.TempDir()
	r.saveIn(folder, "a.pcapng").has("[ Save ]", "[ Save and open here ]", "[ Cancel ]")
	r.clickOn("Save and open here")
	if got := r.wanted(); got == nil || got.File != filepath.Join(folder, "a.pcapng") {
		t.Errorf("it wants %+v", got)
	}
	r.saveIn(folder, "b.pcapng").press("Enter").has("saved 1 call")
	if got := r.wanted(); got != nil {
		t.Errorf("Save alone opens %+v", got)
	}
	r.press("F2")
	d := r.dialog.(*saveDialog)
	d.form.focusOn(d.form.items[rowFormat])
	r.press("Right", "Right").clickOn("Save and open here").has("only a capture can be opened")
	if got := r.wanted(); got != nil || len(s.asked) != 2 {
		t.Errorf("a text is opened: %+v, %d files", got, len(s.asked))
	}
}
