package decode

import (
	"math"

	"sipsniff/decode/tls"
)

// Bounds of the memory of TCP.
const (
	maxConnections = 100_000
	maxHeld        = 64 << 20 // octets of unfinished messages and of segments out of order
	idleTimeout    = 3600e9   // ns of capture time without a segment
)

// A streamTable remembers TCP connections and what is unfinished on them. A
// connection that carries something else than SIP is remembered only to be
// passed over.
type streamTable struct {
	d        *Decoder
	handler  Handler
	stats    *SignallingStats
	limit    int // connections
	maxHeld  int // octets
	sipFlows flowSet

	connections    connectionIndex
	newest, oldest *connection // by their latest segment
	held           int         // octets

	// waiting are the directions in which octets are missing, the one that
	// waits longest first; deadline is when that one has waited enough.
	waiting  waitingList
	deadline int64

	// secrets open what is encrypted, nil when nothing does; generation is
	// theirs when they were last tried on the records that wait.
	secrets    *tls.Secrets
	generation uint64
	sealed     sealedList
	encrypted  encryptedTable
	facts      factsTable
	messages   uint64 // handed on

	inflater inflater
	packet   Packet // refilled for every message
}

func newStreamTable(d *Decoder) *streamTable {
	return &streamTable{
		d: d, handler: d.handler, stats: &d.stats.Signalling,
		limit: maxConnections, maxHeld: maxHeld,
		sipFlows:  newFlowSet(maxSIPFlows),
		deadline:  math.MaxInt64,
		secrets:   d.config.Secrets,
		encrypted: encryptedTable{limit: d.config.MaxTLS},
		facts:     factsTable{limit: maxTCPFacts},
	}
}

// A connection is a TCP connection, both directions of it.
type connection struct {
	key          flowKey
	hash         uint32      // see connectionIndex
	chained      *connection // the next of the same hash
	older, newer *connection
	last         int64 // capture time of the latest segment
	sides        [2]side
	sip          bool     // one of the directions has carried SIP
	msrp         bool     // one of the directions has carried MSRP
	tls          *tlsLink // nil unless it is encrypted
	secure       bool     // it is what was encrypted in another one
	framed       bool     // one of the directions carries RTP
	upgrade      *upgrade // of HTTP to WebSocket, when one was asked for

	facts     *tcpFacts   // nil unless it is worth remembering
	unwatched bool        // there were too many to remember the facts of this one
	outer     *connection // in which this one is encrypted, nil of others
}

// find returns the connection of a segment and makes it the newest. It
// creates one only for a segment that opens a connection or carries data.
func (t *streamTable) find(p *Packet, opens bool) (c *connection, from int) {
	key, reversed := keyOf(p)
	if reversed {
		from = 1
	}
	c, hash := t.connections.find(&key)
	if c == nil {
		if !opens {
			return nil, from
		}
		c = &connection{key: key}
		t.evict(p.Nanos)
		t.connections.add(c, hash)
		t.stats.Connections++
	} else {
		t.unlink(c)
	}
	c.last = max(c.last, p.Nanos)
	t.link(c)
	return c, from
}

// evict makes room for one more connection.
func (t *streamTable) evict(now int64) {
	for t.oldest != nil && t.connections.count >= t.limit {
		t.stats.Evicted++
		t.remove(t.oldest)
	}
	for n := 0; n < 2 && t.oldest != nil && now-t.oldest.last > idleTimeout; n++ {
		t.remove(t.oldest)
	}
}

// shrink gives up the connections that were quiet longest until what is held
// is within bounds again.
func (t *streamTable) shrink() {
	for t.held > t.maxHeld && t.oldest != nil {
		t.stats.Evicted++
		t.remove(t.oldest)
	}
}

func (t *streamTable) link(c *connection) {
	c.older, c.newer = t.newest, nil
	if t.newest != nil {
		t.newest.newer = c
	} else {
		t.oldest = c
	}
	t.newest = c
}

func (t *streamTable) unlink(c *connection) {
	if c.older != nil {
		c.older.newer = c.newer
	} else {
		t.oldest = c.newer
	}
	if c.newer != nil {
		c.newer.older = c.older
	} else {
		t.newest = c.older
	}
	c.older, c.newer = nil, nil
}

// remove surfaces what is unfinished on a connection and forgets it.
func (t *streamTable) remove(c *connection) {
	t.unlink(c)
	t.connections.remove(c)
	t.finish(c)
}

// finish surfaces what is unfinished on a connection.
func (t *streamTable) finish(c *connection) {
	for i := range c.sides {
		t.giveUpHoles(c, i)
		t.end(c, i)
	}
	if c.tls != nil {
		t.finishTLS(c)
	}
	t.facts.forget(c)
}

// flush surfaces what is unfinished at the end of the capture, on the
// connection that was quiet longest first.
func (t *streamTable) flush() {
	t.useSecrets()
	for t.oldest != nil {
		t.remove(t.oldest)
	}
}
