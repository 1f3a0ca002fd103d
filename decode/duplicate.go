package decode

import (
	"encoding/binary"
	"math/bits"
)

// Duplicates are recognised before anything is put together (spec §9.2): two
// packets are captures of one when their addresses, protocol, identification,
// fragment offset, transport header without checksum, length and first
// payload octets are equal and they are at most duplicateWindow apart.
const (
	duplicateWindow = 10_000_000 // nanoseconds
	// sameSpotWindow holds for packets without an identification that were
	// seen at the same spot: a sender may well repeat such a packet.
	sameSpotWindow = 2_000_000 // nanoseconds
	// comparedPayload is how much of the payload is compared, in octets.
	comparedPayload = 64
	// mostHops is how many routers there may be between two captures of a packet.
	mostHops = 3
)

// duplicateSlots is the size of the table, a power of two. At 800 packets a
// millisecond the window holds as many packets; a quarter of a mebibyte stays
// in the cache of a processor.
const duplicateSlots = 1 << 13

// duplicateTable remembers the latest packets, two to a bucket; the older
// gives way.
type duplicateTable struct {
	slots []seenPacket
}

// seenPacket is a packet that was captured once.
type seenPacket struct {
	key      uint64
	nanos    int64
	spot     uint32 // where it was captured: interface, direction, VLANs
	mac      uint32
	checksum uint16 // of the transport
	ttl      uint8
	used     bool
}

// remember looks for an earlier capture of a packet and otherwise keeps it
// for the later ones. The first copy is the one that stays, whichever
// interface the others come from.
func (t *duplicateTable) remember(s seenPacket, noID, anySpot bool) (duplicate bool) {
	if t.slots == nil {
		t.slots = make([]seenPacket, duplicateSlots)
	}
	i := s.key & (duplicateSlots - 2)
	a, b := &t.slots[i], &t.slots[i+1]
	if a.matches(&s, noID, anySpot) || b.matches(&s, noID, anySpot) {
		return true
	}
	*b = *a
	*a = s
	return false
}

// matches reports whether s is another capture of the packet e. Without an
// identification only equal hop counts and checksums count, and at the same
// spot anySpot and a short time besides: dual acknowledgements of TCP look
// exactly alike.
func (e *seenPacket) matches(s *seenPacket, noID, anySpot bool) bool {
	if e.key != s.key || !e.used {
		return false
	}
	apart := s.nanos - e.nanos
	if apart < 0 {
		apart = -apart
	}
	hops := int(e.ttl) - int(s.ttl)
	switch {
	case apart > duplicateWindow || hops > mostHops || hops < -mostHops:
		return false
	case noID && e.checksum != s.checksum:
		return false
	case noID && e.spot == s.spot:
		return hops == 0 && anySpot && apart < sameSpotWindow
	}
	return hops == 0 || e.mac == 0 || s.mac == 0 || e.mac != s.mac
}

// recognise looks for an earlier capture of the packet whose transport header
// and payload begin with b and marks the packet when there is one.
func (d *Decoder) recognise(b []byte, checksum uint16, anySpot bool) {
	if len(b) > 8+comparedPayload {
		b = b[:8+comparedPayload]
	}
	d.mark(hashOctets(d.walk.addresses, b), checksum, anySpot)
}

// recogniseUDP compares the ports, the length and the first payload octets.
func (d *Decoder) recogniseUDP(b []byte) {
	h := mix(d.walk.addresses, uint64(binary.LittleEndian.Uint32(b))<<16|uint64(binary.LittleEndian.Uint16(b[4:])))
	d.mark(hashOctets(h, b[8:min(len(b), 8+comparedPayload)]), binary.LittleEndian.Uint16(b[6:]), true)
}

// recogniseTCP compares the header but for its checksum and the first payload
// octets. A segment without payload may be repeated by its sender at once,
// as duplicate acknowledgements are.
func (d *Decoder) recogniseTCP(b []byte, header int) {
	h := hashOctets(d.walk.addresses^uint64(len(b)), b[:16])
	h = hashOctets(h, b[18:min(len(b), header+comparedPayload)])
	d.mark(h, binary.LittleEndian.Uint16(b[16:]), len(b) > header)
}

// recogniseSCTP compares the header but for its checksum and the first chunks.
func (d *Decoder) recogniseSCTP(b []byte) {
	h := hashOctets(d.walk.addresses^uint64(len(b)), b[:8])
	d.mark(hashOctets(h, b[12:min(len(b), 12+comparedPayload)]), binary.LittleEndian.Uint16(b[8:]), true)
}

// recogniseFragment compares the place of a fragment and its first octets.
func (d *Decoder) recogniseFragment(f *fragment) {
	h := mix(d.walk.addresses^uint64(f.wire), uint64(f.offset)<<1|1)
	d.mark(hashOctets(h, f.payload[:min(len(f.payload), 8+comparedPayload)]), 0, true)
}

// mark looks up the key of a packet.
func (d *Decoder) mark(key uint64, checksum uint16, anySpot bool) {
	s := seenPacket{
		key: key, nanos: d.packet.Nanos, spot: d.spot(), mac: uint32(d.walk.mac ^ d.walk.mac>>32),
		checksum: checksum, ttl: d.packet.TTL, used: true,
	}
	if d.duplicates.remember(s, d.walk.noID, anySpot) {
		if !d.packet.Duplicate {
			d.stats.Duplicates++
		}
		d.packet.Duplicate = true
	}
}

// spot tells apart where packets were captured.
func (d *Decoder) spot() uint32 {
	p := &d.packet
	s := uint64(uint32(p.Interface)) | uint64(p.LinkDirection)<<32
	if p.VLANCount > 0 {
		s ^= mix(uint64(p.VLANs[0])|uint64(p.VLANs[1])<<16|uint64(p.VLANs[2])<<32|uint64(p.VLANs[3])<<48, uint64(p.VLANCount))
	}
	return uint32(s*hashPrime1>>32) ^ uint32(s)
}

// The multipliers of the hash: odd, with as many zeros as ones. They are the
// same in every run, so that a capture always gives the same answer.
const (
	hashPrime1 = 0x9e3779b97f4a7c15
	hashPrime2 = 0xd6e8feb86659fd93
	hashPrime3 = 0xc2b2ae3d27d4eb4f
)

// mix folds two words into one by a long multiplication.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^hashPrime1, b^hashPrime2)
	return hi ^ lo ^ bits.RotateLeft64(a, 23)
}

// hashOctets folds octets into a hash. The multiplications of a block of 64
// octets do not wait for each other.
func hashOctets(h uint64, b []byte) uint64 {
	h ^= uint64(len(b)) * hashPrime3
	for len(b) >= 64 {
		h = mix(hash32(h, b)+hash32(^h, b[32:64]), h)
		b = b[64:]
	}
	for len(b) >= 16 {
		h = mix(h^binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]))
		b = b[16:]
	}
	if len(b) == 0 {
		return h
	}
	var last [16]byte
	copy(last[:], b)
	return mix(h^binary.LittleEndian.Uint64(last[:]), binary.LittleEndian.Uint64(last[8:]))
}

// hash32 folds 32 octets.
func hash32(h uint64, b []byte) uint64 {
	b = b[:32]
	first := mix(binary.LittleEndian.Uint64(b)^h, binary.LittleEndian.Uint64(b[8:]))
	second := mix(binary.LittleEndian.Uint64(b[16:])^h, binary.LittleEndian.Uint64(b[24:]))
	return first ^ bits.RotateLeft64(second, 31)
}
