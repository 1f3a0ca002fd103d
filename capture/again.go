package capture

import (
	"errors"
	"os"
	"unsafe"
)

// A Rereader is a source whose octets can be read again, so that nobody has
// to hold them.
type Rereader interface {
	Source

	// Place is where in its file a piece of the frame that Next gave last
	// stands, by Frame.Source; ok is false when the piece is a copy, and of
	// files that are packed or no files.
	Place(source int, piece []byte) (offset int64, ok bool)

	// Again returns a function that reads octets of the files once more. Any
	// goroutine may call it, after Close too. It does not tell whether they are
	// still the same.
	Again() ReadAgain
}

// ReadAgain fills a piece with the octets that stand at an offset of a file, by
// Frame.Source.
type ReadAgain func(source int, offset int64, piece []byte) error

// errNoFile is returned by ReadAgain for what cannot be read again.
var errNoFile = errors.New("no file that could be read again")

// Place implements Rereader.
func (f *file) Place(_ int, piece []byte) (offset int64, ok bool) {
	if f.disk == nil || f.info.Compression != "" {
		return 0, false
	}
	return f.content.place(piece)
}

// Again implements Rereader. What it returns keeps the file open until nobody
// has it any more: its name may stand for another file by then, or be out of
// reach since the process gave up its rights.
func (f *file) Again() ReadAgain {
	f.lasting = true
	disk := f.disk
	return func(_ int, offset int64, piece []byte) error { return readAt(disk, offset, piece) }
}

// Place implements Rereader.
func (m *merge) Place(source int, piece []byte) (offset int64, ok bool) {
	if source < 0 || source >= len(m.files) {
		return 0, false
	}
	return m.files[source].Place(source, piece)
}

// Again implements Rereader.
func (m *merge) Again() ReadAgain {
	disks := make([]*os.File, len(m.files))
	for i, f := range m.files {
		f.lasting = true
		disks[i] = f.disk
	}
	return func(source int, offset int64, piece []byte) error {
		if source < 0 || source >= len(disks) {
			return errNoFile
		}
		return readAt(disks[source], offset, piece)
	}
}

func readAt(disk *os.File, offset int64, piece []byte) error {
	if disk == nil {
		return errNoFile
	}
	_, err := disk.ReadAt(piece, offset)
	return err
}

// place is the offset in the stream of a piece of the buffer; ok is false when
// it is elsewhere.
func (c *chunkReader) place(piece []byte) (offset int64, ok bool) {
	if len(piece) == 0 || len(c.buf) == 0 {
		return 0, false
	}
	at := uintptr(unsafe.Pointer(&piece[0])) - uintptr(unsafe.Pointer(&c.buf[0]))
	if at >= uintptr(c.off) || len(piece) > c.off-int(at) {
		return 0, false
	}
	return c.base + int64(at), true
}
