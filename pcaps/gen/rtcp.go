package gen

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// A reporter sends RTCP for a stream: sender report, with a report block on
// what the same side received, and its name (RFC 3550 §6.4.1, §6.5).
type reporter struct {
	stream *stream
	call   *Call
	end    int64
	path   path

	seen, lost int // at the report before
}

const (
	reportInterval = 5 * time.Second
	ntpOffset      = 2_208_988_800 // seconds from 1900 to 1970
)

func (r *reporter) act(g *generator, now int64) (int64, error) {
	if now >= r.end-int64(100*time.Millisecond) {
		return done, g.release(r.call)
	}
	if !r.path.source.IsValid() {
		r.path = r.stream.path
		r.path.source = nextPort(r.path.source)
		r.path.destination = nextPort(r.path.destination)
		r.path.id += 1 << 15
	}
	b := r.path.appendEthernet(nil)
	payload := r.report(now)
	b = r.path.appendIP(b, 8+len(payload), protocolUDP, dscpVoice)
	_, copies, err := g.writeUDP(now, r.path.appendUDP(b, payload), r.stream.random)
	g.truth.Totals.RTCPPackets += uint64(1 + copies)
	return now + int64(reportInterval), err
}

func nextPort(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), a.Port()+1) }

func (r *reporter) report(now int64) []byte {
	be, s := binary.BigEndian, r.stream
	b := []byte{0x81, 200}
	b = be.AppendUint16(b, 12)
	b = be.AppendUint32(b, s.ssrc)
	b = be.AppendUint32(b, uint32(now/1e9+ntpOffset))
	b = be.AppendUint32(b, uint32(uint64(now%1e9)<<32/1e9))
	b = be.AppendUint32(b, s.timestamp0+uint32((now-s.first)/125_000)) // 8000 Hz
	b = be.AppendUint32(b, uint32(s.slot))
	b = be.AppendUint32(b, uint32(s.slot*samples))
	b = r.appendBlock(b, s.peer)
	return r.appendName(b)
}

// appendBlock reports on the other direction as recorded so far.
func (r *reporter) appendBlock(b []byte, other *stream) []byte {
	be := binary.BigEndian
	seen, lost := other.highest+1, other.truth.Lost
	fraction := byte(0)
	if n := seen - r.seen; n > 0 {
		fraction = byte(min(255, 256*(lost-r.lost)/n))
	}
	r.seen, r.lost = seen, lost
	b = be.AppendUint32(b, other.ssrc)
	b = append(b, fraction, byte(lost>>16), byte(lost>>8), byte(lost))
	b = be.AppendUint32(b, other.sequence0+uint32(max(other.highest, 0)))
	return append(b, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0) // jitter 2 ms; no LSR, no DLSR
}

func (r *reporter) appendName(b []byte) []byte {
	name := r.call.CallID
	chunk := binary.BigEndian.AppendUint32(nil, r.stream.ssrc)
	chunk = append(chunk, 1, byte(len(name)))
	chunk = append(chunk, name...)
	chunk = append(chunk, make([]byte, 4-len(chunk)%4)...) // ends in one zero octet at least
	b = append(b, 0x81, 202)
	b = binary.BigEndian.AppendUint16(b, uint16(len(chunk)/4))
	return append(b, chunk...)
}
