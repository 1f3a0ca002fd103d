package tui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// mostFolders is how many folders are listed at most.
const mostFolders = 5000

// A folderList lets the user walk to the directory of a file. It lies over the save dialog, which gets what is taken.
type folderList struct {
	below  *saveDialog
	at     string   // the directory at hand
	rows   []string // "./", "../", and the directories in it
	why    string   // it cannot be read
	cursor int
}

// What the first rows stand for.
const (
	thisFolder   = "./"
	parentFolder = "../"
)

// openFolders lists the directories from the one that is written on.
func (d *saveDialog) openFolders(u *UI) {
	l := &folderList{below: d}
	at := filepath.Dir(d.path())
	for !isFolder(at) && filepath.Dir(at) != at { // what is written need not be there
		at = filepath.Dir(at)
	}
	l.enter(at, "")
	u.dialog = l
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// enter goes to a directory and puts the cursor on one in it.
func (l *folderList) enter(at, on string) {
	l.at, l.why, l.rows, l.cursor = filepath.Clean(at), "", []string{thisFolder}, 0
	if filepath.Dir(l.at) != l.at {
		l.rows = append(l.rows, parentFolder)
	}
	entries, err := os.ReadDir(l.at)
	if err != nil {
		l.why = err.Error()
	}
	for _, e := range entries {
		if len(l.rows) < mostFolders && !strings.HasPrefix(e.Name(), ".") && (e.IsDir() || e.Type()&os.ModeSymlink != 0 && isFolder(filepath.Join(l.at, e.Name()))) {
			l.rows = append(l.rows, e.Name()+"/")
		}
	}
	if on != "" {
		l.cursor = max(0, slices.Index(l.rows, on+"/"))
	}
}

func (l *folderList) context() Context { return InFolders }

// other goes to the next directory that begins with a letter.
func (l *folderList) other(_ *UI, ev *tcell.EventKey) {
	if ev.Key() != tcell.KeyRune {
		return
	}
	for i := range l.rows {
		at := (l.cursor + 1 + i) % len(l.rows)
		if letter(l.rows[at]) == letter(string(ev.Rune())) {
			l.cursor = at
			return
		}
	}
}

func (l *folderList) step(n int) {
	l.cursor = max(0, min(l.cursor+n, len(l.rows)-1))
}

// choose takes the directory at hand, or goes to the one under the cursor.
func (l *folderList) choose(u *UI) {
	switch row := l.rows[l.cursor]; row {
	case thisFolder:
		l.below.folder.set(l.at)
		l.leave(u)
	case parentFolder:
		l.up()
	default:
		l.enter(filepath.Join(l.at, row), "")
	}
}

// up goes to the directory that holds the one at hand.
func (l *folderList) up() { l.enter(filepath.Dir(l.at), filepath.Base(l.at)) }

// into goes to the directory under the cursor.
func (l *folderList) into(u *UI) {
	if l.rows[l.cursor] != thisFolder {
		l.choose(u)
	}
}

// leave goes back to the save dialog.
func (l *folderList) leave(u *UI) {
	u.dialog = l.below
	l.below.form.focusOn(l.below.folder)
}

func (l *folderList) draw(u *UI, c canvas) {
	l.below.draw(u, c)
	w := min(60, c.w-8)
	h := min(len(l.rows)+2, c.h-6, 16)
	box := u.dialogBox(c, "Directory", w, h)
	box.text(1, 0, cells.Cut(u.clean(l.at), box.w-2, u.set.Ellipsis), u.theme[roleDialog].Bold(true))
	if l.why != "" {
		box.text(1, 1, cells.Cut(u.clean(l.why), box.w-2, u.set.Ellipsis), u.theme[roleWarn])
		box = box.part(0, 1, box.w, box.h-1)
	}
	room := max(1, box.h-1)
	top := max(0, min(l.cursor-room/2, len(l.rows)-room))
	for i := range min(room, len(l.rows)-top) {
		row, style, title := box.part(1, 1+i, box.w-2, 1), u.theme[roleDialog], u.clean(l.rows[top+i])
		switch l.rows[top+i] {
		case thisFolder:
			title += "  save here"
		case parentFolder:
			title += "  up"
		}
		if top+i == l.cursor {
			style = style.Reverse(true)
		}
		row.text(0, 0, cells.Cut(title, row.w, u.set.Ellipsis), style)
		u.zone(row, func() { l.cursor = top + i; l.choose(u) })
	}
}

func onFolders(f func(l *folderList, u *UI)) func(*UI) {
	return func(u *UI) {
		if l, ok := u.dialog.(*folderList); ok {
			f(l, u)
		}
	}
}

func folderActions() []Action {
	return []Action{
		{ID: "save.folders", Title: "Folders", Help: "list of directories to save in", Contexts: InSave, Keys: []string{"^O"}, Rank: 4, Run: onSave((*saveDialog).openFolders)},
		{ID: "folders.enter", Title: "Take/open", Help: "take this directory, or open the one under the cursor", Contexts: InFolders, Keys: []string{"Enter"}, Rank: 1, Run: onFolders((*folderList).choose)},
		{ID: "folders.up", Title: "Choose", Help: "directory above the cursor", Contexts: InFolders, Keys: []string{"Up"}, Pair: "Down", Rank: 2, Run: onFolders(func(l *folderList, _ *UI) { l.step(-1) })},
		{ID: "folders.down", Title: "Choose", Help: "directory below the cursor", Contexts: InFolders, Keys: []string{"Down", "Tab"}, Run: onFolders(func(l *folderList, _ *UI) { l.step(1) })},
		{ID: "folders.pageup", Title: "Page", Help: "page up", Contexts: InFolders, Keys: []string{"PgUp"}, Run: onFolders(func(l *folderList, _ *UI) { l.step(-10) })},
		{ID: "folders.pagedown", Title: "Page", Help: "page down", Contexts: InFolders, Keys: []string{"PgDn"}, Run: onFolders(func(l *folderList, _ *UI) { l.step(10) })},
		{ID: "folders.parent", Title: "Parent", Help: "the directory that holds this one", Contexts: InFolders, Keys: []string{"Left", "Backspace"}, Rank: 4, Run: onFolders(func(l *folderList, _ *UI) { l.up() })},
		{ID: "folders.into", Title: "Into", Help: "open the directory under the cursor", Contexts: InFolders, Keys: []string{"Right"}, Run: onFolders((*folderList).into)},
		{ID: "folders.close", Title: "Back", Help: "back without taking another directory", Contexts: InFolders, Keys: []string{"Esc"}, Rank: 3, Run: onFolders((*folderList).leave)},
	}
}
