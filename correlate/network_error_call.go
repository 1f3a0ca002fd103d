package correlate

import (
	"math"
	"net/netip"
	"strings"

	"sipsniff/decode"
)

// ICMP takes an ICMP error about a packet.
func (t *Tracker) ICMP(p *decode.Packet, e *decode.ICMPError) {
	t.Advance(p.Nanos)
	if p.Duplicate {
		return
	}
	t.touched = true
	r, m := t.quoted(p, e)
	if r == nil {
		t.streams.errors.add(p, e)
		return
	}
	about := 0
	if m != nil {
		about = m.Frame
	}
	if r.errors == nil {
		r.errors = &networkErrors{}
	}
	if r.errors.add(p, e, about) {
		t.account(r, errorOverhead)
	}
	if m != nil && e.Unreachable() && r.unanswerable(m) {
		r.media.unreachable = max(r.media.unreachable, p.Nanos)
	}
	if r.following == nil {
		t.mark(r)
		return
	}
	t.follow(r)
	t.enforce(r)
}

// errorOverhead estimates the memory of one kind of errors, in octets.
const errorOverhead = 400

// unanswerable reports whether an error about a message decides the state of
// its call: when that cannot be delivered, the call or the exchange fails.
func (r *callRecord) unanswerable(m *Message) bool {
	if r.following != nil && r.kind != kindCall {
		return m.Method != ""
	}
	return m.Method == "INVITE" && m.ToTag == ""
}

// quoted finds the call that an error is about, and the message of it if that
// was captured: by the Call-ID in what is quoted, else by the addresses.
func (t *Tracker) quoted(p *decode.Packet, e *decode.ICMPError) (*callRecord, *Message) {
	if id := quotedCallID(e.Quoted); id != "" {
		if r := t.calls[id]; r != nil {
			return r, r.sentBetween(e.Src, e.Dst, math.MinInt64, p.Nanos)
		}
	}
	return t.sentLately(p, e)
}

// quotedCallID reads the Call-ID of a message of which the beginning is there.
// One that may be cut is not taken.
func quotedCallID(b []byte) string {
	if len(b) == 0 || b[0] >= 0x80 {
		return ""
	}
	text := string(b)
	for line, rest, more := strings.Cut(text, "\n"); more; line, rest, more = strings.Cut(rest, "\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		switch strings.ToLower(strings.TrimRight(name, " \t")) {
		case "call-id", "i":
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// sentBetween is the latest message of a call from one address to another
// within some time, nil when there is none.
func (r *callRecord) sentBetween(src, dst netip.AddrPort, from, to int64) *Message {
	list := r.list()
	for i := len(list) - 1; i >= 0 && list[i].Nanos >= from; i-- {
		if m := list[i]; m.Src == src && m.Dst == dst && m.Nanos <= to {
			if m.First != nil && m.Retransmission {
				m = m.First
			}
			return m
		}
	}
	return nil
}

// lookedThrough bounds the calls that are looked through for a message that
// an error may be about.
const lookedThrough = 64

// sentLately finds the message by its addresses, its length and its time. When
// there are several and none has the length, nobody knows which it is.
func (t *Tracker) sentLately(p *decode.Packet, e *decode.ICMPError) (found *callRecord, about *Message) {
	headers := 28
	if e.V6 {
		headers = 48
	}
	candidates := 0
	look := func(l *recordList) {
		n := 0
		for r := l.last; r != nil && n < lookedThrough && p.Nanos-r.latest <= errorDelay; r, n = r.place.prev, n+1 {
			m := r.sentBetween(e.Src, e.Dst, p.Nanos-errorDelay, p.Nanos)
			if m == nil {
				continue
			}
			if e.Transport == decode.UDP && e.Length == headers+m.Size() {
				found, about, candidates = r, m, 1
				return
			}
			if candidates++; candidates == 1 {
				found, about = r, m
			}
		}
	}
	look(&t.strangers.active)
	look(&t.hailed.active)
	look(&t.known.active)
	if candidates == 0 {
		look(&t.strangers.finished)
		look(&t.hailed.finished)
		look(&t.known.finished)
	}
	if candidates != 1 {
		return nil, nil
	}
	return found, about
}

// refuse adds to an outcome that nobody is there (RFC 3261 §8.1.3.1): the
// request, first sent at a time, was not answered at all.
func (o *outcome) refuse(m media, sent int64) {
	if m.unreachable == 0 || m.unreachable < sent {
		return
	}
	o.state, o.ended, o.endedBy = StateFailed, m.unreachable, byNetwork
	o.flags |= flagUnreachable
}

// noteErrors has the streams published anew about whose packets there are
// errors: several may go one after the other between the same addresses.
func (t *streamTable) noteErrors() {
	moved := t.errors.takeMoved()
	if len(moved) == 0 {
		return
	}
	for _, f := range t.streams {
		if moved[pair{f.key.src, f.key.dst}] {
			t.touch(f)
		}
	}
}

// concerned reports whether an error is about SIP or a stream.
func (t *Tracker) concerned(p errorPair) bool {
	return t.streams.pairs[pair{p.src, p.dst}] != nil || isSIPPort(p.src.Port()) || isSIPPort(p.dst.Port())
}

func isSIPPort(port uint16) bool { return port == 5060 || port == 5061 || port == 5080 }
