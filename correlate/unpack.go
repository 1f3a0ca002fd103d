package correlate

import (
	"net/netip"

	"sipsniff/decode"
	"sipsniff/decode/sdp"
)

// An unpacker reads what a packer wrote.
type unpacker struct {
	of       *packed
	at       int
	texts    []string
	ends     []netip.AddrPort
	sessions []*sdp.Session
	findings int // that were used
	before   Message
}

// read makes the messages.
func (p *packed) read() *unpacked {
	var texts [32]string
	var ends [8]netip.AddrPort
	u := &unpacked{messages: make([]Message, p.count), list: make([]*Message, p.count)}
	k := unpacker{of: p, texts: append(texts[:0], ""), ends: ends[:0]}
	for i := range u.messages {
		m := &u.messages[i]
		u.list[i], m.home = m, u
		flags := k.message(m)
		if flags&packFirst != 0 {
			m.First = &u.messages[k.number()]
		}
		if flags&packSession != 0 {
			m.SDP = k.session(m)
		}
		if flags&packFindings != 0 {
			m.Findings = p.findings[k.findings]
			k.findings++
		}
		if flags&packDescribes != 0 {
			u.descriptions = append(u.descriptions, Description{m, flags&packFromCaller != 0})
		}
	}
	return u
}

func (k *unpacker) message(m *Message) (flags uint64) {
	b := &k.before
	flags = k.number()
	m.Transport = decode.Transport(flags / packTransport)
	m.Retransmission, m.Duplicate = flags&packRetransmission != 0, flags&packDuplicate != 0
	m.Fragmented, m.Agent = flags&packFragmented != 0, flags&packAgent != 0
	m.Elsewhere = flags&packElsewhere != 0
	m.Frame = b.Frame + int(k.signed())
	m.LastFrame = m.Frame + int(k.signed())
	m.Nanos = b.Nanos + k.signed()
	m.LastNanos = m.Nanos + k.signed()
	m.StatusCode = int(k.signed())
	m.CSeq.Number = uint32(k.number())
	for i := range m.Headers {
		m.Headers[i] = k.number()
	}
	m.WireLength = int32(k.signed())
	m.VLAN = uint16(k.number())
	m.DSCP, m.TTL = uint8(k.number()), uint8(k.number())
	m.sessionSize = int(k.number())
	m.Src, m.Dst = k.end(), k.end()
	m.Method, m.CSeq.Method = k.text(), k.text()
	m.Reason, m.FromTag, m.ToTag, m.Branch = k.text(), k.text(), k.text(), k.text()
	m.Cut, m.Interface = k.text(), k.text()
	if flags&packPlace != 0 {
		m.where = textPlace{texts: k.of.texts, offset: b.where.offset + k.signed(), length: int32(k.number()), sum: uint32(k.number()), source: int32(k.number())}
		b.where.offset = m.where.offset
	} else {
		m.Raw = k.text()
	}
	b.Frame, b.Nanos = m.Frame, m.Nanos
	return flags
}

// session reads the description of a message, once for all that have it.
func (k *unpacker) session(m *Message) *sdp.Session {
	i := int(k.number())
	if i < len(k.sessions) {
		return k.sessions[i]
	}
	length := int(k.number())
	var body string
	if at := int(k.number()); at > 0 {
		body = m.Raw[at-1:][:length]
	} else {
		body = k.take(length)
	}
	s := sdp.Parse(body)
	k.sessions = append(k.sessions, s)
	return s
}

func (k *unpacker) number() (n uint64) {
	for shift := 0; ; shift += 7 {
		c := k.of.octets[k.at]
		k.at++
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n
		}
	}
}

func (k *unpacker) signed() int64 {
	n := k.number()
	return int64(n>>1) ^ -int64(n&1)
}

// take is the next octets.
func (k *unpacker) take(n int) string {
	s := k.of.octets[k.at : k.at+n]
	k.at += n
	return s
}

func (k *unpacker) text() string {
	if i := k.number(); i > 0 {
		return k.texts[i-1]
	}
	s := k.take(int(k.number()))
	k.texts = append(k.texts, s)
	return s
}

func (k *unpacker) end() netip.AddrPort {
	if i := k.number(); i > 0 {
		return k.ends[i-1]
	}
	var a netip.Addr
	switch octets := k.take(int(k.number())); len(octets) {
	case 4:
		a = netip.AddrFrom4([4]byte([]byte(octets)))
	case 16:
		a = netip.AddrFrom16([16]byte([]byte(octets)))
	}
	if zone := k.text(); zone != "" {
		a = a.WithZone(zone)
	}
	e := netip.AddrPortFrom(a, uint16(k.number()))
	k.ends = append(k.ends, e)
	return e
}
