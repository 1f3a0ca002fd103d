package capture

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// A Rotation says when a recording goes on in another file. The zero value
// never does.
type Rotation struct {
	Size  int64         // octets of a file, about; 0: any
	Every time.Duration // packet time in a file; 0: any
	Files int           // how many are kept, the oldest leaves first; 0: all
}

func (r Rotation) any() bool { return r.Size > 0 || r.Every > 0 || r.Files > 0 }

const (
	// resumeAfter is how much packet time passes before a recording that
	// failed is tried again.
	resumeAfter = 10 * time.Second
	// clockSetBack is how much earlier a frame has to be than the first of its
	// file for the clock to have been set back: the time of the file begins anew.
	clockSetBack = 2 * time.Second
	// keptSecrets is how much of the decryption secrets is written into every
	// further file, in octets: the latest.
	keptSecrets = 4 << 20
)

// RecorderOptions say how a Recorder writes.
type RecorderOptions struct {
	WriterOptions
	Rotation Rotation

	// Persist goes on after a write error, such as a full disk: it tries
	// again after a while, and counts the frames that are missing meanwhile.
	Persist bool
}

// A Recorder records frames in one file, or in one after the other. Its methods
// belong to one goroutine, but for Reopen and Status.
type Recorder struct {
	name    string
	options RecorderOptions

	writer  *Writer // nil while there is no file to write to
	begun   int64   // packet time of the first frame in the file
	fresh   bool    // no frame is in the file
	number  int     // of the file
	kept    []string
	secrets []Secret
	octets  int    // of secrets
	skipped uint64 // frames that no file was asked to take
	gone    uint64 // frames that are missing in the files before

	failed int64 // packet time since when the recording fails; 0: it does not
	nanos  int64 // packet time
	state  RecorderStatus

	reopen atomic.Bool
	status atomic.Pointer[RecorderStatus]
}

// A RecorderStatus is how a recording stands.
type RecorderStatus struct {
	File    string // the latest
	Files   int    // written so far
	Missing uint64 // frames that could not be written
	Err     error  // why, the latest; nil while all is well
	Failing bool   // at present
}

// Warning says in words what is wrong with the recording, "" when nothing is.
func (s RecorderStatus) Warning() string {
	switch {
	case s.Err == nil:
		return ""
	case s.Failing:
		return fmt.Sprintf("recording stands still, %s missing so far: %v", s.gone(), s.Err)
	}
	return fmt.Sprintf("%s missing in the recording: %v", s.gone(), s.Err)
}

// gone is "2 frames are".
func (s RecorderStatus) gone() string {
	if s.Missing == 1 {
		return "1 frame is"
	}
	return fmt.Sprintf("%d frames are", s.Missing)
}

// NewRecorder begins a recording in the file of that name, see Create; with a
// Rotation in NAME-000001.pcap and so on, behind those that are there already.
func NewRecorder(name string, o RecorderOptions) (*Recorder, error) {
	if name == "-" && o.Rotation.any() {
		return nil, &OutputError{Name: name, Problem: "standard output cannot be rotated", hint: "record in a file, with -w FILE"}
	}
	r := &Recorder{name: name, options: o}
	if o.Rotation.any() {
		r.adopt()
	}
	if err := r.open(); err != nil {
		return nil, err
	}
	return r, nil
}

