package correlate

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"sipsniff/decode"
)

// A noisemaker is a protocol that is not RTP, on ports where RTP may be.
type noisemaker struct {
	name  string
	every int64 // ms between the packets of one sender
	next  func(n *noise) []byte
}

// noise is one sender. Its packets are made anew each time from a counter and
// an identity, as most protocols do.
type noise struct {
	rnd   *rand.Rand
	id    uint64 // the same for the whole session
	count uint32
	nanos int64
}

// rest is a payload of some length that nothing can be said about.
func (n *noise) rest(head []byte, least, most int) []byte {
	for size := least + n.rnd.IntN(most-least+1); len(head) < size; {
		head = append(head, byte(n.rnd.Uint32()))
	}
	return head
}

func u16(v uint32) []byte { return binary.BigEndian.AppendUint16(nil, uint16(v)) }
func u32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }

func octetsOf(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// millis is the time of a game's clock.
func (n *noise) millis() uint32 { return uint32(n.nanos / msec) }

// noisemakers are the protocols of the test. Where a layout leaves the first
// two bits open, they are set to the version of RTP.
func noisemakers() []noisemaker {
	return []noisemaker{
		{"DNS", 30, func(n *noise) []byte { // RFC 1035 §4.1.1: a random ID, flags, counts
			return n.rest(octetsOf(u16(0x8000|n.rnd.Uint32()), u16(0x0100), u16(1), u16(0), u16(0), u16(0), []byte("\x03www\x07example\x03com\x00\x00\x01\x00\x01")), 33, 33)
		}},
		{"DNS, IDs in order", 20, func(n *noise) []byte {
			return n.rest(octetsOf(u16(0x8000|n.count), u16(0x8180), u16(1), u16(2), u16(0), u16(1)), 80, 200)
		}},
		{"QUIC, long", 20, func(n *noise) []byte { // RFC 9000 §17.2
			return n.rest(octetsOf([]byte{0xC3}, u32(1), []byte{8}, u32(uint32(n.id)), u32(uint32(n.id>>32)), []byte{0, 0}), 1200, 1200)
		}},
		{"QUIC, long, grease", 20, func(n *noise) []byte { // RFC 9287: the fixed bit is 0
			return n.rest(octetsOf([]byte{0x83}, u32(1), []byte{8}, u32(uint32(n.id)), u32(uint32(n.id>>32)), []byte{0, 0}), 1200, 1200)
		}},
		{"QUIC, short", 10, func(n *noise) []byte { // RFC 9000 §17.3
			return n.rest(octetsOf([]byte{0x40 | byte(n.rnd.Uint32()&0x3F)}, u32(uint32(n.id)), u32(uint32(n.id>>32))), 40, 1250)
		}},
		{"QUIC of Google", 10, func(n *noise) []byte { // version 43: flags, connection, number
			return n.rest(octetsOf([]byte{0x8C}, u32(uint32(n.id)), u32(uint32(n.id>>32)), u16(n.count)), 60, 1300)
		}},
		{"game: counter, ticks of 1 ms, identity", 33, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, 96}, u16(n.count), u32(n.millis()), u32(uint32(n.id))), 40, 200)
		}},
		{"game: counter, ticks of 60 Hz, identity", 50, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, 111}, u16(n.count), u32(n.count*3), u32(uint32(n.id))), 40, 200)
		}},
		{"game: counter, ticks of 1 us, identity", 33, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, 0}, u16(n.count), u32(uint32(n.nanos/1000)), u32(uint32(n.id))), 40, 200)
		}},
		{"game: counter, no ticks, identity", 16, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, 101}, u16(n.count), u32(0), u32(uint32(n.id))), 16, 16)
		}},
		{"game: counter, checksum, identity", 16, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x90, 8}, u16(n.count), u32(n.rnd.Uint32()), u32(uint32(n.id))), 172, 172)
		}},
		{"game: counter of 32 bits, identity", 16, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, 18}, u16(n.count), u32(n.count), u32(uint32(n.id))), 32, 32)
		}},
		{"game: little-endian counter, ticks, identity", 20, func(n *noise) []byte {
			b := octetsOf([]byte{0x80, 0, 0, 0, 0, 0, 0, 0}, u32(uint32(n.id)))
			binary.LittleEndian.PutUint16(b[2:], uint16(n.count))
			binary.LittleEndian.PutUint32(b[4:], n.count*160)
			return n.rest(b, 172, 172)
		}},
		{"game: counter of samples of 1 kHz in as many octets", 20, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, 0}, u16(n.count), u32(n.count*20), u32(uint32(n.id))), 32, 32)
		}},
		{"Photon", 50, func(n *noise) []byte { // peer, flags, commands, time, challenge
			return n.rest(octetsOf(u16(0x8001), []byte{0, 1}, u32(n.millis()), u32(uint32(n.id)), []byte{6, 0, 1, 0}), 40, 120)
		}},
		{"ENet", 5, func(n *noise) []byte { // peer and flags, time, command, channel, numbers
			return n.rest(octetsOf(u16(0x8002), u16(n.millis()), []byte{0x07, 0}, u16(17), u16(n.count), u16(40)), 52, 52)
		}},
		{"RakNet", 20, func(n *noise) []byte { // flags, 24 bits of counter, little-endian
			return n.rest([]byte{0x84, byte(n.count), byte(n.count >> 8), byte(n.count >> 16), 0x60, 1, 0x40, 0, 0, 0, 0, 0}, 60, 1400)
		}},
		{"KCP", 10, func(n *noise) []byte { // conversation, command, window, time, number
			b := octetsOf(u32(0x80000000|uint32(n.id)), []byte{81, 0, 0x80, 0}, make([]byte, 16))
			binary.LittleEndian.PutUint32(b[8:], n.millis())
			binary.LittleEndian.PutUint32(b[12:], n.count)
			return n.rest(b, 60, 1400)
		}},
		{"uTP", 10, func(n *noise) []byte { // BEP 29
			return n.rest(octetsOf([]byte{0x01, 0}, u16(uint32(n.id)), u32(uint32(n.nanos/1000)), u32(1234), u32(1<<20), u16(n.count), u16(7)), 20, 1400)
		}},
		{"BitTorrent DHT", 100, func(n *noise) []byte { return n.rest([]byte("d1:ad2:id20:"), 90, 110) }},
		{"WireGuard", 10, func(n *noise) []byte { // type 4, receiver, counter
			return n.rest(octetsOf([]byte{4, 0, 0, 0}, u32(uint32(n.id)), u32(n.count), u32(0)), 64, 1400)
		}},
		{"OpenVPN", 10, func(n *noise) []byte { // P_DATA_V2 is 0x48; a soft reset would be 0x18; P_ACK_V1 0x28
			return n.rest(octetsOf([]byte{0x48, 0, 0, 1}, u32(n.count)), 64, 1400)
		}},
		{"a tunnel of version 2 with a counter", 10, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, 99}, u16(n.count), u32(n.rnd.Uint32()), u32(uint32(n.id))), 64, 1400)
		}},
		{"DTLS", 20, func(n *noise) []byte { // RFC 6347 §4.1
			return n.rest(octetsOf([]byte{23, 0xFE, 0xFD}, u16(1), u16(0), u32(n.count), u16(100)), 113, 113)
		}},
		{"STUN", 100, func(n *noise) []byte {
			return octetsOf(u16(1), u16(0), u32(0x2112A442), u32(n.rnd.Uint32()), u32(n.rnd.Uint32()), u32(n.rnd.Uint32()))
		}},
		{"syslog", 100, func(n *noise) []byte {
			return fmt.Appendf(nil, "<134>1 2026-01-01T00:00:00Z host app %d - - text", n.count)
		}},
		{"SNMP", 100, func(n *noise) []byte {
			return n.rest([]byte{0x30, 0x29, 2, 1, 1, 4, 6, 'p', 'u', 'b', 'l', 'i', 'c'}, 43, 43)
		}},
		{"NTP", 100, func(n *noise) []byte { return n.rest([]byte{0xA3, 2, 6, 0xEC, 0, 0, 0, 0, 0, 0, 0, 0}, 48, 48) }}, // leap 2: bits of version 2
		{"SSDP", 100, func(n *noise) []byte { return []byte("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n") }},
		{"RTCP", 500, func(n *noise) []byte { // RFC 3550 §6.4.1, without the RTP
			return octetsOf([]byte{0x80, 200}, u16(6), u32(uint32(n.id)), u32(uint32(n.nanos>>32)), u32(uint32(n.nanos)), u32(n.count*8000), u32(n.count), u32(n.count*160))
		}},
		{"RTCP of unknown types", 20, func(n *noise) []byte {
			return octetsOf([]byte{0x80, 219}, u16(n.count), u32(n.count*160), u32(uint32(n.id)), make([]byte, 160))
		}},
		{"MPEG-TS without RTP", 5, func(n *noise) []byte { return n.rest([]byte{0x47, 1, 0, 0x10 | byte(n.count&15)}, 1316, 1316) }},
		{"GTP-U", 5, func(n *noise) []byte { // TS 29.281 §5.1, with a number
			return n.rest(octetsOf([]byte{0x32, 255}, u16(160), u32(uint32(n.id)), u16(n.count), []byte{0, 0}), 168, 168)
		}},
		{"GTP' version 4", 5, func(n *noise) []byte { return n.rest(octetsOf([]byte{0x8F, 4}, u16(100), u16(n.count)), 106, 106) }},
		{"telemetry: constant", 1000, func(n *noise) []byte {
			return octetsOf([]byte{0x80, 0}, u16(7), u32(7), u32(uint32(n.id)), make([]byte, 160))
		}},
		{"telemetry: time in seconds", 1000, func(n *noise) []byte {
			return octetsOf([]byte{0x80, 3}, u16(n.count), u32(uint32(n.nanos/sec)), u32(uint32(n.id)), make([]byte, 33))
		}},
		{"audio of another kind: number, length, key", 20, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, 120}, u16(n.count), u32(160), u32(uint32(n.id))), 60, 180)
		}},
		{"random", 3, func(n *noise) []byte { return n.rest(nil, 12, 1400) }},
		{"random of version 2", 3, func(n *noise) []byte { return n.rest([]byte{0x80 | byte(n.rnd.Uint32()&0x3F)}, 12, 1400) }},
		{"random, one identity", 3, func(n *noise) []byte {
			return n.rest(octetsOf([]byte{0x80, byte(n.rnd.Uint32()) & 0x7F}, u16(n.rnd.Uint32()), u32(n.rnd.Uint32()), u32(uint32(n.id))), 12, 1400)
		}},
	}
}

