package correlate

import (
	"encoding/hex"
	"net/netip"

	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
	"sipsniff/decode/rtp/srtp"
)

// Secrets are the master secrets of DTLS, by the random of the ClientHello,
// as a key log gives them.
type Secrets interface {
	// Master returns nil for a handshake that is not in the log.
	Master(clientRandom [32]byte) []byte
	// Generation changes when secrets are added.
	Generation() uint64
}

// A MediaPacket is one RTP packet of a stream, for somebody who wants what it
// carries. All of it is borrowed until Config.Media returns.
type MediaPacket struct {
	Stream     uint64   // the same for all packets of a stream, and of no other
	Call       *CallRef // nil for a stream without signalling
	Src, Dst   netip.AddrPort
	FromCaller bool

	Frame          int
	Nanos          int64
	SSRC           uint32
	SequenceNumber uint16
	Timestamp      uint32
	PayloadType    uint8
	Marker         bool
	Codec          string // encoding name, "" when unknown
	ClockRate      uint32 // Hz, 0 when unknown
	Channels       uint8  // as described, 0 when unknown
	Parameters     string // of the a=fmtp line

	// Payload is in clear, without padding. It is nil when the packet could
	// not be decrypted, or was not captured whole.
	Payload []byte
	Secure  bool

	// Redundant is set when the payload is a copy of what an earlier packet
	// carried, out of a later one (RFC 2198); numbers and times but the arrival
	// are those of the earlier one.
	Redundant bool
}

// A guard opens the packets of a secure stream.
type guard struct {
	opener  srtp.Opener
	stale   bool   // signalling changed since the keys were gathered
	news    uint64 // streamTable.news when they were gathered
	packets uint64
	problem string
	random  *[32]byte // of the ClientHello whose secret is wanted

	suite  srtp.Suite // of the key that fitted last
	origin srtp.Origin
	roc    uint32

	controls, controlsFailed uint64
}

// open follows a packet of a stream that was just accounted: its header is in
// t.header. It is decrypted when somebody wants the payload, and otherwise now
// and then, so that the report can say whether the key fits.
func (t *streamTable) open(f *flow, p *decode.Packet, b []byte, wireLength int, class quality.Class) {
	if !f.secure {
		t.hear(f, b, wireLength, &t.header, class)
		if t.observe != nil {
			t.show(f, p, b, wireLength, &t.header)
		}
		return
	}
	plain := t.decrypt(f, p, b, wireLength)
	if f.format.content != contentNone {
		t.readOpened(f, p, plain)
	}
	t.hear(f, plain, len(plain), &t.plainHeader, class)
	if t.observe != nil {
		t.show(f, p, plain, len(plain), &t.plainHeader)
	}
}

// decrypt returns the packet in clear, its header in t.plainHeader; nil when
// it cannot or need not be decrypted.
func (t *streamTable) decrypt(f *flow, p *decode.Packet, b []byte, wireLength int) []byte {
	g := f.guard
	if g == nil {
		g = &guard{stale: true}
		f.guard = g
		t.guarded++
	}
	g.packets++
	cycles := g.opener.Follow(t.header.SequenceNumber)
	everything := t.openAll || t.listens() || f.format.content.rare()
	if f.call.ended && !everything && !g.opener.HasKeys() {
		return nil
	}
	t.renewKeys(f, g)
	if len(b) < wireLength || !g.opener.HasKeys() || !everything && !g.opener.Wants(g.packets) {
		return nil
	}
	t.plain = room(t.plain, len(b))
	plain := g.opener.Open(t.plain, b, cycles)
	if plain == nil || rtp.Parse(plain, len(plain), &t.plainHeader) != nil {
		return nil
	}
	g.note()
	return plain
}

// room returns b with a length of 0 and a capacity of at least n.
func room(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, 0, max(n, 2048))
	}
	return b[:0]
}

// note keeps what the report says of the key that fits.
func (g *guard) note() {
	if c := g.opener.Found(); c != nil {
		g.suite, g.origin = c.Key().Suite, c.Key().Origin
		g.roc, _ = g.opener.Counter()
		g.problem = ""
	}
}

// renewKeys gathers the keys of a stream when signalling changed, and as long
// as none fits, when a handshake or a secret came.
func (t *streamTable) renewKeys(f *flow, g *guard) {
	if !g.stale {
		if g.opener.Found() != nil {
			return
		}
		if news := t.keyNews(); news == g.news {
			return
		}
	}
	g.stale, g.news = false, t.keyNews()
	keys := t.keysFor(f.direction())
	g.opener.SetKeys(keys.contexts)
	g.problem, g.random = keys.problem, keys.random
}

// keyNews changes when a key may have become known that was not.
func (t *streamTable) keyNews() uint64 {
	if t.secrets == nil {
		return t.handshakes.news
	}
	return t.handshakes.news + t.secrets.Generation()
}

// rest lets the keys of a call that is over go: they take much memory.
func (c *callMedia) rest() {
	for _, f := range c.flows {
		if f.guard != nil {
			f.guard.opener.Rest()
		}
	}
	c.keys = nil
}

// A Protection says how a secure stream was opened.
type Protection struct {
	Key       string // where the key that fits comes from: "sdes", "dtls" or "" when none does
	Suite     string // of that key, as SDP spells it; "" when none fits
	Counter   uint32 // the rollover counter; meaningful iff Key is set
	Decrypted uint64 // packets that were decrypted and verified; a sample unless somebody wanted the payload
	Failed    uint64 // packets that were tried in vain

	ControlsDecrypted, ControlsFailed uint64 // RTCP packets likewise, all of them tried

	// Problem says why no key fits. "key_refused": the keys are known and
	// wrong; "no_key": nobody told one. For those of SDP "sdes_" and the
	// problem of srtp.CryptoError, for those of DTLS "dtls_no_handshake",
	// "dtls_no_answer", "dtls_no_profile", "dtls_profile_unsupported",
	// "dtls_version_unsupported" and "dtls_no_secret".
	Problem string
	// ClientRandom is what a key log would have to name, in hexadecimal, iff
	// Problem is "dtls_no_secret".
	ClientRandom string
}

// protection is what the report says of the stream's keys, nil when it is
// not secure or not yet looked at.
func (f *flow) protection() *Protection {
	g := f.guard
	if g == nil || !f.secure {
		return nil
	}
	p := &Protection{
		Key: string(g.origin), Decrypted: g.opener.Opened, Failed: g.opener.Failed,
		ControlsDecrypted: g.controls, ControlsFailed: g.controlsFailed, Problem: g.problem,
	}
	if g.origin != "" {
		p.Suite, p.Counter = g.suite.String(), g.roc
	}
	if g.opener.Refused() {
		p.Problem = "key_refused"
	}
	if p.Problem == "dtls_no_secret" && g.random != nil {
		p.ClientRandom = hex.EncodeToString(g.random[:])
	}
	return p
}
