package capture

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

const (
	warningCut           = "the last record is cut short"
	warningCutCompressed = "the compressed file is cut short"
)

// A recordReader reads the records of one capture format. It returns io.EOF
// after the last one, io.ErrUnexpectedEOF inside one, ErrIdle while the stream
// is quiet (then it can be asked again), a *damage when what it
// reads makes no sense, and otherwise what reading the file said.
type recordReader interface {
	next(f *Frame) error
}

// A file is one capture file or stream, packed or not.
type file struct {
	info   SourceInfo
	filter func(*Frame) bool
	notes  func() []string // nil: none

	raw     *chunkReader // the octets of the file
	content *chunkReader // the same, or what they unpack to
	records recordReader
	closers []func() error
	disk    *os.File // nil unless it is a regular file
	lasting bool     // disk may be wanted after Close, see Rereader

	watched  bool         // a stream that may be quiet, whose Next is to say so
	idle     *idleReader  // of such a stream, below content
	unpacked atomic.Int64 // octets of raw that were unpacked; raw belongs to idle then

	stopped atomic.Bool // see Stopper
	lulled  bool        // it was quiet once since, or since a frame

	number int   // frames handed out
	nanos  int64 // capture time of the latest of them
	err    error // that ended the reading, for the calls after
}

// openFile opens the file of that name, or the stream on "-".
func openFile(name string, o Options, chunk int) (*file, error) {
	f := &file{info: SourceInfo{Name: name}, filter: o.Filter, notes: o.Notes}
	if err := f.open(o, chunk); err != nil {
		_ = f.Close() // err says what went wrong
		return nil, err
	}
	return f, nil
}

func (f *file) open(o Options, chunk int) error {
	in, err := f.input(o.Stdin)
	if err != nil {
		return err
	}
	f.watched = o.Idle
	if err := f.measure(in); err != nil {
		return err
	}
	if err := f.begin(in, chunk); err != nil {
		return err
	}
	if f.idle != nil {
		f.idle.enabled = true
	}
	return nil
}

// watch puts an idleReader between a stream, or what it unpacks to, and its
// content: a decompressor cannot be asked again after ErrIdle, so it has to
// stand below.
func (f *file) watch(r io.Reader, chunk int, release func()) io.Reader {
	f.idle = newIdleReader(r, chunk, release)
	f.closers = append(f.closers, f.idle.close)
	return f.idle
}

// input is where the octets come from.
func (f *file) input(stdin io.Reader) (io.Reader, error) {
	if f.info.Name == "-" {
		if stdin == nil {
			stdin = os.Stdin
		}
		return stdin, nil
	}
	disk, err := os.Open(f.info.Name)
	if err != nil {
		return nil, newFileError(f.info.Name, err)
	}
	f.closers = append(f.closers, func() error {
		if f.lasting && f.disk != nil {
			return nil
		}
		return disk.Close()
	})
	return disk, nil
}

// measure notes the size of a regular file, which is never quiet, and refuses a
// directory.
func (f *file) measure(in io.Reader) error {
	disk, ok := in.(*os.File)
	if !ok {
		return nil
	}
	stat, err := disk.Stat()
	if err != nil {
		return nil // a stream that cannot be asked is only not measured
	}
	if stat.IsDir() {
		return &UnsupportedError{Name: f.info.Name, Format: formatDirectory, hint: "name the capture files in it"}
	}
	if stat.Mode().IsRegular() {
		f.info.Size, f.watched = stat.Size(), false
		if f.info.Name != "-" {
			f.disk = disk
		}
	}
	return nil
}

// begin finds out what the file is and reads its header.
func (f *file) begin(in io.Reader, chunk int) error {
	if f.watched {
		in = newSipper(in)
	}
	f.raw = newChunkReader(in, chunk)
	f.content = f.raw
	head, err := f.raw.peek(4)
	if err != nil && !isEnd(err) {
		return fmt.Errorf("%s: %w", f.info.Name, err)
	}
	if kind := compressionOf(head); kind != "" {
		if err := f.unpack(kind, chunk); err != nil {
			return err
		}
	} else if f.watched {
		f.raw.r = f.watch(in, chunk, nil)
	}
	return f.recognise()
}

func (f *file) unpack(kind string, chunk int) error {
	content, closer, err := decompress(kind, &countingReader{f.raw, &f.unpacked}, f.watched)
	if err != nil {
		return f.damaged(headerError(err))
	}
	if f.watched {
		content = f.watch(content, chunk, closer)
	} else {
		f.closers = append(f.closers, func() error { closer(); return nil })
	}
	f.info.Compression = kind
	f.content = newChunkReader(content, chunk)
	return nil
}