// TestNoiseIsNoRTP plays 200,000 packets of protocols that are not RTP: none
// of them becomes a stream, not even for a while. Twenty packets of voice in
// their midst do, so the test would see one.
func TestNoiseIsNoRTP(t *testing.T) {
	const (
		packets = 200_000
		senders = 5 // of each protocol
	)
	s := newScene(t)
	makers := noisemakers()
	of := make(map[string]uint64)
	played := 0
	for play := 0; played < packets; play++ {
		for i, m := range makers {
			for sender := range senders {
				n := &noise{rnd: rand.New(rand.NewPCG(uint64(i), uint64(sender+play*senders))), id: rand.New(rand.NewPCG(uint64(i), uint64(sender))).Uint64()}
				src := netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)}), uint16(20000+2*sender+1000*play%20000))
				dst := netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(i + 1)}), uint16(30000+2*sender))
				if sender%2 == 1 {
					src, dst = dst, src // some go both ways between the same ports
				}
				n.count = n.rnd.Uint32()
				start := int64(play) * 100 * sec
				for k := range int64(100) {
					n.nanos = start + k*m.every*msec + n.rnd.Int64N(msec)
					b := m.next(n)
					n.count++
					played++
					s.table.datagram(&decode.Packet{Frame: played, Nanos: n.nanos, Payload: b, WireLength: len(b), Src: src, Dst: dst})
				}
				if got := s.table.totals.Streams + s.table.mistaken; got > of[""] {
					of[m.name] += got - of[""]
					of[""] = got
				}
			}
		}
	}
	s.none()
	delete(of, "")
	if len(of) > 0 || s.table.mistaken > 0 {
		t.Errorf("taken for RTP: %v; %d were taken back", of, s.table.mistaken)
	}
	t.Logf("%d packets of %d protocols, %d flows waiting", played, len(makers), s.table.waiting.count)
	s.talk(&source{src: alice, dst: bob, ssrc: 1}, 1e6*sec, 20)
	s.only()
}
