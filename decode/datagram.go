package decode

import (
	"encoding/binary"

	"sipsniff/decode/sip"
)

// maxSIPFlows is how many UDP and SCTP flows that carried SIP are remembered,
// in each of two generations.
const maxSIPFlows = 32 << 10

// SignallingStats counts what was met on the way from transports to SIP
// messages, besides the messages.
type SignallingStats struct {
	KeepAlives     uint64 // of SIP flows: CRLF, NUL and the like, pings and pongs, STUN (RFC 5626)
	NonSIP         uint64 // other datagrams on flows of SIP: non_sip_on_sip_port
	Connections    uint64 // TCP connections met
	TLS            uint64 // of these, the encrypted ones
	WebSockets     uint64 // of these, the ones that speak WebSocket
	FramedRTP      uint64 // of these, the ones that carry media: RFC 4571, or TURN
	FramedPackets  uint64 // packets in them
	HEPPackets     uint64 // packets of HEP on TCP
	MSRP           uint64 // connections that carry MSRP
	MSRPSkipped    uint64 // octets passed over on them in search of a request or response
	MSRPLost       uint64 // requests and responses that cannot be read, or of which only the end is there
	Retransmitted  uint64 // TCP segments that brought nothing new, keep-alive probes left out
	TCPKeepAlives  uint64 // keep-alive probes
	OutOfOrder     uint64 // TCP segments that came before their turn
	Gaps           uint64 // places where octets of a stream are missing
	GapOctets      uint64 // how many are missing there
	Unseen         uint64 // of the gaps, those that the receiver acknowledged: the capture lost them
	Skipped        uint64 // octets passed over on streams of SIP in search of a message: resync_bytes
	Oversized      uint64 // messages given up: oversize_headers
	Evicted        uint64 // connections forgotten to keep memory bounded
	FramesMasked   uint64 // WebSocket frames of servers that are masked, and of clients that are not
	Undecompressed uint64 // WebSocket messages that could not be decompressed
}

// datagram hands on a datagram, before which what waited long enough on
// streams is given up.
func (d *Decoder) datagram(p *Packet) {
	if p.Nanos >= d.streams.deadline {
		d.streams.expire(p.Nanos)
	}
	d.classify(p)
}

// classify tells SIP from the rest by its octets (spec §1.6). Media must pass
// at no cost: no SIP message starts with an octet from 0x80 up.
func (d *Decoder) classify(p *Packet) {
	if len(p.Payload) > 0 && p.Payload[0] >= 0x80 {
		d.handler.Datagram(p)
		return
	}
	d.signalling(p)
}

// signalling handles a datagram that may be SIP.
func (d *Decoder) signalling(p *Packet) {
	key, _ := keyOf(p)
	known := d.streams.sipFlows.has(key)
	class, start := sip.Detect(p.Payload, sip.Hint{Known: known || p.Cut == cutFragmentLost, Port: hasSIPPort(p)})
	switch {
	case class == sip.IsMessage:
		if !known {
			d.streams.sipFlows.add(key)
		}
		d.message(p, start)
	case class == sip.KeepAlive:
		d.countKeepAlive(p)
	default:
		if known {
			d.countOther(p)
		}
		d.handler.Datagram(p)
	}
}

// message hands on a datagram that holds a SIP message, without the line ends
// in front of it. Other junk there is left for the parser to remark on.
func (d *Decoder) message(p *Packet, start int) {
	for i, c := range p.Payload[:start] {
		if c != '\r' && c != '\n' {
			start = i
			break
		}
	}
	p.Payload = p.Payload[start:]
	p.WireLength -= start
	d.handler.Message(p)
}

// A KeepAliveHandler is a Handler that also wants to know of keep-alives on UDP
// flows of SIP.
type KeepAliveHandler interface {
	// KeepAlive receives one; p is borrowed until it returns.
	KeepAlive(p *Packet)
}

// KeepAlive implements KeepAliveHandler.
func (t *viewTable) KeepAlive(p *Packet) {
	if h, ok := t.next.(KeepAliveHandler); ok {
		h.KeepAlive(p)
	}
}

func (d *Decoder) countKeepAlive(p *Packet) {
	if p.Duplicate {
		return
	}
	d.stats.Signalling.KeepAlives++
	if h, ok := d.handler.(KeepAliveHandler); ok {
		h.KeepAlive(p)
	}
}

// countOther counts what is not SIP on a flow of SIP.
func (d *Decoder) countOther(p *Packet) {
	switch {
	case p.Duplicate:
	case isSTUN(p.Payload):
		d.countKeepAlive(p)
	default:
		d.stats.Signalling.NonSIP++
	}
}

// hasSIPPort reports whether one of the ports is customary for SIP. That is a
// hint and no proof.
func hasSIPPort(p *Packet) bool { return isSIPPort(p.Src.Port()) || isSIPPort(p.Dst.Port()) }

func isSIPPort(port uint16) bool { return port == 5060 || port == 5061 || port == 5080 }

// isSTUN recognises the magic cookie (RFC 8489 §5).
func isSTUN(b []byte) bool {
	return len(b) >= 20 && b[0] < 4 && binary.BigEndian.Uint32(b[4:]) == 0x2112a442
}
