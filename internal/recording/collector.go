package recording

import (
	"bytes"
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/audio"
)

// A Collector keeps the payloads of the streams of some calls, in bounded
// memory. Its Media method is what correlate.Config.Media wants.
type Collector struct {
	wanted map[int]bool // calls by index; nil: all
	limit  int64        // octets
	octets int64
	calls  map[int]*Call
	byFlow map[uint64]*stream
}

// A Call is what a call's streams carried.
type Call struct {
	Index   int
	streams []*stream
	Cut     bool // there was no memory for all of it
}

// A stream is the packets of one source, in the order of arrival.
type stream struct {
	fromCaller bool
	src, dst   netip.AddrPort
	ssrc       uint32
	formats    []format
	packets    []packet
	unreadable int // packets that could not be decrypted or were cut
}

// A format is one meaning of the payload of a stream.
type format struct {
	audio.Format
	payloadType uint8
	kind        kind
}

// A kind says what packets of a format are on the axis of time.
type kind uint8

const (
	sound kind = iota // decoded here
	other             // sound that is not decoded
	quiet             // events, comfort noise: nothing is heard
	mute              // repair, video and what else is no sound
)

// A packet is one payload; nil when it cannot be read.
type packet struct {
	nanos          int64
	payload        []byte
	timestamp      uint32
	sequenceNumber uint16
	format         uint8
	marker         bool
	redundant      bool // came in a later packet (RFC 2198)
}

const (
	searched   = 64 // packets among which that of a redundant copy is looked for
	packetSize = 64 // octets besides the payload
	maxFormats = 16 // of a stream, more are left out
	maxStreams = 64 // of a call, likewise
)

// NewCollector keeps what the calls with these indices carry, all of them
// for nil, in so many octets.
func NewCollector(calls []int, limit int64) *Collector {
	c := &Collector{limit: limit, calls: make(map[int]*Call), byFlow: make(map[uint64]*stream)}
	if calls != nil {
		c.wanted = make(map[int]bool, len(calls))
		for _, n := range calls {
			c.wanted[n] = true
		}
	}
	return c
}

// Media takes a packet.
func (c *Collector) Media(m *correlate.MediaPacket) {
	if m.Call == nil || c.wanted != nil && !c.wanted[m.Call.Index] {
		return
	}
	call := c.calls[m.Call.Index]
	if call == nil {
		call = &Call{Index: m.Call.Index}
		c.calls[call.Index] = call
	}
	need := int64(len(m.Payload)) + packetSize
	if c.octets+need > c.limit {
		call.Cut = true
		return
	}
	s := c.byFlow[m.Stream]
	if s == nil && len(call.streams) == maxStreams {
		call.Cut = true
		return
	}
	if s == nil {
		s = &stream{fromCaller: m.FromCaller, src: m.Src, dst: m.Dst, ssrc: m.SSRC}
		c.byFlow[m.Stream] = s
		call.streams = append(call.streams, s)
	}
	n, ok := s.formatOf(m)
	if !ok || m.Redundant && (s.formats[n].kind > other || s.has(m.SequenceNumber)) {
		return
	}
	p := packet{nanos: m.Nanos, timestamp: m.Timestamp, sequenceNumber: m.SequenceNumber, format: n, marker: m.Marker, redundant: m.Redundant}
	if s.formats[n].kind <= other {
		p.payload = bytes.Clone(m.Payload)
		if m.Payload == nil {
			s.unreadable++
		}
	}
	c.octets += int64(len(p.payload)) + packetSize
	s.packets = append(s.packets, p)
}

// has reports whether a packet of a number is among the latest.
func (s *stream) has(sequenceNumber uint16) bool {
	for i := range s.packets[max(0, len(s.packets)-searched):] {
		if s.packets[len(s.packets)-1-i].sequenceNumber == sequenceNumber {
			return true
		}
	}
	return false
}

// formatOf finds or enters the format of a packet.
func (s *stream) formatOf(m *correlate.MediaPacket) (uint8, bool) {
	for i := range s.formats {
		f := &s.formats[i]
		if f.payloadType == m.PayloadType && f.Codec == m.Codec && f.ClockRate == int(m.ClockRate) {
			return uint8(i), true
		}
	}
	if len(s.formats) == maxFormats {
		return 0, false
	}
	f := format{payloadType: m.PayloadType, Format: audio.Format{
		Codec: m.Codec, ClockRate: int(m.ClockRate), Channels: int(m.Channels), Parameters: m.Parameters}}
	f.kind = kindOf(f.Format)
	s.formats = append(s.formats, f)
	return uint8(len(s.formats) - 1), true
}

func kindOf(f audio.Format) kind {
	if audio.NewDecoder(f) != nil {
		return sound
	}
	switch name := strings.ToLower(f.Codec); {
	case name == "cn", name == "telephone-event", name == "tone":
		return quiet
	case extension(name) != "":
		return other
	}
	return mute
}

// Calls are those that had packets, in order.
func (c *Collector) Calls() []*Call {
	all := make([]*Call, 0, len(c.calls))
	for _, call := range c.calls {
		all = append(all, call)
	}
	slices.SortFunc(all, func(a, b *Call) int { return cmp.Compare(a.Index, b.Index) })
	return all
}
