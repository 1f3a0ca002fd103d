package notice

import (
	"slices"
	"strings"
)

// A DialogInfo says which dialogs somebody has (RFC 4235): what makes the
// lamp of a busy lamp field light up.
type DialogInfo struct {
	Entity  string
	Full    bool // all dialogs, otherwise those that changed
	Dialogs []Dialog
}

// A Dialog is one of them. What is not said is "".
type Dialog struct {
	ID            string
	CallID        string
	Direction     string // "initiator", "recipient"
	State         string // "trying", "proceeding", "early", "confirmed", "terminated"
	Event         string // why it changed last: "rejected", "remote-bye" …
	Local, Remote Party
}

// A Party is one side of a Dialog.
type Party struct {
	Identity string // URI
	Display  string
	Target   string // URI
}

// maxDialogs bounds the dialogs that are kept.
const maxDialogs = 100

// ParseDialogInfo reads application/dialog-info+xml. What was understood comes
// with the error.
func ParseDialogInfo(text string) (*DialogInfo, error) {
	root, err := rooted(text, "dialog-info")
	if root == nil {
		return nil, err
	}
	d := &DialogInfo{Entity: root.attribute("entity"), Full: root.attribute("state") != "partial"}
	root.each("dialog", func(e *element) {
		if len(d.Dialogs) < maxDialogs {
			d.Dialogs = append(d.Dialogs, readDialog(e))
		}
	})
	return d, err
}

func readDialog(e *element) Dialog {
	state := e.child("state")
	return Dialog{
		ID: e.attribute("id"), CallID: e.attribute("call-id"), Direction: e.attribute("direction"),
		State: strings.ToLower(state.value()), Event: state.attribute("event"),
		Local: readParty(e.child("local")), Remote: readParty(e.child("remote")),
	}
}

func readParty(e *element) Party {
	identity := e.child("identity")
	return Party{Identity: identity.value(), Display: identity.attribute("display"), Target: e.child("target").attribute("uri")}
}

// After is what holds when d came after before: partial information replaces
// the dialogs that it names (RFC 4235 §4.3). Those that ended before are left out.
func (d *DialogInfo) After(before *DialogInfo) *DialogInfo {
	if d.Full || before == nil {
		return d
	}
	merged := &DialogInfo{Entity: d.Entity, Full: before.Full}
	for _, old := range before.Dialogs {
		replaced := slices.ContainsFunc(d.Dialogs, func(n Dialog) bool { return n.ID == old.ID })
		if !replaced && old.State != "terminated" {
			merged.Dialogs = append(merged.Dialogs, old)
		}
	}
	merged.Dialogs = append(merged.Dialogs, d.Dialogs...)
	if over := len(merged.Dialogs) - maxDialogs; over > 0 {
		merged.Dialogs = merged.Dialogs[over:]
	}
	return merged
}

// Words says it in a line: "confirmed, called by sip:bob@example.org"; "idle"
// when no dialog is left.
func (d *DialogInfo) Words() string {
	var words []string
	for i := range d.Dialogs {
		if d.Dialogs[i].State != "terminated" {
			words = append(words, d.Dialogs[i].words())
		}
	}
	if len(words) > 0 {
		return strings.Join(words, "; ")
	}
	for i := range d.Dialogs {
		if event := d.Dialogs[i].Event; event != "" {
			return "idle (" + event + ")"
		}
	}
	return "idle"
}

func (d *Dialog) words() string {
	state := d.State
	if state == "" {
		state = "no state"
	}
	remote := d.Remote.Identity
	if remote == "" {
		remote = d.Remote.Target
	}
	if remote == "" {
		return state
	}
	switch d.Direction {
	case "initiator":
		return state + ", calling " + remote
	case "recipient":
		return state + ", called by " + remote
	}
	return state + ", with " + remote
}
