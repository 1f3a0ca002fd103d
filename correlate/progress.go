package correlate

// A progress is how much time has passed by a clock that may be set: it only
// goes on. Packets that are a little older than others do not matter to it, nor
// do sources whose clocks are behind.
type progress struct {
	now    int64 // ns
	top    int64 // the latest time, Unix ns; 0 before the first
	fallen int64 // the earliest time since all packets are far behind; 0 when they are not
}

const (
	behind   = second      // what is so much older than the latest was not just late
	settling = 10 * second // how long all packets have to be behind before that is the time
)

// see takes the time of a packet.
func (p *progress) see(nanos int64) {
	switch {
	case p.top == 0:
		p.top = nanos
	case nanos >= p.top:
		p.now += nanos - p.top
		p.top, p.fallen = nanos, 0
	case p.top-nanos < behind:
		p.fallen = 0
	case p.fallen == 0 || nanos < p.fallen:
		p.fallen = nanos
	case nanos-p.fallen >= settling: // the clock was set back
		p.now += nanos - p.fallen
		p.top, p.fallen = nanos, 0
	}
}
