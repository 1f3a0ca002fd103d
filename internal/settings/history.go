package settings

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// What a history holds at most: lines of each kind, octets of the file before it
// is written anew, runes of one line.
const (
	historyLines  = 100
	historyOctets = 1 << 17
	historyLine   = 1 << 12
)

// The kinds of lines.
const (
	PastFilter  = "filter"
	PastCommand = "command"
)

// A History keeps the filters and commands of earlier runs, a line each, in a
// file beside the user's. Several programs may add to it at once.
type History struct{ path string }

// History is beside the file; one that is no regular file has none.
func (f *File) History() *History {
	if f.Path == "" {
		return &History{}
	}
	if info, err := os.Stat(f.Path); err == nil && !info.Mode().IsRegular() {
		return &History{}
	}
	return &History{filepath.Join(filepath.Dir(f.Path), "history")}
}

// Read returns the lines of one kind, each once, the latest last. What cannot be
// read is no line.
func (h *History) Read(kind string) []string {
	var list []string
	for _, line := range h.lines() {
		known, text, _ := strings.Cut(line, "\t")
		if known != kind || text == "" {
			continue
		}
		list = slices.DeleteFunc(list, func(old string) bool { return old == text })
		list = append(list, text)
	}
	return latest(list)
}

func latest(list []string) []string { return list[max(0, len(list)-historyLines):] }

// lines are those of the file, as far as they are text.
func (h *History) lines() []string {
	if h.path == "" {
		return nil
	}
	f, err := os.Open(h.path)
	if err != nil {
		return nil // there is none yet, or it is another user's
	}
	defer func() { _ = f.Close() }() // it was only read
	var list []string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 2*historyOctets)
	for read := 0; s.Scan() && read < 2*historyOctets; read += len(s.Text()) + 1 {
		if line := s.Text(); isHistoryText(strings.Replace(line, "\t", " ", 1)) {
			list = append(list, line)
		}
	}
	return list
}

func isHistoryText(text string) bool {
	return len(text) <= historyLine && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Add puts a line at the end. Only its user can read the file.
func (h *History) Add(kind, text string) error {
	if h.path == "" || !isHistoryText(text) || text == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(h.path), 0o755); err != nil {
		return err
	}
	if info, err := os.Stat(h.path); err == nil && info.Size() > historyOctets {
		if err := h.shorten(); err != nil {
			return err
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(h.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(kind + "\t" + text + "\n") // in one piece: others write as well
	return errors.Join(err, f.Close())
}

// shorten writes the file anew with what Read returns.
func (h *History) shorten() error {
	var b strings.Builder
	for _, kind := range []string{PastFilter, PastCommand} {
		for _, text := range h.Read(kind) {
			b.WriteString(kind + "\t" + text + "\n")
		}
	}
	return replace(h.path, []byte(b.String()))
}
