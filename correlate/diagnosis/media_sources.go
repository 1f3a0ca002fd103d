package diagnosis

import (
	"net/netip"

	"sipsniff/correlate"
)

// sources is where the streams of a snapshot come from and go to, made when it
// is asked for.
type sources struct {
	of      *correlate.Snapshot
	orphans map[netip.Addr][]*correlate.Stream // without a call, by the host that sends
	minutes map[hostMinute]heard               // hosts with media of calls
	bySSRC  map[uint32][]*correlate.Stream
	ways    map[way][]*correlate.Stream // of calls
	places  map[netip.AddrPort][]*correlate.Stream
}

// A hostMinute is a host in one minute.
type hostMinute struct {
	host   netip.Addr
	minute int64
}

// heard is a stream that a host had, and its call; several is set when there
// are streams of more than one call.
type heard struct {
	call, stream int
	several      bool
}

const (
	maxMinutes   = 24 * 60 // of one stream
	maxNamesakes = 64      // streams of one SSRC that are compared
)

func (x *sharing) sourcesNow() *sources {
	s, all := &x.media, x.everything()
	if s.of == all {
		return s
	}
	*s = sources{of: all, orphans: make(map[netip.Addr][]*correlate.Stream), minutes: make(map[hostMinute]heard), bySSRC: make(map[uint32][]*correlate.Stream), ways: make(map[way][]*correlate.Stream),
		places: make(map[netip.AddrPort][]*correlate.Stream)}
	for _, o := range all.Streams {
		if list := s.bySSRC[o.SSRC]; len(list) < maxNamesakes && o.Packets > 0 && !o.UDPTL {
			s.bySSRC[o.SSRC] = append(list, o)
		}
		for _, at := range [...]netip.AddrPort{o.Src, o.Dst} {
			if list := s.places[at]; len(list) < maxNamesakes {
				s.places[at] = append(list, o)
			}
		}
		if o.Call == nil {
			s.orphans[o.Src.Addr()] = append(s.orphans[o.Src.Addr()], o)
			continue
		}
		if at := (way{o.Src.Addr(), o.Dst.Addr()}); len(s.ways[at]) < maxBetween {
			s.ways[at] = append(s.ways[at], o)
		}
		for n, m := 0, o.First/minute; m <= o.Last/minute && n < maxMinutes; n, m = n+1, m+1 {
			s.note(hostMinute{o.Src.Addr(), m}, o)
			s.note(hostMinute{o.Dst.Addr(), m}, o)
		}
	}
	return s
}

func (s *sources) note(at hostMinute, o *correlate.Stream) {
	h, known := s.minutes[at]
	switch {
	case !known:
		h = heard{call: o.Call.Index, stream: o.ID}
	case h.call != o.Call.Index:
		h.several = true
	}
	s.minutes[at] = h
}

// orphansOf are the streams without a call that a host sends.
func (x *sharing) orphansOf(src netip.Addr) []*correlate.Stream { return x.sourcesNow().orphans[src] }

// namesakes are the streams of one SSRC, those of other calls too.
func (x *sharing) namesakes(ssrc uint32) []*correlate.Stream { return x.sourcesNow().bySSRC[ssrc] }

// mediaNear is the ID of a stream of a host that belongs to another call, within
// a time around a moment; negative when one is known not by name, 0 when there
// is none.
func (x *sharing) mediaNear(host netip.Addr, nanos, window int64, call int) int {
	s := x.sourcesNow()
	for m := (nanos - window) / minute; m <= (nanos+window)/minute; m++ {
		switch h, known := s.minutes[hostMinute{host, m}]; {
		case !known:
		case h.call != call:
			return h.stream
		case h.several:
			return -1
		}
	}
	return 0
}

// maxBetween is how many streams between two hosts are put together.
const maxBetween = 64

// between are the streams of calls from one host to another.
func (x *sharing) between(src, dst netip.Addr) []*correlate.Stream {
	return x.sourcesNow().ways[way{src, dst}]
}

// elsewhere reports whether media come from or go to an address while a call is
// up: as of another leg, when a server leaves the media to its ends.
func (x *sharing) elsewhere(at netip.AddrPort, k *talk) bool {
	for _, s := range x.sourcesNow().places[at] {
		if s.Last >= k.from && s.First <= k.to {
			return true
		}
	}
	return false
}
