package tui

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"
)

// A saveDialog asks what is to be saved, as what, and where.
type saveDialog struct {
	u        *UI
	form     *form
	scope    int
	legs     bool
	regs     bool // and the registrations of the same users
	tally    saveTally
	counting bool // it is being made
	hide     SaveHide
	remarks  bool // findings as comments of packets
	packets  int
	around   bool // everything of the hosts of the calls
	reports  bool // RTCP and ICMP errors, too
	formats  []SaveFormat
	format   int
	folder   *textItem
	name     *textItem
	named    bool // the user wrote the name
	open     bool // the file is read afterwards
}

// openSave opens the dialog, for what suits best: the marked calls, or the one
// that the screen is about.
func (u *UI) openSave() {
	if !u.canSave() {
		u.say("nothing can be saved here")
		return
	}
	if u.saving != nil { // which can be given up there
		u.dialog = &savingDialog{s: u.saving}
		return
	}
	if len(u.snap.Calls) == 0 {
		u.say("there is no call to save")
		return
	}
	d := &saveDialog{u: u, scope: saveSubject, legs: true, reports: true, remarks: true, hide: SaveHide{Bodies: true, Keys: !u.config.ShowKeys}, formats: u.config.Save.Formats()}
	if len(u.calls.marked) > 0 {
		d.scope = saveMarked
	} else if u.subject() == nil {
		d.scope = saveAll
	}
	for d.format < len(d.formats)-1 && d.formats[d.format].Missing != "" {
		d.format++
	}
	folder, err := os.Getwd()
	if err != nil {
		folder = os.TempDir()
	}
	d.folder, d.name = newText("Directory", folder), newText("Name", "")
	d.folder.list = d.openFolders
	d.name.after = func() { d.named = true }
	buttons := []button{{"Save", func(u *UI) { d.open = false; d.save(u) }}, {"Cancel", closeDialog}}
	if u.canReopen() {
		buttons = slices.Insert(buttons, 1, button{"Save and open here", d.saveAndOpen})
	}
	d.form = newForm(&buttonRow{buttons: buttons}, d.items()...)
	d.folder.f, d.name.f = &d.form, &d.form
	d.count()
	if d.scope == saveMarked && d.counted() && d.tally.marked == 0 { // they have left
		d.scope = saveSubject
		d.count()
	}
	u.dialog = d
}

func (d *saveDialog) items() []field {
	u := d.u
	return []field{
		&radioItem{label: "What", at: &d.scope, f: &d.form, after: d.count, titles: d.scopes, usable: func(i int) bool {
			return [...]bool{d.tally.marked > 0, u.subject() != nil, u.calls.Len() > 0, len(u.snap.Calls) > 0}[i]
		}},
		&checksItem{f: &d.form, after: d.count, checks: []check{
			{title: func() string { return "related legs" + d.more(d.tally.legs) }, on: &d.legs},
			{title: func() string { return "registrations of same users" + d.more(d.tally.users) }, on: &d.regs},
		}},
		&radioItem{label: "Packets", at: &d.packets, f: &d.form, titles: func() []string { return []string{"SIP + RTP", "SIP only", "RTP only"} },
			usable: func(int) bool { return d.formats[d.format].Packets }},
		&checksItem{f: &d.form, after: d.count, checks: []check{
			{called("everything from/to these hosts " + u.set.PlusMinus + " 5 s"), &d.around, d.inPackets},
			{called("RTCP, ICMP"), &d.reports, d.inPackets},
		}},
		&radioItem{label: "Format", at: &d.format, f: &d.form, after: d.rename, titles: func() (titles []string) {
			for _, f := range d.formats {
				titles = append(titles, strings.TrimSpace(f.Name+" "+f.Note))
			}
			return titles
		}, usable: func(i int) bool { return d.formats[i].Missing == "" }},
		&checksItem{f: &d.form, checks: []check{{called("findings as comments of packets"), &d.remarks, d.holdsComments}}},
		d.hideItem(),
		d.folder, d.name,
		&noteItem{lines: d.notes},
	}
}

