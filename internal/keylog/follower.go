// Package keylog reads key logs (SSLKEYLOGFILE) from files and pipes, and
// again what is appended to them.
package keylog

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"

	"sipsniff/decode/tls"
)

// maxPoll is how many octets of a file one Poll of a live capture reads.
const maxPoll = 4 << 20

// A Status says what was found in a key log.
type Status struct {
	Name    string
	Lines   uint64 // neither empty nor comments
	Secrets uint64 // lines that gave a secret
	Bad     uint64 // lines that could not be read
	Err     string // why reading ended, "" when it did not
}

// An Error is a key log that cannot be used, with the next step.
type Error struct {
	Text, Next string
}

func (e *Error) Error() string { return e.Text }

// Hint returns the next step.
func (e *Error) Hint() string { return e.Next }

// A Follower reads key logs as they grow. One goroutine uses it.
type Follower struct {
	live  bool
	files []*file
}

// A file is one key log.
type file struct {
	name   string
	log    *tls.KeyLog
	f      *os.File
	info   fs.FileInfo
	offset int64
	pipe   <-chan []byte // of what is no regular file; closed at its end
	start  []byte        // the first octets
	err    error
}

// Open opens key logs and reads what they hold. Of pipes it reads everything
// there will be, unless live is set: then their octets are read by Poll when
// they come.
func Open(ctx context.Context, names []string, live bool, secrets *tls.Secrets) (*Follower, error) {
	w := &Follower{live: live}
	for _, name := range names {
		f := &file{name: name, log: tls.NewKeyLog(secrets)}
		if err := f.open(ctx, live); err != nil {
			w.Close()
			return nil, err
		}
		w.files = append(w.files, f)
	}
	return w, nil
}

func (f *file) open(ctx context.Context, live bool) error {
	info, err := os.Stat(f.name)
	switch {
	case err != nil:
		return &Error{describe(f.name, err), "check the name; programs write the log to the file that SSLKEYLOGFILE names"}
	case info.IsDir():
		return &Error{f.name + ": is a directory", "name the key log in it"}
	case !info.Mode().IsRegular():
		return f.openPipe(ctx, live)
	}
	if f.f, err = os.Open(f.name); err != nil {
		return &Error{describe(f.name, err), "the file has to be readable for you"}
	}
	if f.info, err = f.f.Stat(); err != nil {
		return &Error{describe(f.name, err), ""}
	}
	f.read(-1)
	if err := f.foreign(); err != nil {
		f.close()
		return err
	}
	return nil
}

// describe names a file and what is the matter with it once.
func describe(name string, err error) string {
	if e, ok := err.(*fs.PathError); ok {
		err = e.Err
	}
	return fmt.Sprintf("%s: %v", name, err)
}

// foreign tells files that are something else.
func (f *file) foreign() error {
	switch {
	case bytes.HasPrefix(f.start, []byte("-----BEGIN")):
		return &Error{f.name + ": is not a key log but a key or certificate in PEM form", "give an RSA private key with --tls-key"}
	case bytes.HasPrefix(f.start, []byte{0xd4, 0xc3, 0xb2, 0xa1}), bytes.HasPrefix(f.start, []byte{0xa1, 0xb2, 0xc3, 0xd4}), bytes.HasPrefix(f.start, []byte{0x0a, 0x0d, 0x0d, 0x0a}):
		return &Error{f.name + ": is not a key log but a capture", "captures are named without -k"}
	}
	return nil
}

// Poll reads what was appended since the last time.
func (w *Follower) Poll() {
	if w == nil {
		return
	}
	limit := int64(-1)
	if w.live {
		limit = maxPoll
	}
	for _, f := range w.files {
		if f.pipe != nil {
			f.drain()
		} else {
			f.poll(limit)
		}
	}
}

// poll reads what was appended to a file. One that was replaced, or has become
// shorter, is read from its beginning.
func (f *file) poll(limit int64) {
	if f.err != nil {
		return
	}
	info, err := os.Stat(f.name)
	if err == nil && !os.SameFile(info, f.info) && info.Mode().IsRegular() {
		f.read(-1)
		if replaced, err := os.Open(f.name); err == nil {
			f.close()
			f.f, f.info = replaced, info
			f.rewind()
		}
	} else if info, err = f.f.Stat(); err == nil && info.Size() < f.offset {
		if _, f.err = f.f.Seek(0, io.SeekStart); f.err == nil {
			f.rewind()
		}
	}
	f.read(limit)
}

func (f *file) rewind() {
	f.log.Close()
	f.offset = 0
}

// read takes octets up to the end of the file, or up to a limit when that is
// not negative.
func (f *file) read(limit int64) {
	b := make([]byte, 64<<10)
	for f.err == nil && limit != 0 {
		n, err := f.f.Read(b)
		f.take(b[:n])
		f.offset += int64(n)
		if limit > 0 {
			limit = max(0, limit-int64(n))
		}
		if err == io.EOF || err == nil && n == 0 {
			break
		}
		f.err = err
	}
	f.log.Flush()
}

func (f *file) take(b []byte) {
	if room := 16 - len(f.start); room > 0 {
		f.start = append(f.start, b[:min(room, len(b))]...)
	}
	f.log.Write(b) //nolint:errcheck // it never fails
}

// Status says what was found so far.
func (w *Follower) Status() []Status {
	if w == nil {
		return nil
	}
	all := make([]Status, len(w.files))
	for i, f := range w.files {
		all[i] = Status{Name: f.name, Lines: f.log.Lines, Secrets: f.log.Secrets, Bad: f.log.Bad}
		if f.err != nil {
			all[i].Err = f.err.Error()
		}
	}
	return all
}

// Finish reads what there is for the last time: a last line without an end
// counts from now on.
func (w *Follower) Finish() {
	if w == nil {
		return
	}
	for _, f := range w.files {
		if f.pipe != nil {
			f.drain()
		} else {
			f.poll(-1)
		}
		f.log.Close()
	}
}

// Close closes the files.
func (w *Follower) Close() {
	if w == nil {
		return
	}
	for _, f := range w.files {
		f.close()
	}
}

// close closes a file that was only read: there is nothing to be lost.
func (f *file) close() {
	if f.f != nil {
		_ = f.f.Close()
	}
}
