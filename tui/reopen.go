package tui

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A Reopening is why Run ends when the user wants another input: a file, or the
// same input with something changed.
type Reopening struct {
	File       string   // to be read in place of what there is; "" for none
	Interfaces []string // to capture on; nil: as it is
	Filter     *string  // the capture filter, "" for none; nil: as it is
	Buffer     int      // of the kernel, KiB; 0: as it is

	// Chosen are the options of this session, for Config.Chosen of the next.
	Chosen map[string]string
}

func (*Reopening) Error() string { return "another input is wanted" }

// canReopen reports whether another input can be opened.
func (u *UI) canReopen() bool { return u.config.Reopen != nil }

// reopen leaves for another input. What cannot be opened is said, and nothing
// changes; calls that are nowhere on disk are not given up without a question.
func (u *UI) reopen(r *Reopening) {
	if !u.canReopen() {
		u.say("another input cannot be opened here")
		return
	}
	if u.saving != nil {
		u.say("a file is being written: wait until it is whole")
		return
	}
	r.Chosen = maps.Clone(u.chosen)
	if err := u.config.Reopen(r); err != nil {
		u.say("%s", hinted(err))
		return
	}
	leave := func(u *UI) { u.cancel(r) }
	if len(u.snap.Calls) == 0 || !u.unsaved() {
		leave(u)
		return
	}
	buttons := []button{{"Go on", leave}}
	if u.canSave() {
		buttons = append(buttons, button{"Save first", (*UI).openSave})
	}
	u.askAbout(InConfirm, "Another input", u.quitLines(), append(buttons, button{"Stay", nil})...)
}

// hinted is an error in one line, with its next step.
func hinted(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	var step interface{ Hint() string }
	if errors.As(err, &step) && step.Hint() != "" {
		text += "; " + step.Hint()
	}
	return text
}

// openCommand reads another file.
func (u *UI) openCommand(name string) {
	if name == "" {
		u.say("open takes the name of a capture file")
		return
	}
	u.reopen(&Reopening{File: atHome(name)})
}

// filterCommand sets another capture filter; without one everything is read.
func (u *UI) filterCommand(text string) { u.reopen(&Reopening{Filter: &text}) }

// listenCommand captures on other interfaces.
func (u *UI) listenCommand(text string) {
	names := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	if len(names) == 0 {
		u.say("listen takes interfaces, as in: listen eth0,lo")
		return
	}
	u.reopen(&Reopening{Interfaces: names})
}

// ringCommand captures with another buffer in the kernel.
func (u *UI) ringCommand(text string) {
	kib, err := strconv.Atoi(text)
	if err != nil || kib <= 0 || kib > 1<<22 {
		u.say("ring takes KiB, as in: ring 65536")
		return
	}
	u.reopen(&Reopening{Buffer: kib})
}

// atHome puts the user's folder in the place of ~.
func atHome(name string) string {
	if rest, found := strings.CutPrefix(name, "~/"); found {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return name
}

// askFilter asks for another capture filter.
func (u *UI) askFilter() { u.ask("capture filter: ", u.status.Filter, u.filterCommand) }

// askInterfaces asks what to capture on. Those with traffic are offered.
func (u *UI) askInterfaces() {
	offer := ""
	if len(u.status.Elsewhere) > 0 {
		offer = u.status.Elsewhere[0].Name
	}
	u.ask("capture on: ", offer, u.listenCommand)
}

// askRing asks for the size of the buffer in the kernel.
func (u *UI) askRing() { u.ask("buffer in the kernel, KiB: ", "", u.ringCommand) }

// canListen reports whether the input is a capture that can begin anew.
func (u *UI) canListen() bool { return u.canReopen() && u.config.Live }

// awaits reports whether the list is empty because no SIP came yet.
func (v *callsView) awaits() bool {
	u := v.u
	return u.canListen() && len(u.snap.Calls) == 0 && len(u.cleared.calls) == 0 && !u.status.Done
}

// reopenActions are the keys for another input while no SIP comes.
func reopenActions() []Action {
	everything := ""
	return []Action{
		{ID: "empty.port", Title: "Use that port", Help: "capture on the port where SIP was seen, too", Contexts: InEmpty, Keys: []string{"Enter"}, Rank: 1,
			Enabled: func(u *UI) bool { return len(u.sipPorts()) > 0 }, Run: (*UI).usePorts},
		{ID: "empty.interface", Title: "Interface", Help: "capture on other interfaces", Contexts: InEmpty, Keys: []string{"i"}, Rank: 1, Run: (*UI).askInterfaces},
		{ID: "empty.filter", Title: "Filter", Help: "another capture filter", Contexts: InEmpty, Keys: []string{"b"}, Rank: 2, Run: (*UI).askFilter},
		{ID: "empty.everything", Title: "All ports", Help: "capture everything, without a filter", Contexts: InEmpty, Keys: []string{"*"}, Rank: 4,
			Enabled: func(u *UI) bool { return u.status.Filter != "" }, Run: func(u *UI) { u.reopen(&Reopening{Filter: &everything}) }},
	}
}