func (d *saveDialog) context() Context { return InSave }

func (d *saveDialog) other(u *UI, ev *tcell.EventKey) { d.form.press(u, ev) }

// scopes are the titles of what a save can be about.
func (d *saveDialog) scopes() []string {
	u, this := d.u, "this call"
	if c := u.subject(); c != nil {
		this = fmt.Sprintf("this call #%d", c.Index)
	}
	return []string{count(d.tally.marked) + " marked", this, count(u.calls.Len()) + " listed", count(len(u.snap.Calls)) + " all"}
}

// more says how many a choice adds, once that is known.
func (d *saveDialog) more(n int) string {
	if !d.counted() {
		return ""
	}
	return " (+" + count(n) + ")"
}

// inPackets reports whether the format is a capture.
func (d *saveDialog) inPackets() bool { return d.formats[d.format].Packets }

// holdsComments reports whether packets can have comments in the format.
func (d *saveDialog) holdsComments() bool { return d.formats[d.format].Name == "pcapng" }

// saveAndOpen reads the file that was saved in place of what there is.
func (d *saveDialog) saveAndOpen(u *UI) {
	if !d.formats[d.format].Packets {
		u.say("only a capture can be opened: choose pcapng or pcap")
		return
	}
	d.open = true
	d.save(u)
}

// rename makes a name for what is chosen, or gives the user's the right end.
func (d *saveDialog) rename() {
	format := d.formats[d.format].Name
	if !d.named {
		d.name.set(d.u.saveName(d.tally.calls, format, d.hides().Numbers))
		return
	}
	for _, f := range d.formats {
		if base, found := strings.CutSuffix(d.name.String(), "."+f.Name); found {
			d.name.set(base + "." + format)
			return
		}
	}
}

// notes tell how much it will be, and what is missing.
func (d *saveDialog) notes(w int) []textLine {
	u, dot := d.u, " "+d.u.set.Dot+" "
	format := d.formats[d.format]
	line := plural(len(d.tally.calls), "call")
	switch {
	case !d.counted():
		line = "counting" + u.set.Ellipsis
	case format.Packets:
		line = u.set.About
		if d.around {
			line = "at least"
		}
		line += " " + plural(int(d.tally.packets), "packet") + dot + octets(d.tally.octets)
	}
	if u.config.Save.Free != nil {
		if free, ok := u.config.Save.Free(d.folder.String()); ok {
			line += dot + "disk free " + octets(free)
		}
	}
	lines := append([]textLine{nil, {{line, roleDialog}}}, d.goneLines(w)...)
	for _, f := range d.formats {
		if f.Missing != "" {
			for _, part := range wrapWords(u.set.Warn+" "+f.Name+": "+u.clean(f.Missing), w) {
				lines = append(lines, textLine{{part, roleWarn}})
			}
			break
		}
	}
	return lines
}

func (d *saveDialog) draw(u *UI, c canvas) {
	d.count()
	w := min(76, c.w-4)
	box := u.dialogBox(c, "Save (F2)", w, d.form.heights(w-4)+3)
	d.form.draw(u, box.part(1, 0, box.w-2, box.h))
}

// openSaveSound opens the dialog with the sound of the call chosen, where there can
// be any.
func (u *UI) openSaveSound() {
	if u.subject() == nil {
		u.say("it is in no call, and calls are what is saved; b in the list of streams binds it to one")
		return
	}
	u.openSaveAs("wav")
}

// openSaveReport opens the dialog with a page to read chosen, of the example.
func (u *UI) openSaveReport() { u.openSaveAs("html") }

// openSaveAs opens the dialog for what is under the cursor, with a format chosen.
func (u *UI) openSaveAs(format string) {
	u.openSave()
	if d, ok := u.dialog.(*saveDialog); ok {
		if u.subject() != nil {
			d.scope = saveSubject
			d.count()
		}
		d.choose(format)
	}
}

