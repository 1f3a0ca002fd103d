package capture

import (
	"bytes"
	"io"
	"os"
	"testing"
)

// manyPackets is n RTP-sized frames, as the libraries were measured with.
func manyPackets(n int) []packet {
	all := make([]packet, n)
	data := payload(1, 214)
	for i := range all {
		all[i] = packet{uint32(i / 1000), uint32(i % 1000), 214, data}
	}
	return all
}

func TestNextAllocatesNothing(t *testing.T) {
	packets := manyPackets(20000)
	for name, content := range map[string][]byte{
		"pcap":   asPcap(little, magicMicros, packets),
		"pcapng": asPcapng(little, 6, packets),
	} {
		s, err := openBytes(t, content)
		if err != nil {
			t.Fatal(err)
		}
		checkAllocations(t, name, s)
		path := writeFile(t, "a", content)
		s, err = Open([]string{path, path}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkAllocations(t, "merged "+name, s)
		s.Close()
	}
}

func checkAllocations(t *testing.T, name string, s Source) {
	t.Helper()
	var f Frame
	next := func() {
		if err := s.Next(&f); err != nil {
			t.Fatal(err)
		}
	}
	next() // a merge reads its first frames here
	if n := testing.AllocsPerRun(15000, next); n != 0 {
		t.Errorf("%s: %v allocations a frame, want 0", name, n)
	}
}

func BenchmarkRead(b *testing.B) {
	packets := manyPackets(200000)
	pcap, ng := asPcap(little, magicMicros, packets), asPcapng(little, 6, packets)
	for _, c := range []struct {
		name    string
		content []byte
		files   int
	}{
		{"pcap", pcap, 1},
		{"pcapng", ng, 1},
		{"pcap-merged", pcap, 3},
		{"pcap-gzip", asGzip(b, pcap), 1},
		{"pcap-zstd", asZstd(b, pcap), 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			path := writeFile(b, "capture", c.content)
			benchmarkRead(b, path, c.files, len(packets))
		})
	}
}

// benchmarkRead counts one frame as one operation.
func benchmarkRead(b *testing.B, path string, files, frames int) {
	names := make([]string, files)
	for i := range names {
		names[i] = path
	}
	b.ReportAllocs()
	b.SetBytes(214)
	var f Frame
	for left := b.N; left > 0; {
		s, err := Open(names, Options{})
		if err != nil {
			b.Fatal(err)
		}
		for ; left > 0; left-- {
			if err := s.Next(&f); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		s.Close()
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range []string{"pcap", "pcapng"} {
		b.Run(format, func(b *testing.B) {
			null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
			if err != nil {
				b.Fatal(err)
			}
			defer null.Close()
			w, err := NewWriter(null, WriterOptions{Format: format})
			if err != nil {
				b.Fatal(err)
			}
			f := Frame{Data: bytes.Repeat([]byte{1}, 214), Length: 214, LinkType: 1}
			b.ReportAllocs()
			b.SetBytes(214)
			for i := 0; b.Loop(); i++ {
				f.Nanos = int64(i) * 20_000
				if err := w.Write(&f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
