package decode

import "net/netip"

// Transport is what carried a SIP message.
type Transport uint8

// The transports of SIP.
const (
	UDP Transport = iota
	TCP
	TLS
	WS
	WSS
	SCTP
)

var transportNames = [...]string{UDP: "udp", TCP: "tcp", TLS: "tls", WS: "ws", WSS: "wss", SCTP: "sctp"}

// String returns the transport as the JSON contract spells it: "udp".
func (t Transport) String() string {
	if int(t) < len(transportNames) {
		return transportNames[t]
	}
	return "unknown"
}

// IsStream reports whether messages are cut out of a stream of octets. WebSocket
// and SCTP frame them.
func (t Transport) IsStream() bool { return t == TCP || t == TLS }

// MaxVLANs is how many stacked VLAN tags of a packet are remembered.
const MaxVLANs = 4

// A Packet is what is known of one datagram or of one message of a stream
// from the headers around it. It is one value refilled for each frame; a
// receiver copies what it keeps.
type Packet struct {
	// Frame is the number of the frame that held the first octet, Nanos its
	// capture time. For a datagram put together from fragments they are
	// those of the fragment that completed it (spec §1.4).
	Frame int
	Nanos int64

	// LastFrame and LastNanos belong to the frame that held the last octet.
	// They equal Frame and Nanos unless the message came in several pieces.
	LastFrame int
	LastNanos int64

	// FirstFrame and FirstNanos belong to the IP fragment that came first
	// when the datagram was fragmented; otherwise they equal Frame and Nanos
	// of the frame at hand.
	FirstFrame int
	FirstNanos int64

	// Fragments are the frames of all IP fragments of the datagram, or of all
	// segments of the message. It is nil when the datagram came whole, and unless
	// Config.Fragments asks for it.
	Fragments []int

	// Src and Dst are the innermost addresses; IPv4-mapped IPv6 is unmapped
	// and zones are never set.
	Src, Dst  netip.AddrPort
	Transport Transport

	// Payload is what the transport carried, borrowed until the handler
	// returns. WireLength is its length on the wire, larger than
	// len(Payload) when the snapshot length cut it.
	Payload    []byte
	WireLength int

	// Offset is where Payload stands in the file that Source names; 0 when it
	// cannot be read there again. Who feeds the tracker sets it.
	Offset int64

	TTL           uint8  // IPv4 TTL or IPv6 hop limit of the innermost header; 0 in HEP, which does not tell
	DSCP          uint8  // 0–63
	IPID          uint32 // IPv4 identification, 0 for IPv6
	LinkDirection uint8  // pkttype of a Linux cooked header: 4 is outgoing; 255 when there is none
	Interface     int32  // ifindex of a SLL2 or Kuznetzov header, else of capture.Frame
	Source        int32  // capture.Frame.Source
	VLANs         [MaxVLANs]uint16
	VLANCount     uint8
	OverheadIP    uint16 // octets of the IP and UDP headers, for bit rates; in HEP the least that they had

	// TunnelSrc and TunnelDst are the outermost IP addresses when the packet
	// came through a tunnel; invalid otherwise. Tunnel names the innermost
	// tunnel, such as "gre"; empty when there is none.
	TunnelSrc, TunnelDst netip.Addr
	Tunnel               string

	// Agent tells the agents apart that reported packets in HEP; 0 is a
	// packet that was captured itself.
	Agent uint64

	// Correlation is what an agent says the packet belongs to (chunk 0x0011 of
	// HEP), usually a Call-ID; nil when it says nothing. Borrowed as Payload is.
	Correlation []byte

	// Duplicate is set on the second and later captures of one packet (spec
	// §9.2), and when another agent reported the same message before.
	Duplicate bool

	// Cut says why a message is incomplete: "", "snaplen",
	// "ip_fragment_lost", "tcp_gap" or "stream_end".
	Cut string
}

// A Handler receives what the frames carried. All slices and the Packet are
// borrowed until the method returns.
type Handler interface {
	// Message receives one framed SIP message: p.Payload is the message and
	// nothing else. A message on UDP keeps its trailing octets.
	Message(p *Packet)

	// Datagram receives a UDP payload that is not SIP: possibly RTP, RTCP,
	// STUN, DTLS or anything else.
	Datagram(p *Packet)
}
