package extract

import (
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/decode"
)

// around is how long before the first message of a call and after the last
// packet of it its media is looked for, in ns.
const around = int64(1e9)

// ends are two addresses in their natural order.
type ends struct{ a, b netip.AddrPort }

func endsOf(src, dst netip.AddrPort) ends {
	if dst.Compare(src) < 0 {
		src, dst = dst, src
	}
	return ends{src, dst}
}

// A span is from and to, both included: frames or ns.
type span struct{ from, to int64 }

// A Selection says which packets of a capture belong to some of its calls.
type Selection struct {
	frames   map[int]bool    // in which messages began
	segments map[ends][]span // frames between which messages came over a connection
	media    map[ends][]span // ns between which the packets of two addresses belong to a call
	errors   map[ends][]span // ns between which ICMP errors about them do

	hosts      map[netip.Addr][]span // ns between which all that a host sends or is sent is wanted; nil: nothing
	noReports  bool                  // without RTCP and ICMP errors
	noMedia    bool                  // without RTP and RTCP, of those hosts too
	noMessages bool                  // without messages and what else comes over connections, of those hosts too
}

// nearby is how long before and after a call the packets of its hosts are
// wanted, in ns, where all of them are.
const nearby = int64(5e9)

// Select makes the Selection of calls of a snapshot.
func Select(s *correlate.Snapshot, calls []*correlate.Call) *Selection {
	x := &Selection{frames: map[int]bool{}, segments: map[ends][]span{}, media: map[ends][]span{}, errors: map[ends][]span{}}
	streams := streamsByID(s)
	for _, c := range calls {
		x.call(c, streams)
	}
	for _, spans := range []map[ends][]span{x.segments, x.media, x.errors} {
		for e, list := range spans {
			spans[e] = joined(list)
		}
	}
	return x
}

func streamsByID(s *correlate.Snapshot) map[int]*correlate.Stream {
	streams := make(map[int]*correlate.Stream, len(s.Streams))
	for _, st := range s.Streams {
		streams[st.ID] = st
	}
	return streams
}

// lifeOf is from the first to the last message or packet of media of a call.
func lifeOf(c *correlate.Call, streams map[int]*correlate.Stream) span {
	life := span{c.Started, c.Started}
	for _, m := range c.Messages() {
		life.from, life.to = min(life.from, m.Nanos), max(life.to, m.LastNanos)
	}
	for _, id := range c.StreamIDs {
		if st := streams[id]; st != nil {
			life.from, life.to = min(life.from, st.First), max(life.to, st.Last)
		}
	}
	return life
}

func (x *Selection) call(c *correlate.Call, streams map[int]*correlate.Stream) {
	for _, m := range c.Messages() {
		x.message(m)
	}
	life := lifeOf(c, streams)
	if c.MSRP != nil {
		life.from, life.to = min(life.from, c.MSRP.First), max(life.to, c.MSRP.Last)
	}
	x.refusals(c.NetworkErrors)
	life.from, life.to = life.from-around, life.to+around
	reports := controlsOf(c)
	for _, id := range c.StreamIDs {
		if st := streams[id]; st != nil {
			x.stream(st, reports, life)
		}
	}
	if c.MSRP != nil {
		x.between(c.MSRP.Source, c.MSRP.Destination, life)
	}
}

// refusals selects ICMP errors about messages: those whose frames are known,
// and of many the others of that time as well.
func (x *Selection) refusals(list []correlate.NetworkError) {
	for i := range list {
		n := &list[i]
		for _, frame := range n.Frames {
			x.frames[frame] = true
		}
		if n.Count > len(n.Frames) {
			e := endsOf(n.Src, n.Dst)
			x.errors[e] = append(x.errors[e], span{n.First, n.Last})
		}
	}
}

// message selects a message. What is encrypted, or agreed on in a handshake,
// makes no sense without all that went before it on the connection.
func (x *Selection) message(m *correlate.Message) {
	x.frames[m.Frame] = true
	from := int64(m.Frame)
	switch m.Transport {
	case decode.UDP:
		return
	case decode.TLS, decode.WS, decode.WSS:
		from = 0
	}
	e := endsOf(m.Src, m.Dst)
	x.segments[e] = append(x.segments[e], span{from, int64(max(m.LastFrame, m.Frame))})
}

// stream selects RTP and RTCP of both directions: reports and handshakes of one
// go the other way, and one end may use the port of RTP for them.
func (x *Selection) stream(st *correlate.Stream, k controls, life span) {
	for _, src := range k.of(st.Src) {
		for _, dst := range k.of(st.Dst) {
			x.between(src, dst, life)
		}
	}
}

func (x *Selection) between(a, b netip.AddrPort, when span) {
	e := endsOf(a, b)
	x.media[e] = append(x.media[e], when)
}

// joined sorts spans and joins those that overlap or touch.
func joined(list []span) []span {
	slices.SortFunc(list, func(a, b span) int {
		switch {
		case a.from < b.from:
			return -1
		case a.from > b.from:
			return 1
		}
		return 0
	})
	out := list[:0]
	for _, s := range list {
		if n := len(out); n > 0 && s.from <= out[n-1].to+1 {
			out[n-1].to = max(out[n-1].to, s.to)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// within reports whether v is in one of the joined spans.
func within(list []span, v int64) bool {
	_, found := slices.BinarySearchFunc(list, v, func(s span, v int64) int {
		switch {
		case s.to < v:
			return -1
		case s.from > v:
			return 1
		}
		return 0
	})
	return found
}

// Around selects everything that the hosts of calls sent and were sent from five
// seconds before each call to five seconds after it.
func (x *Selection) Around(s *correlate.Snapshot, calls []*correlate.Call) {
	x.hosts = map[netip.Addr][]span{}
	streams := streamsByID(s)
	for _, c := range calls {
		life, hosts := lifeOf(c, streams), map[netip.Addr]bool{}
		for _, m := range c.Messages() {
			hosts[m.Src.Addr()], hosts[m.Dst.Addr()] = true, true
		}
		for _, id := range c.StreamIDs {
			if st := streams[id]; st != nil {
				hosts[st.Src.Addr()], hosts[st.Dst.Addr()] = true, true
			}
		}
		for host := range hosts {
			x.hosts[host] = append(x.hosts[host], span{life.from - nearby, life.to + nearby})
		}
	}
	for host, list := range x.hosts {
		x.hosts[host] = joined(list)
	}
}

// WithoutReports leaves out RTCP and ICMP errors.
func (x *Selection) WithoutReports() { x.noReports = true }

// OnlySignalling leaves out media and what reports on it.
func (x *Selection) OnlySignalling() { x.media, x.noMedia = nil, true }

// OnlyMedia leaves out the messages.
func (x *Selection) OnlyMedia() {
	x.frames, x.segments, x.errors, x.noMessages = nil, nil, nil, true
}
