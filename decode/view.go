package decode

import "sipsniff/decode/msrp"

// A viewTable stands between the decoder and its handler and recognises the
// messages that several observers report: agents in HEP, and the capture
// itself. The second to report a message saw the same one from elsewhere; but
// when one observer reports it twice, it was sent twice (spec §8.3). Only SIP
// and RTCP are looked at; media passes.
type viewTable struct {
	next     Handler
	messages recent[viewed]
}

func newViewTable(next Handler) *viewTable {
	return &viewTable{next: next, messages: recent[viewed]{most: mostViewed}}
}

const (
	// mostViewed is how many messages are remembered: a second of a busy
	// collector.
	mostViewed = 1 << 14
	// viewWindow is how far apart the clocks and the lines of observers may
	// put their reports of one message, in ns. It is longer than a message is
	// sent again by RFC 3261 timers.
	viewWindow = 60_000_000_000
	// viewObservers is how many observers of one message are told apart.
	viewObservers = 4
)

// viewed is a message and who reported it how often. Observers come in the
// order of their first report.
type viewed struct {
	nanos  int64
	who    [viewObservers]uint64
	counts [viewObservers]uint8
	known  uint8 // how many observers there are
}

// Message implements Handler.
func (t *viewTable) Message(p *Packet) {
	t.look(p)
	t.next.Message(p)
}

// Datagram implements Handler.
func (t *viewTable) Datagram(p *Packet) {
	if isControl(p.Payload) {
		t.look(p)
	}
	t.next.Datagram(p)
}

// MSRP implements SessionHandler.
func (t *viewTable) MSRP(p *Packet, f *msrp.Frame) {
	if h, ok := t.next.(SessionHandler); ok {
		h.MSRP(p, f)
	}
}

// isControl reports whether b could be RTCP (RFC 5761 §4).
func isControl(b []byte) bool {
	return len(b) >= 8 && b[0]>>6 == 2 && b[1] >= 192 && b[1] <= 223
}

// look marks the packet as a duplicate when others reported it as often.
func (t *viewTable) look(p *Packet) {
	if p.Duplicate {
		return
	}
	v, _ := t.messages.at(viewKey(p))
	if apart := p.Nanos - v.nanos; apart > viewWindow || apart < -viewWindow {
		*v = viewed{}
	}
	v.nanos = p.Nanos
	p.Duplicate = !v.report(p.Agent)
}

// report counts a report of an observer and reports whether nobody reported
// as many before.
func (v *viewed) report(who uint64) (first bool) {
	i, most := int(v.known), uint8(0)
	for k := range int(v.known) {
		if v.who[k] == who {
			i = k
		}
		most = max(most, v.counts[k])
	}
	if i == viewObservers {
		return false // one more observer of what so many saw
	}
	if i == int(v.known) {
		v.who[i] = who
		v.known++
	}
	if v.counts[i] < 255 {
		v.counts[i]++
	}
	return v.counts[i] > most || v.counts[i] == 255
}

// viewKey is the hash of a message with its ends.
func viewKey(p *Packet) uint64 {
	a, b := p.Src.Addr().As16(), p.Dst.Addr().As16()
	ports := uint64(p.Src.Port())<<16 | uint64(p.Dst.Port())
	return hashOctets(hashOctets(hashOctets(ports, a[:]), b[:]), p.Payload)
}
