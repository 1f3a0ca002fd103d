package gen

import (
	"bufio"
	"encoding/binary"
	"io"
)

// A file writes capture records, pcap or pcapng, little endian, Ethernet.
type file struct {
	w      *bufio.Writer
	ng     bool
	header [28]byte
}

const (
	linkEthernet = 1
	snapLength   = 262144
)

func newFile(w io.Writer, ng bool) (*file, error) {
	f := &file{w: bufio.NewWriterSize(w, 1<<20), ng: ng}
	head := pcapHeader()
	if ng {
		head = pcapngHeader()
	}
	_, err := f.w.Write(head)
	return f, err
}

func pcapHeader() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4) // microseconds
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 4)
	b = le.AppendUint32(b, 0) // time zone
	b = le.AppendUint32(b, 0) // accuracy
	b = le.AppendUint32(b, snapLength)
	return le.AppendUint32(b, linkEthernet)
}

// pcapngHeader is a section header block and one interface whose times are in
// nanoseconds (if_tsresol 9).
func pcapngHeader() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0x0A0D0D0A)
	b = le.AppendUint32(b, 28)
	b = le.AppendUint32(b, 0x1A2B3C4D)
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint64(b, ^uint64(0)) // section length unknown
	b = le.AppendUint32(b, 28)

	b = le.AppendUint32(b, 1)
	b = le.AppendUint32(b, 32)
	b = le.AppendUint16(b, linkEthernet)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint32(b, snapLength)
	b = le.AppendUint16(b, 9)
	b = le.AppendUint16(b, 1)
	b = append(b, 9, 0, 0, 0)
	b = le.AppendUint32(b, 0) // end of options
	return le.AppendUint32(b, 32)
}

// frame writes one record; nanos is a whole number of microseconds.
func (f *file) frame(nanos int64, data []byte) error {
	if f.ng {
		return f.enhanced(nanos, data)
	}
	le, h := binary.LittleEndian, f.header[:16]
	le.PutUint32(h, uint32(nanos/1e9))
	le.PutUint32(h[4:], uint32(nanos%1e9/1000))
	le.PutUint32(h[8:], uint32(len(data)))
	le.PutUint32(h[12:], uint32(len(data)))
	if _, err := f.w.Write(h); err != nil {
		return err
	}
	_, err := f.w.Write(data)
	return err
}

// enhanced writes an enhanced packet block.
func (f *file) enhanced(nanos int64, data []byte) error {
	le, h := binary.LittleEndian, f.header[:28]
	pad := -len(data) & 3
	total := uint32(32 + len(data) + pad)
	le.PutUint32(h, 6)
	le.PutUint32(h[4:], total)
	le.PutUint32(h[8:], 0)
	le.PutUint32(h[12:], uint32(uint64(nanos)>>32))
	le.PutUint32(h[16:], uint32(uint64(nanos)))
	le.PutUint32(h[20:], uint32(len(data)))
	le.PutUint32(h[24:], uint32(len(data)))
	if _, err := f.w.Write(h); err != nil {
		return err
	}
	if _, err := f.w.Write(data); err != nil {
		return err
	}
	var tail [8]byte
	le.PutUint32(tail[pad:], total)
	_, err := f.w.Write(tail[:pad+4])
	return err
}

func (f *file) close() error { return f.w.Flush() }
