package capture

import (
	"errors"
	"strings"
	"testing"
)

// ngStart is a section with one Ethernet interface in microseconds.
func ngStart(o byteOrder) []byte {
	return ngInterfaceBlock(ngSection(nil, o), o, 1, 65535, nil)
}

func TestPcapng(t *testing.T) {
	for _, o := range []byteOrder{little, big} {
		comment := ngOption(ngOption(nil, o, 1, []byte("seen twice")), o, 0, nil)
		b := ngEnhanced(ngStart(o), o, 0, 1_000_000_000_250, 1500, payload(1, 61), comment)
		frames, info := readBytes(t, b)
		if len(frames) != 1 {
			t.Fatalf("%v: %d frames, want 1", o, len(frames))
		}
		f := frames[0]
		if f.Nanos != 1_000_000_000_250_000 || f.Length != 1500 || f.LinkType != 1 || f.Bytes != string(payload(1, 61)) || f.Interface != 0 {
			t.Errorf("%v: got %+v", o, f)
		}
		if info.Format != "pcapng" || info.Nanoseconds || info.Truncated || len(info.Warnings) != 0 || info.Position != int64(len(b)) {
			t.Errorf("%v: info %+v", o, info)
		}
	}
}

// Two sections in different byte orders, with interfaces of different link
// types, snapshot lengths and clocks, and blocks between that are no packets.
func TestPcapngSectionsAndInterfaces(t *testing.T) {
	b := ngSection(nil, big)
	b = ngInterfaceBlock(b, big, 1, 0, tsresol(big, 9))
	b = ngInterfaceBlock(b, big, 101, 100, nil)
	b = ngBlock(b, big, 4, payload(9, 40))     // name resolution
	b = ngBlock(b, big, 0xbad, payload(9, 12)) // custom
	b = ngEnhanced(b, big, 1, 7_000_000, 200, payload(1, 100), nil)
	b = ngEnhanced(b, big, 0, 8_000_000_001, 64, payload(2, 64), nil)
	b = ngSection(b, little)
	b = ngInterfaceBlock(b, little, 276, 0, nil)
	b = ngEnhanced(b, little, 0, 9_000_000, 32, payload(3, 32), nil)
	frames, info := readBytes(t, b)
	if len(frames) != 3 {
		t.Fatalf("%d frames, want 3", len(frames))
	}
	want := []struct {
		nanos int64
		link  LinkType
		index int
	}{{7e9, 101, 1}, {8e9 + 1, 1, 0}, {9e9, 276, 2}}
	for i, w := range want {
		f := frames[i]
		if f.Nanos != w.nanos || f.LinkType != w.link || f.Interface != w.index || f.Number != i+1 || f.Bytes[:9] != string(payload(i+1, 9)) {
			t.Errorf("frame %d is %+v, want %+v", i+1, f, w)
		}
	}
	if got := info.LinkTypes; len(got) != 3 || got[0] != 1 || got[1] != 101 || got[2] != 276 {
		t.Errorf("link types %v", got)
	}
	if !info.Nanoseconds {
		t.Error("an interface counts nanoseconds")
	}
}

func TestPcapngSimplePacket(t *testing.T) {
	tests := []struct {
		name    string
		snaplen uint32
		length  uint32
		stored  int
		want    int
	}{
		{"whole", 0, 61, 61, 61},
		{"cut by the snapshot length", 40, 61, 40, 40},
		{"a length larger than the block has", 0, 90, 60, 60},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := ngInterfaceBlock(ngSection(nil, little), little, 1, tt.snaplen, nil)
			b = ngEnhanced(b, little, 0, 5_000_000, 10, payload(1, 10), nil)
			b = ngBlock(b, little, 3, append(words(nil, little, tt.length), payload(2, tt.stored)...))
			frames, info := readBytes(t, b)
			if len(frames) != 2 {
				t.Fatalf("%d frames, want 2", len(frames))
			}
			f := frames[1]
			if f.Nanos != 5e9 || f.Length != int(tt.length) || f.Bytes != string(payload(2, tt.want)) {
				t.Errorf("got %+v", f)
			}
			if len(info.Warnings) != 1 || !strings.Contains(info.Warnings[0], "no time") {
				t.Errorf("warnings %q", info.Warnings)
			}
		})
	}
}

