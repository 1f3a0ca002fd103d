package capture

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// A FormatError says where in a capture file reading stopped because the file
// is damaged. The frames before that place have been handed out already.
type FormatError struct {
	Name   string // of the file, as the user gave it
	Offset int64  // octets from the start, after decompression
	Err    error  // what is wrong there
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s: damaged at offset %d: %v", e.Name, e.Offset, e.Err)
}

func (e *FormatError) Unwrap() error { return e.Err }

// ErrNotCapture is what an *UnsupportedError wraps.
var ErrNotCapture = errors.New("not a capture file sipsniff reads")

// An UnsupportedError reports input that is no capture file, or a capture
// file of a format that is not read.
type UnsupportedError struct {
	Name   string // of the file, as the user gave it
	Format string // what it is, "" when unknown
	hint   string
}

func (e *UnsupportedError) Error() string {
	switch {
	case e.Format == "":
		return e.Name + ": not a capture file (neither pcap nor pcapng)"
	case e.Format == formatEmpty, e.Format == formatText, e.Format == formatDirectory:
		return e.Name + ": " + e.Format
	}
	return e.Name + ": " + e.Format + " format is not supported"
}

// Hint is the next step for the user, "" when there is none.
func (e *UnsupportedError) Hint() string { return e.hint }

func (e *UnsupportedError) Unwrap() error { return ErrNotCapture }

// A FileError reports a file that could not be opened or made.
type FileError struct {
	Name string // as the user gave it
	Err  error  // what the system says
}

func newFileError(name string, err error) *FileError { return &FileError{Name: name, Err: bare(err)} }

func (e *FileError) Error() string { return fmt.Sprintf("%s: %v", e.Name, e.Err) }

func (e *FileError) Unwrap() error { return e.Err }

// Hint is the next step for the user, "" when there is none.
func (e *FileError) Hint() string {
	if errors.Is(e.Err, fs.ErrPermission) {
		return "see who may: ls -ld " + ShellQuote(e.Name) + " " + ShellQuote(filepath.Dir(e.Name))
	}
	return ""
}

// A WriteError reports that recording to a capture file stopped.
type WriteError struct {
	Name string
	Err  error
}

func (e *WriteError) Error() string { return fmt.Sprintf("writing %s: %v", e.Name, e.Err) }

func (e *WriteError) Unwrap() error { return e.Err }

// A LinkTypeError reports frames of different link types on their way into a
// pcap file, which has only one link type for the whole file.
type LinkTypeError struct {
	Name     string
	Have     LinkType // of the file
	Frame    LinkType // of the frame that does not fit
	position int      // frame number, 0 before the first frame
}

func (e *LinkTypeError) Error() string {
	what := fmt.Sprintf("%s: a pcap file holds one link type, not both %d and %d", e.Name, e.Have, e.Frame)
	if e.position > 0 {
		what += fmt.Sprintf(" (frame %d)", e.position)
	}
	return what
}

// Hint is the next step for the user.
func (e *LinkTypeError) Hint() string {
	name := strings.TrimSuffix(strings.TrimSuffix(e.Name, ".pcap"), ".cap")
	if e.Name == "-" {
		return "pcapng can hold several link types: write to a file ending in .pcapng"
	}
	return "pcapng can hold several link types: -w " + ShellQuote(name+".pcapng")
}

// ShellQuote quotes a word for a POSIX shell, where that is needed, so that a
// command shown in a hint can be pasted.
func ShellQuote(word string) string {
	if word != "" && !strings.ContainsFunc(word, needsQuotes) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func needsQuotes(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("%+,-./:=@_", r)
}
