package video

import (
	"sipsniff/decode/picture"
)

// A Packet is one packet of video in order of arrival; second copies of one
// are left out by the caller.
type Packet struct {
	Arrival   int64 // Unix ns
	Extended  int64 // sequence number
	Timestamp uint32
	Marker    bool
	Facts     picture.Facts
}

// reorder is how many frames may be incomplete at once, so that late packets
// still find theirs.
const reorder = 4

// anew is how far a timestamp is behind those of lower numbers at least when
// the source counts from another beginning: ten seconds of 90 kHz.
const anew = 10 * 90000

// A frame is the packets of one timestamp.
type frame struct {
	timestamp uint32
	arrival   int64 // of its first packet
	low, high int64 // its lowest and highest number
	packets   int64
	end       int64 // number of the packet with the marker; meaningful iff ended
	ended     bool
	key       bool
}

// An Account is the frames of one stream. The zero value is ready.
type Account struct {
	open  [reorder]frame // by timestamp, the newest last
	count int

	last   frame // the frame before the open ones, meaningful iff judged > 0
	judged uint64
	stills
	keys

	incomplete uint64
	late       uint64 // packets of frames that were judged already
	marked     uint64 // frames with a marker
	between    [8]int64
	fillers    int
	width      int
	height     int
}

// Add takes a packet that carries video.
func (a *Account) Add(p *Packet) {
	if a.beginsAnew(p) {
		a.Restart()
	}
	f := a.frameOf(p)
	if f == nil {
		a.late++
		return
	}
	f.packets++
	f.low, f.high = min(f.low, p.Extended), max(f.high, p.Extended)
	if p.Marker {
		f.ended, f.end = true, p.Extended
	}
	if p.Facts.Key && !f.key {
		f.key = true
		a.keys.add(p.Arrival)
	}
	if p.Facts.Width != 0 {
		a.width, a.height = p.Facts.Width, p.Facts.Height
	}
}

// Filler takes a number that carries no video, such as forward error
// correction among the packets of the stream.
func (a *Account) Filler(extended int64) {
	a.between[a.fillers%len(a.between)] = extended
	a.fillers++
}

// Restart begins anew with other numbers and timestamps.
func (a *Account) Restart() {
	for a.count > 0 {
		a.judge()
	}
	a.judged = 0
	a.fillers = 0
	a.stills.restart()
}

// beginsAnew reports whether the highest number so far has a timestamp far
// behind the frames there are.
func (a *Account) beginsAnew(p *Packet) bool {
	if a.count == 0 {
		return false
	}
	newest := &a.open[a.count-1]
	return p.Extended > newest.high && int32(p.Timestamp-newest.timestamp) < -anew
}

// frameOf finds the frame of a packet, or begins it. It is nil when newer
// frames were judged already.
func (a *Account) frameOf(p *Packet) *frame {
	at := a.count
	for at > 0 {
		ahead := int32(p.Timestamp - a.open[at-1].timestamp)
		if ahead == 0 {
			return &a.open[at-1]
		}
		if ahead > 0 {
			break
		}
		at--
	}
	if at == 0 && a.judged > 0 && int32(p.Timestamp-a.last.timestamp) <= 0 {
		return nil
	}
	if a.count == reorder {
		if at == 0 { // older than all of them, and newer than what was judged
			return nil
		}
		a.judge()
		at--
	}
	newest := at == a.count
	copy(a.open[at+1:a.count+1], a.open[at:a.count])
	a.count++
	a.open[at] = frame{timestamp: p.Timestamp, arrival: p.Arrival, low: p.Extended, high: p.Extended}
	if newest {
		a.stills.next(p.Arrival)
	}
	return &a.open[at]
}

// judge takes the oldest open frame: it is complete when its packets join on
// to the end of the frame before, have no hole and end with a marker (spec
// §5.11).
func (a *Account) judge() {
	f := a.open[0]
	copy(a.open[:], a.open[1:a.count])
	a.count--
	if !a.whole(&f) {
		a.incomplete++
	}
	if f.ended {
		a.marked++
	}
	a.last = f
	a.judged++
	a.stills.frames++
}

func (a *Account) whole(f *frame) bool {
	low := f.low
	if a.judged > 0 && a.last.ended { // else the hole is at the end of that one
		low = min(low, a.last.high+1)
	}
	return f.ended && f.end == f.high && f.packets+a.filled(low, f.high) == f.high-low+1
}

// filled is how many of the numbers carry no video.
func (a *Account) filled(low, high int64) (n int64) {
	for _, v := range a.between[:min(a.fillers, len(a.between))] {
		if v >= low && v <= high {
			n++
		}
	}
	return n
}
