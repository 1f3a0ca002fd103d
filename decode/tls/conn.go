package tls

// A Conn follows one TLS connection, both directions of it, record by record.
type Conn struct {
	Facts

	keys     *Secrets
	client   int // the direction of the client, -1 while it is not known
	hand     *handshake
	sides    [2]half
	progress uint64 // changes when a handshake message may have made records readable
}

// Facts are what is known of a connection.
type Facts struct {
	ServerName string   // that the client asks for (SNI)
	Offered    []string // application protocols, by the client
	Protocol   string   // the one that the server chose
	Version    uint16   // that the server chose; before that the highest that the client offers; 0 unknown
	Suite      uint16   // cipher suite, 0 unknown
	Names      []string // in the server's certificate
	Alerts     []Alert  // other than the regular end
	Random     Random   // of the client, by which key logs name the connection
	HasRandom  bool

	Protected uint64 // records that were encrypted
	Decrypted uint64 // of these, the ones that were opened
	Opened    uint64 // of the decrypted ones, those with octets of the application
	Failed    uint64 // of the protected ones, those that no known secret opens, though there is one
	Forged    uint64 // of the decrypted ones, those whose code of authentication does not fit
}

// NewConn returns a connection of which nothing is known yet. keys may be nil.
func NewConn(keys *Secrets) *Conn { return &Conn{keys: keys, client: -1} }

// A Verdict says what came of a record.
type Verdict uint8

// The verdicts of Conn.Record.
const (
	Nothing       Verdict = iota // it held nothing for the application
	Data                         // it held octets of the application
	WaitHandshake                // the other direction has to be read first; the record was not used
	WaitSecret                   // its secret is not known; the record was not used
	Unreadable                   // it cannot be decrypted at all
	Failed                       // the secrets that are known do not open it
)

// Client returns the direction of the client; ok is false while it is not
// known.
func (c *Conn) Client() (from int, ok bool) { return max(c.client, 0), c.client >= 0 }

// Progress changes whenever records that had to wait are worth another try.
func (c *Conn) Progress() uint64 { return c.progress }

// Established reports whether a hello was read.
func (c *Conn) Established() bool { return c.hand != nil }

// Cost is roughly what the connection occupies, in octets.
func (c *Conn) Cost() int {
	n := 600 + len(c.sides[0].in.b) + len(c.sides[1].in.b) + c.Facts.cost()
	if h := c.hand; h != nil {
		n += 800 + len(h.exchange) + len(h.transcript[0]) + len(h.transcript[1]) + len(h.transcript[2])
	}
	return n
}

// cost is what the texts occupy, in octets.
func (f *Facts) cost() int {
	const header = 16 // of a string
	n := len(f.ServerName) + len(f.Protocol)
	for _, texts := range [...][]string{f.Offered, f.Names} {
		for _, text := range texts {
			n += header + len(text)
		}
	}
	return n
}

// Reads reports whether Record needs the fragment of a record with this
// header. When it does not, Pass is enough.
func (c *Conn) Reads(from int, h Header) bool {
	s := &c.sides[from]
	if h.Type == TypeChangeCipherSpec || !s.sealed && h.Type != TypeApplicationData {
		return true
	}
	hand := c.hand
	if s.dead || hand == nil || hand.unsupported() != "" {
		return false
	}
	return hand.suite.cipher == cipherNull || c.keys != nil && c.keys.hopeful()
}

// Record takes the next record of a direction, which is 0 or 1. The octets
// that it returns are borrowed until the next call for any connection.
func (c *Conn) Record(from int, h Header, fragment []byte) ([]byte, Verdict) {
	s := &c.sides[from]
	switch {
	case h.Type == TypeChangeCipherSpec:
		c.changeCipherSpec(s)
		return nil, Nothing
	case s.sealed || h.Type == TypeApplicationData:
		return c.protected(from, h, fragment)
	}
	c.content(from, h.Type, fragment)
	return nil, Nothing
}

// Pass counts a record that is not to be read. h tells what it is.
func (c *Conn) Pass(from int, h Header) {
	c.Protected++
	s := &c.sides[from]
	s.passed++
	s.seq++
	if s.opener != nil {
		s.opener.gap() // what is chained is broken
	}
}

// Gap says that records are missing in a direction, one at least.
func (c *Conn) Gap(from int) {
	s := &c.sides[from]
	s.in.reset()
	s.unsure = maxUnsure
	if s.opener != nil {
		s.opener.gap()
	}
}

// changeCipherSpec starts the protection of one direction. In TLS 1.3 it
// means nothing (RFC 8446 §5).
func (c *Conn) changeCipherSpec(s *half) {
	if h := c.hand; h != nil && (h.version == TLS13 || s.sealed && s.hand == h && s.opener != nil) {
		return
	}
	s.seal(c.hand)
	c.progress++
}

// protected handles a record that is encrypted.
func (c *Conn) protected(from int, h Header, fragment []byte) ([]byte, Verdict) {
	s := &c.sides[from]
	hand := c.hand
	if s.sealed {
		hand = s.hand
	}
	r, v := c.open(from, hand, h, fragment)
	switch v {
	case WaitHandshake, WaitSecret:
		return nil, v
	case Unreadable:
		c.Pass(from, h)
		return nil, v
	}
	c.Protected++
	if v == Failed {
		c.Failed++
		return nil, v
	}
	if v == Nothing { // skipped
		return nil, v
	}
	c.Decrypted++
	if !r.authentic {
		c.Forged++
	}
	b, v := c.content(from, r.kind, r.plain)
	if v == Data {
		c.Opened++
	}
	return b, v
}

// open decrypts a record.
func (c *Conn) open(from int, hand *handshake, h Header, fragment []byte) (opened, Verdict) {
	s := &c.sides[from]
	switch {
	case hand == nil || s.dead || hand.unsupported() != "":
		return opened{}, Unreadable
	case c.keys == nil && (hand.suite.cipher != cipherNull || hand.version == TLS13):
		return opened{}, Unreadable
	case !hand.server || !hand.client:
		return opened{}, WaitHandshake
	case hand.version == TLS13:
		return c.open13(from, hand, h, fragment)
	}
	return c.open12(from, hand, h, fragment)
}

// content handles what a record holds once it is in the clear.
func (c *Conn) content(from int, kind uint8, b []byte) ([]byte, Verdict) {
	switch kind {
	case TypeApplicationData:
		return b, Data
	case TypeAlert:
		c.addAlert(from == c.client, b)
	case TypeHandshake:
		c.messages(from, b)
	}
	return nil, Nothing
}

// messages handles the handshake messages in a fragment. Without a hello in
// front of it nothing tells them from what is encrypted.
func (c *Conn) messages(from int, b []byte) {
	in := &c.sides[from].in
	if c.hand == nil && len(in.b) == 0 && len(b) > 0 && b[0] != clientHello && b[0] != serverHello {
		return
	}
	in.add(b)
	for {
		m, ok := in.next()
		if !ok {
			return
		}
		c.message(from, m)
	}
}
