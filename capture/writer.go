package capture

import (
	"errors"
	"io"
	"os"
)

// writerBuffer is how many octets are gathered before they are written.
const writerBuffer = 64 << 10

// writerPace is how much packet time passes at most between two writes, in
// nanoseconds, so that a recording can be looked at while it grows.
const writerPace = 1e9

// WriterOptions say what kind of capture file is written. The zero value
// writes what the file name says, by default pcap with nanoseconds.
type WriterOptions struct {
	// Format is "pcap" or "pcapng"; "" goes by the file name.
	Format string

	// Microseconds makes a pcap file with the microseconds every old program
	// reads. Set it when no source has SourceInfo.Nanoseconds: then nothing
	// is lost by it. It does not matter for pcapng.
	Microseconds bool

	// LinkTypes are those that will come, as far as they are known. One lets
	// the header be written at once; several are refused at once for pcap.
	LinkTypes []LinkType

	// Stdout takes what is written to "-"; nil means os.Stdout.
	Stdout io.Writer

	// Inputs are the names of the files being read, "-" being standard
	// input. None of them is overwritten.
	Inputs []string

	// Application is noted in a pcapng file as the program that wrote it.
	Application string
}

// A Writer records frames in a capture file. Only whole records go to the
// file, several in one write; after a write that the disk took only part of,
// the file is cut back to the last whole record.
//
// What was written since the last write is in memory: call Flush when the
// source is idle, and Close at the end.
type Writer struct {
	name     string
	out      io.Writer
	file     *os.File // nil when the Writer did not open what it writes to
	encoding frameEncoding

	buf     []byte
	ends    []int // where the records in buf end, the negative ones without a frame
	missing uint64
	written int64 // octets of whole records that left
	flushed int64 // packet time of the first record after the last write
	frames  int
	begun   bool // the file header is in buf or has left

	err      error // that stopped the recording
	reported bool
}

// A frameEncoding is one capture format as it is written.
type frameEncoding interface {
	// header appends the file header; link is the type of the first frame.
	header(b []byte, link LinkType) []byte

	// resume gets ready to go on behind records of which some are missing. It
	// returns false when a header has to come first.
	resume() bool

	// frame appends a record, or says why it cannot be.
	frame(b []byte, f *Frame) ([]byte, error)
}

// Create makes a Writer of the capture file of that name, replacing what is
// there; "-" is standard output. A name ending in .pcapng makes a pcapng file,
// every other one a pcap file.
func Create(name string, o WriterOptions) (*Writer, error) {
	if o.Format == "" {
		o.Format = formatOfName(name)
	}
	if name == "-" {
		out := o.Stdout
		if out == nil {
			out = os.Stdout
		}
		return newWriter(name, out, nil, o)
	}
	if err := checkOutput(name, o.Inputs); err != nil {
		return nil, err
	}
	if _, err := encodingFor(name, o); err != nil {
		return nil, err // before anything is overwritten
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, newFileError(name, err)
	}
	return newWriter(name, file, file, o)
}

// NewWriter makes a Writer on a stream; closing it leaves the stream open.
func NewWriter(out io.Writer, o WriterOptions) (*Writer, error) {
	return newWriter("-", out, nil, o)
}

func newWriter(name string, out io.Writer, file *os.File, o WriterOptions) (*Writer, error) {
	encoding, err := encodingFor(name, o)
	if err != nil {
		return nil, err
	}
	w := &Writer{name: name, out: out, file: file, encoding: encoding}
	if len(o.LinkTypes) > 0 {
		w.begin(o.LinkTypes[0])
		if err := w.Flush(); err != nil {
			_ = w.Close() // err says what went wrong
			return nil, err
		}
	}
	return w, nil
}

func (w *Writer) begin(link LinkType) {
	w.begun = true
	w.buf = w.encoding.header(w.buf, link)
	w.ends = append(w.ends, -len(w.buf))
}

// Write records a frame. An error, a *WriteError or a *LinkTypeError, ends
// the recording and is returned once: Writes after it do nothing and return
// nil, so that watching can go on. Err tells it again.
func (w *Writer) Write(f *Frame) error {
	if w.err != nil {
		return w.report()
	}
	if !w.begun {
		w.begin(f.LinkType)
	}
	b, err := w.encoding.frame(w.buf, f)
	if err != nil {
		return w.stop(w.explain(err))
	}
	w.buf = b
	w.ends = append(w.ends, len(b))
	if w.frames == 0 {
		w.flushed = f.Nanos
	}
	w.frames++
	passed := f.Nanos - w.flushed
	if len(b) < writerBuffer && -writerPace < passed && passed < writerPace {
		return nil
	}
	w.flushed = f.Nanos
	return w.Flush()
}

