package capture

import (
	"encoding/binary"
	"fmt"
	"math"
	"unicode/utf8"
)

// linkEthernet is LINKTYPE_ETHERNET.
const linkEthernet = 1

// encodingFor makes the encoding the options ask for.
func encodingFor(name string, o WriterOptions) (frameEncoding, error) {
	switch o.Format {
	case "pcapng":
		return &pcapngEncoding{application: o.Application}, nil
	case "pcap", "":
		for _, l := range o.LinkTypes {
			if l != o.LinkTypes[0] {
				return nil, &LinkTypeError{Name: name, Have: o.LinkTypes[0], Frame: l}
			}
		}
		return &pcapEncoding{micros: o.Microseconds}, nil
	}
	return nil, fmt.Errorf("unknown capture format %q", o.Format)
}

// A pcapEncoding writes little-endian pcap.
type pcapEncoding struct {
	micros   bool
	linkType LinkType
}

func (e *pcapEncoding) header(b []byte, link LinkType) []byte {
	e.linkType = link
	magic := uint32(magicNanos)
	if e.micros {
		magic = magicMicros
	}
	b = appendWords(b, magic, 2|4<<16, 0, 0, MaxFrame)
	return appendWords(b, uint32(link))
}

func (e *pcapEncoding) resume() bool { return true }

func (e *pcapEncoding) frame(b []byte, f *Frame) ([]byte, error) {
	if f.LinkType != e.linkType {
		return b, &LinkTypeError{Have: e.linkType, Frame: f.LinkType}
	}
	// The seconds are 32 bits without sign: 1970 to 2106.
	nanos := min(max(f.Nanos, 0), math.MaxUint32*1e9+999_999_999)
	fraction := nanos % 1e9
	if e.micros {
		fraction /= 1000
	}
	data := snapped(f)
	b = appendWords(b, uint32(nanos/1e9), uint32(fraction), uint32(len(data)), uint32(originalLength(f)))
	return append(b, data...), nil
}

// snapped is the data of a frame as far as a capture file may hold it.
func snapped(f *Frame) []byte { return f.Data[:min(len(f.Data), MaxFrame)] }

func originalLength(f *Frame) int {
	return int(min(max(int64(f.Length), int64(len(f.Data))), math.MaxUint32))
}

func appendWords(b []byte, words ...uint32) []byte {
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// maxDescriptions bounds the interfaces described in a pcapng file; frames of
// further ones are put to the first of the same link type.
const maxDescriptions = 4096

// A pcapngEncoding writes little-endian pcapng in nanoseconds, with an
// interface for each interface and link type the frames come from. Telling
// interfaces apart keeps packets that were captured twice recognisable.
type pcapngEncoding struct {
	application string
	described   map[interfaceKey]uint32
	byLinkType  map[LinkType]uint32
	count       uint32
	comments    []string // of the next frame
}

type interfaceKey struct {
	source, index int
	linkType      LinkType
}

func (e *pcapngEncoding) header(b []byte, _ LinkType) []byte {
	e.described = make(map[interfaceKey]uint32)
	e.byLinkType = make(map[LinkType]uint32)
	e.count = 0
	start := len(b)
	b = appendWords(b, blockSection, 0, byteOrderMagic, 1, math.MaxUint32, math.MaxUint32)
	if e.application != "" {
		b = appendOption(b, 4, e.application[:min(len(e.application), 1000)]) // shb_userappl
		b = appendOption(b, 0, "")
	}
	return closeBlock(b, start)
}

// resume begins a section of its own: descriptions of interfaces may be missing.
func (e *pcapngEncoding) resume() bool { return false }

func (e *pcapngEncoding) frame(b []byte, f *Frame) ([]byte, error) {
	if f.LinkType > math.MaxUint16 {
		return b, fmt.Errorf("link type %d does not fit in a pcapng file", f.LinkType)
	}
	b, index := e.describe(b, f)
	nanos := uint64(max(f.Nanos, 0))
	data := snapped(f)
	start := len(b)
	b = appendWords(b, blockEnhancedPacket, 0, index, uint32(nanos>>32), uint32(nanos),
		uint32(len(data)), uint32(originalLength(f)))
	b = pad(append(b, data...), start)
	if len(e.comments) > 0 {
		for _, text := range e.comments {
			b = appendOption(b, 1, cutText(text, maxComment)) // opt_comment
		}
		b = appendOption(b, 0, "")
		e.comments = e.comments[:0]
	}
	return closeBlock(b, start), nil
}

// maxComment is how long a comment may be, in octets: readers show it in a line.
const maxComment = 4000

// cutText is as much of a text as fits, without half a character at its end.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// maxSecretData is how long a secret may be for readers to take the block.
const maxSecretData = maxBlock - 64

// secret appends a decryption secrets block.
func (e *pcapngEncoding) secret(b []byte, s Secret) []byte {
	start := len(b)
	b = appendWords(b, blockSecrets, 0, s.Type, uint32(len(s.Data)))
	b = pad(append(b, s.Data...), start)
	return closeBlock(b, start)
}

// describe gives the number of the interface f came from, describing it when
// it is new.
func (e *pcapngEncoding) describe(b []byte, f *Frame) ([]byte, uint32) {
	key := interfaceKey{f.Source, f.Interface, f.LinkType}
	if index, ok := e.described[key]; ok {
		return b, index
	}
	if index, ok := e.byLinkType[f.LinkType]; ok && e.count >= maxDescriptions {
		return b, index
	}
	start := len(b)
	b = appendWords(b, blockInterface, 0, uint32(f.LinkType), MaxFrame)
	b = appendOption(b, 9, "\x09") // if_tsresol: nanoseconds
	b = appendOption(b, 0, "")
	b = closeBlock(b, start)
	index := e.count
	e.count++
	e.described[key] = index
	if _, ok := e.byLinkType[f.LinkType]; !ok {
		e.byLinkType[f.LinkType] = index
	}
	return b, index
}

func appendOption(b []byte, code uint16, value string) []byte {
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	start := len(b)
	return pad(append(b, value...), start)
}

// pad appends zeros until what began at start is a multiple of four octets.
func pad(b []byte, start int) []byte {
	for n := len(b) - start; n < padded(len(b)-start); n++ {
		b = append(b, 0)
	}
	return b
}

// closeBlock puts the length of the block that began at start into its second
// word and behind it.
func closeBlock(b []byte, start int) []byte {
	size := uint32(len(b) - start + 4)
	binary.LittleEndian.PutUint32(b[start+4:], size)
	return appendWords(b, size)
}
