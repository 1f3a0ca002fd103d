package extract

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/scene"
	"sipsniff/internal/wire"
)

// written is a capture of segments from one host to another, in this order; a
// segment is an offset in the text and a length.
func written(t *testing.T, text string, segments [][2]int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "segments.pcap")
	w, err := capture.Create(name, capture.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	h := wire.IP{Src: netip.MustParseAddr("192.0.2.1"), Dst: netip.MustParseAddr("192.0.2.2"), Protocol: 6}
	put := func(nanos int64, tcp []byte) {
		b := wire.EthernetIP(h.Packet(tcp))
		if err := w.Write(&capture.Frame{Nanos: nanos, Data: b, Length: len(b), LinkType: 1}); err != nil {
			t.Fatal(err)
		}
	}
	const syn, ack = 0x02, 0x10
	put(1e9, wire.TCP(40000, 5060, 999, 0, syn, nil))
	for i, s := range segments {
		put(1e9+int64(i+1)*1e6, wire.TCP(40000, 5060, uint32(1000+s[0]), 1, ack, []byte(text[s[0]:s[0]+s[1]])))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// Every segment of a message is selected, in whichever order they were captured,
// and none of a message of another call.
func TestSegmentsOutOfOrder(t *testing.T) {
	request := func(id string) string {
		body := strings.Repeat("x", 300)
		return fmt.Sprintf("MESSAGE sip:b@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK%s\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: %s\r\nCSeq: 1 MESSAGE\r\n"+
			"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", id, id, len(body), body)
	}
	first, second := request("one"), request("two")
	n := len(first)
	whole, a, b, c, d := [2]int{0, n}, [2]int{n, 100}, [2]int{n + 100, 100}, [2]int{n + 200, 100}, [2]int{n + 300, len(second) - 300}
	for _, tt := range []struct {
		name     string
		segments [][2]int
		want     []int // frame 1 is the SYN
	}{
		{"in order", [][2]int{whole, a, b, c, d}, []int{3, 4, 5, 6}},
		{"one in front of the first octet", [][2]int{whole, c, a, b, d}, []int{3, 4, 5, 6}},
		{"the last octet in front of the first", [][2]int{whole, d, a, b, c}, []int{3, 4, 5, 6}},
		{"one behind the last octet", [][2]int{whole, a, d, b, c}, []int{3, 4, 5, 6}},
		{"in front of a message of another call", [][2]int{d, b, whole, a, c}, []int{2, 3, 5, 6}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := written(t, first+second, tt.segments)
			snap := scene.Capture(t, name)
			at := slices.IndexFunc(snap.Calls, func(c *correlate.Call) bool { return c.CallID == "two" })
			if at < 0 || len(snap.Calls) != 2 {
				t.Fatalf("%d calls", len(snap.Calls))
			}
			source, err := capture.Open([]string{name}, capture.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer source.Close()
			found, err := Select(snap, snap.Calls[at:at+1]).Find(context.Background(), source, decode.Config{})
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for frame := range len(tt.segments) + 2 {
				if found.Has(frame) {
					got = append(got, frame)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("frames %v, want %v", got, tt.want)
			}
		})
	}
}
