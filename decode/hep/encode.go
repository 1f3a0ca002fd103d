package hep

import (
	"encoding/binary"
	"math"
)

// Append appends p as a packet of version 3 that is at most limit octets long,
// or MaxPacket when limit is 0. The end of a payload that is too long is left
// out, and truncated says so; so is a time outside of 1970 to 2106. Src and Dst
// must be of one family; p.Version, p.Compressed, p.Damaged and p.Trailing do
// not matter.
func Append(b []byte, p *Packet, limit int) (out []byte, truncated bool) {
	if limit <= 0 || limit > MaxPacket {
		limit = MaxPacket
	}
	start := len(b)
	b = append(b, "HEP3\x00\x00"...)
	b = appendEnds(b, p)
	if seconds := p.Nanos / 1e9; p.HasTime && seconds > 0 && seconds <= math.MaxUint32 {
		b = appendWord(b, chunkSeconds, uint32(p.Nanos/1e9))
		b = appendWord(b, chunkMicros, uint32(p.Nanos%1e9/1e3))
	}
	b = append(appendHead(b, chunkKind, 1), byte(p.Kind))
	if p.HasAgent {
		b = appendWord(b, chunkAgent, p.Agent)
	}
	b = appendText(b, chunkKey, p.Key)
	b = appendText(b, chunkCorrelation, p.Correlation)
	b = appendText(b, chunkAgentName, p.AgentName)
	payload := p.Payload
	if room := max(start+limit-len(b)-headChunk, 0); len(payload) > room {
		payload, truncated = payload[:room], true
	}
	b = append(appendHead(b, chunkPayload, len(payload)), payload...)
	binary.BigEndian.PutUint16(b[start+4:], uint16(len(b)-start))
	return b, truncated
}

// appendEnds appends family, protocol, addresses and ports.
func appendEnds(b []byte, p *Packet) []byte {
	src, dst := p.Src.Addr(), p.Dst.Addr()
	family, srcChunk, dstChunk := byte(2), uint16(chunkIPv4Src), uint16(chunkIPv4Dst)
	if src.Is6() {
		family, srcChunk, dstChunk = 10, chunkIPv6Src, chunkIPv6Dst
	}
	b = append(appendHead(b, chunkFamily, 1), family)
	b = append(appendHead(b, chunkProtocol, 1), p.Protocol)
	b = append(appendHead(b, srcChunk, src.BitLen()/8), src.AsSlice()...)
	b = append(appendHead(b, dstChunk, dst.BitLen()/8), dst.AsSlice()...)
	b = binary.BigEndian.AppendUint16(appendHead(b, chunkSrcPort, 2), p.Src.Port())
	return binary.BigEndian.AppendUint16(appendHead(b, chunkDstPort, 2), p.Dst.Port())
}

// maxText bounds the texts in a packet, so that there is room for a payload.
const maxText = 1024

// appendText appends a chunk unless it is empty. A key that is too long to be
// sent whole opens no door either way.
func appendText(b []byte, kind uint16, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	v = v[:min(len(v), maxText)]
	return append(appendHead(b, kind, len(v)), v...)
}

func appendWord(b []byte, kind uint16, v uint32) []byte {
	return binary.BigEndian.AppendUint32(appendHead(b, kind, 4), v)
}

// appendHead appends the head of a generic chunk with a value of n octets.
func appendHead(b []byte, kind uint16, n int) []byte {
	b = append(b, 0, 0)
	b = binary.BigEndian.AppendUint16(b, kind)
	return binary.BigEndian.AppendUint16(b, uint16(n+headChunk))
}
