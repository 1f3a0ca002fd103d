package tls

// The types of handshake messages that matter (RFC 8446 §4).
const (
	helloRequest       = 0
	clientHello        = 1
	serverHello        = 2
	newSessionTicket   = 4
	endOfEarlyData     = 5
	encryptedExtension = 8
	certificate        = 11
	serverHelloDone    = 14
	clientKeyExchange  = 16
	finished           = 20
	keyUpdate          = 24
)

// maxMessage is the length of a handshake message, in octets, from which on
// it is passed over.
const maxMessage = 128 << 10

// messages puts the handshake messages of one direction together: type 1,
// length 3, body. They may span records and share them.
type messages struct {
	b    []byte
	skip int // octets to come of a message that is too long
}

// add appends the fragment of a record. b is borrowed until next returns
// false.
func (m *messages) add(b []byte) {
	n := min(m.skip, len(b))
	m.skip -= n
	b = b[n:]
	if len(m.b) == 0 {
		m.b = b
		return
	}
	m.b = append(m.b, b...)
}

// next returns the next whole message with its header. What is left of the
// fragments after the last one is kept in memory of its own.
func (m *messages) next() (message []byte, ok bool) {
	if len(m.b) >= 4 {
		n := 4 + int(m.b[1])<<16 + int(m.b[2])<<8 + int(m.b[3])
		switch {
		case n > maxMessage:
			m.skip, m.b = max(n-len(m.b), 0), m.b[min(n, len(m.b)):]
			return m.next()
		case n <= len(m.b):
			message, m.b = m.b[:n:n], m.b[n:]
			return message, true
		}
	}
	m.b = append([]byte(nil), m.b...)
	return nil, false
}

func (m *messages) reset() { m.b, m.skip = nil, 0 }