// choose takes a format by its name; ok is false when it cannot be had.
func (d *saveDialog) choose(name string) (ok bool) {
	for i, f := range d.formats {
		if f.Name == name && f.Missing == "" {
			d.format = i
			d.rename()
			return true
		}
	}
	return false
}

// saveCommand opens the dialog with a choice made.
func (u *UI) saveCommand(text string) {
	u.openSave()
	d, ok := u.dialog.(*saveDialog)
	if !ok || text == "" {
		return
	}
	switch text {
	case "sip":
		d.packets = int(SaveSignalling)
		return
	case "rtp":
		d.packets = int(SaveMedia)
		return
	}
	if d.choose(text) {
		return
	}
	u.dialog = nil
	u.say("save takes sip, rtp or a format of the dialog")
}

func onSave(f func(d *saveDialog, u *UI)) func(*UI) {
	return func(u *UI) {
		if d, ok := u.dialog.(*saveDialog); ok {
			f(d, u)
		}
	}
}

// saveEnter is Enter in the dialog, or while a file is written.
func (u *UI) saveEnter() {
	switch d := u.dialog.(type) {
	case *saveDialog:
		d.form.enter(u)
	case *savingDialog:
		u.dialog = nil
	}
}

// saveLeave is Esc there.
func (u *UI) saveLeave() {
	if d, ok := u.dialog.(*savingDialog); ok {
		d.s.stopped = true
		d.s.cancel()
	}
	u.dialog = nil
}

func saveActions() []Action {
	return []Action{
		{ID: "save", Title: "Save", Help: "save calls to a file", Contexts: inTabs &^ (InCapture | InStreams | InProblems), Keys: []string{"F2", "s", "S"}, Rank: 4, Enabled: (*UI).canSave, Run: (*UI).openSave},
		{ID: "streams.save", Title: "Save/WAV", Help: "save its call, or its sound", Contexts: InStreams, Keys: []string{"S", "F2", "s"}, Rank: 8,
			Enabled: (*UI).canSave, Run: (*UI).openSaveSound},
		{ID: "problems.save", Title: "Report", Help: "save a report of the example", Contexts: InProblems, Keys: []string{"S", "F2", "s"}, Rank: 8,
			Enabled: (*UI).canSave, Run: (*UI).openSaveReport},
		{ID: "ladder.save", Title: "Save", Help: "save the call to a file", Contexts: InLadder, Keys: []string{"S"}, Rank: 13, Enabled: (*UI).canSave, Run: (*UI).openSave},
		{ID: "message.save", Title: "Save", Help: "save the call to a file", Contexts: InMessage | InDiff, Keys: []string{"S", "F2", "s"}, Rank: 8, Enabled: (*UI).canSave, Run: (*UI).openSave},
		{ID: "media.save", Title: "Save/WAV", Help: "save the call or its sound", Contexts: InMedia, Keys: []string{"S", "F2"}, Rank: 9, Enabled: (*UI).canSave, Run: (*UI).openSaveSound},
		{ID: "save.enter", Title: "Save", Help: "save, or what the button says", Contexts: InSave, Keys: []string{"Enter"}, Rank: 1, Run: (*UI).saveEnter},
		{ID: "save.next", Title: "Next", Help: "next line", Contexts: InSave, Keys: []string{"Tab", "Down"}, Rank: 2, Run: onSave(func(d *saveDialog, _ *UI) { d.form.step(1) })},
		{ID: "save.previous", Title: "Before", Help: "line before", Contexts: InSave, Keys: []string{"Backtab", "Up"}, Run: onSave(func(d *saveDialog, _ *UI) { d.form.step(-1) })},
		{ID: "save.close", Title: "Cancel", Help: "save nothing", Contexts: InSave, Keys: []string{"Esc"}, Rank: 3, Run: (*UI).saveLeave},
	}
}