// adopt takes over the files of a run before.
func (r *Recorder) adopt() {
	base, extension := r.stem()
	entries, err := os.ReadDir(filepath.Dir(r.name))
	if err != nil {
		return // opening a file tells why
	}
	for _, e := range entries {
		var n int
		name := filepath.Join(filepath.Dir(r.name), e.Name())
		if _, err := fmt.Sscanf(e.Name(), strings.ReplaceAll(filepath.Base(base), "%", "%%")+"-%d"+strings.ReplaceAll(extension, "%", "%%"), &n); err == nil && name == r.numbered(n) && e.Type().IsRegular() {
			r.kept, r.number = append(r.kept, name), max(r.number, n)
		}
	}
	slices.SortFunc(r.kept, func(a, b string) int { // by number: there may be more than six digits
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
}

func (r *Recorder) stem() (base, extension string) {
	extension = filepath.Ext(r.name)
	return strings.TrimSuffix(r.name, extension), extension
}

func (r *Recorder) numbered(n int) string {
	base, extension := r.stem()
	return fmt.Sprintf("%s-%06d%s", base, n, extension)
}

// open begins the next file.
func (r *Recorder) open() error {
	name := r.name
	if r.options.Rotation.any() {
		r.number++
		name = r.numbered(r.number)
		r.makeRoom()
	}
	w, err := Create(name, r.options.WriterOptions)
	if err != nil {
		return err
	}
	if r.options.Rotation.any() {
		r.kept = append(r.kept, name)
	}
	r.writer, r.fresh = w, true
	r.state.File = name
	r.state.Files++
	r.publish()
	for _, s := range r.secrets {
		if err := w.WriteSecret(s); err != nil {
			return err
		}
	}
	return nil
}

// makeRoom removes the oldest files, so that one more may come.
func (r *Recorder) makeRoom() {
	for most := r.options.Rotation.Files; most > 0 && len(r.kept) >= most; {
		_ = os.Remove(r.kept[0]) // when it is gone already, so much the better
		r.kept = r.kept[1:]
	}
}

// Write records a frame. Errors are those of Writer.Write; a recording that
// persists has none but for frames of another link type.
func (r *Recorder) Write(f *Frame) error {
	r.nanos = f.Nanos
	if err := r.turn(); err != nil {
		r.skipped++
		return r.fail(err)
	}
	if r.failed != 0 && !r.again() {
		r.skipped++
		r.publish()
		return nil
	}
	if r.fresh {
		r.begun, r.fresh = f.Nanos, false
	}
	err := r.writer.Write(f)
	if err == nil {
		return nil
	}
	var mixed *LinkTypeError
	if errors.As(err, &mixed) {
		return err
	}
	return r.fail(err)
}

// turn begins another file when it is time to, or somebody asked for it.
func (r *Recorder) turn() error {
	rotation := r.options.Rotation
	if r.begun-r.nanos > int64(clockSetBack) {
		r.begun = r.nanos
	}
	asked := r.reopen.Swap(false)
	switch {
	case r.writer == nil:
		return nil // see again
	case asked && !rotation.any() && r.isThere():
		return r.writer.Flush()
	case asked:
	case r.fresh:
		return nil
	case rotation.Size > 0 && r.writer.Octets() >= rotation.Size:
	case rotation.Every > 0 && r.nanos-r.begun >= int64(rotation.Every):
	default:
		return nil
	}
	err := r.shut()
	if opened := r.open(); opened != nil {
		return errors.Join(err, opened)
	}
	r.failed, r.state.Failing = 0, false // whatever went wrong was in the file before
	if err != nil && r.options.Persist {
		r.state.Err, err = err, nil
	}
	r.publish()
	return err
}

// shut closes the file.
func (r *Recorder) shut() error {
	if r.writer == nil {
		return nil
	}
	err := r.writer.Close()
	r.gone += r.writer.Missing()
	r.writer = nil
	return err
}

// isThere reports whether the file still has its name.
func (r *Recorder) isThere() bool {
	there, err := os.Stat(r.name)
	return err != nil && r.name == "-" || err == nil && r.writer.is(there)
}

// again tries a recording that failed once more, after a while.
func (r *Recorder) again() bool {
	passed := r.nanos - r.failed
	if -int64(resumeAfter) < passed && passed < int64(resumeAfter) {
		return false
	}
	r.failed = r.nanos
	if r.writer == nil || r.options.Rotation.any() {
		_ = r.shut() // it failed before
		if err := r.open(); err != nil {
			_ = r.fail(err)
			return false
		}
	} else {
		r.writer.Resume()
	}
	r.failed, r.state.Failing = 0, false
	r.publish()
	return true
}

// fail notes that frames could not be written. A recording that persists goes
// on after a while.
func (r *Recorder) fail(err error) error {
	if !r.options.Persist {
		return err
	}
	r.failed = max(r.nanos, 1)
	r.state.Err, r.state.Failing = err, true
	r.publish()
	return nil
}

func (r *Recorder) publish() {
	s := r.state
	s.Missing = r.skipped + r.gone
	if r.writer != nil {
		s.Missing += r.writer.Missing()
	}
	r.status.Store(&s)
}

// GiveTo gives the file, if it is one, to another user, who is to go on with it.
func (r *Recorder) GiveTo(uid, gid int) {
	if r.writer != nil && r.writer.file != nil {
		_ = r.writer.file.Chown(uid, gid) // it is open, whoever owns it
	}
}

// Status tells how the recording stands. Any goroutine may call it.
func (r *Recorder) Status() RecorderStatus { return *r.status.Load() }

// Reopen makes the next Write or Flush begin another file: the next in turn, or
// without a Rotation the one of the same name if it was moved away. Any
// goroutine may call it.
func (r *Recorder) Reopen() { r.reopen.Store(true) }

// WriteSecret records a decryption secret, in this file and in those to come.
func (r *Recorder) WriteSecret(s Secret) error {
	if r.options.Rotation.any() {
		r.secrets = append(r.secrets, s)
		for r.octets += len(s.Data); r.octets > keptSecrets && len(r.secrets) > 1; r.secrets = r.secrets[1:] {
			r.octets -= len(r.secrets[0].Data)
		}
	}
	if r.failed != 0 {
		return nil
	}
	if err := r.writer.WriteSecret(s); err != nil {
		return r.fail(err)
	}
	return nil
}

// Flush writes the records that wait in memory.
func (r *Recorder) Flush() error {
	if err := r.turn(); err != nil {
		return r.fail(err)
	}
	if r.failed != 0 {
		return nil
	}
	if err := r.writer.Flush(); err != nil {
		return r.fail(err)
	}
	return nil
}

// Close ends the recording. What is missing in one that persisted is an error.
func (r *Recorder) Close() error {
	err := r.shut()
	if !r.options.Persist {
		return err
	}
	if err != nil {
		_ = r.fail(err)
	}
	if r.publish(); r.state.Err == nil {
		return nil
	}
	return fmt.Errorf("%s missing in the recording: %w", r.Status().gone(), r.state.Err)
}
