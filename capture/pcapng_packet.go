package capture

import "fmt"

const warningNoTime = "simple packet blocks carry no time: that of the packet before is used"

const warningClamped = "times before the year 1677 or after 2262 were clamped"

// enhancedPacket reads interface, time (high, low), captured length, original
// length, data; the options after the data are left alone.
func (r *pcapngReader) enhancedPacket(f *Frame, body []byte) error {
	if len(body) < 20 {
		return shortBlock(blockEnhancedPacket, body)
	}
	index := r.uint32(body)
	time := uint64(r.uint32(body[4:]))<<32 | uint64(r.uint32(body[8:]))
	return r.packet(f, index, time, r.uint32(body[12:]), r.uint32(body[16:]), body[20:])
}

// obsoletePacket differs in its first word: interface and drop count, 16 bits
// each.
func (r *pcapngReader) obsoletePacket(f *Frame, body []byte) error {
	if len(body) < 20 {
		return shortBlock(blockPacket, body)
	}
	index := uint32(r.order.Uint16(body))
	time := uint64(r.uint32(body[4:]))<<32 | uint64(r.uint32(body[8:]))
	return r.packet(f, index, time, r.uint32(body[12:]), r.uint32(body[16:]), body[20:])
}

func (r *pcapngReader) packet(f *Frame, index uint32, time uint64, captured, length uint32, data []byte) error {
	if uint64(index) >= uint64(len(r.interfaces)) {
		return fmt.Errorf("a packet of interface %d, but only %d are described", index, len(r.interfaces))
	}
	if captured > MaxFrame {
		return tooLong(captured)
	}
	if int(captured) > len(data) {
		return fmt.Errorf("a packet of %d octets in a block with room for %d", captured, len(data))
	}
	i := &r.interfaces[index]
	nanos, ok := i.clock.nanos(time)
	if !ok {
		r.info.warn(warningClamped)
	}
	r.last = nanos
	r.fill(f, int(index), data[:captured:captured], length)
	return nil
}

// simplePacket reads the original length and the data of a packet of the
// first interface. How much was captured follows from the snapshot length.
func (r *pcapngReader) simplePacket(f *Frame, body []byte) error {
	if len(body) < 4 {
		return shortBlock(blockSimplePacket, body)
	}
	if len(r.interfaces) == 0 {
		return fmt.Errorf("a packet of interface 0, but none is described")
	}
	length, data := r.uint32(body), body[4:]
	captured := length
	if s := r.interfaces[0].snaplen; s != 0 {
		captured = min(captured, s)
	}
	captured = min(captured, uint32(len(data)))
	if captured > MaxFrame {
		return tooLong(captured)
	}
	r.info.warn(warningNoTime)
	r.fill(f, 0, data[:captured:captured], length)
	return nil
}

func (r *pcapngReader) fill(f *Frame, index int, data []byte, length uint32) {
	f.Nanos = r.last
	f.Data = data
	f.Length = wireLength(length, len(data))
	f.LinkType = r.interfaces[index].linkType
	f.Interface = r.described + index
}
