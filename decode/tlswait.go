package decode

import (
	"slices"

	"sipsniff/decode/tls"
)

// Bounds of the records that wait for their secrets (spec §1.9).
const (
	maxSealed     = 256 << 10 // octets in one direction
	maxAllSealed  = 24 << 20  // octets of all connections
	maxSealedTime = 30e9      // ns of capture time
)

// A sealedRecord waits for its secret.
type sealedRecord struct {
	from     int
	header   tls.Header
	fragment []byte
	m        mark
	gap      bool // records are missing here, and this is none
}

// What a sealedRecord costs besides its fragment, in octets.
const sealedOverhead = 96

// A sealedQueue holds the records of one connection that wait, in the order
// of their capture.
type sealedQueue struct {
	records []sealedRecord
	octets  [2]int
	heads   [2]Packet // headers of the first record in each direction

	// Neighbours in the streamTable's list, and the connection it belongs to.
	c          *connection
	prev, next *sealedQueue
}

// A sealedList has the queues of all connections, the one that started to
// wait first in front.
type sealedList struct {
	first, last *sealedQueue
	octets      int
}

func (q *sealedQueue) cost() int { return 1024 + q.octets[0] + q.octets[1] }

// keepGap notes that records are missing behind those that wait, once for
// each place.
func (t *streamTable) keepGap(q *sealedQueue, from int, nanos int64) {
	for i := len(q.records) - 1; i >= 0; i-- {
		if r := &q.records[i]; r.from == from {
			if r.gap {
				return
			}
			break
		}
	}
	q.records = append(q.records, sealedRecord{from: from, gap: true, m: mark{nanos: nanos}})
	q.octets[from] += sealedOverhead
	t.sealed.octets += sealedOverhead
}

// keepRecord keeps a record that cannot be opened yet. The oldest make room.
func (t *streamTable) keepRecord(c *connection, from int, h tls.Header, fragment []byte, m mark, head *Packet) {
	l := c.tls
	if l.waiting == nil {
		l.waiting = &sealedQueue{c: c}
		t.sealed.add(l.waiting)
	}
	q := l.waiting
	if q.octets[from] == 0 {
		q.heads[from] = *head
		q.heads[from].Payload = nil
	}
	cost := len(fragment) + sealedOverhead
	q.records = append(q.records, sealedRecord{from: from, header: h, fragment: slices.Clone(fragment), m: m})
	q.octets[from] += cost
	t.sealed.octets += cost
	for q.octets[from] > maxSealed {
		i := slices.IndexFunc(q.records, func(r sealedRecord) bool { return r.from == from })
		t.dropRecord(l, i)
	}
	t.expireRecords(m.nanos)
	if l.waiting != nil {
		t.accountTLS(l)
	}
}

// dropRecord passes over a record that has waited too long.
func (t *streamTable) dropRecord(l *tlsLink, i int) {
	q := l.waiting
	r := q.records[i]
	q.records = slices.Delete(q.records, i, i+1)
	t.forget(q, r)
	if r.gap {
		l.conn.Gap(r.from)
	} else {
		l.conn.Pass(r.from, r.header)
	}
	l.readers[r.from].missing = true
}

// forget takes the cost of a record that is not kept any more from the
// accounts.
func (t *streamTable) forget(q *sealedQueue, r sealedRecord) {
	cost := len(r.fragment) + sealedOverhead
	q.octets[r.from] -= cost
	t.sealed.octets -= cost
}

// expireRecords gives up what has waited too long or is too much.
func (t *streamTable) expireRecords(now int64) {
	for q := t.sealed.first; q != nil; q = t.sealed.first {
		if t.sealed.octets <= maxAllSealed && now-q.records[0].m.nanos <= maxSealedTime {
			return
		}
		for len(q.records) > 0 && (t.sealed.octets > maxAllSealed || now-q.records[0].m.nanos > maxSealedTime) {
			t.dropRecord(q.c.tls, 0)
		}
		t.requeue(q.c)
	}
}

// requeue puts a queue in its place again, or removes one that is empty.
func (t *streamTable) requeue(c *connection) {
	l := c.tls
	t.sealed.remove(l.waiting)
	if len(l.waiting.records) > 0 {
		t.sealed.add(l.waiting)
	} else {
		l.waiting = nil
		t.endInner(c)
	}
	t.accountTLS(l)
}

// endInner ends the directions inside of those that have ended while their
// records waited.
func (t *streamTable) endInner(c *connection) {
	for i := range c.sides {
		if c.tls.inner != nil && c.sides[i].flow == nil && c.tls.readers[i].begun {
			t.end(c.tls.inner, i)
		}
	}
}

// UseSecrets tries secrets that came since the last frame on what waits for
// them. The next TCP segment would do so, too.
func (d *Decoder) UseSecrets() {
	if t := d.streams; t.secrets != nil && t.secrets.Generation() != t.generation {
		t.useSecrets()
	}
}

// useSecrets tries new secrets on all records that wait.
func (t *streamTable) useSecrets() {
	if t.secrets != nil {
		t.generation = t.secrets.Generation()
	}
	for q := t.sealed.first; q != nil; {
		next := q.next
		t.openWaiting(q.c)
		q = next
	}
}

// openWaiting opens the records of a connection that wait, as far as that is
// possible now.
func (t *streamTable) openWaiting(c *connection) {
	l := c.tls
	q := l.waiting
	for again := true; again; {
		progress := l.conn.Progress()
		var blocked [2]bool
		kept := q.records[:0]
		for _, r := range q.records {
			blocked[r.from] = blocked[r.from] || !t.openSealed(c, q, r)
			if blocked[r.from] {
				kept = append(kept, r)
			} else {
				t.forget(q, r)
			}
		}
		clear(q.records[len(kept):])
		q.records = kept
		again = len(kept) > 0 && progress != l.conn.Progress()
	}
	if len(q.records) == 0 {
		t.requeue(c)
	} else {
		t.accountTLS(l)
	}
}

// openSealed opens a record that has waited; it reports whether that is done.
func (t *streamTable) openSealed(c *connection, q *sealedQueue, r sealedRecord) bool {
	if r.gap {
		c.tls.conn.Gap(r.from)
		t.losePlain(c, r.from)
		return true
	}
	v := t.openRecord(c, r.from, r.header, r.fragment, r.m, &q.heads[r.from])
	return v != tls.WaitHandshake && v != tls.WaitSecret
}

// giveUpRecords passes over all records of a connection that wait.
func (t *streamTable) giveUpRecords(c *connection) {
	q := c.tls.waiting
	if q == nil {
		return
	}
	t.openWaiting(c)
	if c.tls.waiting == nil {
		return
	}
	for len(q.records) > 0 {
		t.dropRecord(c.tls, 0)
	}
	t.sealed.remove(q)
	c.tls.waiting = nil
}

func (l *sealedList) add(q *sealedQueue) {
	q.prev, q.next = l.last, nil
	if l.last != nil {
		l.last.next = q
	} else {
		l.first = q
	}
	l.last = q
}

func (l *sealedList) remove(q *sealedQueue) {
	if q.prev != nil {
		q.prev.next = q.next
	} else {
		l.first = q.next
	}
	if q.next != nil {
		q.next.prev = q.prev
	} else {
		l.last = q.prev
	}
	q.prev, q.next = nil, nil
}
