package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"testing/iotest"

	"sipsniff/capture"
	"sipsniff/decode"
	"sipsniff/internal/allowance"
)

// TestChunking reads each capture in other wrappings and other pieces. The
// JSON must be the same to the last octet, but for the sources, which say
// how it was wrapped. Under -race it is compared with the same golden files
// as without.
func TestChunking(t *testing.T) {
	inOctets := 0 // captures that were cut into segments of one octet
	for _, name := range allowance.Some(captures(t), 4) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			octets, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := withoutSources(t, name, open(t, name), false)
			for wrapping, src := range map[string]capture.Source{
				"one octet at a time through a pipe": fromStdin(t, iotest.OneByteReader(bytes.NewReader(octets))),
				"half of what was asked for":         fromStdin(t, iotest.HalfReader(bytes.NewReader(octets))),
				"gzip":                               open(t, zipped(t, octets)),
				"pcapng":                             open(t, copied(t, name, "copy.pcapng")),
				"pcap":                               open(t, copied(t, name, "copy.pcap")),
			} {
				if got := withoutSources(t, name, src, false); !bytes.Equal(got, want) {
					t.Errorf("%s: %s", wrapping, firstDifference(want, got))
				}
			}

			whole := analyseOf(t, name, open(t, name), false)
			if overTCP := whole.Snapshot.Transports; overTCP[decode.TCP]+overTCP[decode.TLS]+overTCP[decode.WS]+overTCP[decode.WSS] == 0 {
				return
			}
			inOctets++
			// Frames are counted, so their number must differ here.
			want = withoutSources(t, name, open(t, name), true)
			if got := withoutSources(t, name, &octetSegments{frames: frames(t, name)}, true); !bytes.Equal(got, want) {
				t.Errorf("segments of one octet: %s", firstDifference(want, got))
			}
		})
	}
	if inOctets == 0 {
		t.Error("no capture has SIP over TCP")
	}
}

func withoutSources(t *testing.T, name string, src capture.Source, withoutFrames bool) []byte {
	t.Helper()
	r := analyseOf(t, name, src, false)
	r.Status.Sources = nil
	if withoutFrames {
		r.Status.Frames, r.Status.Octets = 0, 0
		for i := range r.Status.Encrypted {
			c := &r.Status.Encrypted[i]
			c.FirstFrame, c.LastFrame = 0, 0
		}
	}
	if withoutFrames {
		return frameNumbers.ReplaceAll(jsonOf(t, r), nil)
	}
	return jsonOf(t, r)
}

// frameNumbers are the places of the JSON that name frames: one, or a list.
var frameNumbers = regexp.MustCompile(`"(content_|max_)?frames?": ?(\d+|\[[\d,\s]*\])`)

func fromStdin(t *testing.T, r io.Reader) capture.Source {
	t.Helper()
	src, err := capture.Open([]string{"-"}, capture.Options{Stdin: r})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func zipped(t *testing.T, octets []byte) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(octets); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.pcap.gz")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// copied writes the capture anew in the format that the name asks for.
func copied(t *testing.T, from, name string) string {
	t.Helper()
	src := open(t, from)
	defer src.Close()
	path := filepath.Join(t.TempDir(), name)
	w, err := capture.Create(path, capture.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var f capture.Frame
	for {
		err := src.Next(&f)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = w.Write(&f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func frames(t *testing.T, name string) []capture.Frame {
	t.Helper()
	src := open(t, name)
	defer src.Close()
	var all []capture.Frame
	var f capture.Frame
	for {
		err := src.Next(&f)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		kept := f
		kept.Data = slices.Clone(f.Data)
		all = append(all, kept)
	}
}

// octetSegments is a source that cuts every TCP segment of Ethernet and IPv4
// into segments of one octet with the same time.
type octetSegments struct {
	frames []capture.Frame
	ready  []capture.Frame
	number int
}

func (s *octetSegments) Next(f *capture.Frame) error {
	for len(s.ready) == 0 {
		if len(s.frames) == 0 {
			return io.EOF
		}
		s.ready, s.frames = cutIntoOctets(s.frames[0]), s.frames[1:]
	}
	s.number++
	*f, s.ready = s.ready[0], s.ready[1:]
	f.Number = s.number
	return nil
}

func (s *octetSegments) Info() []capture.SourceInfo { return nil }
func (s *octetSegments) Close() error               { return nil }

const (
	ethernetHeader = 14
	protocolTCP    = 6
	flagsFINandPSH = 0x09
)

func cutIntoOctets(f capture.Frame) []capture.Frame {
	b := f.Data
	if f.LinkType != 1 || len(b) < ethernetHeader+40 || b[12] != 8 || b[13] != 0 || b[ethernetHeader+9] != protocolTCP {
		return []capture.Frame{f}
	}
	ip := b[ethernetHeader:]
	ipHeader := int(ip[0]&15) * 4
	tcp := ip[ipHeader:int(binary.BigEndian.Uint16(ip[2:]))]
	tcpHeader := int(tcp[12]>>4) * 4
	payload := tcp[tcpHeader:]
	if len(payload) < 2 {
		return []capture.Frame{f}
	}
	seq := binary.BigEndian.Uint32(tcp[4:])
	head := ethernetHeader + ipHeader + tcpHeader
	cut := make([]capture.Frame, len(payload))
	for i := range payload {
		data := append(slices.Clone(b[:head]), payload[i])
		binary.BigEndian.PutUint16(data[ethernetHeader+2:], uint16(ipHeader+tcpHeader+1))
		binary.BigEndian.PutUint32(data[ethernetHeader+ipHeader+4:], seq+uint32(i))
		if i < len(payload)-1 {
			data[ethernetHeader+ipHeader+13] &^= flagsFINandPSH
		}
		cut[i] = f
		cut[i].Data, cut[i].Length = data, len(data)
	}
	return cut
}
