package health

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/golden"
)

func TestDrops(t *testing.T) {
	if Drops([]capture.SourceInfo{{Name: "a"}}) != nil {
		t.Error("nobody counted, but there is a number")
	}
	const rest = capture.DropsReceived | capture.DropsQueue
	got := Drops([]capture.SourceInfo{
		{Drops: &capture.Drops{Interface: 3, Uncounted: rest | capture.DropsKernel}},
		{},
		{Drops: &capture.Drops{Interface: 1, Kernel: 5, Uncounted: rest}},
	})
	if got == nil || *got != (capture.Drops{Interface: 4, Kernel: 5, Uncounted: rest}) {
		t.Errorf("%+v", got)
	}
}

func TestApart(t *testing.T) {
	for _, tt := range []struct {
		times []Range
		want  int64
		known bool
	}{
		{nil, 0, false},
		{[]Range{{1, 9, 2}, {}}, 0, false},
		{[]Range{{1, 9, 2}, {5, 20, 2}}, 0, true},
		{[]Range{{100, 120, 2}, {1, 9, 2}}, 91, true},
		{[]Range{{1, 50, 2}, {5, 9, 2}, {60, 70, 2}, {200, 201, 1}}, 130, true},
	} {
		a := Account{Counts: Counts{Times: tt.times}}
		if got, known := a.Apart(); got != tt.want || known != tt.known {
			t.Errorf("%v are %d apart (known %v), want %d (%v)", tt.times, got, known, tt.want, tt.known)
		}
	}
}

func TestHealthy(t *testing.T) {
	a := Account{
		Frames: 100, Sources: []capture.SourceInfo{{Name: "a"}}, Drops: &capture.Drops{Received: 100},
		Counts: Counts{Times: []Range{{1, 2, 100}}},
		Decode: decode.Stats{Undecoded: map[string]uint64{"icmp": 3, "not_ip": 9}, Fragments: 4, Reassembled: 2,
			Signalling: decode.SignallingStats{KeepAlives: 5, TCPKeepAlives: 5, Connections: 2, TLS: 1}},
		Links: correlate.Links{Pairs: 3, OneSided: 1, List: []correlate.Link{{Seen: correlate.SeenRequests}}},
	}
	if r := a.Remarks(); len(r) != 0 {
		t.Errorf("a capture in good health has the remarks %q", r)
	}
}

// poor is a capture with every fault at once.
func poor() Account {
	host := netip.MustParseAddr
	links := correlate.Links{Pairs: 9, OneSided: 9}
	for i, seen := range []string{correlate.SeenRequests, correlate.SeenResponses, correlate.SeenDirection, correlate.SeenDirection,
		correlate.SeenDirection, correlate.SeenDirection, correlate.SeenDirection} {
		links.List = append(links.List, correlate.Link{A: host("192.0.2.1"), B: host("198.51.100.1").Next(), Seen: seen, Certain: i != 3})
	}
	return Account{
		Frames:  1000,
		Sources: []capture.SourceInfo{{Name: "a.pcap", Format: "pcap"}, {Name: "eth1", Format: "live"}},
		Drops:   &capture.Drops{Received: 1000, Kernel: 1, Interface: 20, Queue: 3},
		Counts: Counts{
			Cut: 4, CutOctets: 400, CutMessages: map[string]uint64{"snaplen": 1, "tcp_gap": 2, "ip_fragment_lost": 1},
			Steps: Steps{Count: 1, Largest: -3600 * second, FirstFrame: 17}, OutOfOrder: 1, Untimed: 2,
			Times: []Range{{First: 0, Last: second, Frames: 500}, {First: 300_000 * second, Last: 300_001 * second, Frames: 500}},
		},
		Decode: decode.Stats{
			Duplicates: 60, DuplicatePairs: []decode.DuplicatePair{{FirstInterface: 3, AgainSource: 1, Frames: 60}},
			FragmentsLost: 3, FragmentsHeadless: 1, FragmentOverlaps: 1,
			Undecoded:  map[string]uint64{"esp": 2, "truncated_ip": 1, "icmp": 7},
			Signalling: decode.SignallingStats{Gaps: 1, GapOctets: 1200, Skipped: 300, Evicted: 2},
		},
		Links: links,
	}
}

func TestRemarks(t *testing.T) {
	a := poor()
	var b strings.Builder
	for _, r := range a.Remarks() {
		if r.Fact == "" || r.Hint == "" {
			t.Errorf("%+v says nothing", r)
		}
		b.WriteString(r.Fact + "\n  " + r.Hint + "\n")
	}
	golden.Compare(t, "testdata/poor.golden", b.String())
}

// Every reason that hides something is one that the decoder gives.
func TestUnreadableReasons(t *testing.T) {
	known := decode.Reasons()
	for reason := range unreadable {
		if !slices.Contains(known, reason) {
			t.Errorf("the decoder knows no reason %q", reason)
		}
	}
	for _, reason := range []string{"icmp", "icmp_error", "not_ip", "other_ip_protocol", "fragment_incomplete"} {
		if unreadable[reason] != "" {
			t.Errorf("%s hides no calls", reason)
		}
	}
}
