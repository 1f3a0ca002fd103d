package main

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"sipsniff/capture"
)

// A lateRecording records while the user wants it: a recording that begins and
// ends during the run. The packet goroutine writes, another begins and ends it.
type lateRecording struct {
	mu   sync.Mutex
	to   *capture.Recorder // nil: nothing is recorded
	name string
}

// Write implements pipeline.Recording.
func (l *lateRecording) Write(f *capture.Frame) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.to == nil {
		return nil
	}
	return l.to.Write(f)
}

// WriteSecret implements pipeline.Recording.
func (l *lateRecording) WriteSecret(s capture.Secret) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.to == nil {
		return nil
	}
	return l.to.WriteSecret(s)
}

// Flush implements pipeline.Recording.
func (l *lateRecording) Flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.to == nil {
		return nil
	}
	return l.to.Flush()
}

// begin records in a file that is not there yet.
func (l *lateRecording) begin(name string, create func() (*capture.Recorder, error)) error {
	if l.file() != "" {
		return &fileError{text: l.file() + ": is being recorded", hint: "end that first"}
	}
	if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return &fileError{text: name + ": is there already", hint: "choose another name"}
	}
	to, err := create()
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.to, l.name = to, name
	l.mu.Unlock()
	return nil
}

// end finishes the file, if there is one.
func (l *lateRecording) end() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	to := l.to
	l.to, l.name = nil, ""
	l.mu.Unlock()
	if to == nil {
		return nil
	}
	return to.Close()
}

// file is what is recorded in, "" for none.
func (l *lateRecording) file() string {
	if l == nil {
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.name
}

// recorder is what records now, nil for nothing.
func (l *lateRecording) recorder() *capture.Recorder {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to
}

// recordTo returns what begins to record in a file, or ends that with "": nil
// where that cannot be done.
func (s *session) recordTo(o *options) func(name string) error {
	if s.late == nil {
		return nil
	}
	return func(name string) error {
		if name == "" {
			return s.late.end()
		}
		as := *o
		as.record, as.rotate = name, recordOptions{}
		return s.late.begin(name, func() (*capture.Recorder, error) { return as.create(s, s.pipeline.Status().Sources) })
	}
}

// media returns what switches RTP on and off: nil for a file, whose end comes
// soon enough.
func (s *session) media() func(on bool) {
	if !s.input.waits() {
		return nil
	}
	return s.pipeline.Media
}

// recorder is what the run is recorded by now, nil for nothing.
func (s *session) recorder() *capture.Recorder {
	if s.record != nil {
		return s.record
	}
	return s.late.recorder()
}
