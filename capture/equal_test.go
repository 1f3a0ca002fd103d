package capture

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// A packet is what the same capture says in every container.
type packet struct {
	sec, micros uint32
	length      uint32
	data        []byte
}

// samplePackets are enough to pass the end of a chunk, of sizes from nothing
// to the largest possible.
func samplePackets() []packet {
	var all []packet
	for i := range 300 {
		size := []int{0, 1, 60, 214, 1514, 9000}[i%6]
		if i == 100 || i == 250 {
			size = MaxFrame
		}
		all = append(all, packet{uint32(1_700_000_000 + i), uint32(i * 1000), uint32(size + i%3), payload(i, size)})
	}
	return all
}

func asPcap(o byteOrder, magic uint32, packets []packet) []byte {
	unit := uint32(1)
	if magic == magicNanos {
		unit = 1000
	}
	b := pcapHeader(o, magic, 0, 1)
	for _, p := range packets {
		b = pcapRecord(b, o, p.sec, p.micros*unit, p.length, p.data)
	}
	return b
}

func asPcapng(o byteOrder, resolution byte, packets []packet) []byte {
	b := ngInterfaceBlock(ngSection(nil, o), o, 1, 0, tsresol(o, resolution))
	unit := power10(int(resolution) - 6)
	for _, p := range packets {
		ticks := (uint64(p.sec)*1e6 + uint64(p.micros)) * unit
		b = ngEnhanced(b, o, 0, ticks, p.length, p.data, nil)
	}
	return b
}

func asGzip(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	return finish(t, &out, w, b)
}

func asZstd(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	return finish(t, &out, w, b)
}

func asLZ4(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := lz4.NewWriter(&out)
	if err := w.Apply(lz4.BlockSizeOption(lz4.Block64Kb)); err != nil {
		t.Fatal(err)
	}
	return finish(t, &out, w, b)
}

func asLegacyLZ4(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := lz4.NewWriter(&out)
	if err := w.Apply(lz4.LegacyOption(true)); err != nil {
		t.Fatal(err)
	}
	return finish(t, &out, w, b)
}