// recognise reads the magic number and the header after it.
func (f *file) recognise() error {
	head, err := f.content.peek(4)
	if err != nil && !isEnd(err) {
		return f.damaged(err)
	}
	if ok, bigEndian := isPcap(head); ok {
		r, err := newPcapReader(f.content, bigEndian, &f.info)
		if err != nil {
			return f.damaged(err)
		}
		f.records = r
		return nil
	}
	if string(head) == "\n\r\r\n" { // blockSection
		r, err := newPcapngReader(f.content, &f.info)
		if err != nil {
			return f.damaged(err)
		}
		f.records = r
		return nil
	}
	head, err = f.content.peek(sniffLength)
	if f.info.Compression != "" && err == io.ErrUnexpectedEOF && f.content.err == err {
		return f.damaged(errors.New("the compressed file is cut short before its first packet"))
	}
	return unsupported(f.info.Name, head)
}

func isEnd(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }

func (f *file) damaged(err error) *FormatError {
	return &FormatError{Name: f.info.Name, Offset: f.content.offset(), Err: err}
}

// Next reads records until one passes the filter.
func (f *file) Next(frame *Frame) error {
	for f.err == nil {
		if f.stopped.Load() && !f.watched {
			return io.EOF
		}
		if err := f.records.next(frame); err != nil {
			if err == ErrIdle && f.stopped.Load() {
				if f.lulled {
					return io.EOF
				}
				f.lulled = true // a sip may have been late
				continue
			}
			if err == ErrIdle {
				frame.Nanos = f.nanos
				return err
			}
			f.err = f.ended(err)
			break
		}
		if f.filter != nil && !f.filter(frame) {
			continue
		}
		f.number, f.nanos, f.lulled = f.number+1, frame.Nanos, false
		frame.Number = f.number
		frame.Source = 0
		f.info.Frames++
		f.info.Octets += uint64(len(frame.Data))
		return nil
	}
	return f.err
}

// ended says why there is no further record.
func (f *file) ended(err error) error {
	var d *damage
	switch {
	case err == io.EOF:
		return io.EOF
	case err == io.ErrUnexpectedEOF:
		f.cut()
		return io.EOF
	case errors.As(err, &d):
		return f.damaged(d.err)
	case f.info.Compression != "" && (f.raw.err == nil || f.raw.err == io.EOF):
		return f.damaged(err) // the decompressor's complaint, not the disk's
	}
	return fmt.Errorf("%s: %w", f.info.Name, err)
}

// cut notes that the file ends inside a record, which is normal after a crash
// or while the file is still being written.
func (f *file) cut() {
	f.info.Truncated = true
	if f.info.Compression != "" && f.content.err == io.ErrUnexpectedEOF {
		f.info.warn(warningCutCompressed)
		return
	}
	f.info.warn(warningCut)
}

// Info describes the file and what was read of it so far.
func (f *file) Info() []SourceInfo {
	i := f.info.clone()
	i.Position = f.position()
	if f.notes != nil {
		i.Warnings = append(i.Warnings, f.notes()...)
	}
	return []SourceInfo{i}
}

func (f *file) position() int64 {
	if f.info.Compression != "" {
		return f.unpacked.Load()
	}
	return f.raw.offset()
}

// Secrets gives the decryption secrets met so far.
func (f *file) Secrets() []Secret {
	if r, ok := f.records.(*pcapngReader); ok {
		return r.secrets[:len(r.secrets):len(r.secrets)]
	}
	return nil
}

// SecretCount is the number of decryption secrets met so far.
func (f *file) SecretCount() int {
	if r, ok := f.records.(*pcapngReader); ok {
		return len(r.secrets)
	}
	return 0
}

// Stop implements Stopper. A stream ends when nothing came for a while, because
// nobody knows what is still on its way in a pipe.
func (f *file) Stop() { f.stopped.Store(true) }

// Close closes the file, but not a stream, which it did not open.
func (f *file) Close() error {
	var errs []error
	for i := len(f.closers) - 1; i >= 0; i-- {
		errs = append(errs, f.closers[i]())
	}
	f.closers = nil
	if f.err == nil {
		f.err = os.ErrClosed
	}
	return errors.Join(errs...)
}
