package hep

import "encoding/binary"

// A Stream cuts a TCP stream into packets of version 3 by their length. Where
// no packet begins it looks for the next mark.
type Stream struct {
	// Skipped counts the octets that belonged to no packet.
	Skipped uint64

	buf   []byte
	start int // of what was not handed out yet
}

// Write takes further octets of the stream; it keeps no more of them than Next
// leaves unread. What Next returned before is no longer valid.
func (s *Stream) Write(b []byte) {
	if s.start > 0 {
		n := copy(s.buf, s.buf[s.start:])
		s.buf, s.start = s.buf[:n], 0
	}
	s.buf = append(s.buf, b...)
}

// Next returns the next whole packet, which is valid until the following
// Write. Call it until there is none, and what Write keeps is shorter than
// MaxPacket.
func (s *Stream) Next() (packet []byte, ok bool) {
	skip, n := Cut(s.buf[s.start:])
	s.Skipped += uint64(skip)
	s.start += skip
	packet = s.buf[s.start : s.start+n : s.start+n]
	s.start += n
	return packet, n > 0
}

// Cut finds the next packet of version 3 in the octets of a stream: skip of
// them belong to none, and the next length ones are it. A length of 0 asks for
// more octets.
func Cut(b []byte) (skip, length int) {
	for {
		skip += beginning(b[skip:])
		rest := b[skip:]
		if len(rest) < head3 {
			return skip, 0
		}
		switch n := int(binary.BigEndian.Uint16(rest[4:])); {
		case n < head3:
			skip++
		case n > len(rest):
			return skip, 0
		default:
			return skip, n
		}
	}
}

// Partial reports whether the beginning of a packet waits for its end.
func (s *Stream) Partial() bool { return len(s.buf) > s.start }

// beginning is where in b a packet begins or, at the end, could begin.
func beginning(b []byte) int {
	for i := range b {
		if MayBegin(b[i:]) {
			return i
		}
	}
	return len(b)
}

// MayBegin reports whether b begins with the mark of version 3 as far as it
// goes.
func MayBegin(b []byte) bool {
	for _, mark := range [...]string{"HEP3", "EEP3", "EEP1"} {
		n := min(len(b), len(mark))
		if string(b[:n]) == mark[:n] {
			return true
		}
	}
	return false
}
