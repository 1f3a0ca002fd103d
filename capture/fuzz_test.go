package capture

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// checkInvariants reads content to its end and checks what must hold for
// every input. Reading terminates because each frame takes at least its
// record header of the input.
func checkInvariants(t *testing.T, content []byte) {
	s, err := openFile("-", Options{Stdin: bytes.NewReader(content)}, 512)
	if err != nil {
		return
	}
	defer s.Close()
	packed := s.info.Compression != ""
	var f Frame
	var octets uint64
	n := 0
	for err = s.Next(&f); err == nil; err = s.Next(&f) {
		n++
		octets += uint64(len(f.Data))
		if f.Number != n || f.Source != 0 || f.Interface < 0 {
			t.Fatalf("frame %d is %d of source %d, interface %d", n, f.Number, f.Source, f.Interface)
		}
		if len(f.Data) > MaxFrame || f.Length < len(f.Data) {
			t.Fatalf("frame %d has %d octets of %d", n, len(f.Data), f.Length)
		}
		if !packed && (octets > uint64(len(content)) || n > len(content)/12) {
			t.Fatalf("%d frames of %d octets out of %d", n, octets, len(content))
		}
	}
	checkEnd(t, s, err, n, octets)
}

func checkEnd(t *testing.T, s *file, err error, n int, octets uint64) {
	var damaged *FormatError
	switch {
	case err == io.EOF:
	case !errors.As(err, &damaged):
		t.Fatalf("ended with %v", err)
	case damaged.Offset != s.content.offset():
		t.Fatalf("damaged at %d, but reading stopped at %d", damaged.Offset, s.content.offset())
	}
	var f Frame
	if again := s.Next(&f); again != err {
		t.Fatalf("ended with %v, then %v", err, again)
	}
	info := s.Info()[0]
	if info.Frames != uint64(n) || info.Octets != octets || info.Truncated && len(info.Warnings) == 0 {
		t.Fatalf("%d frames, %d octets, info %+v", n, octets, info)
	}
	if len(info.Warnings) > maxWarnings || len(info.LinkTypes) > maxLinkTypes {
		t.Fatalf("%d warnings, %d link types", len(info.Warnings), len(info.LinkTypes))
	}
	size := 0
	for _, secret := range s.Secrets() {
		size += len(secret.Data)
	}
	if size > maxSecrets {
		t.Fatalf("%d octets of secrets", size)
	}
}

func FuzzPcap(f *testing.F) {
	packets := samplePackets()[:6]
	for _, o := range []byteOrder{little, big} {
		f.Add(asPcap(o, magicMicros, packets))
		f.Add(asPcap(o, magicNanos, packets))
		kuznetzov := pcapHeader(o, magicKuznetzov, 0, 1)
		kuznetzov = words(kuznetzov, o, 1, 2, 4, 4, 9, 0x0008, 0xffffffff)
		f.Add(kuznetzov)
		f.Add(words(pcapHeader(o, magicMicros, 0, 1), o, 1, 2, 0xffffffff, 4))
	}
	addShared(f, isPcapFile)
	f.Fuzz(func(t *testing.T, content []byte) { checkInvariants(t, content) })
}

func FuzzPcapng(f *testing.F) {
	packets := samplePackets()[:6]
	for _, o := range []byteOrder{little, big} {
		f.Add(asPcapng(o, 9, packets))
		b := ngInterfaceBlock(ngSection(nil, o), o, 1, 20, ngOption(tsresol(o, 0xff), o, 14, o.AppendUint64(nil, 1<<63)))
		b = ngBlock(b, o, 3, append(words(nil, o, 60), payload(1, 60)...))
		b = ngBlock(b, o, 2, append(words(nil, o, 0, 1, 2, 4, 4), payload(1, 4)...))
		b = ngBlock(b, o, 5, ngOption(words(nil, o, 0, 1, 2), o, 5, o.AppendUint64(nil, 3)))
		b = ngBlock(b, o, 10, append(words(nil, o, 0x544c534b, 4), "abcd"...))
		b = ngBlock(b, o, 4, payload(1, 8))
		f.Add(append(b, asPcapng(o, 6, packets)...))
	}
	addShared(f, isPcapngFile)
	f.Fuzz(func(t *testing.T, content []byte) { checkInvariants(t, content) })
}

// FuzzOpen adds the decompressors and the recognition of foreign formats.
func FuzzOpen(f *testing.F) {
	plain := asPcap(little, magicMicros, samplePackets()[:6])
	for _, content := range [][]byte{asGzip(f, plain), asZstd(f, plain), asLZ4(f, plain), asLegacyLZ4(f, plain), []byte("snoop\x00\x00\x00"), []byte("text")} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) { checkInvariants(t, content) })
}

func isPcapFile(head []byte) bool {
	ok, _ := isPcap(head)
	return ok
}

func isPcapngFile(head []byte) bool { return bytes.HasPrefix(head, []byte("\n\r\r\n")) }
