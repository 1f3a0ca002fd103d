package decode

import (
	"unsafe"

	"sipsniff/decode/tls"
)

// A tlsLink is an encrypted connection: what is known of its keys, and the
// connection inside of it, which is handled like any other.
type tlsLink struct {
	conn    *tls.Conn
	entry   *tlsEntry
	source  int         // the direction that entry takes for that of the client
	inner   *connection // nil until something was decrypted
	readers [2]recordReader
	records int // that were in order
	waiting *sealedQueue
	cost    int // octets accounted for in streamTable.held
}

// A recordReader finds the records of one direction.
type recordReader struct {
	skip    int  // octets to come of a record that is passed over
	lost    bool // record boundaries are lost
	missing bool // octets of the application are missing in front of the next ones
	begun   bool // octets of the application have come
}

const linkOverhead = int(unsafe.Sizeof(tlsLink{}))

// over returns the transport of a message on the connection.
func (c *connection) over(transport Transport) Transport {
	switch {
	case c.secure && transport == TCP:
		return TLS
	case c.secure && transport == WS:
		return WSS
	}
	return transport
}

// confirmed reports whether this is TLS without doubt.
func (l *tlsLink) confirmed() bool {
	return l.conn.Established() || l.records > 1 || len(l.conn.Alerts) > 0
}

// count notes octets on the wire.
func (l *tlsLink) count(c *connection, from, n int, m mark) {
	e := l.entry
	e.LastFrame, e.Last = max(e.LastFrame, m.frame), max(e.Last, m.nanos)
	e.Plain = e.Plain || c.sip
	if from == l.source {
		e.Sent += uint64(n)
	} else {
		e.Received += uint64(n)
	}
}

// recogniseTLS decides whether a direction that starts like a record carries
// TLS.
func (t *streamTable) recogniseTLS(c *connection, from int, f *flow) bool {
	_, v := tls.ReadHeader(f.b)
	switch {
	case v == tls.HeaderMore:
		return false
	case v == tls.HeaderBroken, c.secure:
		t.ignore(c, from)
		return false
	}
	t.startTLS(c, from, f)
	f.application = tlsStream
	return true
}

// startTLS makes a connection an encrypted one.
func (t *streamTable) startTLS(c *connection, from int, f *flow) {
	first := f.at(0)
	l := &tlsLink{conn: tls.NewConn(t.secrets), source: from}
	l.entry = &tlsEntry{link: l, TLSConnection: TLSConnection{
		Source: f.head.Src, Destination: f.head.Dst, FirstFrame: first.frame, First: first.nanos,
	}}
	c.tls = l
	l.count(c, from, len(f.b), f.at(len(f.b)-1))
	t.encrypted.add(l.entry)
	t.stats.TLS++
	t.accountTLS(l)
	if other := &c.sides[1-from]; !c.sip && (other.ignored || other.flow != nil && other.flow.application == sipStream) {
		t.release(c, 1-from) // it was not understood without this
		other.ignored = false
	}
}

// continueTLS decides whether a direction carries TLS when the other one
// does.
func (t *streamTable) continueTLS(c *connection, from int, f *flow) bool {
	_, v := tls.ReadHeader(f.b)
	switch {
	case v == tls.HeaderBroken && f.fromStart:
		return false // an answer in the clear
	case v == tls.HeaderMore && f.fromStart, v == tls.HeaderMore && len(f.b) < tls.HeaderSize:
		f.application = tlsStream
		return true
	case v == tls.HeaderBroken:
		f.application = tlsStream
		t.loseRecords(c, from)
		return true
	}
	if l := c.tls; l.conn.HasRandom && len(f.b) > tls.HeaderSize && f.b[0] == tls.TypeHandshake && f.b[tls.HeaderSize] == 1 {
		if client, ok := l.conn.Client(); ok && l.records > 2 && client == from {
			t.finishTLS(c) // another connection with the same addresses
			t.startTLS(c, from, f)
		}
	}
	f.application = tlsStream
	return true
}

// startsWithRecord reports whether a segment starts with a whole record, or
// with one that another one follows.
func startsWithRecord(b []byte) bool {
	h, v := tls.ReadHeader(b)
	if v != tls.HeaderRead || h.Type == tls.TypeHeartbeat {
		return false
	}
	next := tls.HeaderSize + h.Length
	if next >= len(b) {
		return next == len(b)
	}
	_, v = tls.ReadHeader(b[next:])
	return v != tls.HeaderBroken
}

// finishTLS surfaces what is unfinished inside of an encrypted connection and
// keeps what is known of it.
func (t *streamTable) finishTLS(c *connection) {
	l := c.tls
	t.giveUpRecords(c)
	if l.inner != nil {
		for i := range l.inner.sides {
			t.end(l.inner, i)
		}
	}
	t.encrypted.end(l.entry)
	t.held -= l.cost
	c.tls = nil
}

// accountTLS brings held up to date with what the link occupies.
func (t *streamTable) accountTLS(l *tlsLink) {
	cost := linkOverhead + l.conn.Cost()
	if l.inner != nil {
		cost += int(unsafe.Sizeof(connection{}))
	}
	if l.waiting != nil {
		cost += l.waiting.cost()
	}
	t.held += cost - l.cost
	l.cost = cost
}
