package detect

// facts are what the packets of a flow have in common.
type facts struct {
	packets  int // without those that came before
	repeated int
	ascents  int   // from one packet to the next by 1 to maxStep
	single   int   // of those, by 1
	close    bool  // leastPackets came within leastWithin
	main     uint8 // the payload type of most
	text     bool  // the payload is that of SIP or HTTP

	// Of the ascents between two packets of the main payload type.
	steps     int
	usual     int64 // ticks for each number, the most frequent
	regular   int   // steps of the usual ticks
	backwards int
	frames    int             // steps to another timestamp
	marked    int             // steps where a marker, and nothing else, came before another timestamp
	advance   int64           // ticks of all steps
	elapsed   int64           // ns of all steps
	moves     [maxJudged]move // the steps

	lengths    [2]int // the shortest and the longest payload of the main type
	length     int    // of most packets
	usualCount int
	sizes      sizes
	transport  int // payloads that are whole packets of an MPEG transport stream

	events     eventFacts
	hasEvents  bool
	eventsType uint8
}

// A move is one step.
type move struct {
	ticks   int64 // per number
	arrival int64 // ns
	all     int64 // ticks
}

// sizes counts how often each payload length came, of few.
type sizes [8]struct{ octets, count int }

func (s *sizes) add(octets int) {
	for i := range s {
		if s[i].count == 0 || s[i].octets == octets {
			s[i].octets = octets
			s[i].count++
			return
		}
	}
}

func (s *sizes) most() (octets, count int) {
	for i := range s {
		if s[i].count > count {
			octets, count = s[i].octets, s[i].count
		}
	}
	return octets, count
}

const maxJudged = 32 // packets that are looked at

// gather collects the facts; it reports whether there are enough packets.
func (f *facts) gather(packets []Packet) bool {
	if len(packets) > maxJudged {
		packets = packets[len(packets)-maxJudged:]
	}
	if len(packets) < leastPackets {
		return false
	}
	f.main = f.mainType(packets)
	var before *Packet
	for i := range packets {
		p := &packets[i]
		if p.Repeated {
			f.repeated++
			continue
		}
		f.packets++
		f.payload(p)
		if before != nil {
			f.step(before, p)
		}
		before = p
	}
	f.close = closeTogether(packets)
	f.mode()
	f.length, f.usualCount = f.sizes.most()
	return f.packets >= leastPackets && f.repeated <= 2*f.packets
}

// mainType is the payload type of most packets; telephone events are beside
// it when there is something else.
func (f *facts) mainType(packets []Packet) uint8 {
	var counts, events [128]uint8
	for i := range packets {
		t := packets[i].PayloadType & 127
		counts[t]++
		if packets[i].event() {
			events[t]++
		}
	}
	most := -1
	for t, n := range counts {
		if n == 0 {
			continue
		}
		if events[t] == n && t >= 96 {
			f.hasEvents, f.eventsType = true, uint8(t)
			continue
		}
		if most < 0 || n > counts[most] {
			most = t
		}
	}
	if most < 0 {
		return f.eventsType
	}
	return uint8(most)
}

// payload looks at what a packet carries.
func (f *facts) payload(p *Packet) {
	f.text = f.text || isText(p.Head)
	f.events.add(p)
	if p.PayloadType != f.main {
		return
	}
	if f.lengths[1] == 0 || p.Octets < f.lengths[0] {
		f.lengths[0] = p.Octets
	}
	f.lengths[1] = max(f.lengths[1], p.Octets)
	f.sizes.add(p.Octets)
	if p.Octets >= tsPacket && p.Octets%tsPacket == 0 && p.Head>>24 == tsSync {
		f.transport++
	}
}

// A packet of an MPEG transport stream and its first octet (ISO 13818-1).
const (
	tsPacket = 188
	tsSync   = 0x47
)

// step looks at two packets that came one after the other.
func (f *facts) step(a, b *Packet) {
	numbers := b.Number - a.Number
	if a.Jumped || b.Jumped || numbers < 1 || numbers > maxStep {
		return
	}
	f.ascents++
	if numbers == 1 {
		f.single++
	}
	if a.PayloadType != f.main || b.PayloadType != f.main {
		return
	}
	ticks := int64(int32(b.Timestamp - a.Timestamp))
	f.advance += ticks
	f.elapsed += b.Arrival - a.Arrival
	switch {
	case ticks < 0:
		f.backwards++
	case ticks > 0:
		f.frames++
	}
	if a.Marker == (ticks != 0) {
		f.marked++
	}
	m := move{ticks: -1, arrival: b.Arrival - a.Arrival, all: ticks}
	if ticks >= 0 && ticks%numbers == 0 {
		m.ticks = ticks / numbers
	}
	f.moves[f.steps] = m
	f.steps++
}

// all are the steps.
func (f *facts) all() []move { return f.moves[:f.steps] }

// mode finds the ticks of most steps.
func (f *facts) mode() {
	for _, m := range f.all() {
		n := 0
		for _, other := range f.all() {
			if other.ticks == m.ticks {
				n++
			}
		}
		if m.ticks > 0 && n > f.regular {
			f.usual, f.regular = m.ticks, n
		}
	}
}

// closeTogether reports whether leastPackets came within leastWithin.
func closeTogether(packets []Packet) bool {
	for i := leastPackets - 1; i < len(packets); i++ {
		if packets[i].Arrival-packets[i-leastPackets+1].Arrival <= leastWithin {
			return true
		}
	}
	return false
}

// isText reports whether a payload begins as SIP or HTTP do.
func isText(head uint32) bool {
	switch string([]byte{byte(head >> 24), byte(head >> 16), byte(head >> 8), byte(head)}) {
	case "SIP/", "HTTP", "INVI", "REGI", "OPTI", "GET ", "POST", "M-SE", "NOTI":
		return true
	}
	return false
}
