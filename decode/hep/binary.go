package hep

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// parse2 reads versions 1 and 2:
//
//	version 1, length 1, address family 1, IP protocol 1, ports 2 each,
//	addresses 4 or 16 each
//
// and in version 2 the time block: seconds 4, microseconds 4, agent 2,
// padding 2. The length is not to be believed: senders disagree about what
// it counts.
func (p *Packet) parse2(b []byte, arrival int64) error {
	size := 16
	if b[2] == 2 {
		size = 4
	}
	n := 8 + 2*size
	if len(b) < n {
		return ErrIncomplete
	}
	p.Version, p.Protocol = b[0], b[3]
	src, _ := netip.AddrFromSlice(b[8 : 8+size])
	dst, _ := netip.AddrFromSlice(b[8+size : n])
	p.Src = netip.AddrPortFrom(src.Unmap(), binary.BigEndian.Uint16(b[4:]))
	p.Dst = netip.AddrPortFrom(dst.Unmap(), binary.BigEndian.Uint16(b[6:]))
	b = b[n:]
	if p.Version == 2 {
		if len(b) < shortTimeBlock {
			return ErrIncomplete
		}
		p.Nanos, p.HasTime = time2(b, arrival)
		p.Agent, p.HasAgent = uint32(binary.LittleEndian.Uint16(b[8:])), true
		b = b[min(timeBlock(b), len(b)):]
	}
	if len(b) == 0 {
		return ErrIncomplete
	}
	p.Payload = b
	return nil
}

// The octets of the time block, with and without the padding of a C structure.
const (
	longTimeBlock  = 12
	shortTimeBlock = 10
)

// timeBlock is the length of the time block: the longer one, unless SIP
// begins where only the shorter one ends.
func timeBlock(b []byte) int {
	if len(b) >= longTimeBlock && beginsSIP(b[longTimeBlock:]) || !beginsSIP(b[shortTimeBlock:]) {
		return longTimeBlock
	}
	return shortTimeBlock
}

// beginsSIP knows the status line and the methods of the IANA registry.
func beginsSIP(b []byte) bool {
	if bytes.HasPrefix(b, []byte("SIP/2.0 ")) {
		return true
	}
	end := bytes.IndexByte(b[:min(len(b), 10)], ' ')
	if end < 0 {
		return false
	}
	switch string(b[:end]) {
	case "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY", "PUBLISH", "INFO",
		"REFER", "MESSAGE", "UPDATE":
		return true
	}
	return false
}

// believable is how far the time of version 2 may be from the arrival, in ns.
const believable = 24 * 3600 * 1e9

// time2 reads the time of version 2, which is in the byte order of the
// sender: little-endian unless only the other one is believable.
func time2(b []byte, arrival int64) (nanos int64, ok bool) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		nanos = int64(order.Uint32(b))*1e9 + int64(order.Uint32(b[4:]))*1e3
		if d := nanos - arrival; nanos > 0 && d < believable && d > -believable {
			return nanos, true
		}
	}
	return 0, false
}
