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

// duplicateSlots is how many packets are remembered, a power of two: at 800 a
// millisecond as many as the window holds.
const (
	duplicateBits  = 13
	duplicateSlots = 1 << duplicateBits
)

// duplicateTable remembers the latest packets, one behind the other in a ring.
// A bucket leads to the latest two of its keys. It says so much of a key that
// nearly no packet is looked at but those captured twice, and all buckets
// together stay in the cache next to a processor.
type duplicateTable struct {
	buckets *[duplicateSlots / 2]bucket
	ring    *[duplicateSlots]seenPacket
	kept    uint32               // packets so far, modulo 2^32
	pairs   map[placePair]uint64 // frames captured a second time, by where
}

// A bucket is where two packets stand in the ring, the latest in the lower
// half; above the place of each stands the upper part of its key.
type bucket uint64

// seenPacket is a packet that was captured once.
type seenPacket struct {
	key      uint64
	nanos    int64
	spot     uint32 // where it was captured: file, interface, direction, VLANs
	place    place
	mac      uint16
	carrier  uint16 // see walk
	checksum uint16 // of the transport
	ttl      uint8
	used     bool
}

// find returns an earlier capture of the packet with the same key, or nil.
func (t *duplicateTable) find(key uint64) *seenPacket {
	if t.ring == nil {
		t.ring, t.buckets = new([duplicateSlots]seenPacket), new([duplicateSlots / 2]bucket)
	}
	b := t.buckets[key%(duplicateSlots/2)]
	if e := t.at(uint32(b), key); e != nil {
		return e
	}
	return t.at(uint32(b>>32), key)
}

// at returns the packet that half of a bucket leads to, if it has the key.
func (t *duplicateTable) at(half uint32, key uint64) *seenPacket {
	if half>>duplicateBits != tagOf(key) {
		return nil
	}
	if e := &t.ring[half%duplicateSlots]; e.key == key && e.used {
		return e
	}
	return nil
}

// tagOf is what a bucket says of a key besides the place of the packet.
func tagOf(key uint64) uint32 { return uint32(key >> (32 + duplicateBits)) }

// latest makes room for a packet and returns its place.
func (t *duplicateTable) latest(key uint64) *seenPacket {
	place := t.kept % duplicateSlots
	t.kept++
	b := &t.buckets[key%(duplicateSlots/2)]
	*b = *b<<32 | bucket(tagOf(key)<<duplicateBits|place)
	return &t.ring[place]
}

// isCopy reports whether s is another capture of the packet e, which has the
// same key. Without an identification only equal hop counts and checksums
// count, and at the same spot a short time besides, unless the sender may
// repeat the packet at once. A tunnel may have an identification where the
// packet in it has none.
func (e *seenPacket) isCopy(s *seenPacket, noID, repeatable bool) bool {
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
	case noID && e.spot == s.spot && e.carrier != s.carrier && e.carrier != 0 && s.carrier != 0:
		return false
	case noID && e.spot == s.spot:
		return hops == 0 && !repeatable && apart < sameSpotWindow
	}
	return hops == 0 || e.mac == 0 || s.mac == 0 || e.mac != s.mac
}

// recognise looks for an earlier capture of the packet whose transport header
// and payload begin with b and marks the packet when there is one.
func (d *Decoder) recognise(b []byte) {
	if len(b) > 8+comparedPayload {
		b = b[:8+comparedPayload]
	}
	d.mark(hashOctets(d.walk.key, b), 0, false)
}

// recogniseUDP compares the ports, the length and the first payload octets.
func (d *Decoder) recogniseUDP(b []byte) {
	key, checksum := udpKey(d.walk.key, b)
	d.mark(key, checksum, false)
}

// ipv4Key is the part of a key that comes from the header of IPv4.
func ipv4Key(b []byte) uint64 {
	return mix(binary.LittleEndian.Uint64(b[12:]), uint64(b[9])<<16|uint64(binary.BigEndian.Uint16(b[4:])))
}

// udpKey goes on with the header of UDP and the first payload octets.
func udpKey(ip uint64, b []byte) (key uint64, checksum uint16) {
	header := binary.LittleEndian.Uint64(b)
	key = ip ^ (header&0xffffffffffff)*hashPrime1
	if len(b) >= 8+comparedPayload {
		key = hashBlock(key, (*[64]byte)(b[8:]))
	} else {
		key = hashOctets(key, b[8:])
	}
	return key, uint16(header >> 48)
}

