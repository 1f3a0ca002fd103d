package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
)

// MaxFrame is the largest captured length that is believed, in octets: the
// largest snapshot length of libpcap. What claims more is damaged.
const MaxFrame = 262144

// The magic numbers of a pcap file, in the byte order of the writer.
const (
	magicMicros    = 0xa1b2c3d4
	magicNanos     = 0xa1b23c4d
	magicKuznetzov = 0xa1b2cd34 // "modified": longer record headers
)

// linkTypeMask keeps the link type of the network field; above it are the
// length of a frame check sequence (bits 28 to 31), whether that is valid
// (bit 26), and reserved bits.
const linkTypeMask = 0x03ffffff

const pcapHeaderSize = 24

// A pcapReader reads the records of a pcap file.
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+---------------------------------------------------------------+
//	|                            seconds                            |
//	|                  microseconds or nanoseconds                  |
//	|                        captured length                        |
//	|                        original length                        |
//	|              interface index, Kuznetzov files only            |
//	|        protocol               | packet type   |    padding    |
//	+---------------------------------------------------------------+
type pcapReader struct {
	in         *chunkReader
	bigEndian  bool
	recordSize int   // octets of a record header: 16, or 24 of Kuznetzov's
	unit       int64 // nanoseconds a unit of the fraction
	swapped    bool  // the file is so old that the two lengths may be exchanged
	linkType   LinkType
}

// isPcap reports whether a file that begins with head is a pcap file, and its
// byte order.
func isPcap(head []byte) (ok, bigEndian bool) {
	if len(head) < 4 {
		return false, false
	}
	if isPcapMagic(binary.LittleEndian.Uint32(head)) {
		return true, false
	}
	return isPcapMagic(binary.BigEndian.Uint32(head)), true
}

func isPcapMagic(magic uint32) bool {
	return magic == magicMicros || magic == magicNanos || magic == magicKuznetzov
}

// newPcapReader reads the file header of in.
func newPcapReader(in *chunkReader, bigEndian bool, info *SourceInfo) (*pcapReader, error) {
	h, err := in.peek(pcapHeaderSize)
	if err != nil {
		return nil, headerError(err)
	}
	r := &pcapReader{in: in, bigEndian: bigEndian, recordSize: 16, unit: 1000}
	switch r.uint32(h) {
	case magicNanos:
		r.unit = 1
	case magicKuznetzov:
		r.recordSize = 24
	}
	major, minor := r.uint32(h[4:])&0xffff, r.uint32(h[4:])>>16
	if bigEndian {
		major, minor = minor, major
	}
	if major != 2 {
		return nil, fmt.Errorf("pcap version %d.%d is not known", major, minor)
	}
	r.swapped = minor <= 3
	r.linkType = LinkType(r.uint32(h[20:]) & linkTypeMask)
	in.skip(pcapHeaderSize)
	info.Format, info.Nanoseconds = "pcap", r.unit == 1
	info.addLinkType(r.linkType)
	return r, nil
}

// headerError explains a file that ends before its header does.
func headerError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends inside its header")
	}
	return err
}

func (r *pcapReader) uint32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if r.bigEndian {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func (r *pcapReader) next(f *Frame) error {
	// Nearly always the whole record is in the buffer; only the one at the
	// end of a chunk has to be asked for, perhaps twice.
	record, err := r.in.ready(), error(nil)
	if len(record) < r.recordSize {
		if record, err = r.in.peek(r.recordSize); err != nil {
			return err
		}
	}
	captured, length := r.uint32(record[8:]), r.uint32(record[12:])
	if r.swapped && captured > length {
		captured, length = length, captured
	}
	if captured > MaxFrame {
		return &damage{err: tooLong(captured)}
	}
	size := r.recordSize + int(captured)
	if len(record) < size {
		if record, err = r.in.peek(size); err != nil {
			return err
		}
	}
	f.Nanos = int64(r.uint32(record))*1e9 + int64(r.uint32(record[4:]))*r.unit
	f.Data = record[r.recordSize:size:size]
	f.Length = wireLength(length, int(captured))
	f.LinkType = r.linkType
	f.Interface = 0
	if r.recordSize == 24 {
		f.Interface = int(r.uint32(record[16:]))
	}
	r.in.skip(size)
	return nil
}

// wireLength is the original length of a frame. It is never less than what was
// captured, whatever the file says, and fits the int of every machine.
func wireLength(length uint32, captured int) int {
	return max(int(min(length, math.MaxInt32)), captured)
}

// damage is how a reader of records reports a damaged file; the file adds its
// name and the offset.
type damage struct{ err error }

func (d *damage) Error() string { return d.err.Error() }

func (d *damage) Unwrap() error { return d.err }

func tooLong(captured uint32) error {
	return fmt.Errorf("a packet of %d octets (at most %d are believed)", captured, MaxFrame)
}
