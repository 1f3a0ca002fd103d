// Package export sends what was understood to collectors of HEP: every SIP
// message and RTCP packet as it was captured, and what was measured of each
// stream. Copies of one packet are sent once.
package export

import (
	"net/netip"
	"sync/atomic"

	"sipsniff/capture/hepnet"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/hep"
	"sipsniff/decode/rtp"
)

// An Exporter is a decode.Handler beside the tracker. Its methods of that
// interface belong to the packet goroutine, those about reports to another one.
type Exporter struct {
	sender *hepnet.Sender
	packet hep.Packet // refilled for each message

	// calls says which call the media of an address belongs to, as of the
	// latest report.
	calls atomic.Pointer[map[netip.AddrPort]string]

	// What follows belongs to the goroutine that reports.
	reports map[int]reported
}

var _ decode.Handler = (*Exporter)(nil)

// New returns an exporter that sends with s.
func New(s *hepnet.Sender) *Exporter { return &Exporter{sender: s, reports: make(map[int]reported)} }

// Message sends a SIP message. The text itself names its call.
func (e *Exporter) Message(p *decode.Packet) { e.send(p, hep.SIP, "") }

// Datagram sends RTCP.
func (e *Exporter) Datagram(p *decode.Packet) {
	if p.Cut != "" || rtp.Classify(p.Payload) != rtp.RTCP {
		return
	}
	if _, err := rtp.FirstControl(p.Payload, p.WireLength); err == nil {
		e.send(p, hep.RTCP, e.callOf(p))
	}
}

func (e *Exporter) send(p *decode.Packet, kind hep.Kind, call string) {
	if p.Duplicate || p.Src.Addr().Is4() != p.Dst.Addr().Is4() {
		return
	}
	e.packet = hep.Packet{
		Src: p.Src, Dst: p.Dst, Protocol: protocolOf(p.Transport), Kind: kind, Nanos: p.Nanos, HasTime: true,
		Payload: p.Payload,
	}
	if call != "" {
		e.packet.Correlation = []byte(call)
	}
	e.sender.Send(&e.packet)
}

// protocolOf is how HEP writes what carried a message.
func protocolOf(t decode.Transport) uint8 {
	switch t {
	case decode.TCP, decode.WS:
		return hep.TCP
	case decode.TLS, decode.WSS:
		return hep.Secure
	case decode.SCTP:
		return hep.SCTP
	}
	return hep.UDP
}

// callOf is the Call-ID that RTCP belongs to, "" when not known: RTCP has the
// port of the media or the one above.
func (e *Exporter) callOf(p *decode.Packet) string {
	calls := e.calls.Load()
	if calls == nil {
		return ""
	}
	for _, a := range [...]netip.AddrPort{p.Src, p.Dst} {
		for _, port := range [...]uint16{a.Port(), a.Port() - 1} {
			if call, ok := (*calls)[netip.AddrPortFrom(a.Addr(), port)]; ok {
				return call
			}
		}
	}
	return ""
}

// learn keeps which call each address belongs to. Of calls that had an address
// one after the other it is the later.
func (e *Exporter) learn(s *correlate.Snapshot) {
	calls := make(map[netip.AddrPort]string, 2*len(s.Streams))
	for _, st := range s.Streams {
		if st.Call != nil {
			calls[st.Src], calls[st.Dst] = st.Call.CallID, st.Call.CallID
		}
	}
	e.calls.Store(&calls)
}