func TestPcapngObsoletePacket(t *testing.T) {
	for _, o := range []byteOrder{little, big} {
		b := ngInterfaceBlock(ngStart(o), o, 113, 0, nil)
		body := o.AppendUint16(nil, 1)  // interface
		body = o.AppendUint16(body, 17) // drops
		ticks := uint64(1)<<32 + 5      // both words count
		body = words(body, o, uint32(ticks>>32), uint32(ticks), 61, 70)
		b = ngBlock(b, o, 2, append(body, payload(1, 61)...))
		frames, _ := readBytes(t, b)
		if len(frames) != 1 {
			t.Fatalf("%v: %d frames, want 1", o, len(frames))
		}
		f := frames[0]
		if f.Interface != 1 || f.LinkType != 113 || f.Nanos != int64(ticks)*1000 || f.Length != 70 || f.Bytes != string(payload(1, 61)) {
			t.Errorf("%v: got %+v", o, f)
		}
	}
}

func TestPcapngStatistics(t *testing.T) {
	counter := func(n uint64) []byte { return little.AppendUint64(nil, n) }
	statistics := func(b []byte, index uint32, received, ifdrop, osdrop uint64) []byte {
		body := words(nil, little, index, 0, 0)
		body = ngOption(body, little, 4, counter(received))
		body = ngOption(body, little, 5, counter(ifdrop))
		body = ngOption(body, little, 7, counter(osdrop))
		return ngBlock(b, little, 5, body)
	}
	b := ngInterfaceBlock(ngStart(little), little, 1, 0, nil)
	b = statistics(b, 0, 100, 1, 2) // replaced by the next of interface 0
	b = statistics(b, 0, 200, 3, 4)
	b = statistics(b, 1, 50, 10, 20)
	b = statistics(b, 9, 1000, 1000, 1000) // no such interface
	_, info := readBytes(t, b)
	if want := (Drops{Received: 250, Interface: 13, Kernel: 24, Uncounted: DropsQueue}); info.Drops == nil || *info.Drops != want {
		t.Errorf("drops %+v, want %+v", info.Drops, want)
	}
	_, info = readBytes(t, ngBlock(ngStart(little), little, 5, words(nil, little, 0, 0, 0)))
	if info.Drops != nil {
		t.Errorf("statistics without counters give %+v, want nothing", info.Drops)
	}
}

