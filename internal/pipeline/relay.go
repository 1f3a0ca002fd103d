package pipeline

import (
	"runtime"
	"sync/atomic"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
)

// A relay takes what the decoder finds to the tracker, which works on it in a
// goroutine of its own while further frames are read. The tracker hears the
// same in the same order as without one, so the results are the same.
type relay struct {
	tracker  *correlate.Tracker
	announce func(*Status) // publishes; called by the tracker's goroutine
	describe func() []capture.SourceInfo
	filling  *batch
	work     chan *batch          // to the tracker
	done     chan *batch          // and back
	buffers  chan []byte          // of the source, to be read into again; nil: one may be made
	size     int                  // of each, in octets
	sources  []capture.SourceInfo // of the batch at work
	packet   decode.Packet        // refilled for each datagram
	broken   atomic.Pointer[panicked]
}

// A panicked is what a panic was called with.
type panicked struct{ value any }

const (
	// relayBatches is how many batches there are: one that is filled, one that
	// waits, one that is worked on. relayBuffers is how many buffers there are
	// besides those that files read into.
	relayBatches = 3
	relayBuffers = 3
	// relayBuffer is the size of a buffer in octets: a read of so much costs
	// next to nothing for each packet, and a few of them stay in a cache. Those
	// of many files are smaller: relayOctets is what all take.
	relayBuffer = 256 << 10
	leastBuffer = 16 << 10
	relayOctets = 64 << 20
)

// newRelay returns a relay for a source, or nil when it would help nothing:
// there is one core, or the frames have to be worked on at once.
func newRelay(source capture.Source, tracker *correlate.Tracker, announce func(*Status)) *relay {
	lender, ok := source.(capture.Lender)
	if !ok || runtime.GOMAXPROCS(0) < 2 {
		return nil
	}
	all := relayBuffers + len(source.Info())
	r := &relay{
		tracker: tracker, announce: announce, describe: source.Info, filling: new(batch),
		work: make(chan *batch, relayBatches), done: make(chan *batch, relayBatches), buffers: make(chan []byte, relayBuffers),
		size: min(relayBuffer, max(relayOctets/all, leastBuffer)),
	}
	if !lender.Lend(r.fresh) {
		return nil
	}
	for range relayBuffers {
		r.buffers <- nil
	}
	for range relayBatches - 1 {
		r.done <- new(batch)
	}
	r.packet.Transport = decode.UDP
	go r.run()
	return r
}

// fresh returns a buffer that nobody reads any more, and has the one that the
// source is done with come back when the tracker is.
func (r *relay) fresh(done []byte) []byte {
	r.filling.buffers = append(r.filling.buffers, done)
	r.hand()
	if b := <-r.buffers; b != nil {
		return b
	}
	return make([]byte, r.size)
}

// hand gives the tracker what was found so far, and makes room for more.
func (r *relay) hand() {
	if len(r.filling.events) == 0 && len(r.filling.buffers) == 0 {
		return
	}
	r.filling.sources = r.describe()
	r.work <- r.filling
	r.filling = r.take()
}

// take waits for a batch that the tracker is done with.
func (r *relay) take() *batch {
	b := <-r.done
	if p := r.broken.Load(); p != nil {
		panic(p.value)
	}
	return b
}

// settle waits until the tracker has heard everything. Until the next event it
// belongs to the goroutine that reads.
func (r *relay) settle() {
	if r == nil {
		return
	}
	r.hand()
	idle := make([]*batch, 0, relayBatches)
	for len(idle) < relayBatches-1 {
		idle = append(idle, r.take())
	}
	for _, b := range idle {
		r.done <- b
	}
}

// described is what the source says of itself, as of the batch at work; nil
// without a relay. It belongs to the goroutine of the tracker.
func (r *relay) described() []capture.SourceInfo {
	if r == nil {
		return nil
	}
	return r.sources
}

// close ends the goroutine of the tracker after everything was heard.
func (r *relay) close() {
	if r == nil {
		return
	}
	r.settle()
	close(r.work)
}

// run is the goroutine of the tracker.
func (r *relay) run() {
	for b := range r.work {
		r.hear(b)
		for _, buffer := range b.buffers {
			if len(buffer) != r.size { // the source made it: it had none, or a record is that long
				buffer = nil
			}
			r.buffers <- buffer
		}
		b.clear()
		r.done <- b
	}
}

// hear tells the tracker what is in a batch. A panic goes on in the goroutine
// that reads, where somebody may be prepared for it.
func (r *relay) hear(b *batch) {
	if r.broken.Load() != nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			r.broken.Store(&panicked{p})
		}
	}()
	r.sources = b.sources
	messages, published := b.messages, b.published
	for i := range b.events {
		if i%ahead == 0 {
			r.look(b.events[i:min(i+ahead, len(b.events))])
		}
		switch e := &b.events[i]; e.kind {
		case media:
			r.tracker.Media(&e.Plain)
		case plainDatagram:
			e.Unpack(&r.packet)
			r.tracker.Datagram(&r.packet)
		case otherDatagram:
			r.tracker.Datagram(&b.packets[e.index])
		case message:
			r.tracker.Message(&b.packets[e.index], &messages[0])
			messages = messages[1:]
		case keepAlive:
			r.tracker.KeepAlive(&b.packets[e.index])
		case advance:
			r.tracker.Advance(e.Nanos)
		case publish:
			r.announce(published[0])
			published = published[1:]
		}
	}
}

// ahead is how many events are looked at together before the tracker is told.
const ahead = 256

// look has the tracker fetch what it will need for some events.
func (r *relay) look(events []event) {
	if !r.tracker.LooksAhead() {
		return
	}
	for i := range events {
		if e := &events[i]; e.kind == media {
			r.tracker.Expect(&e.Plain)
		}
	}
	r.tracker.Fetch()
}
