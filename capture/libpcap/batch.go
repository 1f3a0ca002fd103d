//go:build cgo && !nopcap

package libpcap

import (
	"time"

	"sipsniff/capture"
)

const (
	batchOctets = 256 << 10 // capacity of a batch
	batchFull   = 192 << 10 // octets from which it takes no further frame
	batchFrames = 2048
	batches     = 16 // of each interface
)

// A batch carries frames of one interface from its reader to the source. Its
// memory is used again and again: the source gives it back when its frames
// have been handed out.
type batch struct {
	from   *reader
	link   capture.LinkType // of its frames
	frames []record
	data   []byte // of all frames, one after the other
	next   int    // first frame that was not handed out
	final  bool   // nothing follows from this interface
	err    error  // why, nil when the source was closed

	arrived  time.Time // at the source
	released bool      // it waited long enough for other interfaces
}

// A record is a frame in a batch.
type record struct {
	nanos      int64
	start, end int // in batch.data
	length     int // on the wire
	index      int // capture.Frame.Interface
}

func newBatch(from *reader) *batch {
	return &batch{from: from, frames: make([]record, 0, batchFrames), data: make([]byte, 0, batchOctets)}
}

func (b *batch) reset() {
	b.frames, b.data, b.next, b.released = b.frames[:0], b.data[:0], 0, false
	if cap(b.data) > batchOctets { // after frames of 256 KiB
		b.data = make([]byte, 0, batchOctets)
	}
}

func (b *batch) full() bool { return len(b.data) >= batchFull || len(b.frames) == batchFrames }

func (b *batch) add(nanos int64, data []byte, length, index int) {
	start := len(b.data)
	b.data = append(b.data, data...)
	b.frames = append(b.frames, record{nanos: nanos, start: start, end: len(b.data), length: length, index: index})
}

// gathers reports whether the batch is still so young at the time of its latest
// frame that it waits for more. A clock that was set back does not keep it.
func (b *batch) gathers(nanos int64) bool {
	age := nanos - b.frames[0].nanos
	return age < int64(readTimeout) && age > -int64(readTimeout)
}

// before counts the frames that were not handed out and are of that time or
// older.
func (b *batch) before(nanos int64) (n uint64) {
	for _, r := range b.frames[b.next:] {
		if r.nanos <= nanos {
			n++
		}
	}
	return n
}

// head is the time of the next frame.
func (b *batch) head() int64 { return b.frames[b.next].nanos }