func TestPcapngSecrets(t *testing.T) {
	keys := "CLIENT_RANDOM 00 11\n"
	secret := func(b []byte, kind uint32, content string) []byte {
		return ngBlock(b, little, 10, append(words(nil, little, kind, uint32(len(content))), content...))
	}
	b := secret(ngSection(nil, little), 0x544c534b, keys)
	b = secret(b, 0x57474b4c, "WG")
	s, err := openBytes(t, b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drain(t, s); err != nil {
		t.Fatal(err)
	}
	got := s.(SecretSource).Secrets()
	if len(got) != 2 || got[0].Type != SecretTLSKeyLog || string(got[0].Data) != keys || string(got[1].Data) != "WG" {
		t.Errorf("secrets %+v", got)
	}
}

func TestPcapngSecretsAreCapped(t *testing.T) {
	content := make([]byte, 8<<20)
	body := append(words(nil, little, 0x544c534b, uint32(len(content))), content...)
	b := ngSection(nil, little)
	for range 3 {
		b = ngBlock(b, little, 10, body)
	}
	s, err := openBytes(t, b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drain(t, s); err != nil {
		t.Fatal(err)
	}
	if got := s.(SecretSource).Secrets(); len(got) != 2 {
		t.Errorf("%d secrets of 8 MiB kept, want 2", len(got))
	}
	if w := s.Info()[0].Warnings; len(w) != 1 || !strings.Contains(w[0], "left out") {
		t.Errorf("warnings %q", w)
	}
}

func TestPcapngDamaged(t *testing.T) {
	enhanced := func(index, captured uint32) []byte {
		return append(words(nil, little, index, 0, 0, captured, captured), payload(1, 60)...)
	}
	start := ngStart(little)
	tests := []struct {
		name string
		tail []byte
	}{
		{"an interface that is not described", ngBlock(nil, little, 6, enhanced(1, 60))},
		{"interface 2³²-1", ngBlock(nil, little, 6, enhanced(0xffffffff, 60))},
		{"more captured than the block holds", ngBlock(nil, little, 6, enhanced(0, 61))},
		{"a captured length above the limit", ngBlock(nil, little, 6, enhanced(0, 262145))},
		{"an enhanced packet block too short", ngBlock(nil, little, 6, payload(1, 16))},
		{"an obsolete packet block too short", ngBlock(nil, little, 2, payload(1, 16))},
		{"a simple packet block too short", ngBlock(nil, little, 3, nil)},
		{"an interface block too short", ngBlock(nil, little, 1, payload(1, 4))},
		{"a statistics block too short", ngBlock(nil, little, 5, payload(1, 8))},
		{"a secrets block too short", ngBlock(nil, little, 10, payload(1, 4))},
		{"secrets longer than the block", ngBlock(nil, little, 10, words(nil, little, 0x544c534b, 5, 0))},
		{"a section too short", ngBlock(nil, little, 0x0a0d0d0a, words(nil, little, 0x1a2b3c4d))},
		{"an unknown byte order", ngBlock(nil, little, 0x0a0d0d0a, words(nil, little, 0x11111111, 1, 0, 0))},
		{"an unknown version", ngBlock(nil, little, 0x0a0d0d0a, words(nil, little, 0x1a2b3c4d, 2, 0, 0))},
		{"a block of 8 octets", words(nil, little, 99, 8, 8)},
		{"a block of 13 octets", words(nil, little, 99, 13, 0, 0)},
		{"a block of 0 octets", words(nil, little, 99, 0, 0)},
		{"a block of 4 GiB", words(nil, little, 99, 0xfffffffc, 0)},
		{"different lengths before and after", words(nil, little, 99, 16, 0, 12)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := ngEnhanced(append([]byte(nil), start...), little, 0, 1, 60, payload(1, 60), nil)
			offset := len(b)
			s, err := openBytes(t, append(b, tt.tail...))
			if err != nil {
				t.Fatal(err)
			}
			frames, err := drain(t, s)
			var damaged *FormatError
			if !errors.As(err, &damaged) || damaged.Offset != int64(offset) || len(frames) != 1 {
				t.Errorf("%d frames, error %v; want 1 and a *FormatError at %d", len(frames), err, offset)
			}
		})
	}
}

func TestPcapngNoInterface(t *testing.T) {
	for _, kind := range []uint32{2, 3, 6} {
		s, err := openBytes(t, ngBlock(ngSection(nil, little), little, kind, payload(0, 64)))
		if err != nil {
			t.Fatal(err)
		}
		var damaged *FormatError
		if _, err := drain(t, s); !errors.As(err, &damaged) || damaged.Offset != 28 {
			t.Errorf("block %d: error %v", kind, err)
		}
	}
}

func TestPcapngTooManyInterfaces(t *testing.T) {
	b := ngSection(nil, little)
	for range maxInterfaces + 1 {
		b = ngInterfaceBlock(b, little, 1, 0, nil)
	}
	s, err := openBytes(t, b)
	if err != nil {
		t.Fatal(err)
	}
	var damaged *FormatError
	if _, err := drain(t, s); !errors.As(err, &damaged) {
		t.Errorf("error %v, want a *FormatError", err)
	}
}

func TestPcapngTruncated(t *testing.T) {
	b := ngEnhanced(ngStart(little), little, 0, 1, 60, payload(1, 60), nil)
	whole := len(b)
	b = ngEnhanced(b, little, 0, 2, 60, payload(2, 60), nil)
	for cut := whole + 1; cut < len(b); cut++ {
		frames, info := readBytes(t, b[:cut])
		if len(frames) != 1 || !info.Truncated || len(info.Warnings) != 1 {
			t.Errorf("cut at %d: %d frames, info %+v", cut, len(frames), info)
		}
	}
	if frames, info := readBytes(t, b[:whole]); len(frames) != 1 || info.Truncated {
		t.Errorf("cut between blocks: %d frames, info %+v", len(frames), info)
	}
}

// A packet block with more options than fit in the buffer of the reader.
func TestPcapngLargeBlock(t *testing.T) {
	var comments []byte
	for range 40 {
		comments = ngOption(comments, little, 1, payload(3, 65000))
	}
	b := ngEnhanced(ngStart(little), little, 0, 1, 60, payload(1, 60), comments)
	b = ngEnhanced(b, little, 0, 2, 60, payload(2, 60), nil)
	frames, _ := readBytes(t, b)
	if len(frames) != 2 || frames[0].Bytes != string(payload(1, 60)) || frames[1].Bytes != string(payload(2, 60)) {
		t.Errorf("%d frames", len(frames))
	}
}

// Options that promise more than the block has are left alone.
func TestPcapngOptionsBeyondBlock(t *testing.T) {
	options := little.AppendUint16(nil, 9)
	options = append(little.AppendUint16(options, 0xffff), 9, 0, 0, 0)
	b := ngInterfaceBlock(ngSection(nil, little), little, 1, 0, options)
	b = ngEnhanced(b, little, 0, 1, 60, payload(1, 60), nil)
	if frames, _ := readBytes(t, b); len(frames) != 1 || frames[0].Nanos != 1000 {
		t.Errorf("got %+v, want the default of microseconds", frames)
	}
}
