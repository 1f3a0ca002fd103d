package decode

import "sipsniff/decode/tls"

// readRecord takes the next record from a direction that speaks TLS. It
// reports whether there may be more.
func (t *streamTable) readRecord(c *connection, from int, f *flow, p *Packet) bool {
	l := c.tls
	r := &l.readers[from]
	n := min(r.skip, len(f.b))
	r.skip -= n
	f.drop(n)
	if r.lost {
		skip, found := tls.Resync(f.b, false)
		f.drop(skip)
		if !found {
			return false
		}
		r.lost = false
	}
	if len(f.b) == 0 {
		return false
	}
	h, v := tls.ReadHeader(f.b)
	switch {
	case v == tls.HeaderMore:
		return false
	case v == tls.HeaderBroken:
		return t.notARecord(c, from)
	}
	n = tls.HeaderSize + h.Length
	if !t.wants(l, from, h) {
		t.passRecord(c, from, h)
		r.skip = n
		return true
	}
	if len(f.b) < n {
		return false
	}
	l.records++
	t.record(c, from, f, h, p)
	if c.sides[from].flow == f {
		f.drop(n)
		t.accountTLS(l)
	}
	return true
}

// notARecord handles what cannot be one. It reports whether to go on.
func (t *streamTable) notARecord(c *connection, from int) bool {
	if !c.tls.confirmed() {
		t.ignore(c, from)
		return false
	}
	t.loseRecords(c, from)
	return true
}

// wants reports whether anything can be made of a record.
func (t *streamTable) wants(l *tlsLink, from int, h tls.Header) bool {
	if in := l.inner; in != nil && h.Type == tls.TypeApplicationData && !in.talks() && in.sides[0].ignored && in.sides[1].ignored {
		return false
	}
	return l.conn.Reads(from, h)
}

// passRecord passes over a record that is not read.
func (t *streamTable) passRecord(c *connection, from int, h tls.Header) {
	l := c.tls
	l.records++
	l.conn.Pass(from, h)
	l.readers[from].missing = true
}

// record handles the whole record at the start of the flow.
func (t *streamTable) record(c *connection, from int, f *flow, h tls.Header, p *Packet) {
	l := c.tls
	n := tls.HeaderSize + h.Length
	m := f.whole(n)
	head := &f.head
	if p != nil && p.Frame == m.frame {
		head = p
	}
	fragment := f.b[tls.HeaderSize:n]
	if l.waiting != nil && l.waiting.octets[from] > 0 {
		t.keepRecord(c, from, h, fragment, m, head)
		return
	}
	progress := l.conn.Progress()
	switch v := t.openRecord(c, from, h, fragment, m, head); {
	case v == tls.WaitHandshake, v == tls.WaitSecret && t.secrets != nil && t.secrets.Awaited:
		t.keepRecord(c, from, h, fragment, m, head)
	case v == tls.WaitSecret:
		l.conn.Pass(from, h)
		l.readers[from].missing = true
	}
	if l.waiting != nil && progress != l.conn.Progress() {
		t.openWaiting(c)
	}
}

// openRecord reads a record and hands on what the application said in it.
func (t *streamTable) openRecord(c *connection, from int, h tls.Header, fragment []byte, m mark, head *Packet) tls.Verdict {
	b, v := c.tls.conn.Record(from, h, fragment)
	switch v {
	case tls.Data:
		t.plain(c, from, b, m, head)
	case tls.Failed, tls.Unreadable:
		if h.Type == tls.TypeApplicationData {
			t.losePlain(c, from)
		}
	}
	return v
}

// plain takes octets of the application.
func (t *streamTable) plain(c *connection, from int, b []byte, m mark, head *Packet) {
	l := c.tls
	r := &l.readers[from]
	if l.inner == nil {
		l.inner = &connection{key: c.key, secure: true, outer: c}
	}
	in := l.inner
	a := &in.sides[from]
	if a.ignored {
		if !in.talks() {
			return
		}
		*a = side{} // the other direction turned out to be SIP or MSRP
	}
	if r.missing {
		t.losePlain(c, from)
		r.missing = false
	}
	if len(b) == 0 {
		return
	}
	if a.flow == nil {
		a.flow = &flow{fromStart: !r.begun}
	}
	r.begun = true
	messages := t.messages
	t.push(in, from, b, m, head)
	l.entry.Messages += t.messages - messages
}

// losePlain says that octets of the application are missing in a direction.
func (t *streamTable) losePlain(c *connection, from int) {
	l := c.tls
	l.readers[from].begun = true
	if l.inner == nil {
		return
	}
	if f := l.inner.sides[from].flow; f != nil {
		f.fromStart = false
		messages := t.messages
		t.cut(l.inner, f, cutGap)
		l.entry.Messages += t.messages - messages
		t.account(f)
	}
}

// loseRecords says that record boundaries are unknown from here on, and that
// at least one record is missing.
func (t *streamTable) loseRecords(c *connection, from int) {
	l := c.tls
	l.readers[from] = recordReader{lost: true, begun: true, missing: true}
	if l.waiting != nil && l.waiting.octets[from] > 0 {
		t.keepGap(l.waiting, from, l.entry.Last)
		return
	}
	l.conn.Gap(from)
	t.losePlain(c, from)
}

// cutRecords handles what came in front of missing octets, or of the end.
func (t *streamTable) cutRecords(c *connection, f *flow, why string) {
	l, from := c.tls, 0
	if c.sides[1].flow == f {
		from = 1
	}
	if l.readers[from].lost {
		skip, found := tls.Resync(f.b, true)
		f.drop(skip)
		if l.readers[from].lost = !found; found {
			for c.sides[from].flow == f && t.readRecord(c, from, f, nil) {
			}
		}
	}
	if why != cutStreamEnd {
		t.loseRecords(c, from)
	} else if l.waiting == nil && l.inner != nil {
		t.end(l.inner, from)
	}
}
