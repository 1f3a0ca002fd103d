package sip

// A HeaderSet tells which of the header fields that the program knows are in a
// message, whatever their spelling. The zero value is empty.
type HeaderSet [(headerCount + 63) / 64]uint64

// Add adds a header field; Other is none.
func (s *HeaderSet) Add(id HeaderID) {
	if id != Other && id < headerCount {
		s[id/64] |= 1 << (id % 64)
	}
}

// Has reports whether a header field is in the message at least once.
func (s *HeaderSet) Has(id HeaderID) bool {
	return id < headerCount && s[id/64]&(1<<(id%64)) != 0
}

// HeaderSet returns which header fields the message has.
func (m *Message) HeaderSet() (s HeaderSet) {
	for i := range m.Headers {
		s.Add(m.Headers[i].ID)
	}
	return s
}
