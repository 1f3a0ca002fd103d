//go:build cgo && !nopcap

package libpcap

import (
	"encoding/binary"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/google/gopacket/pcap"

	"sipsniff/capture"
)

// readTimeout bounds how long the kernel gathers a block of frames, and how
// long a reader waits before it looks whether it is to stop. A frame is thus
// at most twice as long on its way.
const readTimeout = 50 * time.Millisecond

// statisticsPace is how often the drop counters are read.
const statisticsPace = 100 * time.Millisecond

// A reader takes frames from one interface and sends them on in batches. Its
// goroutine is the only user of the handle.
type reader struct {
	name     string
	index    int // in Source.readers
	config   Config
	handle   *pcap.Handle
	linkType capture.LinkType
	form     string   // of the filter
	warnings []string // about the filter
	absence  capture.Absence

	free    chan *batch // for the reader to fill
	filled  chan<- *batch
	closing <-chan struct{}
	stop    *atomic.Int64 // of the source
	drained bool          // everything from before the stop is read

	received, kernel, lower counter
	asked                   time.Time     // the counters
	unread                  atomic.Uint64 // frames from before the stop that nobody took
}

// A counter follows one of libpcap's, of 32 bits, past its end.
type counter struct {
	total atomic.Uint64
	last  uint32
}

func (c *counter) update(now uint32) {
	c.total.Add(uint64(now - c.last))
	c.last = now
}

// run reads until the source closes or the interface fails.
func (r *reader) run() {
	var err error
	for err == nil {
		var b *batch
		select {
		case b = <-r.free:
		case <-r.closing:
		}
		if b == nil {
			break
		}
		b.reset()
		b.link = r.linkType
		err = r.fill(b)
		r.filled <- b // never blocks: there is room for every batch
		if err != nil && !errors.Is(err, io.EOF) && r.config.Reopen {
			err = r.await(err)
		}
	}
	if r.handle != nil && !r.drained {
		r.countUnread()
	}
	r.close()
	if errors.Is(err, io.EOF) {
		err = nil
	}
	r.filled <- &batch{from: r, final: true, err: err}
}

// quiet is how long a stopped interface has to be quiet: the kernel shows a
// frame when its block is full, or is so old.
const quiet = 2 * readTimeout

// fill reads until the batch is full, or nothing came for a while after the
// first frame. It returns io.EOF when the source closes, and when it was
// stopped and everything from before is read.
func (r *reader) fill(b *batch) error {
	for !b.full() {
		data, info, err := r.handle.ZeroCopyReadPacketData()
		switch {
		case err == nil:
			nanos := info.Timestamp.UnixNano()
			b.add(nanos, data, info.Length, r.interfaceOf(data))
			if stop := r.stop.Load(); stop != 0 && nanos > stop {
				r.drained = true
				return io.EOF
			}
			if b.gathers(nanos) {
				continue
			}
		case err == pcap.NextErrorTimeoutExpired:
			if stop := r.stop.Load(); stop != 0 && time.Now().UnixNano()-stop >= int64(quiet) {
				r.drained = true
				return io.EOF
			}
		default:
			return r.explain(err)
		}
		r.countDropsAtPace()
		select {
		case <-r.closing:
			return io.EOF
		default:
		}
		if len(b.frames) > 0 {
			return nil
		}
	}
	r.countDropsAtPace()
	return nil
}

// interfaceOf is the kernel's number of the interface where the frame says
// it, else the place of the interface in the list the user gave.
func (r *reader) interfaceOf(data []byte) int {
	if r.linkType == linuxSLL2 && len(data) >= 8 {
		return int(binary.BigEndian.Uint32(data[4:]))
	}
	return r.index
}

func (r *reader) explain(err error) error {
	if err == pcap.NextErrorReadError {
		err = r.handle.Error()
	}
	return &InterfaceError{Interface: r.name, Err: err}
}

func (r *reader) countDropsAtPace() {
	if now := time.Now(); now.Sub(r.asked) >= statisticsPace {
		r.asked = now
		r.countDrops()
	}
}

func (r *reader) countDrops() {
	s, err := r.handle.Stats()
	if err != nil {
		return
	}
	r.received.update(uint32(s.PacketsReceived))
	r.kernel.update(uint32(s.PacketsDropped))
	r.lower.update(uint32(s.PacketsIfDropped))
}

func (r *reader) drops() capture.Drops {
	return capture.Drops{
		Received: r.received.total.Load(), Kernel: r.kernel.total.Load(), Interface: r.lower.total.Load(), Queue: r.unread.Load(),
	}
}
