package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Block types of pcapng (draft-ietf-opsawg-pcapng §4). Blocks of other types,
// among them name resolution and custom blocks, are skipped.
const (
	blockSection        = 0x0a0d0d0a // reads the same in both byte orders
	blockInterface      = 1
	blockPacket         = 2 // obsolete, still written by old programs
	blockSimplePacket   = 3
	blockStatistics     = 5
	blockEnhancedPacket = 6
	blockSecrets        = 10
)

const (
	byteOrderMagic = 0x1a2b3c4d
	minBlock       = 12       // octets: type, length, length again
	maxBlock       = 16 << 20 // octets; libpcap believes no more either
	maxInterfaces  = 65536    // of one file, over all its sections
)

// A pcapngReader reads the blocks of a pcapng file.
//
//	+---------------------------------------------------------------+
//	|                          block type                           |
//	|                      block total length                       |
//	/                 body, padded to 32 bits: fields, data, options /
//	|                      block total length                       |
//	+---------------------------------------------------------------+
type pcapngReader struct {
	in    *chunkReader
	info  *SourceInfo
	order binary.ByteOrder // of the current section
	big   bool             // order is binary.BigEndian; quicker to ask

	interfaces []ngInterface // of the current section
	described  int           // interfaces of the sections before
	last       int64         // time of the last packet

	secrets     []Secret
	secretsSize int
}

// An ngInterface is what an interface description block says.
type ngInterface struct {
	linkType LinkType
	snaplen  uint32 // 0 means no limit
	clock    ngClock
	drops    Drops // of the latest statistics block
}

// newPcapngReader reads the first section header of in.
func newPcapngReader(in *chunkReader, info *SourceInfo) (*pcapngReader, error) {
	info.Format = "pcapng"
	r := &pcapngReader{in: in, info: info, order: binary.LittleEndian}
	if _, err := in.peek(minBlock); err != nil {
		return nil, headerError(err)
	}
	_, body, err := r.block()
	if err != nil {
		return nil, headerError(err)
	}
	if err := r.section(body); err != nil {
		return nil, err
	}
	in.skip(len(body) + minBlock)
	return r, nil
}

func (r *pcapngReader) next(f *Frame) error {
	for {
		kind, body, err := r.block()
		if err != nil {
			return err
		}
		found := false
		switch kind {
		case blockEnhancedPacket:
			found, err = true, r.enhancedPacket(f, body)
		case blockPacket:
			found, err = true, r.obsoletePacket(f, body)
		case blockSimplePacket:
			found, err = true, r.simplePacket(f, body)
		default:
			err = r.describe(kind, body)
		}
		if err != nil {
			return &damage{err: err}
		}
		r.in.skip(len(body) + minBlock)
		if found {
			return nil
		}
	}
}

// describe takes in a block that is not a packet.
func (r *pcapngReader) describe(kind uint32, body []byte) error {
	switch kind {
	case blockSection:
		return r.section(body)
	case blockInterface:
		return r.describeInterface(body)
	case blockStatistics:
		return r.statistics(body)
	case blockSecrets:
		return r.keepSecret(body)
	}
	return nil
}

// block lends the type and the body of the next block without consuming it.
// It sets the byte order when the block begins a section.
func (r *pcapngReader) block() (kind uint32, body []byte, err error) {
	b := r.in.ready() // nearly always the whole block
	if len(b) < minBlock {
		if b, err = r.in.peek(minBlock); err != nil {
			return 0, nil, err
		}
	}
	kind = r.uint32(b)
	if kind == blockSection {
		if err := r.byteOrder(b[8:]); err != nil {
			return 0, nil, &damage{err: err}
		}
	}
	size := r.uint32(b[4:])
	if size < minBlock || size > maxBlock || size%4 != 0 {
		return 0, nil, &damage{err: fmt.Errorf("a block of %d octets (a multiple of 4 from %d to %d is possible)", size, minBlock, maxBlock)}
	}
	if len(b) < int(size) {
		if b, err = r.in.peek(int(size)); err != nil {
			return 0, nil, err
		}
	}
	if again := r.uint32(b[size-4:]); again != size {
		return 0, nil, &damage{err: fmt.Errorf("the lengths before and after a block differ: %d and %d", size, again)}
	}
	return kind, b[8 : size-4 : size-4], nil
}

func (r *pcapngReader) byteOrder(magic []byte) error {
	switch uint32(byteOrderMagic) {
	case binary.LittleEndian.Uint32(magic):
		r.order, r.big = binary.LittleEndian, false
	case binary.BigEndian.Uint32(magic):
		r.order, r.big = binary.BigEndian, true
	default:
		return fmt.Errorf("byte order magic %x is not known", magic[:4])
	}
	return nil
}

func (r *pcapngReader) uint32(b []byte) uint32 {
	if r.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

// section begins a section: its interfaces are numbered from 0 again.
func (r *pcapngReader) section(body []byte) error {
	if len(body) < 16 {
		return shortBlock(blockSection, body)
	}
	if major := r.order.Uint16(body[4:]); major != 1 {
		return fmt.Errorf("pcapng version %d.%d is not known", major, r.order.Uint16(body[6:]))
	}
	r.described += len(r.interfaces)
	r.interfaces = r.interfaces[:0]
	return nil
}

func (r *pcapngReader) describeInterface(body []byte) error {
	if len(body) < 8 {
		return shortBlock(blockInterface, body)
	}
	if r.described+len(r.interfaces) >= maxInterfaces {
		return fmt.Errorf("more than %d interfaces", maxInterfaces)
	}
	i := ngInterface{
		linkType: LinkType(r.order.Uint16(body)),
		snaplen:  r.uint32(body[4:]),
		clock:    r.clock(body[8:]),
	}
	r.interfaces = append(r.interfaces, i)
	r.info.Interfaces = append(r.info.Interfaces, r.interfaceName(body[8:]))
	r.info.addLinkType(i.linkType)
	r.info.Nanoseconds = r.info.Nanoseconds || i.clock.fine
	return nil
}

// clock reads the options of an interface that say how to read its times.
func (r *pcapngReader) clock(options []byte) ngClock {
	resolution, offset := byte(6), int64(0)
	r.options(options, func(code uint16, value []byte) {
		switch {
		case code == 9 && len(value) >= 1: // if_tsresol
			resolution = value[0]
		case code == 14 && len(value) >= 8: // if_tsoffset, seconds
			offset = int64(r.order.Uint64(value))
		}
	})
	return newNGClock(resolution, offset)
}

// mostName bounds the octets that are kept of the name of an interface.
const mostName = 64

// interfaceName reads the name of an interface (if_name), "" when it has none.
func (r *pcapngReader) interfaceName(options []byte) (name string) {
	r.options(options, func(code uint16, value []byte) {
		if code == 2 && name == "" {
			name = string(bytes.TrimRight(value[:min(len(value), mostName)], "\x00"))
		}
	})
	return name
}

// options calls found for each option of a block until the end mark or until
// one promises more than there is.
func (r *pcapngReader) options(b []byte, found func(code uint16, value []byte)) {
	for len(b) >= 4 {
		code, size := r.order.Uint16(b), int(r.order.Uint16(b[2:]))
		b = b[4:]
		if code == 0 || size > len(b) {
			return
		}
		found(code, b[:size])
		b = b[min(padded(size), len(b)):]
	}
}

// padded rounds up to a multiple of four octets.
func padded(n int) int { return (n + 3) &^ 3 }

func shortBlock(kind uint32, body []byte) error {
	return fmt.Errorf("a block of type %d of %d octets is too short for its fields", kind, len(body)+minBlock)
}
