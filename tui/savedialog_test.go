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
	r.press("Down", "Down").saveIn(t.TempDir(), "a.txt").has("(•) this call #3", "[ ] registrations of the same users (+2)")
	d := r.dialog.(*saveDialog)
	d.form.focusOn(d.form.items[2])
	r.press("Space").has("[x] registrations of the same users (+2)").press("Enter").has("saved 3 calls")
	var got []int
	for _, c := range s.asked[0].Calls {
		got = append(got, c.Index)
	}
	if len(got) != 3 || got[0] != 3 || got[1] != 1 || got[2] != 4 {
		t.Errorf("calls %v", got)
	}
}

// What is hidden of texts; it says that packets stay as they are.
func TestSaveHides(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: s.saver()})
	folder := t.TempDir()
	r.press("F2").has("Hide", "[x] what people wrote (not in pcapng, which is as it was)").press("Esc")
	for i, key := range []string{"", "Space"} {
		r.press("F2")
		d := r.dialog.(*saveDialog)
		d.folder.set(folder)
		d.form.focusOn(d.form.items[6])
		r.press("Right", "Right").has("(•) txt").hasNot("as it was")
		for _, item := range d.form.items[7:9] {
			d.form.focusOn(item)
			r.press(key)
		}
		r.press("Enter").has("saved 1 call")
		if hide := i == 0; s.asked[i].Hide.Bodies != hide || s.asked[i].Hide.Keys != hide {
			t.Errorf("with %q: %+v", key, s.asked[i])
		}
		if err := os.Remove(filepath.Join(folder, filepath.Base(s.asked[i].File))); err != nil {
			t.Fatal(err)
		}
	}
}

// What a capture holds besides the calls is chosen there, and not for texts.
func TestSaveAround(t *testing.T) {
	s := &recordingSaver{}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: withPhones(), status: fileStatus(), save: s.saver()})
	r.saveIn(t.TempDir(), "a.pcapng").has("[ ] everything of these hosts, 5 s before and after ", "[x] RTCP, and ICMP errors ", "≈ ")
	d := r.dialog.(*saveDialog)
	for _, item := range d.form.items[4:6] {
		d.form.focusOn(item)
		r.press("Space")
	}
	r.has("[x] everything of these hosts", "[ ] RTCP, and ICMP errors", "at least ").press("Enter").has("saved 1 call")
	if got := s.asked[0]; !got.Around || !got.NoReports {
		t.Errorf("%+v", got)
	}
	r.saveIn(t.TempDir(), "b.pcapng").press("Enter")
	if got := s.asked[1]; got.Around || got.NoReports {
		t.Errorf("by itself: %+v", got)
	}
	r.press(":").typeText("save txt").press("Enter").has("errors (not in txt)")
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
	d.form.focusOn(d.form.items[6])
	r.press("Right", "Right").clickOn("Save and open here").has("only a capture can be opened")
	if got := r.wanted(); got != nil || len(s.asked) != 2 {
		t.Errorf("a text is opened: %+v, %d files", got, len(s.asked))
	}
}
