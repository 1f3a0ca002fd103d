package tui

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sipsniff/correlate"
)

// path is where the file will be.
func (d *saveDialog) path() string {
	folder := strings.TrimSpace(d.folder.String())
	if rest, home := strings.CutPrefix(folder, "~/"); home {
		if at, err := os.UserHomeDir(); err == nil {
			folder = filepath.Join(at, rest)
		}
	}
	return filepath.Join(folder, strings.TrimSpace(d.name.String()))
}

// save checks where the file goes, asks before one is replaced, and begins.
func (d *saveDialog) save(u *UI) {
	d.count()
	path := d.path()
	folder := filepath.Dir(path)
	info, err := os.Stat(folder)
	switch {
	case !d.counted():
		u.say("it is still being counted which calls these are")
		return
	case strings.TrimSpace(d.name.String()) == "":
		d.refuse("The file has no name.", false)
		return
	case len(d.tally.calls) == 0:
		d.refuse("There is no such call.", false)
		return
	case errors.Is(err, fs.ErrNotExist):
		d.refuse("mkdir "+u.clean(folder)+": no such file or directory", true)
		return
	case err != nil:
		d.refuse(u.clean(err.Error()), false)
		return
	case !info.IsDir():
		d.refuse(u.clean(folder)+" is no directory", false)
		return
	}
	if there, err := os.Stat(path); err == nil {
		if there.IsDir() {
			d.refuse(u.clean(path)+" is a directory", false)
			return
		}
		lines := []string{u.clean(filepath.Base(path)) + " is there already:", octets(uint64(there.Size())) + " of " + there.ModTime().In(u.config.Location).Format("2006-01-02 15:04:05")}
		u.askAbout(InConfirm, "Replace", lines, button{"Replace", func(u *UI) { d.begin(path) }}, button{"Other name", func(*UI) { d.form.focusOn(d.name) }}, button{"Back", nil})
		return
	}
	d.begin(path)
}

func (d *saveDialog) begin(path string) {
	r := SaveRequest{Snapshot: d.tally.of.snap, Calls: d.tally.calls, Packets: SavePackets(d.packets), Format: d.formats[d.format].Name, File: path, Hide: d.hides(), Comments: d.remarks && d.holdsComments(), Around: d.around, NoReports: !d.reports}
	d.u.lastSave, d.u.dialog = d, nil // it comes back when this fails
	var all *correlate.Snapshot
	if d.formats[d.format].Packets && r.Packets == SaveEverything && !r.NoReports && len(r.Calls) == len(r.Snapshot.Calls) {
		all = r.Snapshot
	}
	d.u.startSave(r, all, d.open)
}

// refuse says why nothing was written, and what can be done about it; the
// dialog stays open below.
func (d *saveDialog) refuse(why string, missing bool) {
	u := d.u
	u.dialog = d
	lines := append(wrapWords(why, 52), "Nothing was written. Change the directory or:")
	var buttons []button
	folder := filepath.Dir(d.path())
	if missing {
		buttons = append(buttons, button{"Create it", func(u *UI) { d.create(folder) }})
	}
	if other := usableFolder(folder); other != "" {
		buttons = append(buttons, button{"Use " + u.clean(other), func(*UI) { d.folder.set(other) }})
	}
	u.askAbout(InConfirm, "Cannot save", lines, append(buttons, button{"Back", func(*UI) { d.form.focusOn(d.folder) }})...)
}

// create makes the folder and goes on.
func (d *saveDialog) create(folder string) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		d.refuse(d.u.clean(err.Error()), false)
		return
	}
	d.save(d.u)
}

// usableFolder is another folder that can be written to: the user's own, or
// that of temporary files; "" when there is none.
func usableFolder(not string) string {
	home, err := os.UserHomeDir()
	for _, folder := range []string{home, os.TempDir()} {
		if folder == "" || folder == not || err != nil && folder == home {
			continue
		}
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			return folder
		}
	}
	return ""
}

// saveFailed brings the dialog back with what went wrong.
func (u *UI) saveFailed(s *saving, err error) {
	var hinted interface{ Hint() string }
	why := err.Error()
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		why += "; " + hinted.Hint()
	}
	if d := u.lastSave; d != nil && u.dialog == nil {
		d.refuse(u.clean(why), false)
		return
	}
	u.say("%s was not saved: %s", s.request.File, why)
}
