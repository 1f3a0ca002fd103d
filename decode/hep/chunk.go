package hep

import (
	"encoding/binary"
	"net/netip"
)

// The octets in front of the chunks, and of each value.
const (
	head3     = 6
	headChunk = 6
)

// The generic chunks that are read.
const (
	chunkFamily      = 0x0001
	chunkProtocol    = 0x0002
	chunkIPv4Src     = 0x0003
	chunkIPv4Dst     = 0x0004
	chunkIPv6Src     = 0x0005
	chunkIPv6Dst     = 0x0006
	chunkSrcPort     = 0x0007
	chunkDstPort     = 0x0008
	chunkSeconds     = 0x0009
	chunkMicros      = 0x000a
	chunkKind        = 0x000b
	chunkAgent       = 0x000c
	chunkKey         = 0x000e
	chunkPayload     = 0x000f
	chunkCompressed  = 0x0010
	chunkCorrelation = 0x0011
	chunkAgentName   = 0x0013
)

// chunks is what the chunks of one packet say, in whatever order they come.
type chunks struct {
	family                 uint8
	src4, dst4, src6, dst6 netip.Addr
	srcPort, dstPort       uint16
	seconds, micros        uint32
	payload, compressed    []byte
	joined                 bool // payload is memory of its own
}

// parse3 reads version 3:
//
//	mark 4, length of all 2, chunks of: vendor 2, type 2, length with these
//	six octets 2, value
//
// Chunks of vendors and of unknown types are passed over.
func (p *Packet) parse3(b []byte) error {
	p.Version = 3
	length := max(int(binary.BigEndian.Uint16(b[4:])), head3)
	p.Damaged = length > len(b)
	if length < len(b) {
		p.Trailing = len(b) - length
		b = b[:length]
	}
	var c chunks
	for b = b[head3:]; len(b) > 0; {
		n := 0
		if len(b) >= headChunk {
			n = int(binary.BigEndian.Uint16(b[4:]))
		}
		if n < headChunk || n > len(b) {
			p.Damaged = true
			break
		}
		if binary.BigEndian.Uint16(b) == 0 {
			kind, value := binary.BigEndian.Uint16(b[2:]), b[headChunk:n]
			if !p.textChunk(kind, value) {
				p.numberChunk(&c, kind, value)
			}
		}
		b = b[n:]
	}
	return p.finish(&c)
}

// textChunk takes a chunk that is octets of any length.
func (p *Packet) textChunk(kind uint16, v []byte) bool {
	switch kind {
	case chunkKey:
		p.Key = v
	case chunkCorrelation:
		p.Correlation = v
	case chunkAgentName:
		p.AgentName = v
	default:
		return false
	}
	return true
}

// numberChunk takes a chunk that says what was captured.
func (p *Packet) numberChunk(c *chunks, kind uint16, v []byte) {
	switch {
	case kind == chunkPayload:
		c.add(v)
	case kind == chunkCompressed:
		c.compressed = v
	case kind <= chunkIPv6Dst && kind >= chunkIPv4Src:
		c.address(kind, v)
	case len(v) == 1:
		p.octet(c, kind, v[0])
	case len(v) == 2 && kind == chunkSrcPort:
		c.srcPort = binary.BigEndian.Uint16(v)
	case len(v) == 2 && kind == chunkDstPort:
		c.dstPort = binary.BigEndian.Uint16(v)
	case len(v) == 4:
		p.word(c, kind, binary.BigEndian.Uint32(v))
	}
}

func (p *Packet) octet(c *chunks, kind uint16, v uint8) {
	switch kind {
	case chunkFamily:
		c.family = v
	case chunkProtocol:
		p.Protocol = v
	case chunkKind:
		p.Kind = Kind(v)
	}
}

func (p *Packet) word(c *chunks, kind uint16, v uint32) {
	switch kind {
	case chunkSeconds:
		c.seconds = v
	case chunkMicros:
		c.micros = v
	case chunkAgent:
		p.Agent, p.HasAgent = v, true
	}
}

// address takes one of the four addresses; one of the wrong length is none.
func (c *chunks) address(kind uint16, v []byte) {
	a, _ := netip.AddrFromSlice(v)
	switch {
	case kind == chunkIPv4Src && a.Is4():
		c.src4 = a
	case kind == chunkIPv4Dst && a.Is4():
		c.dst4 = a
	case kind == chunkIPv6Src && a.Is6():
		c.src6 = a
	case kind == chunkIPv6Dst && a.Is6():
		c.dst6 = a
	}
}

// add appends a part of the payload, which nearly always comes in one.
func (c *chunks) add(v []byte) {
	switch {
	case c.payload == nil:
		c.payload = v
	case !c.joined:
		c.payload, c.joined = append(append(make([]byte, 0, 2*(len(c.payload)+len(v))), c.payload...), v...), true
	default:
		c.payload = append(c.payload, v...)
	}
}

// finish puts together what several chunks say.
func (p *Packet) finish(c *chunks) error {
	src, dst := c.src4, c.dst4
	if v6 := c.src6.IsValid() && c.dst6.IsValid(); v6 && (c.family != 2 || !src.IsValid() || !dst.IsValid()) {
		src, dst = c.src6, c.dst6
	}
	p.Src, p.Dst = netip.AddrPortFrom(src.Unmap(), c.srcPort), netip.AddrPortFrom(dst.Unmap(), c.dstPort)
	if c.seconds > 0 {
		p.Nanos, p.HasTime = int64(c.seconds)*1e9+int64(c.micros)*1e3, true
	}
	p.Payload = c.payload
	if len(p.Payload) == 0 {
		p.Payload, p.Compressed = c.compressed, len(c.compressed) > 0
	}
	if !src.IsValid() || !dst.IsValid() || len(p.Payload) == 0 {
		return ErrIncomplete
	}
	return nil
}
