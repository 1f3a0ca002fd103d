package tui

import (
	"errors"
	"os"
	"strings"
)

// askPrintKeys asks where the key map is to go.
func (u *UI) askPrintKeys() { u.ask("write the key map to: ", "sipsniff-keys.txt", u.printKeys) }

// printKeys writes the active key table to a new file, in Markdown when its name
// says so. A file that is there stays as it is.
func (u *UI) printKeys(name string) {
	name = atHome(strings.TrimSpace(name))
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		err = WriteKeys(f, u.config.Settings, strings.HasSuffix(name, ".md"))
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		u.say("%s", hinted(err))
		return
	}
	u.say("the key map is in %s", name)
}
