package capture

import "errors"

// LinkType is a LINKTYPE_/DLT number as written in a capture file: how the
// first octet of a frame is to be read. All 32 bits of the field are kept,
// because some types (LINUX_SLL2 is 276) do not fit in eight.
type LinkType uint32

// A Frame is one captured packet.
type Frame struct {
	// Number counts the frames of the whole run from 1, over all sources, in
	// the order in which they are handed out.
	Number int

	// Nanos is the capture time in nanoseconds since the Unix epoch. It is an
	// integer and not a time.Time because it is compared and subtracted for
	// every packet; only presentation makes a time.Time of it.
	Nanos int64

	// Data is borrowed: it is valid until the following call of Next.
	Data []byte

	// Length is the frame's length on the wire, in octets. It is larger than
	// len(Data) when the snapshot length cut the frame.
	Length int

	LinkType LinkType

	// Interface tells the interfaces of a source apart (the index in the
	// file or in the list given to -i); it matters for recognising packets
	// that were captured twice.
	Interface int

	// Source is the index in Source.Info of the file or interface it came from.
	Source int
}

// SourceInfo describes one file or interface and what was read from it so far.
type SourceInfo struct {
	Name   string // as the user gave it; "-" for standard input
	Format string // "pcap", "pcapng", "live"

	// Compression is how the file is packed: "gzip", "zstd", "lz4" or "".
	Compression string

	// Nanoseconds says that the times may be finer than a microsecond.
	Nanoseconds bool

	LinkTypes []LinkType // every link type met, in order of appearance
	Frames    uint64
	Octets    uint64 // captured octets
	Truncated bool   // the last record was cut short
	Size      int64  // octets of the file, 0 when unknown
	Position  int64  // octets of the file read so far, for progress
	Warnings  []string

	// Interfaces are the names that a pcapng file gives its interfaces, by
	// Frame.Interface; "" where it gives none. See InterfaceName.
	Interfaces []string

	// Drops is what the program that wrote the file says it lost (pcapng
	// interface statistics), or what an interface has lost so far; nil when
	// nobody says. See libpcap.Source.Drops for the sum.
	Drops *Drops
}

// Drops are the packets that were lost before anybody could look at them, by
// who lost them.
type Drops struct {
	Received  uint64 // packets that passed the filter
	Kernel    uint64 // dropped because the buffer of the kernel was full
	Interface uint64 // dropped by the interface or its driver
	Queue     uint64 // dropped because the capturing program did not keep up

	// Uncounted are those of the numbers above that nobody counted: they are
	// unknown and not 0.
	Uncounted DropKind
}

// Add adds what somebody else lost. A number that one of the two counted is
// known.
func (d *Drops) Add(other Drops) {
	d.Received += other.Received
	d.Kernel += other.Kernel
	d.Interface += other.Interface
	d.Queue += other.Queue
	d.Uncounted &= other.Uncounted
}

// A DropKind names numbers of Drops.
type DropKind uint8

// The numbers of Drops.
const (
	DropsReceived DropKind = 1 << iota
	DropsKernel
	DropsInterface
	DropsQueue

	dropsAll = DropsReceived | DropsKernel | DropsInterface | DropsQueue
)

// ErrIdle is returned by Next of a live source when nothing arrived for a
// while, so that the caller can move its timers and call Next again.
var ErrIdle = errors.New("no packet arrived yet")

// A Source yields captured frames in the order in which they were captured.
type Source interface {
	// Next refills f with the next frame. It returns io.EOF after the last
	// one, ErrIdle when a live source is quiet, with the time in f.Nanos if it
	// tells it, a *FormatError when a file
	// is damaged. f.Data is borrowed: it is valid until the following call.
	Next(f *Frame) error

	// Info describes the files or interfaces behind the source. It may be
	// called by the goroutine that calls Next, at any time.
	Info() []SourceInfo

	// Close releases the source and unblocks nothing: call it after Next.
	Close() error
}
