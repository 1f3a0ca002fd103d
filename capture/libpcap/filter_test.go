//go:build cgo && !nopcap

package libpcap

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/capture"
)

// udpPacket is an IPv4 packet from 192.0.2.1 to 192.0.2.2.
func udpPacket(source, destination uint16) []byte {
	b := []byte{0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2}
	b = binary.BigEndian.AppendUint16(b, source)
	b = binary.BigEndian.AppendUint16(b, destination)
	return append(b, 0, 12, 0, 0, 'a', 'b', 'c', 'd')
}

// The same packet behind the headers of several link types.
func framesOf(packet []byte) map[capture.LinkType][]byte {
	head := func(n int, protocolAt int) []byte {
		b := make([]byte, n)
		b[protocolAt] = 0x08
		return append(b, packet...)
	}
	null := append([]byte{2, 0, 0, 0}, packet...)
	return map[capture.LinkType][]byte{
		1:   head(14, 12), // Ethernet
		113: head(16, 14), // Linux cooked
		276: head(20, 0),  // Linux cooked, version 2
		101: packet,       // raw IP
		228: packet,       // raw IPv4
		0:   null,         // BSD loopback
	}
}

func frame(link capture.LinkType, data []byte) *capture.Frame {
	return &capture.Frame{Data: data, Length: len(data), LinkType: link}
}

func TestFilterOnEveryLinkType(t *testing.T) {
	for expression, want := range map[string]bool{
		"udp port 5060":                 true,
		"udp dst port 5060 and net 192": true,
		"udp src port 5060":             false,
		"tcp":                           false,
		"host 192.0.2.2":                true,
		"not udp port 5061":             true,
	} {
		f, err := NewFilter(expression)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // from the cache as well
			for link, data := range framesOf(udpPacket(4000, 5060)) {
				if got := f.Match(frame(link, data)); got != want {
					t.Errorf("%q on link type %d: %v", expression, link, got)
				}
			}
		}
		if p := f.Problems(); len(p) != 0 {
			t.Errorf("%q: problems %v", expression, p)
		}
	}
}

func TestFilterOctets(t *testing.T) {
	f, err := NewFilter("greater 1000")
	if err != nil {
		t.Fatal(err)
	}
	cut := frame(1, make([]byte, 60))
	cut.Length = 1500
	if !f.Match(cut) || f.Match(frame(1, make([]byte, 60))) {
		t.Error("the length on the wire counts, not the captured one")
	}
	if f.Match(frame(1, nil)) {
		t.Error("an empty frame passes")
	}
}

func TestFilterErrors(t *testing.T) {
	for _, expression := range []string{"udp prot 5060", "port", "(", "host 1.2.3.4.5"} {
		_, err := CompileFilter(expression)
		var wrong *FilterError
		if !errors.As(err, &wrong) || wrong.Expression != expression || wrong.Err.Error() == "" {
			t.Errorf("%q: %v", expression, err)
		}
	}
	_, err := CompileFilter("udp prot 5060")
	if err == nil || !strings.Contains(err.Error(), "syntax error") {
		t.Errorf("not in libpcap's words: %v", err)
	}
}

// A filter that has no meaning for a link type passes nothing of it and says
// so; one that only some link types know is none the worse for it.
func TestFilterWithoutMeaning(t *testing.T) {
	f, err := NewFilter("ether src 02:00:00:00:00:01")
	if err != nil {
		t.Fatal(err)
	}
	packet := udpPacket(1, 2)
	for range 3 {
		if f.Match(frame(101, packet)) {
			t.Error("a packet without Ethernet passes")
		}
		f.Match(frame(1, make([]byte, 60)))
	}
	if p := f.Problems(); len(p) != 1 || !strings.Contains(p[0].Error(), "link type 101") {
		t.Errorf("problems %v", p)
	}
	if _, err := NewFilter("inbound"); err != nil {
		t.Errorf("a filter of cooked captures: %v", err)
	}
}

func TestFilterEmpty(t *testing.T) {
	match, err := CompileFilter("")
	if match != nil || err != nil {
		t.Errorf("%v, %v", match != nil, err)
	}
	f, err := NewFilter("")
	if err != nil || !f.Match(frame(1, nil)) {
		t.Errorf("an empty filter stops frames: %v", err)
	}
}

func TestFilterLeavesNoFiles(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, expression := range []string{"udp", "udp prot"} {
		_, _ = NewFilter(expression)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
	t.Setenv("TMPDIR", filepath.Join(dir, "none"))
	if _, err := NewFilter("udp"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a directory for temporary files: %v", err)
	}
}

func BenchmarkFilter(b *testing.B) {
	f, err := NewFilter("udp port 5060 or udp portrange 10000-20000")
	if err != nil {
		b.Fatal(err)
	}
	p := frame(1, framesOf(udpPacket(4000, 15000))[1])
	b.ReportAllocs()
	for b.Loop() {
		f.Match(p)
	}
}