func finish(t testing.TB, out *bytes.Buffer, w io.WriteCloser, b []byte) []byte {
	t.Helper()
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// containers is the same capture in every form that is read.
func containers(t testing.TB, packets []packet) map[string][]byte {
	plain := asPcap(little, magicMicros, packets)
	ng := asPcapng(little, 6, packets)
	return map[string][]byte{
		"pcap, little endian, µs":   plain,
		"pcap, big endian, µs":      asPcap(big, magicMicros, packets),
		"pcap, little endian, ns":   asPcap(little, magicNanos, packets),
		"pcap, big endian, ns":      asPcap(big, magicNanos, packets),
		"pcapng, little endian, µs": ng,
		"pcapng, big endian, µs":    asPcapng(big, 6, packets),
		"pcapng, little endian, ns": asPcapng(little, 9, packets),
		"pcapng, big endian, ns/10": asPcapng(big, 10, packets),
		"gzip":                      asGzip(t, plain),
		"gzip of two members":       append(asGzip(t, plain[:700]), asGzip(t, plain[700:])...),
		"zstd":                      asZstd(t, plain),
		"zstd of two frames":        append(asZstd(t, plain[:700]), asZstd(t, plain[700:])...),
		"zstd with skippable frame": append([]byte{0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4}, asZstd(t, plain)...),
		"lz4":                       asLZ4(t, plain),
		"lz4, legacy frame":         asLegacyLZ4(t, plain),
		"pcapng in gzip":            asGzip(t, ng),
		"pcapng in zstd":            asZstd(t, ng),
		"pcapng in lz4":             asLZ4(t, ng),
	}
}

func TestSamePacketsFromEveryContainer(t *testing.T) {
	packets := samplePackets()
	for name, content := range containers(t, packets) {
		t.Run(name, func(t *testing.T) {
			frames, info := readBytes(t, content)
			checkPackets(t, frames, packets)
			if info.Truncated || len(info.Warnings) != 0 {
				t.Errorf("info %+v", info)
			}
			path := writeFile(t, "capture", content)
			s, err := Open([]string{path}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			frames, err = drain(t, s)
			if err != nil {
				t.Fatal(err)
			}
			checkPackets(t, frames, packets)
			if i := s.Info()[0]; i.Size != int64(len(content)) || i.Position != i.Size || i.Name != path {
				t.Errorf("info %+v, want position and size %d", i, len(content))
			}
		})
	}
}

func TestSamePacketsByteByByte(t *testing.T) {
	packets := samplePackets()[:60]
	for name, content := range containers(t, packets) {
		t.Run(name, func(t *testing.T) {
			s, err := Open([]string{"-"}, Options{Stdin: iotest.OneByteReader(bytes.NewReader(content))})
			if err != nil {
				t.Fatal(err)
			}
			frames, err := drain(t, s)
			if err != nil {
				t.Fatal(err)
			}
			checkPackets(t, frames, packets)
		})
	}
}

// A real pipe, whose reader must not wait for more than the next packet.
func TestPipeIsReadPacketByPacket(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	packets := samplePackets()[:20]
	write := func(b []byte) {
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	write(pcapHeader(little, magicMicros, 0, 1))
	s, err := Open([]string{"-"}, Options{Stdin: r})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range packets {
		write(pcapRecord(nil, little, p.sec, p.micros, p.length, p.data))
		var f Frame
		if err := s.Next(&f); err != nil || f.Number != i+1 || !bytes.Equal(f.Data, p.data) {
			t.Fatalf("packet %d: %v", i, err)
		}
	}
}

func checkPackets(t *testing.T, frames []copied, packets []packet) {
	t.Helper()
	if len(frames) != len(packets) {
		t.Fatalf("%d frames, want %d", len(frames), len(packets))
	}
	for i, p := range packets {
		f := frames[i]
		if f.Number != i+1 || f.Nanos != int64(p.sec)*1e9+int64(p.micros)*1000 || f.Length != int(p.length) ||
			f.LinkType != 1 || f.Bytes != string(p.data) {
			t.Fatalf("frame %d differs: time %d, length %d, %d octets", i+1, f.Nanos, f.Length, len(f.Bytes))
		}
	}
}

// Whatever the place of the cut, the frames are the first of the whole file
// and the end is a good one; only inside the headers is there nothing to read.
func TestCutAtEveryOctet(t *testing.T) {
	packets := samplePackets()[:10]
	packets = slices.DeleteFunc(packets, func(p packet) bool { return len(p.data) > 250 })
	for name, content := range containers(t, packets) {
		t.Run(name, func(t *testing.T) {
			whole, _ := readBytes(t, content)
			stride := 1
			if name == "lz4, legacy frame" {
				stride = 41 // each takes 8 MiB, the size of a block
			}
			for n := 0; n < len(content); n += stride {
				checkCut(t, content[:n], whole, false)
				if n%7 == 0 {
					checkCut(t, content[:n], whole, true)
				}
			}
		})
	}
}

func checkCut(t *testing.T, content []byte, whole []copied, idle bool) {
	t.Helper()
	s, err := openFile("-", Options{Stdin: bytes.NewReader(content), Idle: idle}, 256) // small, so that it must grow
	if err != nil {
		if compressionOf(content) == "" && len(content) >= 28 { // a section header
			t.Fatalf("cut at %d, after the header: %v", len(content), err)
		}
		return
	}
	defer s.Close()
	frames, err := drain(t, s)
	if err != nil {
		t.Fatalf("cut at %d: %v", len(content), err)
	}
	if len(frames) > len(whole) {
		t.Fatalf("cut at %d: %d frames of %d", len(content), len(frames), len(whole))
	}
	for i, f := range frames {
		if f.Bytes != whole[i].Bytes || f.Nanos != whole[i].Nanos || f.Number != i+1 {
			t.Fatalf("cut at %d: frame %d differs", len(content), i+1)
		}
	}
	if compressed := s.Info()[0].Compression != ""; compressed && !s.Info()[0].Truncated {
		t.Errorf("cut at %d: a packed file cut short is not told", len(content))
	}
}

func TestCutCompressedTail(t *testing.T) {
	packets := samplePackets()
	for name, content := range map[string][]byte{
		"gzip": asGzip(t, asPcap(little, magicMicros, packets)),
		"zstd": asZstd(t, asPcap(little, magicMicros, packets)),
		"lz4":  asLZ4(t, asPcap(little, magicMicros, packets)),
	} {
		t.Run(name, func(t *testing.T) {
			frames, info := readBytes(t, content[:len(content)*3/4])
			if len(frames) == 0 || len(frames) >= len(packets) {
				t.Fatalf("%d frames of %d", len(frames), len(packets))
			}
			checkPackets(t, frames, packets[:len(frames)])
			if !info.Truncated || len(info.Warnings) != 1 {
				t.Errorf("info %+v", info)
			}
		})
	}
}