// recogniseTCP compares the header but for its checksum and the first payload
// octets. A segment without payload may be repeated by its sender at once,
// as duplicate acknowledgements are.
func (d *Decoder) recogniseTCP(b []byte, header int) {
	h := hashOctets(d.walk.key^uint64(len(b)), b[:16])
	h = hashOctets(h, b[18:min(len(b), header+comparedPayload)])
	d.mark(h, binary.LittleEndian.Uint16(b[16:]), len(b) <= header)
}

// recogniseSCTP compares the header but for its checksum and the first chunks.
func (d *Decoder) recogniseSCTP(b []byte) {
	h := hashOctets(d.walk.key^uint64(len(b)), b[:8])
	d.mark(hashOctets(h, b[12:min(len(b), 12+comparedPayload)]), binary.LittleEndian.Uint16(b[8:]), false)
}

// recogniseFragment compares the place of a fragment and its first octets.
func (d *Decoder) recogniseFragment(f *fragment) {
	h := mix(d.walk.key^uint64(f.wire), uint64(f.offset)<<1|1)
	d.mark(hashOctets(h, f.payload[:min(len(f.payload), 8+comparedPayload)]), 0, false)
}

// mark looks up the key of a packet and keeps it when it is new. The first
// copy is the one that stays, whichever interface the others come from.
// repeatable says that the sender may send the same packet twice at once.
func (d *Decoder) mark(key uint64, checksum uint16, repeatable bool) {
	p, w := &d.packet, &d.walk
	if w.known {
		return
	}
	e := d.duplicates.find(key)
	if e != nil {
		again := seenPacket{nanos: p.Nanos, spot: d.spot(), place: placeOf(w.source, p.Interface), mac: macOf(w.mac), carrier: w.carrier, checksum: checksum, ttl: p.TTL}
		if e.isCopy(&again, w.noID, repeatable) {
			if !p.Duplicate {
				d.countDuplicate(e, &again)
			}
			p.Duplicate = true
			return
		}
	}
	// Field by field: what is written in parts cannot be copied as a whole at once.
	e = d.duplicates.latest(key)
	e.key, e.nanos, e.spot, e.place = key, p.Nanos, d.spot(), placeOf(w.source, p.Interface)
	e.mac, e.carrier, e.checksum, e.ttl, e.used = macOf(w.mac), w.carrier, checksum, p.TTL, true
}

// macOf folds the Ethernet addresses further; 0 stays what says that there are
// none.
func macOf(addresses uint64) uint16 {
	if addresses == 0 {
		return 0
	}
	m := addresses ^ addresses>>32
	return uint16(m^m>>16) | 1
}

// spot tells apart where packets were captured.
func (d *Decoder) spot() uint32 {
	p := &d.packet
	s := spotBits(p.Interface, p.LinkDirection, d.walk.source)
	if p.VLANCount > 0 {
		s ^= mix(uint64(p.VLANs[0])|uint64(p.VLANs[1])<<16|uint64(p.VLANs[2])<<32|uint64(p.VLANs[3])<<48, uint64(p.VLANCount))
	}
	return foldSpot(s)
}

// spotOf is the spot of a packet without VLANs.
func spotOf(iface int32, direction uint8, source int) uint32 {
	return foldSpot(spotBits(iface, direction, source))
}

func spotBits(iface int32, direction uint8, source int) uint64 {
	return uint64(uint32(iface)) | uint64(direction)<<32 | uint64(source)<<40
}

func foldSpot(s uint64) uint32 { return uint32(s*hashPrime1>>32) ^ uint32(s) }

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

// hashOctets folds octets into a hash.
func hashOctets(h uint64, b []byte) uint64 {
	h ^= uint64(len(b)) * hashPrime3
	for len(b) >= 64 {
		h = hashBlock(h, (*[64]byte)(b))
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

// hashBlock folds 64 octets. Its multiplications do not wait for each other.
func hashBlock(h uint64, b *[64]byte) uint64 {
	w := func(i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
	first := mix(w(0)^h, w(8)) + bits.RotateLeft64(mix(w(16)^h, w(24)), 17)
	second := mix(w(32)^h, w(40)) + bits.RotateLeft64(mix(w(48)^h, w(56)), 31)
	return mix(first, second)
}
