package capture

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// byteOrder is what the builders below need of a byte order.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// words appends 32-bit words in the byte order.
func words(b []byte, o byteOrder, w ...uint32) []byte {
	for _, v := range w {
		b = o.AppendUint32(b, v)
	}
	return b
}

// pcapHeader is a file header of version 2.4.
func pcapHeader(o byteOrder, magic, snaplen, network uint32) []byte {
	b := words(nil, o, magic)
	b = o.AppendUint16(b, 2)
	b = o.AppendUint16(b, 4)
	return words(b, o, 0, 0, snaplen, network)
}

// pcapRecord appends a record whose fraction is in the unit of the file.
func pcapRecord(b []byte, o byteOrder, sec, fraction, length uint32, data []byte) []byte {
	return append(words(b, o, sec, fraction, uint32(len(data)), length), data...)
}

// ngBlock frames a body, padding it.
func ngBlock(b []byte, o byteOrder, kind uint32, body []byte) []byte {
	body = append([]byte(nil), body...)
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	b = words(b, o, kind, uint32(len(body)+12))
	b = append(b, body...)
	return words(b, o, uint32(len(body)+12))
}

func ngSection(b []byte, o byteOrder) []byte {
	body := words(nil, o, 0x1a2b3c4d)
	body = o.AppendUint16(body, 1)
	body = o.AppendUint16(body, 0)
	return ngBlock(b, o, 0x0a0d0d0a, words(body, o, 0xffffffff, 0xffffffff))
}

// ngOption appends an option, padded.
func ngOption(b []byte, o byteOrder, code uint16, value []byte) []byte {
	b = o.AppendUint16(b, code)
	b = o.AppendUint16(b, uint16(len(value)))
	b = append(b, value...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func ngInterfaceBlock(b []byte, o byteOrder, linkType uint16, snaplen uint32, options []byte) []byte {
	body := o.AppendUint16(nil, linkType)
	body = o.AppendUint16(body, 0)
	body = words(body, o, snaplen)
	return ngBlock(b, o, 1, append(body, options...))
}

func ngEnhanced(b []byte, o byteOrder, index uint32, ticks uint64, length uint32, data, options []byte) []byte {
	body := words(nil, o, index, uint32(ticks>>32), uint32(ticks), uint32(len(data)), length)
	body = append(body, data...)
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	return ngBlock(b, o, 6, append(body, options...))
}

func tsresol(o byteOrder, v byte) []byte { return ngOption(nil, o, 9, []byte{v}) }

// A copied is a frame whose data are its own.
type copied struct {
	Frame
	Bytes string
}

// drain reads until the end and copies every frame.
func drain(t testing.TB, s Source) ([]copied, error) {
	t.Helper()
	var all []copied
	var f Frame
	for {
		err := s.Next(&f)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		c := copied{Frame: f, Bytes: string(f.Data)}
		c.Data = nil
		all = append(all, c)
	}
}

// openBytes opens content as standard input.
func openBytes(t testing.TB, content []byte) (Source, error) {
	t.Helper()
	return Open([]string{"-"}, Options{Stdin: bytes.NewReader(content)})
}

// readBytes reads content to its end, which must be a good one.
func readBytes(t testing.TB, content []byte) ([]copied, SourceInfo) {
	t.Helper()
	s, err := openBytes(t, content)
	if err != nil {
		t.Fatal(err)
	}
	frames, err := drain(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return frames, s.Info()[0]
}

// writeFile puts content into a file of the test's own directory.
func writeFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// payload is n octets that tell from which packet they are.
func payload(seed, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(seed*31 + i)
	}
	return b
}
