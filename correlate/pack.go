package correlate

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
)

// A packer writes the messages of a call one after the other, every number as
// its difference from the one before and as short as it is (see
// binary.AppendUvarint), every text and address once. It is used again.
//
//	message  flags, frame, last frame, time, last time, status, number of CSeq,
//	         headers, octets on the wire, VLAN, DSCP, TTL, session size,
//	         source, destination, method, method of CSeq, reason, tags, branch,
//	         what cut it, interface, place in the file, text;
//	         first, session, findings where the flags say so
//	session  its place among those before, from 0, or how many there are; then
//	         its length, where it begins in the text, from 1, or 0 and itself
//	text     its place among those before, from 1, or 0, its length and itself
//	address  likewise; 4 or 16 octets, a text that is the zone, a port
type packer struct {
	octets   []byte
	texts    []string
	ends     []netip.AddrPort
	sessions []*sdp.Session
	findings [][]sip.Finding
	before   Message
}

// What is said of a message in one bit, besides its transport.
const (
	packRetransmission = 1 << iota
	packDuplicate
	packFragmented
	packAgent
	packFirst // the message that it repeats
	packSession
	packFindings
	packPlace // its text can be read again
	packDescribes
	packFromCaller
	packElsewhere
	packTransport // the bits from here on
)

// likely is how many texts before it a text is compared with.
const likely = 24

// pack packs messages of which these are the descriptions.
func (k *packer) pack(x *texts, list []*Message, described []Description) *packed {
	k.octets, k.before = k.octets[:0], Message{}
	k.texts, k.ends, k.sessions, k.findings = append(k.texts[:0], ""), k.ends[:0], k.sessions[:0], nil
	for i, m := range list {
		flags := k.flags(m)
		if len(described) > 0 && described[0].Message == m {
			flags |= packDescribes
			if described[0].FromCaller {
				flags |= packFromCaller
			}
			described = described[1:]
		}
		first := slices.Index(list[:i], m.First)
		if m.First != nil && first >= 0 {
			flags |= packFirst
		}
		k.message(m, flags)
		if flags&packFirst != 0 {
			k.number(uint64(first))
		}
		if flags&packSession != 0 {
			k.session(m.SDP, m.Raw, flags&packPlace == 0)
		}
		if flags&packFindings != 0 {
			k.findings = append(k.findings, m.Findings)
		}
	}
	p := &packed{octets: string(k.octets), count: len(list), texts: x, findings: slices.Clip(k.findings)}
	clear(k.texts)
	clear(k.sessions)
	k.before = Message{}
	return p
}

func (k *packer) flags(m *Message) uint64 {
	flags := uint64(m.Transport) * packTransport
	for i, is := range [...]bool{m.Retransmission, m.Duplicate, m.Fragmented, m.Agent, false, m.SDP != nil, len(m.Findings) > 0, m.where.texts != nil} {
		if is {
			flags |= 1 << i
		}
	}
	if m.Elsewhere {
		flags |= packElsewhere
	}
	return flags
}

func (k *packer) message(m *Message, flags uint64) {
	b := &k.before
	k.number(flags)
	k.signed(int64(m.Frame - b.Frame))
	k.signed(int64(m.LastFrame - m.Frame))
	k.signed(m.Nanos - b.Nanos)
	k.signed(m.LastNanos - m.Nanos)
	k.signed(int64(m.StatusCode))
	k.number(uint64(m.CSeq.Number))
	for _, set := range m.Headers {
		k.number(set)
	}
	k.signed(int64(m.WireLength))
	k.number(uint64(m.VLAN))
	k.number(uint64(m.DSCP))
	k.number(uint64(m.TTL))
	k.number(uint64(m.sessionSize))
	k.end(m.Src)
	k.end(m.Dst)
	for _, text := range [...]string{m.Method, m.CSeq.Method, m.Reason, m.FromTag, m.ToTag, m.Branch, m.Cut, m.Interface} {
		k.text(text)
	}
	if flags&packPlace != 0 {
		w := m.where
		if m.Raw != "" {
			w.sum = uint32(maphash.String(textSeed, m.Raw))
		}
		k.signed(w.offset - b.where.offset)
		k.number(uint64(w.length))
		k.number(uint64(w.sum))
		k.number(uint64(w.source))
	} else {
		k.text(m.Raw)
	}
	b.Frame, b.Nanos = m.Frame, m.Nanos
	if flags&packPlace != 0 {
		b.where.offset = m.where.offset
	}
}

func (k *packer) number(n uint64) { k.octets = binary.AppendUvarint(k.octets, n) }
func (k *packer) signed(n int64)  { k.octets = binary.AppendVarint(k.octets, n) }

func (k *packer) text(s string) {
	for i := len(k.texts) - 1; i >= max(0, len(k.texts)-likely); i-- {
		if k.texts[i] == s {
			k.number(uint64(i + 1))
			return
		}
	}
	if s == "" {
		k.number(1)
		return
	}
	k.number(0)
	k.number(uint64(len(s)))
	k.octets = append(k.octets, s...)
	k.texts = append(k.texts, s)
}

func (k *packer) end(a netip.AddrPort) {
	if i := slices.Index(k.ends, a); i >= 0 {
		k.number(uint64(i + 1))
		return
	}
	k.number(0)
	octets := a.Addr().AsSlice()
	k.number(uint64(len(octets)))
	k.octets = append(k.octets, octets...)
	k.text(a.Addr().Zone())
	k.number(uint64(a.Port()))
	k.ends = append(k.ends, a)
}

// session writes the text of a description. Where that of the message is written
// too, it is part of it.
func (k *packer) session(s *sdp.Session, raw string, written bool) {
	i := slices.Index(k.sessions, s)
	if i >= 0 {
		k.number(uint64(i))
		return
	}
	k.number(uint64(len(k.sessions)))
	k.sessions = append(k.sessions, s)
	body := s.Body()
	k.number(uint64(len(body)))
	if written {
		if at := strings.LastIndex(raw, body); at >= 0 {
			k.number(uint64(at + 1))
			return
		}
	}
	k.number(0)
	k.octets = append(k.octets, body...)
}
