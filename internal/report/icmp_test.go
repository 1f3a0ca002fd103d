package report

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
)

func TestICMP(t *testing.T) {
	n := correlate.NetworkError{
		Type: 3, Code: 3, From: netip.MustParseAddr("198.51.100.1"), Src: netip.MustParseAddrPort("192.0.2.1:5060"), Dst: netip.MustParseAddrPort("192.0.2.2:5060"),
		Count: 2, First: 1e9, Last: 2e9, Frames: []int{3, 5}, About: 2, Unreachable: true,
	}
	s := &correlate.Snapshot{
		Calls:   []*correlate.Call{{Index: 7, NetworkErrors: []correlate.NetworkError{n}}},
		Streams: []*correlate.Stream{{ID: 9, NetworkErrors: []correlate.NetworkError{{V6: true, Type: 1, Code: 4, From: n.From, Src: n.Src, Dst: n.Dst, Count: 1, Frames: []int{8}}}}},
	}
	var b bytes.Buffer
	writeICMP(&b, s)
	want := "ICMP errors\n" +
		"call 7: 198.51.100.1 says port unreachable of udp from 192.0.2.1:5060 to 192.0.2.2:5060, 2 times, first in frame 3\n" +
		"stream 9: 198.51.100.1 says port unreachable of udp from 192.0.2.1:5060 to 192.0.2.2:5060, first in frame 8\n\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	b.Reset()
	if writeICMP(&b, &correlate.Snapshot{}); b.Len() != 0 {
		t.Errorf("without errors: %q", b.String())
	}
	j := newICMP(s.Calls[0].NetworkErrors)[0]
	if j.Text != "port unreachable" || j.Version != 4 || j.First != "1970-01-01T00:00:01.000000000Z" && !strings.HasPrefix(j.First, "1970-01-01T00:00:01") || j.About != 2 {
		t.Errorf("%+v", j)
	}
}
