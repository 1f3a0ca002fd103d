package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"sipsniff/capture"
)

// recordOptions are the flags about when a recording goes on in another file,
// in tcpdump's letters.
type recordOptions struct {
	size  megabytes
	every seconds
	files int
}

func (r *recordOptions) declare(f *pflag.FlagSet) {
	f.VarP(&r.size, "rotate-size", "C", "octets of a recording")
	f.VarP(&r.every, "rotate-every", "G", "time in a recording")
	f.IntVarP(&r.files, "rotate-files", "W", 0, "recordings kept")
}

// rotation checks what the flags say.
func (o *options) rotation() (capture.Rotation, error) {
	r := capture.Rotation{Size: int64(o.rotate.size), Every: time.Duration(o.rotate.every), Files: o.rotate.files}
	switch {
	case r == capture.Rotation{}:
	case o.record == "":
		return r, &usageError{text: "-C, -G and -W are about a recording, and there is none", hint: "record with -w FILE"}
	case r.Files < 0:
		return r, &usageError{text: fmt.Sprintf("-W %d is no number of files", r.Files)}
	case r.Size == 0 && r.Every == 0:
		return r, &usageError{text: "-W: nothing says when a file is full", hint: "-C 100 (megabytes) or -G 1h"}
	}
	return r, nil
}

// megabytes is a size in which a bare number counts millions of octets, as it
// does for tcpdump's -C.
type megabytes int64

// Set implements pflag.Value.
func (m *megabytes) Set(text string) error {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 && n < 1<<40 {
		*m = megabytes(n * 1_000_000)
		return nil
	}
	var s size
	if err := s.Set(text); err != nil || strings.Trim(text, "0123456789") == "" {
		return fmt.Errorf("%q is no size such as 100 (megabytes) or 2G", text)
	}
	*m = megabytes(s)
	return nil
}

func (m *megabytes) String() string { return strconv.FormatInt(int64(*m), 10) }

// Type implements pflag.Value.
func (m *megabytes) Type() string { return "size" }

// seconds is a duration in which a bare number counts seconds, as it does for
// tcpdump's -G.
type seconds time.Duration

// Set implements pflag.Value.
func (s *seconds) Set(text string) error {
	d, err := time.ParseDuration(text)
	if n, bare := strconv.Atoi(text); bare == nil && n < 1<<32 {
		d, err = time.Duration(n)*time.Second, nil
	}
	if err != nil || d < time.Second {
		return fmt.Errorf("%q is no time such as 3600 (seconds) or 1h", text)
	}
	*s = seconds(d)
	return nil
}

func (s *seconds) String() string { return time.Duration(*s).String() }

// Type implements pflag.Value.
func (s *seconds) Type() string { return "duration" }

// create opens the file that the run is recorded in. A recording of what
// cannot be read again outlives a full disk.
func (o *options) create(s *session, sources []capture.SourceInfo) (*capture.Recorder, error) {
	w := capture.WriterOptions{Microseconds: true, Stdout: o.out, Inputs: o.filesRead(s.input), Application: "sipsniff " + programVersion()}
	for _, in := range sources {
		w.LinkTypes = append(w.LinkTypes, in.LinkTypes...)
		w.Microseconds = w.Microseconds && !in.Nanoseconds
	}
	rotation, err := o.rotation()
	if err != nil {
		return nil, err
	}
	created, err := capture.NewRecorder(o.record, capture.RecorderOptions{WriterOptions: w, Rotation: rotation, Persist: s.input.waits() && o.record != "-"})
	if folder := filepath.Dir(o.record); errors.Is(err, fs.ErrNotExist) && o.record != "-" {
		return nil, &fileError{text: fmt.Sprintf("%s: no such folder: %s", o.record, folder), hint: "make it first: mkdir -p " + capture.ShellQuote(folder)}
	}
	return created, err
}
