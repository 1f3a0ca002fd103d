package detect

// eventFacts are what payloads of telephone-event have in common (RFC 4733
// §2.3): the event, the end bit with the volume, and the duration, which
// grows as long as the timestamp stays.
type eventFacts struct {
	packets int
	broken  bool
	before  Packet
	begun   int // events
}

const eventOctets = 4

// event reports whether a packet may be a telephone event: a digit, a letter
// or the hook, the reserved bit is 0, and only the first lasted no time yet.
func (p *Packet) event() bool {
	return p.Octets == eventOctets && p.Head>>24 <= 16 && p.Head&0x400000 == 0 && (p.Head&0xFFFF != 0 || p.Marker)
}

func (e *eventFacts) add(p *Packet) {
	if !p.event() {
		e.broken = true
		return
	}
	a := &e.before
	same := e.packets > 0 && a.Timestamp == p.Timestamp
	switch {
	case e.packets == 0:
		e.begun = 1
	case same && (a.Head>>24 != p.Head>>24 || a.Head&0xFFFF > p.Head&0xFFFF || p.Marker):
		e.broken = true
	case !same && int32(p.Timestamp-a.Timestamp) < 0:
		e.broken = true
	case !same:
		e.begun++
	}
	e.packets++
	e.before = *p
}

// eventsOnly reports whether there is nothing but events.
func (f *facts) eventsOnly() bool {
	return f.hasEvents && f.eventsType == f.main && !f.events.broken
}

// judgeEvents accepts a stream of nothing but telephone events, whose clock
// is that of a codec that is not there; nearly always 8 kHz.
func (f *facts) judgeEvents(s *Support) (Guess, bool) {
	if !f.enough(leastPackets, s) || f.ascents != f.packets-1 {
		return Guess{}, false
	}
	return Guess{PayloadType: f.main, Codec: "telephone-event", ClockRate: 8000, Media: "audio", HasEvents: true, EventsType: f.main}, true
}
