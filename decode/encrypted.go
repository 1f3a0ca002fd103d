package decode

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/decode/tls"
)

// A TLSConnection is what is known of one encrypted connection.
type TLSConnection struct {
	Source, Destination   netip.AddrPort // of the client and the server; guessed when no hello was captured
	FirstFrame, LastFrame int
	First, Last           int64  // Unix ns
	Sent, Received        uint64 // octets on the wire from the source and to it

	tls.Facts
	Messages uint64     // of SIP inside
	Closed   bool       // by FIN or RST
	Plain    bool       // the other side speaks SIP that is not encrypted
	Reason   tls.Reason // why it was not decrypted, or not all of it
}

// LooksLikeSIP reports whether the connection carries SIP or says that it
// does: by its port, the protocol that was negotiated, or the server's name.
func (c *TLSConnection) LooksLikeSIP() bool {
	if c.Messages > 0 || c.Plain || isSIPPort(c.Source.Port()) || isSIPPort(c.Destination.Port()) {
		return true
	}
	if strings.HasPrefix(c.ServerName, "sip") || strings.Contains(c.ServerName, ".sip.") {
		return true
	}
	return c.Protocol == "sip" || slices.Contains(c.Offered, "sip")
}

// Encrypted returns what is known of the encrypted connections, in the order
// of their first frames: of those met last when there were more than
// Config.MaxTLS.
func (d *Decoder) Encrypted() []TLSConnection {
	t := &d.streams.encrypted
	all := make([]TLSConnection, 0, t.live.n+t.ended.n)
	for _, l := range []*entryList{&t.live, &t.ended} {
		for e := l.first; e != nil; e = e.next {
			if e.link == nil || e.link.confirmed() {
				e.refresh()
				all = append(all, e.TLSConnection)
			}
		}
	}
	slices.SortFunc(all, func(a, b TLSConnection) int {
		return cmp.Or(cmp.Compare(a.FirstFrame, b.FirstFrame), a.Source.Compare(b.Source), a.Destination.Compare(b.Destination))
	})
	return all
}

// An encryptedTable remembers connections, those that are over too. When it is
// full one that is over leaves, or else the oldest.
type encryptedTable struct {
	limit       int
	live, ended entryList
	evicted     uint64
}

// An entry is a connection in the table.
type tlsEntry struct {
	TLSConnection
	link       *tlsLink // nil when the connection is over
	in         *entryList
	prev, next *tlsEntry
}

// An entryList is a list of entries, the oldest first.
type entryList struct {
	first, last *tlsEntry
	n           int
}

func (l *entryList) add(e *tlsEntry) {
	e.in, e.prev, e.next = l, l.last, nil
	if l.last != nil {
		l.last.next = e
	} else {
		l.first = e
	}
	l.last = e
	l.n++
}

// remove takes the entry out of the list that it is in.
func (e *tlsEntry) remove() {
	l := e.in
	if l == nil {
		return
	}
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		l.first = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		l.last = e.prev
	}
	e.in, e.prev, e.next = nil, nil, nil
	l.n--
}

// add makes room for one more connection and remembers it.
func (t *encryptedTable) add(e *tlsEntry) {
	for t.live.n+t.ended.n >= t.limit {
		old := t.ended.first
		if old == nil {
			old = t.live.first
		}
		old.remove()
		t.evicted++
	}
	t.live.add(e)
}

// end keeps what is known of a connection that is over. One that may not have
// been TLS is forgotten.
func (t *encryptedTable) end(e *tlsEntry) {
	listed := e.in != nil
	e.refresh()
	keep := e.link.confirmed()
	e.link = nil
	e.remove()
	if listed && keep {
		t.ended.add(e)
	}
}

// refresh brings the entry up to date with the connection.
func (e *tlsEntry) refresh() {
	if e.link == nil {
		return
	}
	e.Facts, e.Reason = e.link.conn.Facts, e.link.conn.Reason()
	client, known := e.link.conn.Client()
	if !known && e.Source.Port() < e.Destination.Port() || known && client != e.link.source {
		e.Source, e.Destination = e.Destination, e.Source
		e.Sent, e.Received = e.Received, e.Sent
		e.link.source = 1 - e.link.source
	}
}
