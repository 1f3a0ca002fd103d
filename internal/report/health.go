package report

import (
	"fmt"
	"io"
	"net/netip"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/clean"
	"sipsniff/internal/health"
)

// Health is what is known of the health of the capture.
func (r Result) Health() *health.Account {
	a := &health.Account{
		Frames: r.Status.Frames, Sources: r.Status.Sources, Drops: r.Status.Drops,
		Counts: r.Status.Health, Decode: r.Status.Decode, Links: r.Snapshot.Links,
	}
	if a.Drops == nil {
		a.Drops = health.Drops(a.Sources)
	}
	return a
}

// writeHealth writes what matters, and nothing of a capture in good health.
func writeHealth(w io.Writer, r Result) {
	remarks := r.Health().Remarks()
	if len(remarks) == 0 {
		return
	}
	fmt.Fprintln(w, "\nCapture health")
	for _, m := range remarks {
		fmt.Fprintf(w, "  %s\n    %s\n", clean.Line(m.Fact), clean.Line(m.Hint))
	}
}

// healthJSON is documented in docs/HEALTH.md.
type healthJSON struct {
	Drops          *dropsJSON        `json:"drops"` // null when nobody counted
	CutFrames      uint64            `json:"cut_frames"`
	CutOctets      uint64            `json:"cut_octets"`
	CutMessages    map[string]uint64 `json:"cut_sip_messages"`
	Undecoded      uint64            `json:"undecoded_frames"`
	Duplicates     uint64            `json:"duplicate_frames"`
	Routed         uint64            `json:"routed_duplicates"`
	DuplicatePairs []duplicatePair   `json:"duplicate_pairs"`
	ClockSteps     clockSteps        `json:"clock_steps"`
	OutOfOrder     uint64            `json:"out_of_order_frames"`
	Untimed        uint64            `json:"untimed_frames"`
	SourcesApart   *float64          `json:"sources_apart_ms,omitempty"`
	Fragments      fragmentsJSON     `json:"fragments"`
	TCP            tcpJSON           `json:"tcp"`
	Encrypted      uint64            `json:"encrypted_connections"`
	KeepAlives     uint64            `json:"keep_alives"`
	NonSIP         uint64            `json:"non_sip_datagrams"`
	Links          int               `json:"links"`
	LinksFull      bool              `json:"links_full,omitempty"`
	OneSidedLinks  int               `json:"one_sided_links"`
	OneSided       []linkJSON        `json:"one_sided"`
}

type dropsJSON struct {
	Received  *uint64 `json:"received,omitempty"`
	Kernel    *uint64 `json:"kernel,omitempty"`
	Interface *uint64 `json:"interface,omitempty"`
	Queue     *uint64 `json:"queue,omitempty"`
}

type duplicatePair struct {
	First  placeJSON `json:"first"`
	Again  placeJSON `json:"again"`
	Frames uint64    `json:"frames"`
}

type placeJSON struct {
	Source    string `json:"source"`
	Interface uint32 `json:"interface"`
}

type clockSteps struct {
	Count      uint64   `json:"count"`
	Largest    *float64 `json:"largest_ms,omitempty"`
	FirstFrame int      `json:"first_frame,omitempty"`
}

type fragmentsJSON struct {
	Frames      uint64 `json:"frames"`
	Reassembled uint64 `json:"reassembled"`
	Incomplete  uint64 `json:"incomplete"`
	Headless    uint64 `json:"without_first"`
	Overlaps    uint64 `json:"contradicting"`
}

type tcpJSON struct {
	Connections   uint64 `json:"connections"`
	Gaps          uint64 `json:"gaps"`
	GapOctets     uint64 `json:"gap_octets"`
	Resync        uint64 `json:"resync_octets"`
	Retransmitted uint64 `json:"retransmitted_segments"`
	OutOfOrder    uint64 `json:"out_of_order_segments"`
	KeepAlives    uint64 `json:"keep_alives"`
	Forgotten     uint64 `json:"forgotten_connections"`
}

