package tui

import (
	"maps"
	"strings"
)

// aboutHEP reports whether one of some options is about HEP.
func aboutHEP(changes map[string]string) bool {
	for key := range changes {
		if strings.HasPrefix(key, "hep.") {
			return true
		}
	}
	return false
}

// refusesHEP says why HEP cannot be as some changes want it, before anything is
// changed.
func (u *UI) refusesHEP(changes map[string]string) error {
	if !aboutHEP(changes) || !u.canReopen() {
		return nil
	}
	chosen := maps.Clone(u.chosen)
	maps.Copy(chosen, changes)
	return u.config.Reopen(&Reopening{Chosen: chosen})
}

// switchHEP begins a capture anew when HEP is to be received or sent otherwise.
func (u *UI) switchHEP(changes map[string]string) {
	if aboutHEP(changes) && u.canListen() {
		u.reopen(&Reopening{})
	}
}
