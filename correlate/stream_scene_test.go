package correlate

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sdp"
)

const (
	msec = int64(1e6)
	sec  = int64(1e9)
)

// A scene plays signalling and media to a stream table.
type scene struct {
	t     testing.TB
	table *streamTable
	frame int
}

func newScene(t *testing.T) *scene { return &scene{t: t, table: newStreamTable(0)} }

func callRef(n int) *CallRef { return &CallRef{Index: n, CallID: "call"} }

// audio is a description with one m= line of PCMU and telephone-event.
func audio(at string) string {
	return describe(at, "m=audio PORT RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000")
}

// describe is a description of media lines whose PORT and address are those of at.
func describe(at string, lines ...string) string {
	host, port, _ := strings.Cut(at, ":")
	text := strings.Join(append([]string{"v=0", "o=- 1 1 IN IP4 " + host, "s=-", "c=IN IP4 " + host, "t=0 0"}, lines...), "\n")
	return strings.ReplaceAll(text, "PORT", port)
}

const (
	caller = true
	callee = false
)

// describes announces a description sent by its own address.
func (s *scene) describes(call int, side bool, nanos int64, description string) {
	s.announce(announcement{ref: callRef(call), dialog: "d", fromCaller: side, nanos: nanos}, description)
}

func (s *scene) announce(a announcement, description string) {
	s.t.Helper()
	a.session = sdp.Parse(description)
	if len(a.session.Findings) > 0 {
		s.t.Fatalf("findings %v in\n%s", a.session.Findings, description)
	}
	s.table.announce(a)
}

// A source sends the packets of one SSRC.
type source struct {
	src, dst    string
	ssrc        uint32
	payloadType uint8
	sequence    uint16
	timestamp   uint32
}

// send sends one packet of 20 ms at 8 kHz.
func (s *scene) send(m *source, nanos int64) *decode.Packet {
	p := s.packet(m.src, m.dst, nanos, rtpPacket(m, 160))
	s.table.datagram(p)
	m.sequence++
	m.timestamp += 160
	return p
}

// talk sends n packets 20 ms apart and returns the time after them.
func (s *scene) talk(m *source, nanos int64, n int) int64 {
	for range n {
		s.send(m, nanos)
		nanos += 20 * msec
	}
	return nanos
}

func rtpPacket(m *source, payload int) []byte {
	b := make([]byte, 12+payload)
	b[0], b[1] = 0x80, m.payloadType
	binary.BigEndian.PutUint16(b[2:], m.sequence)
	binary.BigEndian.PutUint32(b[4:], m.timestamp)
	binary.BigEndian.PutUint32(b[8:], m.ssrc)
	return b
}

func (s *scene) packet(src, dst string, nanos int64, payload []byte) *decode.Packet {
	s.frame++
	return &decode.Packet{Frame: s.frame, LastFrame: s.frame, Nanos: nanos, LastNanos: nanos, Payload: payload, WireLength: len(payload),
		Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst)}
}

// only returns the single published stream.
func (s *scene) only() *Stream {
	s.t.Helper()
	streams := s.table.publish()
	if len(streams) != 1 {
		s.t.Fatalf("%d streams, want 1", len(streams))
	}
	return streams[0]
}

// none fails when there is a stream.
func (s *scene) none() {
	s.t.Helper()
	if streams := s.table.publish(); len(streams) != 0 {
		s.t.Fatalf("%d streams, want none; the first is %+v", len(streams), *streams[0])
	}
}

func (s *scene) totals() Totals {
	var totals Totals
	s.table.count(&totals)
	return totals
}

// Addresses of the scenes. They are public ones, so that nothing is expected
// at the address of the signalling beside them.
const (
	alice  = "192.0.2.1:4000"
	bob    = "198.51.100.2:5000"
	mallet = "203.0.113.3:6000"
)
