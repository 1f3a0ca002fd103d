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
	for {
		s.synchronise()
		b := s.buf[s.start:]
		if len(b) < head3 {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(b[4:]))
		if n < head3 {
			s.skip(1)
			continue
		}
		if n > len(b) {
			return nil, false
		}
		s.start += n
		return b[:n:n], true
	}
}

// Partial reports whether the beginning of a packet waits for its end.
func (s *Stream) Partial() bool { return len(s.buf) > s.start }

// synchronise skips to the next place where a packet begins or, at the end,
// could begin.
func (s *Stream) synchronise() {
	b := s.buf[s.start:]
	for i := range b {
		if mayBegin(b[i:]) {
			s.skip(i)
			return
		}
	}
	s.skip(len(b))
}

func (s *Stream) skip(n int) {
	s.start += n
	s.Skipped += uint64(n)
}

// mayBegin reports whether b begins with a mark as far as it goes.
func mayBegin(b []byte) bool {
	for _, mark := range [...]string{"HEP3", "EEP3", "EEP1"} {
		n := min(len(b), len(mark))
		if string(b[:n]) == mark[:n] {
			return true
		}
	}
	return false
}