// Comment has the frame that is written next carry a comment, beside others that
// it may have. A pcap file has no place for one: there it does nothing.
func (w *Writer) Comment(text string) {
	if e, ok := w.encoding.(*pcapngEncoding); ok {
		e.comments = append(e.comments, text)
	}
}

// WriteSecret records a decryption secret, in front of the frames that follow.
// A pcap file has no place for one: there it does nothing. Errors are those of
// Write.
func (w *Writer) WriteSecret(s Secret) error {
	if w.err != nil {
		return w.report()
	}
	encoding, ok := w.encoding.(*pcapngEncoding)
	if !ok || len(s.Data) > maxSecretData {
		return nil
	}
	if !w.begun {
		w.begin(linkEthernet) // which a pcapng header does not tell
	}
	w.buf = encoding.secret(w.buf, s)
	w.ends = append(w.ends, -len(w.buf))
	if len(w.buf) < writerBuffer {
		return nil
	}
	return w.Flush()
}

// HoldsComments reports whether a recording of that name has a place for comments.
func HoldsComments(name string) bool { return formatOfName(name) == "pcapng" }

// HoldsSecrets reports whether a recording of that name has a place for
// decryption secrets.
func HoldsSecrets(name string) bool { return formatOfName(name) == "pcapng" }

// explain adds to the complaint of the encoding what it does not know.
func (w *Writer) explain(err error) error {
	var mixed *LinkTypeError
	if errors.As(err, &mixed) {
		mixed.Name, mixed.position = w.name, w.frames+1
		return err
	}
	return &WriteError{Name: w.name, Err: err}
}

// Flush writes the records that wait in memory.
func (w *Writer) Flush() error {
	if w.err != nil {
		return w.report()
	}
	if len(w.buf) == 0 {
		return nil
	}
	n, err := w.out.Write(w.buf)
	if err == nil && n < len(w.buf) {
		err = io.ErrShortWrite
	}
	if err != nil {
		w.cutBack(n)
		return w.stop(&WriteError{Name: w.name, Err: bare(err)})
	}
	w.written += int64(n)
	w.buf, w.ends = w.buf[:0], w.ends[:0]
	return nil
}

// cutBack removes the piece of a record that is at the end of the file after
// n octets of buf were written.
func (w *Writer) cutBack(n int) {
	whole := 0
	for _, end := range w.ends {
		switch {
		case max(end, -end) <= n:
			whole = max(end, -end)
		case end > 0:
			w.missing++
		}
	}
	w.written += int64(whole)
	if w.file != nil && whole < n {
		// Best effort: the disk already complained, and a reader copes with
		// a record that is cut short.
		_ = w.file.Truncate(w.written)
		_, _ = w.file.Seek(w.written, io.SeekStart)
	}
}

// Missing is the number of frames that were taken and could not be written.
func (w *Writer) Missing() uint64 { return w.missing }

// Octets is what the recording takes so far.
func (w *Writer) Octets() int64 { return w.written + int64(len(w.buf)) }

// is reports whether the Writer writes to a file.
func (w *Writer) is(there os.FileInfo) bool {
	if w.file == nil {
		return false
	}
	own, err := w.file.Stat()
	return err == nil && os.SameFile(own, there)
}

// Resume goes on after an error, behind the last whole record.
func (w *Writer) Resume() {
	w.err, w.reported = nil, false
	w.begun = w.written > 0 && w.encoding.resume()
}

// bare takes the operation and the name out of a file error: who wraps it says
// both.
func bare(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (w *Writer) stop(err error) error {
	w.err = err
	w.buf, w.ends = nil, nil
	return w.report()
}

func (w *Writer) report() error {
	if w.reported {
		return nil
	}
	w.reported = true
	return w.err
}

// Err is the error that stopped the recording, nil while it goes on.
func (w *Writer) Err() error { return w.err }

// Frames is the number of frames recorded so far.
func (w *Writer) Frames() int { return w.frames }

// Close writes what waits in memory and closes the file. It returns an error
// only when Write or Flush has not returned it before. A recording without
// any frame is a valid capture file of Ethernet.
func (w *Writer) Close() error {
	if w.err == nil && !w.begun {
		w.begin(linkEthernet)
	}
	err := w.Flush()
	if w.file != nil {
		closing := w.file.Close()
		w.file = nil
		if err == nil && closing != nil && w.err == nil {
			err = w.stop(&WriteError{Name: w.name, Err: bare(closing)})
		}
	}
	if w.err == nil {
		w.err, w.reported = os.ErrClosed, true
	}
	return err
}