type linkJSON struct {
	A       string    `json:"a"`
	B       string    `json:"b"`
	AToB    linkCount `json:"a_to_b"`
	BToA    linkCount `json:"b_to_a"`
	Seen    string    `json:"seen"`
	Certain bool      `json:"certain"`
}

type linkCount struct {
	Requests  uint64 `json:"requests"`
	Responses uint64 `json:"responses"`
}

func newHealth(a *health.Account) *healthJSON {
	c, s := &a.Counts, &a.Decode
	h := &healthJSON{
		Drops: newDrops(a.Drops), CutFrames: c.Cut, CutOctets: c.CutOctets, CutMessages: c.CutMessages,
		Undecoded: a.Undecoded(), Duplicates: s.Duplicates, Routed: s.Routed, DuplicatePairs: newPairs(a),
		ClockSteps: newSteps(c.Steps), OutOfOrder: c.OutOfOrder, Untimed: c.Untimed,
		Fragments: fragmentsJSON{s.Fragments, s.Reassembled, s.FragmentsLost, s.FragmentsHeadless, s.FragmentOverlaps},
		TCP:       newTCP(&s.Signalling), Encrypted: s.Signalling.TLS,
		KeepAlives: s.Signalling.KeepAlives, NonSIP: s.Signalling.NonSIP,
		Links: a.Links.Pairs, LinksFull: a.Links.Full, OneSidedLinks: a.Links.OneSided, OneSided: make([]linkJSON, 0, len(a.Links.List)),
	}
	if h.CutMessages == nil {
		h.CutMessages = map[string]uint64{}
	}
	if apart, known := a.Apart(); known {
		h.SourcesApart = millis(apart)
	}
	for _, l := range a.Links.List {
		h.OneSided = append(h.OneSided, newLink(&l))
	}
	return h
}

func newDrops(d *capture.Drops) *dropsJSON {
	if d == nil {
		return nil
	}
	var out dropsJSON
	for _, n := range []struct {
		kind  capture.DropKind
		value uint64
		to    **uint64
	}{
		{capture.DropsReceived, d.Received, &out.Received}, {capture.DropsKernel, d.Kernel, &out.Kernel},
		{capture.DropsInterface, d.Interface, &out.Interface}, {capture.DropsQueue, d.Queue, &out.Queue},
	} {
		if d.Uncounted&n.kind == 0 {
			*n.to = &n.value
		}
	}
	return &out
}

func newPairs(a *health.Account) []duplicatePair {
	pairs := make([]duplicatePair, 0, len(a.Decode.DuplicatePairs))
	name := func(source int) string {
		if source < len(a.Sources) {
			return a.Sources[source].Name
		}
		return ""
	}
	for _, p := range a.Decode.DuplicatePairs {
		pairs = append(pairs, duplicatePair{
			First: placeJSON{name(p.FirstSource), p.FirstInterface}, Again: placeJSON{name(p.AgainSource), p.AgainInterface}, Frames: p.Frames,
		})
	}
	return pairs
}

func newSteps(s health.Steps) clockSteps {
	out := clockSteps{Count: s.Count, FirstFrame: s.FirstFrame}
	if s.Count > 0 {
		ms := float64(s.Largest) / 1e6
		out.Largest = &ms
	}
	return out
}

func newTCP(s *decode.SignallingStats) tcpJSON {
	return tcpJSON{
		Connections: s.Connections, Gaps: s.Gaps, GapOctets: s.GapOctets, Resync: s.Skipped, Retransmitted: s.Retransmitted,
		OutOfOrder: s.OutOfOrder, KeepAlives: s.TCPKeepAlives, Forgotten: s.Evicted,
	}
}

func newLink(l *correlate.Link) linkJSON {
	host := func(a netip.Addr) string {
		if !a.IsValid() {
			return ""
		}
		return a.String()
	}
	return linkJSON{A: host(l.A), B: host(l.B), AToB: linkCount(l.AToB), BToA: linkCount(l.BToA), Seen: l.Seen, Certain: l.Certain}
}
