package correlate

// The states of a Dialog (RFC 3261 §12).
const (
	dialogEarly      = "early"
	dialogConfirmed  = "confirmed"
	dialogTerminated = "terminated"
)

// maxDialogs bounds the dialogs of one call; those beyond it are not listed.
const maxDialogs = 256

// A dialogTable holds the dialogs of one call. A dialog is an unordered pair
// of tags; a peer of RFC 2543 has the empty tag (spec §3.4).
type dialogTable struct {
	list []Dialog
}

func (t *dialogTable) find(a, b string) *Dialog {
	for i := range t.list {
		d := &t.list[i]
		if d.FromTag == a && d.ToTag == b || d.FromTag == b && d.ToTag == a {
			return d
		}
	}
	return nil
}

// early notes a provisional response with a To tag.
func (t *dialogTable) early(from, to string) {
	if to != "" && t.find(from, to) == nil {
		t.add(Dialog{FromTag: from, ToTag: to, State: dialogEarly})
	}
}

// confirm notes a 2xx, or a request that only a confirmed dialog can have.
func (t *dialogTable) confirm(from, to string) {
	if d := t.find(from, to); d == nil {
		t.add(Dialog{FromTag: from, ToTag: to, State: dialogConfirmed})
	} else if d.State == dialogEarly {
		d.State = dialogConfirmed
	}
}

func (t *dialogTable) add(d Dialog) {
	if len(t.list) < maxDialogs {
		t.list = append(t.list, d)
	}
}

// end terminates one dialog, whatever its state.
func (t *dialogTable) end(a, b string) {
	if d := t.find(a, b); d != nil {
		d.State = dialogTerminated
	}
}

// endEarly terminates the early dialogs of a set, or one of them when a To
// tag is given.
func (t *dialogTable) endEarly(to string) {
	for i := range t.list {
		if d := &t.list[i]; d.State == dialogEarly && (to == "" || d.ToTag == to) {
			d.State = dialogTerminated
		}
	}
}

func (t *dialogTable) endAll() {
	for i := range t.list {
		t.list[i].State = dialogTerminated
	}
}
